"""Every set of a recording, judged by itself; a recording with one set as ``analyze`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from glutecam.core.analyzer import Replay, analyze
from glutecam.core.assessment import Assessment, Phase, Side, Update
from glutecam.core.cutting import WHOLE_S, Cut, cut
from glutecam.core.poses import LongPoses, PoseSeries
from glutecam.core.rules import Exercise
from glutecam.core.wording import clock

__all__ = ["JudgedSet", "ReplaySets", "analyze_sets"]

_WORTH_TELLING_S = 1.0


@dataclass(frozen=True, eq=False)
class JudgedSet:
    """One set and its assessment, whose frames are counted from the set's first one.

    Its times are those of the recording. ``whole``: nothing was cut, it is the whole recording.
    """

    cut: Cut
    assessment: Assessment
    whole: bool = False

    @property
    def part(self) -> Cut | None:
        """Which part of the recording it is; None for all of it."""
        return None if self.whole else self.cut

    def name_in(self, recording: str) -> str:
        """Return what a set is called: the recording, and where in it, if it is one of several."""
        if self.whole:
            return recording
        span = f"{clock(self.cut.start_s)} to {clock(self.cut.end_s)}"
        return f"{recording}, set {self.cut.number} of {self.cut.of}, {span}"


def analyze_sets(
    poses: LongPoses, exercise: Exercise, *, side: Side | str | None = None, **options: Any
) -> Iterator[JudgedSet]:
    """Judge a recording set by set, each with its own quiet posture and verdict.

    One set is in work at a time: what that needs beside the landmarks does not grow with their number,
    and of landmarks on a disk only its own are in memory.

    Parameters
    ----------
    poses : LongPoses (T)
        A PoseSeries, or what lies on a disk.
    exercise : Exercise
    side : Side, "left", "right", "auto" or None
        Only the sets of this leg, where there are any.
    **options
        As for ``analyze``.

    Yields
    ------
    JudgedSet
        In the order of time, at least one.

    Raises
    ------
    InputError
        Where there is not a single frame.
    """
    asked = Side.of(side)
    cuts = cut(poses, exercise, asked)
    warning = _warning(poses, cuts)
    for one in cuts:
        judged = analyze(poses[one.start : one.end], exercise, side=asked, **options)
        told = replace(judged, warnings=(*judged.warnings, warning)) if warning else judged
        yield JudgedSet(one, told, whole=one.end - one.start == len(poses))
        warning = ""


def _warning(poses: LongPoses, cuts: Sequence[Cut]) -> str:
    """Say how much was not judged; it goes with the first set."""
    outside_s = float(np.ptp(poses.time_s)) if len(poses) else 0.0
    outside_s -= sum(one.end_s - one.start_s for one in cuts)
    if outside_s < _WORTH_TELLING_S:
        return ""
    if len(cuts) == 1 and cuts[0].side is None:
        return (
            f"No set was found in this long recording, so only its first {WHOLE_S / 60:.0f} minutes "
            "with somebody in them were looked at. A set begins with two seconds of keeping still."
        )
    found, them = (f"{len(cuts)} sets were", "them") if len(cuts) > 1 else ("1 set was", "it")
    return (
        f"{found} found in this recording; {outside_s:.0f} s outside of {them} were not judged. A set "
        "begins with two seconds of keeping still."
    )


class ReplaySets:
    """Repeats the assessments of a recording's sets frame by frame, for an annotated video.

    Parameters
    ----------
    sets : sequence of JudgedSet
        In the order of time.
    exercise : Exercise
    """

    def __init__(self, sets: Sequence[JudgedSet], exercise: Exercise) -> None:
        self._replays = [(one.cut, Replay(one.assessment, exercise)) for one in sets]
        self._names = tuple(sets[0].assessment.signals)
        self._next = 0

    def push(self, poses: PoseSeries) -> Update:
        """Return what the assessment of this frame's set says; between two sets nothing is known."""
        told: Update | None = None
        for row in range(len(poses)):
            told = self._one(poses[row : row + 1])
        return told or self._nothing(0.0)

    def finish(self) -> None:
        """Do nothing: everything is known already."""

    def _one(self, poses: PoseSeries) -> Update:
        frame, self._next = self._next, self._next + 1
        for one, replay in self._replays:
            if one.start <= frame < one.end:
                return replay.push(poses)
        return self._nothing(float(poses.time_s[0]))

    def _nothing(self, time_s: float) -> Update:
        unknown = dict.fromkeys(self._names, (np.nan, np.nan))
        return Update(time_s, Phase.HOLD_STILL, unknown, {}, reps=0, attempts=0)
