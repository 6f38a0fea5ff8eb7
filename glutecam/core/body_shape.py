"""A pose as a shape: where the points lie about the pelvis, whatever the place and size.

This is what the trained pelvis models look at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glutecam.core.geometry import length
from glutecam.core.landmarks import MIRROR, Landmark
from glutecam.core.poses import FloatArray, PoseSeries

__all__ = ["POINTS", "lying_shapes", "mirror_of_shapes", "standing_shapes"]

_L = Landmark

POINTS: tuple[Landmark, ...] = (
    _L.NOSE, _L.LEFT_EYE, _L.RIGHT_EYE, _L.LEFT_EAR, _L.RIGHT_EAR, _L.MOUTH_LEFT, _L.MOUTH_RIGHT,
    _L.LEFT_SHOULDER, _L.RIGHT_SHOULDER, _L.LEFT_ELBOW, _L.RIGHT_ELBOW, _L.LEFT_WRIST,
    _L.RIGHT_WRIST, _L.LEFT_HIP, _L.RIGHT_HIP, _L.LEFT_KNEE, _L.RIGHT_KNEE, _L.LEFT_ANKLE,
    _L.RIGHT_ANKLE, _L.LEFT_HEEL, _L.RIGHT_HEEL, _L.LEFT_FOOT_INDEX, _L.RIGHT_FOOT_INDEX,
)  # fmt: skip
"""What a shape is made of; fingers say nothing about the pelvis."""

_INDEX = np.array(POINTS, dtype=np.intp)


def standing_shapes(poses: PoseSeries) -> FloatArray:
    """Return the shape of each standing pose, (T, 5 P); the unit is the length of the trunk.

    A body seen from behind is turned to face the camera, so that the subject's left always lies to
    the right of the picture.
    """
    return _shapes(poses, poses.trunk_px, poses.facing)


def lying_shapes(poses: PoseSeries) -> FloatArray:
    """Return the shape of each side-lying pose, (T, 5 P).

    The unit is the spread of the points about the pelvis: seen from the feet a trunk has no length.
    """
    away = poses.image_px[:, _INDEX] - poses.mid_hip[:, None]
    square = away[..., 0] ** 2 + away[..., 1] ** 2
    # A running sum adds up in the same order however many frames there are; a plain one does not.
    spread = np.sqrt(np.cumsum(square, axis=1)[:, -1] / len(POINTS))
    return _shapes(poses, spread, np.ones(len(poses)))


def _shapes(poses: PoseSeries, unit_px: FloatArray, facing: FloatArray) -> FloatArray:
    """Picture x, y and metric x, y, z of `POINTS` from the middle of the hips; NaN where unseen."""
    flat = (poses.image_px[:, _INDEX] - poses.mid_hip[:, None]) / unit_px[:, None, None]
    flat[..., 0] *= facing[:, None]
    solid = poses.world_m[:, _INDEX] / _trunk_m(poses)[:, None, None]
    solid[..., 0] *= facing[:, None]
    solid[..., 2] *= facing[:, None]
    return np.concatenate([flat.reshape(len(poses), -1), solid.reshape(len(poses), -1)], axis=1)


def _trunk_m(poses: PoseSeries) -> FloatArray:
    shoulders = poses.world(_L.LEFT_SHOULDER) + poses.world(_L.RIGHT_SHOULDER)
    hips = poses.world(_L.LEFT_HIP) + poses.world(_L.RIGHT_HIP)
    return length(shoulders - hips) * 0.5


def mirror_of_shapes() -> tuple[NDArray[np.intp], FloatArray]:
    """Return (order, sign), each (5 P,): ``shape[:, order] * sign`` is the mirrored body."""
    place = {int(point): i for i, point in enumerate(POINTS)}
    partner = np.array([place[int(MIRROR[point])] for point in POINTS])
    count = len(POINTS)
    flat = (2 * partner[:, None] + np.arange(2)).ravel()
    solid = (2 * count + 3 * partner[:, None] + np.arange(3)).ravel()
    sign = np.concatenate([np.tile([-1.0, 1.0], count), np.tile([-1.0, 1.0, 1.0], count)])
    return np.concatenate([flat, solid]), sign
