"""The One Euro filter (Casiez 2012), many columns at once: smooth when slow, quick when fast.

Each value depends on the one before, so a recording is filtered frame after frame. A long one is
cut into stretches that are filtered abreast. Every stretch but the first begins some frames early, with no
memory: the filter forgets where it began, within about 220 frames to the very last bit. Whether it has
is looked up where a stretch begins; where it has not, the stretch is filtered again. So the result
is that of one pass, bit by bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glutecam.core.events import MAX_GAP_S
from glutecam.core.poses import FloatArray

__all__ = ["FilterCarry", "follow"]

# The speed-dependent part works on metres. 3 Hz at rest: lag about 50 ms, and the ±0.2° jitter of a
# still person halved.
_MIN_CUTOFF_HZ = 3.0
_BETA = 4.0
_DERIVATIVE_CUTOFF_HZ = 1.0
_TURN = 2.0 * np.pi

_EARLY = 320
"""Frames by which a stretch begins early."""
_ABREAST = 32
"""Stretches that are filtered together: more would not fit into the processor's nearest cache."""


@dataclass(frozen=True, eq=False)
class FilterCarry:
    """What the filter remembers: the last filtered points (C,), their speed (C,) and time."""

    points: FloatArray
    speed: FloatArray
    time_s: float


def follow(
    points: FloatArray, time_s: FloatArray, carry: FilterCarry | None
) -> tuple[FloatArray, FilterCarry | None]:
    """Filter every column; after a gap of more than 0.2 s it starts anew.

    Parameters
    ----------
    points : (N, C)
        In metres.
    time_s : (N,)
    carry : FilterCarry or None
        What the call for the rows before returned; None at the beginning.

    Returns
    -------
    (N, C), FilterCarry or None
    """
    stretches = min(_ABREAST, len(points) // _EARLY)
    if stretches < 2:
        return _one_by_one(points, time_s, carry)
    # The rest, shorter than a row for every stretch, goes last.
    even = len(points) - len(points) % stretches
    begun, carry = _abreast(points[:even], time_s[:even], carry, stretches)
    rest, carry = _one_by_one(points[even:], time_s[even:], carry)
    return np.concatenate([begun, rest]), carry


def _one_by_one(
    points: FloatArray, time_s: FloatArray, carry: FilterCarry | None
) -> tuple[FloatArray, FilterCarry | None]:
    out = np.empty_like(points)
    for row, now_s in enumerate(time_s.tolist()):
        carry = _step(points[row], now_s, carry)
        out[row] = carry.points
    return out, carry


def _step(points: FloatArray, time_s: float, carry: FilterCarry | None) -> FilterCarry:
    if carry is None or time_s - carry.time_s > MAX_GAP_S:
        return FilterCarry(points, np.zeros_like(points), time_s)
    return FilterCarry(*_next(points, carry.points, carry.speed, time_s - carry.time_s), time_s)


def _next(
    points: FloatArray, before: FloatArray, speed: FloatArray, step_s: float | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the filtered points and their speed after a step; in place, as every call counts live."""
    turn = _TURN * _DERIVATIVE_CUTOFF_HZ * step_s
    way = points - before
    faster = way / step_s
    faster -= speed
    faster *= turn / (turn + 1.0)
    faster += speed
    weight = np.abs(faster)
    weight *= _TURN * _BETA * step_s
    weight += _TURN * _MIN_CUTOFF_HZ * step_s
    weight /= weight + 1.0
    weight *= way
    weight += before
    return weight, faster


def _abreast(
    points: FloatArray, time_s: FloatArray, carry: FilterCarry | None, stretches: int
) -> tuple[FloatArray, FilterCarry]:
    """Filter stretches of equal length together, then again those that began with another memory."""
    length = len(points) // stretches
    start = np.arange(stretches) * length
    before_s = time_s[0] - 2.0 * MAX_GAP_S if carry is None else carry.time_s
    step_s = np.diff(time_s, prepend=before_s)
    # What the first stretch reads before its first row does not count: it is told what to remember.
    rows = np.maximum(start + np.arange(1 - _EARLY, length)[:, None], 0)
    anew = step_s[rows] > MAX_GAP_S
    out = np.empty((stretches, length, points.shape[1]))
    now, speed = points[np.maximum(start - _EARLY, 0)], np.zeros_like(out[:, 0])
    for frame, (row, gap) in enumerate(
        zip(rows, anew.any(axis=1).tolist(), strict=True), 1 - _EARLY
    ):
        if frame == 0:
            if carry is not None:
                now[0], speed[0] = carry.points, carry.speed
            remembered = now, speed
        seen = points.take(row, axis=0)
        now, speed = _next(seen, now, speed, step_s.take(row)[:, None])
        if gap:
            lost = step_s[row] > MAX_GAP_S
            now[lost], speed[lost] = seen[lost], 0.0
        if frame >= 0:
            out[:, frame] = now
    _mend(out, speed, remembered, points, time_s)
    # A copy: the memory must not hold on to the whole recording.
    carry = FilterCarry(out[-1, -1].copy(), speed[-1].copy(), float(time_s[-1]))
    return out.reshape(points.shape), carry


def _mend(
    out: FloatArray,
    speed: FloatArray,
    remembered: tuple[FloatArray, FloatArray],
    points: FloatArray,
    time_s: FloatArray,
) -> None:
    """Filter again, in place, each stretch that began with another memory than the one before left.

    Parameters
    ----------
    out : (S, L, C)
        The filtered stretches.
    speed : (S, C)
        At the end of each.
    remembered : tuple of (S, C)
        Points and speed with which each began.
    points, time_s : (S L, C), (S L,)
    """
    length = out.shape[1]
    for this in range(1, len(out)):
        left = out[this - 1, -1], speed[this - 1]
        if all(_same(a, b[this]) for a, b in zip(left, remembered, strict=True)):
            continue
        first = this * length
        carry = FilterCarry(*left, float(time_s[first - 1]))
        rows = slice(first, first + length)
        out[this], last = _one_by_one(points[rows], time_s[rows], carry)
        speed[this] = np.nan if last is None else last.speed


def _same(one: FloatArray, other: FloatArray) -> bool:
    return np.array_equal(one, other, equal_nan=True)
