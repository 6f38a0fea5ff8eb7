"""A long recording -> the sets in it: where each begins and ends, with a quiet posture of its own.

A set is repetitions that belong together. It ends where nobody is seen for a while, where the body
comes to rest for longer than between two repetitions, or where the other leg takes over after a rest.
Only the cycle's measure is followed, some frames at a time: of an hour a few bytes a frame are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from glutecam.core import smoothing
from glutecam.core.assessment import Rep, Side
from glutecam.core.baseline import QUIET_S, QUIET_SPEED, quiet_values
from glutecam.core.buffer import SignalBuffer
from glutecam.core.events import find_runs
from glutecam.core.judging import cycle_runs, not_judged
from glutecam.core.level import level_of
from glutecam.core.measures import Measure
from glutecam.core.poses import FloatArray, LongPoses, PoseSeries
from glutecam.core.rules import Exercise, Posture, Start
from glutecam.core.signals import Carry, Recipe, Signals, signals_of
from glutecam.core.stance import SwapCarry, swap_tally
from glutecam.core.turns import turned
from glutecam.core.validity import on_one_leg

__all__ = ["LEFT_S", "PAUSE_S", "WHOLE_S", "Cut", "cut"]

PAUSE_S = 8.0
"""Rest between two sets; a pause between two repetitions is shorter. Our own proposal [P]."""
LEFT_S = 5.0
"""Nobody seen for so long has left: whoever comes back stands elsewhere. Our own proposal [P]."""
WHOLE_S = 180.0
"""A recording no longer than this with one set in it is judged as it is."""
SHORT_S = 15.0
"""A recording this short is not looked through: two sets with their rests take longer."""
LONGEST_S = 600.0
"""Ten minutes are the longest set: what follows without a rest is another one."""

_LEAD_S = 1.0
_QUIET_KEPT_S = 3.0
_TAIL_S = 1.0
_NEAR_S = 3.0
"""An attempt so soon after the last repetition belongs to the set."""
_ALONE = 0.5
"""Share of a movement on one leg, where the exercise asks for it: sitting down is none."""
_BLOCK = 3600
"""Frames of which the order of left and right is asked at once: two minutes at 30 a second."""
_PIECE = 900
"""Frames of a block that are followed at once; how many changes nothing but the memory they take."""


@dataclass(frozen=True)
class Cut:
    """One set of a recording: its frames [start, end), from the quiet posture to the last movement.

    Attributes
    ----------
    number, of : int
        Which set it is, from 1, and how many there are.
    start, end : int
        Frames of the recording.
    start_s, end_s : float
        Times of its first and its last frame, in the recording.
    side : Side or None
        The leg that worked in most repetitions; None where nothing was cut by movements.
    """

    number: int
    of: int
    start: int
    end: int
    start_s: float
    end_s: float
    side: Side | None = None


@dataclass(frozen=True, eq=False)
class _Followed:
    """What is known of every frame: the cycle's measure, whether it is on one leg, who is seen."""

    exercise: Exercise
    signals: Signals
    one_leg: NDArray[np.bool_]
    gaps: tuple[tuple[int, int], ...]

    @property
    def time_s(self) -> FloatArray:
        return self.signals.time_s

    @property
    def measure(self) -> Measure:
        return self.exercise.cycle.measure

    def since(self, start: int, end: int) -> float:
        """Return the seconds from one frame to another."""
        return float(self.time_s[min(end, len(self.time_s) - 1)] - self.time_s[start])


@dataclass(frozen=True)
class _Rest:
    """A quiet posture over the frames [start, end), or the place from which to count without one."""

    start: int
    end: int


@dataclass(frozen=True)
class _Set:
    rest: _Rest
    reps: tuple[Rep, ...]
    end: int


def cut(poses: LongPoses, exercise: Exercise, side: Side | None = None) -> tuple[Cut, ...]:
    """Cut a recording into its sets.

    Parameters
    ----------
    poses : LongPoses (T)
        As the pose model gave them, of any length: a PoseSeries, or what lies on a disk.
    exercise : Exercise
    side : Side, optional
        Only the sets of this leg, where there are any.

    Returns
    -------
    tuple of Cut
        In order, never overlapping, at least one. A recording of at most ``WHOLE_S`` in which no two
        sets are found is one set, whole. Of a longer one in which no set is found the first
        ``WHOLE_S`` with somebody in them are taken.
    """
    length_s = float(poses.time_s[-1] - poses.time_s[0]) if len(poses) else 0.0
    if length_s < SHORT_S:
        return (_cut(poses.time_s, 0, len(poses)),)
    followed = _follow(poses, exercise)
    found = _sets(followed)
    if len(found) < 2 and length_s <= WHOLE_S:
        return (_cut(poses.time_s, 0, len(poses)),)
    if not found:
        return (_cut(poses.time_s, *_first_stretch(poses)),)
    if side is not None and not exercise.leg.alternates:
        found = [one for one in found if _side(one.reps) is side] or found
    return _numbered(followed, found)


