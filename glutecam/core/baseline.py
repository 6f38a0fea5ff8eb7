"""The quiet posture at the start, from which relative signals are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glutecam.core.events import find_runs, settled_until
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import trunk_px
from glutecam.core.poses import FloatArray, PoseSeries

__all__ = ["QUIET_S", "QUIET_SPEED", "QuietPosture", "find_quiet", "quiet_values", "speed"]

QUIET_S = 1.0
"""How long the posture must be held."""
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


def speed(poses: PoseSeries, before: PoseSeries | None) -> FloatArray:
    """Return how fast the fastest large joint moves, in trunk lengths per second, (T,).

    Knees and ankles count a third.

    Parameters
    ----------
    poses : PoseSeries (T)
    before : PoseSeries (1) or None
        The frame before the first one; without it the first speed is NaN.
    """
    joined = poses if before is None else PoseSeries.concatenate([before, poses])
    points = joined.image_px[:, _STILL]
    step_s = np.diff(joined.time_s)
    moved = np.sqrt(
        (points[1:, :, 0] - points[:-1, :, 0]) ** 2 + (points[1:, :, 1] - points[:-1, :, 1]) ** 2
    )
    fastest = (
        np.max(moved * _WEIGHT, axis=1) / (step_s * trunk_px(joined)[1:]) if len(moved) else step_s
    )
    return (
        fastest
        if before is not None
        else np.concatenate([np.full(min(1, len(joined)), np.nan), fastest])
    )


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


def unsettled(speeds: FloatArray) -> int:
    """Return the first frame from which the quiet posture must still be looked for."""
    return settled_until(-speeds, -QUIET_SPEED)


def quiet_values(absolute: Mapping[str, FloatArray]) -> dict[str, float]:
    """Return the median of each signal over the quiet posture; NaN where it was never seen."""
    return {
        name: float(np.median(values[np.isfinite(values)])) if np.isfinite(values).any() else np.nan
        for name, values in absolute.items()
    }
