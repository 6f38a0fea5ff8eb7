"""A signal -> runs: one function for repetitions, faults and the quiet posture.

A run is a stretch in which the signal stays above ``leave`` and somewhere exceeds ``enter``
(hysteresis whose start is dated back to the last rise above ``leave``). A short gap does not end
a run; a longer one does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import FloatArray

__all__ = [
    "MAX_GAP_S",
    "Run",
    "find_runs",
    "held_for",
    "held_level",
    "highest_at",
    "median_step",
    "settled_until",
]

MAX_GAP_S = 0.2
"""Longest stretch without a person that a run or a filter may bridge."""


@dataclass(frozen=True)
class Run:
    """Frames [start, end).

    ``closed`` is False where the signal ended first; ``begun`` and ``ended`` tell whether the low
    signal just before and just after was seen, which a long gap or the recording's ends hide.
    """

    start: int
    end: int
    closed: bool
    begun: bool = True
    ended: bool = True


def _held(
    high: NDArray[np.bool_], seen: NDArray[np.bool_], time_s: FloatArray, max_gap_s: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Carry ``high`` over short gaps, False in long ones; and return what is not in a long one."""
    if seen.all():
        return high, seen
    index = np.arange(len(seen))
    before = np.maximum.accumulate(np.where(seen, index, -1))
    after = np.minimum.accumulate(np.where(seen, index, len(seen))[::-1])[::-1]
    last_s = np.where(before >= 0, time_s[np.maximum(before, 0)], -np.inf)
    next_s = np.where(after < len(seen), time_s[np.minimum(after, len(seen) - 1)], time_s[-1])
    bridged = (before >= 0) & ((next_s - last_s) <= max_gap_s)
    return np.where(seen, high, high[np.maximum(before, 0)] & bridged), seen | bridged


def find_runs(
    signal: FloatArray,
    time_s: FloatArray,
    *,
    enter: float,
    leave: float,
    min_s: float = 0.0,
    max_gap_s: float = MAX_GAP_S,
) -> list[Run]:
    """Find the stretches in which a signal stays high.

    Parameters
    ----------
    signal, time_s : (T,)
        The signal, NaN where it was not seen, and seconds.
    enter, leave : float
        A run lies above ``leave`` and somewhere exceeds ``enter``; ``leave <= enter``.
    min_s : float
        Shorter runs are left out.
    max_gap_s : float
        A run goes on over a gap that is at most so long.

    Returns
    -------
    list of Run
        In order, never touching each other.
    """
    if not (signal > enter).any():
        return []
    seen = np.isfinite(signal)
    high = np.zeros(len(signal) + 2, dtype=bool)
    high[1:-1], known = _held(seen & (signal > leave), seen, time_s, max_gap_s)
    edges = np.flatnonzero(high[1:] != high[:-1])
    runs = []
    for start, end in edges.reshape(-1, 2):
        inside = signal[start:end]
        last = min(end, len(signal) - 1)
        if np.nanmax(inside) > enter and time_s[last] - time_s[start] >= min_s:
            closed = bool(end < len(signal))
            begun = bool(start > 0 and known[start - 1])
            ended = closed and bool(known[end])
            runs.append(Run(int(start), int(end), closed, begun, ended))
    return runs


def settled_until(
    signal: FloatArray, time_s: FloatArray, leave: float, max_gap_s: float = MAX_GAP_S
) -> int:
    """Return the frame from which runs must be looked for again when more frames come.

    It is the last one seen below ``leave``: looking again from there gives the same runs as looking
    at everything. Nor can frames of a long gap at the end change any run. This is the carry of
    live judging.
    """
    seen = np.flatnonzero(np.isfinite(signal))
    last_s = time_s[seen[-1]] if len(seen) else (time_s[0] if len(time_s) else 0.0)
    if len(time_s) and time_s[-1] - last_s > max_gap_s:
        return len(signal) - 1
    settled = seen[~(signal[seen] > leave)]
    return int(settled[-1]) if len(settled) else 0


def held_level(signal: FloatArray, time_s: FloatArray, hold_s: float) -> tuple[float, int]:
    """Return the highest level that the signal keeps for ``hold_s`` at a stretch, and where.

    A peak that a few noisy frames cannot make, whatever the frame rate. Frames that were not seen
    are passed over.

    Parameters
    ----------
    signal, time_s : (T,)
    hold_s : float

    Returns
    -------
    level : float
        NaN where the signal was seen for less than ``hold_s``.
    at : int
        Frame of the highest value within that stretch.
    """
    return held_for(signal, hold_s, median_step(time_s))


def held_for(signal: FloatArray, hold_s: float, step_s: float) -> tuple[float, int]:
    """Return the same where the median step between frames is known already."""
    if len(signal) < 2:
        return math.nan, 0
    frames = max(1, round(hold_s / step_s))
    level, at = _highest_held(signal, frames)
    if not math.isnan(level):
        return level, at
    # Most signals are seen all the time: only now is it looked up where.
    seen = np.flatnonzero(np.isfinite(signal))
    if len(seen) < max(2, frames):
        return math.nan, 0
    level, at = _highest_held(signal[seen], frames)
    return level, int(seen[at])


def _highest_held(signal: FloatArray, frames: int) -> tuple[float, int]:
    """Return the same for so many frames in a row; NaN where there are fewer, or one is not seen."""
    if len(signal) < frames:
        return math.nan, 0
    held = _lowest(signal, frames)
    best = int(held.argmax())
    return float(held[best]), best + int(signal[best : best + frames].argmax())


def median_step(time_s: FloatArray) -> float:
    """Return the median step between frames, as ``np.median`` but much sooner for a few.

    NaN where there are fewer than two.
    """
    steps = time_s[1:] - time_s[:-1]
    if not len(steps):
        return math.nan
    steps.sort()
    return float((steps[(len(steps) - 1) // 2] + steps[len(steps) // 2]) / 2.0)


def _lowest(values: FloatArray, count: int) -> FloatArray:
    """Return the lowest of every ``count`` values in a row, (T,) -> (T - count + 1,)."""
    lowest, covered = values, 1
    while covered < count:
        step = min(covered, count - covered)
        lowest = np.minimum(lowest[:-step], lowest[step:])
        covered += step
    return lowest


def highest_at(signal: FloatArray) -> int | None:
    """Return the frame in which a signal is highest, the first of several; None if never seen."""
    seen = np.isfinite(signal)
    return int(np.where(seen, signal, -np.inf).argmax()) if seen.any() else None