def _cut(time_s: FloatArray, start: int, end: int, side: Side | None = None) -> Cut:
    if end <= start:
        return Cut(1, 1, start, end, 0.0, 0.0, side)
    return Cut(1, 1, start, end, float(time_s[start]), float(time_s[end - 1]), side)


def _numbered(followed: _Followed, found: Sequence[_Set]) -> tuple[Cut, ...]:
    cuts = []
    before = 0
    for number, (one, after) in enumerate(zip_longest(found, found[1:]), start=1):
        start = _begin(followed, one.rest, before)
        end = _end(followed, one, after)
        whole = _cut(followed.time_s, start, end, _side(one.reps))
        cuts.append(replace(whole, number=number, of=len(found)))
        before = end
    return tuple(cuts)


def _begin(followed: _Followed, rest: _Rest, before: int) -> int:
    """Return where a set begins: with the last seconds of its rest, and a little before a short one."""
    time_s = followed.time_s
    earliest = max(time_s[rest.start] - _LEAD_S, time_s[max(rest.end - 1, 0)] - _QUIET_KEPT_S)
    gone = max((end for _, end in followed.gaps if end <= rest.end), default=0)
    return max(int(np.searchsorted(time_s, earliest)), before, gone)


def _end(followed: _Followed, one: _Set, after: _Set | None) -> int:
    """Return where a set ends: a little after its last movement, before whatever comes then."""
    time_s = followed.time_s
    latest = int(np.searchsorted(time_s, time_s[one.end - 1] + _TAIL_S)) + 1
    gone = min((start for start, _ in followed.gaps if start >= one.end), default=len(time_s))
    return min(latest, gone, len(time_s), after.rest.start if after else len(time_s))


def _first_stretch(poses: LongPoses) -> tuple[int, int]:
    seen = np.flatnonzero(poses.seen)
    start = int(seen[0]) if len(seen) else 0
    return start, int(np.searchsorted(poses.time_s, poses.time_s[start] + WHOLE_S, side="right"))


# What is known of every frame


def _follow(poses: LongPoses, exercise: Exercise) -> _Followed:
    alone = Recipe.of(exercise, None, smoothing.CAUSAL, (exercise.cycle.measure,))
    recipe = replace(alone, kept=np.empty(0, dtype=np.intp))
    kept, one_leg = SignalBuffer(1), np.empty(len(poses), dtype=bool)
    carry = Carry(level=level_of(poses))
    for start in range(0, len(poses), _BLOCK):
        end = min(start + _BLOCK, len(poses))
        # Between two sets somebody may turn round: which order is the true one is asked anew.
        carry = replace(carry, swaps=_tally(poses, start, end, exercise.posture))
        for first, piece in _pieces(poses, start, end):
            signals, carry = signals_of(piece, recipe, carry)
            kept.append(signals)
            one_leg[first : first + len(piece)] = on_one_leg(piece)
    return _Followed(exercise, kept.view(), one_leg, tuple(_gaps(poses)))


def _pieces(poses: LongPoses, start: int, end: int) -> Iterator[tuple[int, PoseSeries]]:
    """Yield some frames at a time, each with the number of the first."""
    return ((first, poses[first : min(first + _PIECE, end)]) for first in range(start, end, _PIECE))


def _tally(poses: LongPoses, start: int, end: int, posture: Posture) -> SwapCarry:
    """Return what ``swap_tally`` says of a block, from its pieces."""
    told = [swap_tally(piece, posture) for _, piece in _pieces(poses, start, end)]
    return SwapCarry(sum(one.one_way for one in told), sum(one.other_way for one in told))


def _gaps(poses: LongPoses) -> list[tuple[int, int]]:
    """Return the stretches [start, end) in which nobody is seen for ``LEFT_S``."""
    nobody = np.where(poses.seen, 0.0, 1.0)
    runs = find_runs(nobody, poses.time_s, enter=0.5, leave=0.5, min_s=LEFT_S)
    return [(run.start, run.end) for run in runs]


# Rests, movements, sets


def _rests(followed: _Followed) -> list[_Rest]:
    """Return the quiet postures; without any to count from, the beginnings of what is seen."""
    signals = followed.signals
    if followed.exercise.start is Start.NONE:
        return [_Rest(start, start) for start in (0, *(end for _, end in followed.gaps))]
    found = find_runs(
        -signals.speed, signals.time_s, enter=-QUIET_SPEED, leave=-QUIET_SPEED, min_s=QUIET_S
    )
    return [_Rest(run.start, run.end) for run in found]


