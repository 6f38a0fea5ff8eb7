"""Vector maths with no clinical word in it; every function is elementwise over frames."""

from __future__ import annotations

import numpy as np

from glutecam.core.poses import FloatArray

__all__ = ["dot", "length", "median", "midpoint", "ratio", "rotate2", "unit"]


def midpoint(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the point half-way between ``a`` and ``b``, (T, D)."""
    return (a + b) * 0.5


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the scalar product over the last axis, (T,).

    Written out, because a reduction may add in another order for another chunk length, and
    live must equal batch to the last bit.
    """
    total: FloatArray = a[..., 0] * b[..., 0]
    for axis in range(1, a.shape[-1]):
        total = total + a[..., axis] * b[..., axis]
    return total


def length(a: FloatArray) -> FloatArray:
    """Return the Euclidean length over the last axis, (T,)."""
    return np.sqrt(dot(a, a))


def unit(a: FloatArray) -> FloatArray:
    """Return ``a`` scaled to length 1; NaN where it has no length."""
    size = length(a)
    return a / np.where(size > 0, size, np.nan)[..., None]


def ratio(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return ``a`` over a length ``b``; NaN where the length is nothing, (T,)."""
    return np.asarray(a / np.where(b > 0, b, np.nan))


def median(values: FloatArray) -> float:
    """Return the median of what is known, as ``np.nanmedian`` but much sooner for a few numbers.

    NaN where nothing is known.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan")
    low, high = (len(known) - 1) // 2, len(known) // 2
    known.partition((low, high))
    return float((known[low] + known[high]) / 2.0)


def rotate2(points: FloatArray, angle_deg: float | FloatArray, centre: FloatArray) -> FloatArray:
    """Turn x and y of ``points`` (..., D) about ``centre`` (2,), + from x towards y; (...) angles."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    x, y = points[..., 0] - centre[0], points[..., 1] - centre[1]
    turned: FloatArray = points.copy()
    turned[..., 0] = cosine * x - sine * y + centre[0]
    turned[..., 1] = sine * x + cosine * y + centre[1]
    return turned
