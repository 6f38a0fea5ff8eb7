"""The quiet posture at the start, from which relative signals are counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glutecam.core.events import find_runs, settled_until
from glutecam.core.geometry import length, ratio
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, PoseSeries

__all__ = [
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
QUIET_SPEED = 0.12
"""Trunk lengths per second: a person of 0.5 m trunk whose trunk moves less than 6 cm/s."""

_L = Landmark
_STILL = np.array(
    [
        _L.LEFT_SHOULDER,
        _L.RIGHT_SHOULDER,
        _L.LEFT_HIP,
        _L.RIGHT_HIP,
        _L.LEFT_KNEE,
        _L.RIGHT_KNEE,
        _L.LEFT_ANKLE,
        _L.RIGHT_ANKLE,
    ]
)
# The pose model's knees and ankles shake three times as much as its trunk on a person who stands
# still (0.2-0.3 against 0.05-0.1 trunk lengths a second on rendered clips).
_WEIGHT = np.array([1.0, 1.0, 1.0, 1.0, 0.33, 0.33, 0.33, 0.33])


@dataclass(frozen=True)
class QuietPosture:
    """Frames [start, end) of the quiet posture."""

    start: int
    end: int


@dataclass(frozen=True, eq=False)
class SpeedCarry:
    """The last frames that later speeds are measured from: seconds (K,) and pixels (K, 8, 2)."""

    time_s: FloatArray
    points_px: FloatArray


def speed(poses: PoseSeries, carry: SpeedCarry | None) -> tuple[FloatArray, SpeedCarry]:
    """Return how fast the fastest large joint moves, in trunk lengths per second, (T,).

    From where the joint was ``LAG_S`` ago: over a single frame the pose model's jitter on a person
    who stands still looks like 0.2 trunk lengths a second. Knees and ankles count a third.

    Parameters
    ----------
    poses : PoseSeries (T)
    carry : SpeedCarry or None
        What the call for the frames before returned.

    Returns
    -------
    (T,)
        NaN where there is no frame ``LAG_S`` ago.
    SpeedCarry
    """
    time_s, points = poses.time_s, poses.image_px.take(_STILL, axis=1)
    if carry is not None:
        time_s = np.concatenate([carry.time_s, time_s])
        points = np.concatenate([carry.points_px, points])
    known = len(time_s) - len(poses)
    earlier = time_s.searchsorted(poses.time_s - LAG_S, side="right") - 1
    start = np.maximum(earlier, 0)
    moved = length(points[known:] - points[start]) * _WEIGHT
    step = (poses.time_s - time_s[start]) * poses.trunk_px
    fastest = ratio(moved.max(axis=1), np.where(earlier >= 0, step, np.nan))
    keep = int(start[-1]) if len(start) else 0
    return fastest, SpeedCarry(time_s[keep:], points[keep:])


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
