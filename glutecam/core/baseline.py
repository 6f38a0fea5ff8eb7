"""The quiet posture at the start, from which relative signals are counted."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from glutecam.core.columns import Column, Columns, length, over
from glutecam.core.events import find_runs, settled_until
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, PoseSeries

__all__ = [
    "LAG_LONG_S",
    "LAG_S",
    "QUIET_S",
    "QUIET_SPEED",
    "QuietPosture",
    "SpeedCarry",
    "find_quiet",
    "quiet_values",
    "speed",
]

QUIET_S = 1.0
"""How long the posture must be held."""
LAG_S = 0.2
"""Over how long speed is measured."""
LAG_LONG_S = 0.5
"""The same of somebody who lies, or of whom only stillness is asked. With the trunk towards the camera the hips shake along the line of sight, over 0.2 s as fast
as 0.19 trunk lengths a second on rendered people who lie still, over 0.5 s 0.09. On the side, over 0.2 s, the rest before the
first repetition was missed, and the leg held up taken for it, in 7 of 40 clips; over 0.5 s in one."""
QUIET_SPEED = 0.12
"""Trunk lengths per second: a person of 0.5 m trunk whose trunk moves less than 6 cm/s."""

_L = Landmark
_STILL_POINTS = (
    _L.LEFT_SHOULDER,
    _L.RIGHT_SHOULDER,
    _L.LEFT_HIP,
    _L.RIGHT_HIP,
    _L.LEFT_KNEE,
    _L.RIGHT_KNEE,
    _L.LEFT_ANKLE,
    _L.RIGHT_ANKLE,
)
# The pose model's knees and ankles shake three times as much as its trunk on a person who stands
# still (0.2-0.3 against 0.05-0.1 trunk lengths a second on rendered clips).
_WEIGHTS = (1.0, 1.0, 1.0, 1.0, 0.33, 0.33, 0.33, 0.33)
# Standing people have 1.4 to 1.7 shoulder widths of trunk. One that points at the camera, of somebody who
# lies with the feet towards it, looks shorter, and jitter in its lengths like movement.
_TRUNK_OF_SHOULDERS = 1.4
_LEGS = ((4, 6), (5, 7))
"""Knee and ankle of either leg among them."""


@dataclass(frozen=True)
class QuietPosture:
    """Frames [start, end) of the quiet posture."""

    start: int
    end: int


@dataclass(frozen=True, eq=False)
class SpeedCarry:
    """The last frames that later speeds are measured from: K times in seconds, K rows of 16 pixels.

    Plain numbers, which live is quicker than arrays.
    """

    time_s: list[float]
    points_px: list[list[float]]


def speed(
    poses: PoseSeries, carry: SpeedCarry | None, *, one_leg: bool = False, lag_s: float = LAG_S
) -> tuple[FloatArray, SpeedCarry]:
    """Return how fast the fastest large joint moves, in trunk lengths per second, (T,).

    From where the joint was ``lag_s`` ago: over a single frame the pose model's jitter on a person
    who stands still looks like 0.2 trunk lengths a second. Knees and ankles count a third.

    Parameters
    ----------
    poses : PoseSeries (T)
    carry : SpeedCarry or None
        What the call for the frames before returned.
    one_leg : bool
        Of the legs only the steadier one counts: the other may be hidden, behind a bench or as it
        points at the camera, and the pose model's guesses shake.
    lag_s : float
        The same for all frames of a recording.

    Returns
    -------
    (T,)
        NaN where there is no frame ``lag_s`` ago.
    SpeedCarry
    """
    carry = carry or SpeedCarry([], [])
    if len(poses) == 1:
        return _speed_now(poses, carry, one_leg, lag_s)
    time_s = np.concatenate([carry.time_s, poses.time_s])
    earlier = time_s.searchsorted(poses.time_s - lag_s, side="right") - 1
    start = np.maximum(earlier, 0)
    now = columns = [at[point] for point in _STILL_POINTS for at in (poses.body.x, poses.body.y)]
    if carry.time_s:
        before = np.reshape(carry.points_px, (-1, 2 * len(_STILL_POINTS))).T
        columns = [np.concatenate(pair) for pair in zip(before, now, strict=True)]
    step = (poses.time_s - time_s[start]) * _ruler(poses.body)
    way = [new - column[start] for new, column in zip(now, columns, strict=True)]
    moved = [
        length((x, y)) * weight for x, y, weight in zip(way[::2], way[1::2], _WEIGHTS, strict=True)
    ]
    moved = _of_steadier_leg(moved) if one_leg else moved
    fastest = over(np.maximum.reduce(moved), np.where(earlier >= 0, step, np.nan))
    keep = int(start[-1]) if len(start) else 0
    rows = np.stack([column[keep:] for column in columns], axis=1).tolist()
    return fastest, SpeedCarry(time_s[keep:].tolist(), rows)


def _ruler(body: Columns) -> Column:
    """Return the length of the trunk, or what it would be if it did not point at the camera."""
    broad = length(body.shoulders) * _TRUNK_OF_SHOULDERS
    return max(body.trunk, broad) if isinstance(broad, float) else np.maximum(body.trunk, broad)


def _of_steadier_leg(moved: list[FloatArray]) -> list[FloatArray]:
    """Return the ways of shoulders and hips, and of the leg that moved less, (T,) each."""
    legs = [np.maximum(moved[knee], moved[ankle]) for knee, ankle in _LEGS]
    return [*moved[: _LEGS[0][0]], np.minimum(*legs)]


def _speed_now(
    poses: PoseSeries, carry: SpeedCarry, one_leg: bool, lag_s: float
) -> tuple[FloatArray, SpeedCarry]:
    """Return the same of a single frame."""
    (now_s,) = poses.time_s.tolist()
    x, y = poses.body.x, poses.body.y
    time_s = [*carry.time_s, now_s]
    rows = [*carry.points_px, [at[point] for point in _STILL_POINTS for at in (x, y)]]
    earlier = bisect_right(time_s, now_s - lag_s) - 1
    start = max(earlier, 0)
    moved = _moved(rows[-1], rows[start], one_leg)
    step = (now_s - time_s[start]) * _ruler(poses.body) if earlier >= 0 else math.nan
    return np.array([over(moved, step)]), SpeedCarry(time_s[start:], rows[start:])


def _moved(now: list[float], then: list[float], one_leg: bool) -> float:
    """Return the longest way of a joint, its weight taken into account; NaN where one is not seen."""
    ways = []
    for joint, weight in enumerate(_WEIGHTS):
        x, y = now[2 * joint] - then[2 * joint], now[2 * joint + 1] - then[2 * joint + 1]
        ways.append(math.sqrt(x * x + y * y) * weight)
    if one_leg:
        legs = [_longest([ways[at] for at in leg]) for leg in _LEGS]
        # Python's own min and max pass over a NaN, or not, by where it stands.
        steadier = math.nan if math.isnan(sum(legs)) else min(legs)
        ways = [*ways[: _LEGS[0][0]], steadier]
    return _longest(ways)


def _longest(ways: list[float]) -> float:
    longest = 0.0
    for way in ways:
        if not way <= longest:
            longest = way
            if math.isnan(way):
                return way
    return longest


def find_quiet(speeds: FloatArray, time_s: FloatArray) -> QuietPosture | None:
    """Return the first stretch of ``QUIET_S`` in which nothing moves, or None.

    Parameters
    ----------
    speeds, time_s : (T,)
    """
    runs = find_runs(-speeds, time_s, enter=-QUIET_SPEED, leave=-QUIET_SPEED, min_s=QUIET_S)
    if not runs:
        return None
    start = runs[0].start
    end = int(np.searchsorted(time_s, time_s[start] + QUIET_S, side="left"))
    return QuietPosture(start, end)


def unsettled(speeds: FloatArray, time_s: FloatArray) -> int:
    """Return the first frame from which the quiet posture must still be looked for."""
    return settled_until(-speeds, time_s, -QUIET_SPEED)


def quiet_values(absolute: FloatArray) -> FloatArray:
    """Return the median of each column over the quiet posture, (T, ...) -> (...).

    NaN where a column was never seen.
    """
    flat = absolute.reshape(len(absolute), int(np.prod(absolute.shape[1:])))
    medians = np.full(flat.shape[1], np.nan)
    known = np.isfinite(flat).any(axis=0) if len(flat) else np.zeros(flat.shape[1], dtype=bool)
    if known.any():
        medians[known] = np.nanmedian(flat[:, known], axis=0)
    return medians.reshape(absolute.shape[1:])
