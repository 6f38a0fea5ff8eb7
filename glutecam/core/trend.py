"""One quantity over weeks: sessions of the same side, and the change that can be told.

The smallest detectable change of a measure is SDC = 1.96 * sqrt(2) * SEM (CLINICAL 3.5). SEM is here
the standard deviation that the measure states for one repetition (± / 1.645), bias included, and is
not divided by the root of the repetitions: what is wrong about a camera, a room or a body is wrong
in all of them. It is therefore an upper limit until the same people were filmed twice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from glutecam.core.assessment import Band, Finding, Side
from glutecam.core.measures import Z90
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise
from glutecam.core.sets import RuleName, Session, SetRecord, sessions_of
from glutecam.core.wording import typical_in_words

__all__ = [
    "Group",
    "Point",
    "Trend",
    "code_to_follow",
    "measured_alike",
    "smallest_detectable_change",
    "trends",
]

MOST_OF_THEM = 2.0 / 3.0
"""So many repetitions of a session lie together where its median stands for it: our proposal [P]."""


@dataclass(frozen=True)
class Group:
    """Repetitions of one session that lie together.

    Attributes
    ----------
    count : int
    median, half_width : float
        Of their values, and of the ± of each, in the rule's unit.
    """

    count: int
    median: float
    half_width: float


@dataclass(frozen=True)
class Point:
    """One side in one session.

    Attributes
    ----------
    values : tuple of float
        Of every repetition in which it was seen.
    half_widths : tuple of float
        The ± of each of them.
    median : float
    half_width : float
        Of one repetition, median; it holds 90 %.
    comparable : bool
        True where it was measured as in the newest session.
    reads : tuple of Band
        What the rule itself said of each of ``values``; ``bands`` are of all rules together.
    reduced_accuracy : bool
        True where one of its sets was measured by a pose model of reduced accuracy.
    """

    began: datetime
    side: Side
    values: tuple[float, ...]
    half_widths: tuple[float, ...]
    median: float
    half_width: float
    bands: Mapping[Band, int]
    comparable: bool
    reads: tuple[Band, ...]
    reduced_accuracy: bool = False

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups in which the repetitions lie, the lowest first; mostly one.

        Two groups lie further apart than the ± of both explains.
        """
        order = np.argsort(self.values)
        values, widths = np.array(self.values)[order], np.array(self.half_widths)[order]
        gaps = np.flatnonzero(np.diff(values) > 2.0 * self.half_width) + 1
        pieces = zip(np.split(values, gaps), np.split(widths, gaps), strict=True)
        return tuple(_group(one, widths_of_it) for one, widths_of_it in pieces)

    @property
    def has_middle(self) -> bool:
        """Whether the median stands for the session: most repetitions lie together.

        Of 2, 2, 14 and 15° it is 8°, which none read, and one repetition more moves it by 12°.
        """
        return max(group.count for group in self.groups) >= MOST_OF_THEM * len(self.values)

    def in_words(self, unit: str) -> str:
        """Return the median, or the range where repetitions differ by more than their ±."""
        return typical_in_words(self.values, self.median, self.half_width, unit, self.half_widths)


@dataclass(frozen=True)
class Trend:
    """One rule's value on one side over time, the oldest session first."""

    exercise: str
    side: Side
    rule: RuleName
    points: tuple[Point, ...]

    @property
    def comparable(self) -> tuple[Point, ...]:
        """The sessions that were measured as the newest one."""
        return tuple(point for point in self.points if point.comparable)

    @property
    def first(self) -> Point:
        """The session that all change is counted from."""
        return self.comparable[0]

    @property
    def detectable(self) -> float:
        """Smallest detectable change, in the rule's unit."""
        return smallest_detectable_change([point.half_width for point in self.comparable])

    @property
    def change(self) -> float | None:
        """From the first session to the newest; None with only one."""
        points = self.comparable
        return points[-1].median - points[0].median if len(points) > 1 else None

    @property
    def is_real(self) -> bool:
        """True where the change is larger than measurement alone explains."""
        return self.change is not None and self.has_ends and abs(self.change) > self.detectable

    @property
    def has_ends(self) -> bool:
        """Whether both sessions that the change lies between have a middle to count from."""
        return self.first.has_middle and self.comparable[-1].has_middle


