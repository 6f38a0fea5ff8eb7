"""Small rotation helpers, shared by every posing module.

World axes, metres: x to the subject's LEFT, y backward (the subject faces -y), z up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEFT: Array = np.array([1.0, 0.0, 0.0])
BACK: Array = np.array([0.0, 1.0, 0.0])
UP: Array = np.array([0.0, 0.0, 1.0])
FORWARD: Array = -BACK


def unit(vector: Array) -> Array:
    """Return `vector` scaled to length one."""
    return vector / np.linalg.norm(vector)


def about(axis: Array, angle_deg: float) -> Array:
    """Rotation matrix (3, 3) by `angle_deg` about `axis`, right-handed."""
    x, y, z = unit(np.asarray(axis, dtype=np.float64))
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = np.radians(angle_deg)
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross


def cross(first: Array, second: Array) -> Array:
    """Cross product of two vectors (3,), to the last bit that of NumPy, which takes ten times as long."""
    (a, b, c), (x, y, z) = first.tolist(), second.tolist()
    return np.array([b * z - c * y, c * x - a * z, a * y - b * x])


def frame(primary: Array, secondary: Array) -> Array:
    """Orthonormal frame (columns): `primary` first, `secondary` made perpendicular to it."""
    first = unit(primary)
    second = unit(secondary - first * (secondary @ first))
    return np.stack([first, second, cross(first, second)], axis=1)


def aligning(rest: tuple[Array, Array], posed: tuple[Array, Array]) -> Array:
    """Rotation that carries the (primary, secondary) pair `rest` onto `posed`."""
    return frame(*posed) @ frame(*rest).T


def between(start: Array, end: Array, share: float) -> Array:
    """Rotation `share` of the way (0..1) from `start` to `end`, along the shortest arc."""
    delta = end @ start.T
    cosine = np.clip((np.trace(delta) - 1.0) / 2.0, -1.0, 1.0)
    angle = np.degrees(np.arccos(cosine))
    if angle < 1e-6:
        return start
    axis = np.array(
        [delta[2, 1] - delta[1, 2], delta[0, 2] - delta[2, 0], delta[1, 0] - delta[0, 1]]
    )
    return about(axis, share * angle) @ start


def smooth(share: float) -> float:
    """Minimum-jerk ramp: 0 below 0, 1 above 1, no velocity or acceleration at the ends."""
    s = min(max(share, 0.0), 1.0)
    return s * s * s * (10.0 + s * (6.0 * s - 15.0))