def _sets(followed: _Followed) -> list[_Set]:
    """Go through the rests: each set is counted from the last one before its first repetition."""
    rests, found, free = _rests(followed), list[_Set](), 0
    for rest, following in zip_longest(rests, rests[1:]):
        if not _is_new(followed, rest, free):
            continue
        moved = _movements(followed, rest, free)
        reps = [rep for rep in moved if rep.complete]
        if not reps or (following and reps[0].start >= following.start):
            continue
        together = _together(followed, reps, rests)
        end = _with_attempts(followed, together[-1], moved)
        found.append(_Set(rest, together, end))
        free = end
    return found


def _is_new(followed: _Followed, rest: _Rest, free: int) -> bool:
    """Say whether enough of a rest lies after the set before; where none is needed, any place does."""
    if followed.exercise.start is Start.NONE:
        return rest.start >= free
    begin = max(rest.start, free)
    return begin < rest.end and followed.since(begin, rest.end) >= QUIET_S


def _movements(followed: _Followed, rest: _Rest, free: int) -> list[Rep]:
    """Return what moves after a rest, until somebody leaves or for as long as a set may last."""
    first = max(rest.end, free)
    time_s, signals = followed.time_s, followed.signals
    last = int(np.searchsorted(time_s, time_s[min(first, len(time_s) - 1)] + LONGEST_S))
    last = min([last, *(start for start, _ in followed.gaps if start >= first)])
    if first >= last:
        return []
    zero, before = _zero(followed, rest), min(first, 1)
    part = turned(signals[first - before : last], followed.exercise.leg, 0, zero)[before:]
    estimates = part.relative((followed.measure,), zero)
    runs = cycle_runs(followed.exercise, estimates, part)
    moved = [not_judged(followed.exercise, part, estimates, run, first) for run in runs]
    return [rep for rep in moved if _is_meant(followed, rep)]


def _zero(followed: _Followed, rest: _Rest) -> FloatArray:
    """Return the measure in the last second of a rest, for either leg, (2, 1)."""
    value, time_s = followed.signals.value, followed.time_s
    if followed.exercise.start is Start.NONE:
        return np.zeros(value.shape[1:])
    start = int(np.searchsorted(time_s, time_s[rest.end - 1] - QUIET_S))
    return quiet_values(value[max(start, rest.start) : rest.end])


def _is_meant(followed: _Followed, rep: Rep) -> bool:
    """Say whether a movement may be one of the exercise: on one leg, where it asks for that."""
    if not followed.exercise.leg.alone:
        return True
    return float(np.mean(followed.one_leg[rep.start : rep.end])) >= _ALONE


def _together(followed: _Followed, reps: Sequence[Rep], rests: Sequence[_Rest]) -> tuple[Rep, ...]:
    """Return the first repetitions that belong together."""
    members = [reps[0]]
    for rep in reps[1:]:
        rested = _rested(followed, members[-1], rep, rests)
        if rested and rep.start_s - members[-1].end_s >= PAUSE_S:
            break
        members.append(rep)
    return tuple(members[: _turn(followed, members, rests)])


def _rested(followed: _Followed, before: Rep, after: Rep, rests: Sequence[_Rest]) -> bool:
    """Say whether there is a quiet posture to count from between two repetitions."""
    if followed.exercise.start is Start.NONE:
        return True
    held = (
        (max(rest.start, before.end), min(rest.end, after.start))
        for rest in rests
        if rest.end > before.end and rest.start < after.start
    )
    return any(start < end and followed.since(start, end) >= QUIET_S for start, end in held)


def _turn(followed: _Followed, reps: Sequence[Rep], rests: Sequence[_Rest]) -> int:
    """Return where the other leg takes over for good, after a rest; else how many there are.

    Legs that take turns from one repetition to the next are one set.
    """
    leg = followed.exercise.leg
    if leg.alternates or leg.right is None:
        return len(reps)
    for at in _changes(reps):
        block = [list(_same_side(part)) for part in (reps[at - 1 :: -1], reps[at:])]
        if min(map(len, block)) >= 2 and _rested(followed, reps[at - 1], reps[at], rests):
            return at
    return len(reps)


def _changes(reps: Sequence[Rep]) -> list[int]:
    return [at for at in range(1, len(reps)) if reps[at].side is not reps[at - 1].side]


def _same_side(reps: Sequence[Rep]) -> Iterator[Rep]:
    """Yield the first repetitions, as long as they are on one side."""
    for rep in reps:
        if rep.side is not reps[0].side:
            return
        yield rep


def _with_attempts(followed: _Followed, last: Rep, moved: Sequence[Rep]) -> int:
    """Return the end of a set: that of its last repetition, or of an attempt soon after it."""
    end = last.end
    for rep in moved:
        soon = rep.start >= end and followed.since(end - 1, rep.start) <= _NEAR_S
        if soon and not rep.complete and rep.side is last.side:
            end = rep.end
    return end


def _side(reps: Sequence[Rep]) -> Side:
    right = sum(rep.side is Side.RIGHT for rep in reps)
    return Side.RIGHT if 2 * right >= len(reps) else Side.LEFT