def smallest_detectable_change(half_widths: Sequence[float]) -> float:
    """Return 1.96 * sqrt(2) * SEM; NaN where no ± is known.

    Parameters
    ----------
    half_widths : sequence of float
        ± of single repetitions, each half of a 90 % interval; their median counts.
    """
    known = [width for width in half_widths if math.isfinite(width)]
    if not known:
        return math.nan
    return 1.96 * math.sqrt(2.0) * float(np.median(known)) / Z90


def trends(sets: Sequence[SetRecord], codes: Mapping[str, str]) -> list[Trend]:
    """Return a trend for each exercise and side that was seen.

    Parameters
    ----------
    sets : sequence of SetRecord
        Of one subject.
    codes : mapping of str to str
        The rule to follow, by exercise; other exercises are left out.
    """
    found = (_trend(sets, name, side, code) for name, code in codes.items() for side in Side)
    return [trend for trend in found if trend is not None]


def code_to_follow(exercise: Exercise | None, judged: Sequence[str]) -> str:
    """Return the code of the rule whose trend is shown: the one that tells how the pelvis is held.

    Parameters
    ----------
    exercise : Exercise or None
        None where there is none of this name any more.
    judged : sequence of str
        Codes that the newest set was judged by, maybe those of an earlier version; its first one is
        taken where the rule that leads is not among them.
    """
    leading = exercise.leading.code if exercise else ""
    return leading if leading in judged or not judged else judged[0]


def measured_alike(one: SetRecord, other: SetRecord) -> bool:
    """Say whether two sets were measured in the same way, so that their numbers can be compared."""
    return _method(one) == _method(other)


def _method(record: SetRecord) -> tuple[str, ...]:
    made_by = record.provenance
    # What stands behind the name, how the method works, may be worded anew.
    pelvis = made_by.pelvis_method.partition(":")[0]
    return (made_by.ruleset, made_by.pose_model, pelvis, made_by.filter_name)


def _trend(sets: Sequence[SetRecord], exercise: str, side: Side, code: str) -> Trend | None:
    ours = [record for record in sets if record.exercise == exercise and record.bands(side)]
    seen = [record for record in ours if _found(record, code, side)]
    if not seen:
        return None
    newest = max(seen, key=lambda record: record.done)
    points = [
        _point(session, side, code, comparable)
        for comparable in (False, True)
        for session in sessions_of([s for s in seen if measured_alike(s, newest) is comparable])
    ]
    in_order = tuple(sorted(points, key=lambda point: point.began))
    return Trend(exercise, side, newest.rule(code), in_order)


def _point(session: Session, side: Side, code: str, comparable: bool) -> Point:
    found = [f for record in session.sets for f in _found(record, code, side)]
    values = [f.value for f in found]
    known = [f.half_width for f in found if math.isfinite(f.half_width)]
    return Point(
        began=session.began,
        side=side,
        values=tuple(values),
        half_widths=tuple(f.half_width for f in found),
        median=float(np.median(values)),
        half_width=float(np.median(known)) if known else math.nan,
        bands=Counter(band for record in session.sets for band in record.bands(side)),
        comparable=comparable,
        reads=tuple(f.band for f in found),
        reduced_accuracy=any(record.provenance.reduced_accuracy for record in session.sets),
    )


def _group(values: FloatArray, half_widths: FloatArray) -> Group:
    known = half_widths[np.isfinite(half_widths)]
    half_width = float(np.median(known)) if len(known) else math.nan
    return Group(len(values), float(np.median(values)), half_width)


def _found(record: SetRecord, code: str, side: Side) -> list[Finding]:
    return [f for f in record.findings(code, side) if math.isfinite(f.value)]
