"""What a set comes to over its repetitions: patterns, sides, fatigue, drop at the same knee angle.

About the exercise's leading quantity, for most the pelvic drop. Every number has its ±, half of a 90 %
interval, and nothing is called a change or a difference that does not exceed it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from glutecam.core.assessment import Finding, Pattern, Rep, Side
from glutecam.core.events import highest_at
from glutecam.core.measures import Z90, Estimate
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise, FrameRule, Rule

__all__ = [
    "AtDepth",
    "Depth",
    "Fatigue",
    "Quantity",
    "SetSummary",
    "SideSummary",
    "left_minus_right",
    "median_of",
    "summary_of",
]

FEWEST_FOR_TREND = 4
"""Repetitions below which no line is laid through the peaks [P]: with three, one of them decides."""

OWN_SHARE = 0.5
"""Share of a repetition's stated standard deviation by which repetitions of one set err differently.

Measured on the 40 repetitions of squats and step-downs of the sample clips, within each clip: 0.49 of it
with the model, 0.29 with the raw hip line. What is the same in all of them, camera, body and quiet
posture, bends no line."""

TWO_SIDES = math.sqrt(1.5)
"""Both sides are counted from the same quiet posture, whose error moves them in opposite directions.
With errors of equal size in every reading the difference of two changes has 6 of their variances,
not the 4 that two independent changes would have [D]."""


class Depth(str, Enum):
    """At which knee angle repetitions are compared (CLINICAL 3.3).

    ``FIXED``: the exercise's own, 60° in squats. ``COMMON``: the largest that every repetition
    reaches. ``DEEPEST``: each at its own deepest point.
    """

    FIXED = "fixed"
    COMMON = "common"
    DEEPEST = "deepest"


@dataclass(frozen=True)
class Quantity:
    """A value and its ±; NaN where there is none."""

    value: float
    half_width: float

    @property
    def exceeds(self) -> bool:
        """True where the value is surely not nothing."""
        return bool(abs(self.value) > self.half_width)


@dataclass(frozen=True)
class AtDepth:
    """The leading quantity where the movement first reaches one depth on its way down.

    Attributes
    ----------
    depth : Depth
    level : float
        In the unit of the cycle's measure; NaN for ``DEEPEST``.
    values : tuple of Quantity
        One for each repetition of the side, in order; NaN where it did not get there.
    median : Quantity
        Its ± is that of one repetition: what is wrong about a body is wrong in all of them.
    """

    depth: Depth
    level: float
    values: tuple[Quantity, ...]
    median: Quantity


@dataclass(frozen=True)
class Fatigue:
    """A straight line through the peaks: ``start`` is its value at the first repetition.

    ``per_rep`` has the ± of the slope: from the scatter of the peaks about the line, and never less
    than what repetitions err differently at their own ± (``OWN_SHARE``). An error that is the same in
    all repetitions does not bend it.
    """

    start: float
    per_rep: Quantity


@dataclass(frozen=True)
class SideSummary:
    """One side of a set.

    Attributes
    ----------
    reps : tuple of int
        Numbers of its judged repetitions.
    patterns : mapping of Pattern to int
        How many repetitions show each; empty where the exercise has no pattern.
    peaks : tuple of Quantity
        What the leading rule found in each repetition.
    peak : Quantity
        Their median, with the ± of one repetition.
    fatigue : Fatigue or None
        None with fewer than four peaks.
    at : tuple of AtDepth
    """

    side: Side
    reps: tuple[int, ...]
    patterns: Mapping[Pattern, int]
    peaks: tuple[Quantity, ...]
    peak: Quantity
    fatigue: Fatigue | None
    at: tuple[AtDepth, ...]


@dataclass(frozen=True)
class SetSummary:
    """A set, side by side.

    Attributes
    ----------
    code, name, unit : str
        The leading rule, the name for people of what it reads, and its unit.
    depth_name, depth_unit : str
        Of the cycle's measure.
    sides : tuple of SideSummary
    difference : Quantity or None
        Median peak of the left minus that of the right; None where one side alone worked.
    matched_difference : Quantity or None
        The same at the depth that every repetition of both sides reaches; None where there is none.
    """

    code: str
    name: str
    unit: str
    depth_name: str
    depth_unit: str
    sides: tuple[SideSummary, ...]
    difference: Quantity | None
    matched_difference: Quantity | None = None


def summary_of(
    exercise: Exercise, reps: Sequence[Rep], estimates: Mapping[str, Estimate]
) -> SetSummary | None:
    """Return what the judged repetitions come to; None where there is none.

    Parameters
    ----------
    exercise : Exercise
    reps : sequence of Rep
    estimates : mapping of measure name to Estimate (T,)
        Of the whole recording, relative to the quiet posture.
    """
    rule = exercise.leading
    judged = [rep for rep in reps if rep.complete and rep.findings]
    if not judged:
        return None
    ways = [(rep, _way(rep, exercise, estimates)) for rep in judged]
    levels = _levels([way for _, way in ways], exercise)
    sides = tuple(
        _side([(rep, way) for rep, way in ways if rep.side is side], exercise, levels)
        for side in dict.fromkeys(rep.side for rep in judged)
    )
    return SetSummary(
        code=rule.code,
        name=_name(rule),
        unit=rule.unit,
        depth_name=exercise.cycle.measure.label,
        depth_unit=exercise.cycle.measure.unit,
        sides=sides,
        difference=_difference({one.side: one.peak for one in sides}),
        matched_difference=_difference(
            {one.side: at.median for one in sides for at in one.at if at.depth is Depth.COMMON}
        ),
    )


def _name(rule: Rule) -> str:
    """Return what is read, for people: what is measured, or the rule where it makes a number of its own."""
    measure = rule.measure if isinstance(rule, FrameRule) else rule.needs[0]
    return measure.label if measure.unit == rule.unit else rule.name


def _side(
    of_side: Sequence[tuple[Rep, _Way]], exercise: Exercise, levels: Sequence[tuple[Depth, float]]
) -> SideSummary:
    leading, reps = exercise.leading, [rep for rep, _ in of_side]
    peaks = tuple(_quantity(rep.finding(leading.code)) for rep in reps)
    return SideSummary(
        side=reps[0].side,
        reps=tuple(rep.number for rep in reps),
        patterns=Counter(rep.pattern for rep in reps) if exercise.pattern else {},
        peaks=peaks,
        peak=median_of(peaks),
        fatigue=_fatigue(peaks),
        at=tuple(_at_depth(kind, level, [way for _, way in of_side]) for kind, level in levels),
    )


def _quantity(finding: Finding | None) -> Quantity:
    if finding is None:
        return Quantity(math.nan, math.nan)
    return Quantity(finding.value, finding.half_width)


def median_of(values: Sequence[Quantity]) -> Quantity:
    """Return the median of what was seen, with the median of its ±: that of one repetition."""
    seen = [one for one in values if math.isfinite(one.value)]
    if not seen:
        return Quantity(math.nan, math.nan)
    middle = float(np.median([one.value for one in seen]))
    return Quantity(middle, float(np.median([one.half_width for one in seen])))


def _fatigue(peaks: Sequence[Quantity]) -> Fatigue | None:
    """Lay a line through the peaks by least squares; the order of the repetitions is its axis."""
    values = np.array([peak.value for peak in peaks])
    widths = np.array([peak.half_width for peak in peaks])[np.isfinite(values)]
    order = np.flatnonzero(np.isfinite(values)).astype(np.float64)
    values = values[np.isfinite(values)]
    if len(values) < FEWEST_FOR_TREND:
        return None
    from_middle = order - order.mean()
    spread = float(from_middle @ from_middle)
    slope = float(from_middle @ values) / spread
    start = float(values.mean() - slope * order.mean())
    rest = values - start - slope * order
    free = len(values) - 2
    scatter = float(stdtrit(free, 0.95)) * math.sqrt(float(rest @ rest) / free)
    stated = OWN_SHARE * float(np.median(widths))
    # A set that scatters little by luck is no surer than what it was measured with.
    return Fatigue(start, Quantity(slope, float(np.fmax(scatter, stated)) / math.sqrt(spread)))


def _difference(by_side: Mapping[Side, Quantity]) -> Quantity | None:
    if len(by_side) < len(Side):
        return None
    return left_minus_right(by_side[Side.LEFT], by_side[Side.RIGHT])


def left_minus_right(left: Quantity, right: Quantity) -> Quantity:
    """Return how far two sides are apart that were counted from one quiet posture, and its ±."""
    doubt = TWO_SIDES * math.hypot(left.half_width, right.half_width)
    return Quantity(left.value - right.value, doubt)


class _Way(NamedTuple):
    """The depth (T,) and the leading quantity over a repetition, and where it is deepest.

    The depth stands for what leads where that is one number of the whole repetition.
    """

    depth: FloatArray
    leading: Estimate
    deepest: int | None


def _way(rep: Rep, exercise: Exercise, estimates: Mapping[str, Estimate]) -> _Way:
    leading, key = exercise.leading, slice(rep.start, rep.end)
    depth = estimates[exercise.cycle.measure.name]
    shown = depth[key]
    if isinstance(leading, FrameRule):
        found = estimates[leading.measure.name][key]
        shown = replace(found, sd=leading.share * found.sd)
    return _Way(depth.value[key], shown, highest_at(depth.value[key]))


def _levels(ways: Sequence[_Way], exercise: Exercise) -> list[tuple[Depth, float]]:
    """Return the depths at which the repetitions of both sides are compared, if they are."""
    fixed = exercise.cycle.compare_at
    if fixed is None or not isinstance(exercise.leading, FrameRule):
        return []
    deepest = [float(way.depth[way.deepest]) for way in ways if way.deepest is not None]
    if not deepest:
        return []
    common = min(deepest)
    levels = [(Depth.COMMON, common), (Depth.DEEPEST, math.nan)]
    # Two levels that people read as one angle are one.
    if max(deepest) >= fixed and not 0.0 < fixed - common < 1.0:
        levels.insert(0, (Depth.FIXED, fixed))
    return levels


def _at_depth(kind: Depth, level: float, ways: Sequence[_Way]) -> AtDepth:
    values = tuple(_reading(way, level) for way in ways)
    return AtDepth(kind, level, values, median_of(values))


def _reading(way: _Way, level: float) -> Quantity:
    """Return the leading quantity where the depth first reaches a level; its deepest without one."""
    at = way.deepest
    if at is None or way.depth[at] < level:
        return Quantity(math.nan, math.nan)
    if not math.isnan(level):
        at = int((way.depth >= level).argmax())
    return Quantity(float(way.leading.value[at]), Z90 * float(way.leading.sd[at]))
