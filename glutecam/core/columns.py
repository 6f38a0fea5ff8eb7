"""The points of a pose by column, and plane vectors made of columns.

A column is one coordinate over time, (T,), or a plain number: that of one frame. For an array of
one number numpy takes ten times as long as Python for the number, which is most of what a live
frame costs. So formulas are written once, in columns, and give the same bits for either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from glutecam.core.landmarks import MIRROR, Landmark

__all__ = [
    "Column",
    "Columns",
    "Rows",
    "Vector",
    "angle_deg",
    "cross",
    "dot",
    "length",
    "or_unknown",
    "over",
    "positive",
    "root",
    "turn_deg",
    "within",
]

Column = Any
"""(T,) float64, or the float of one frame."""

Vector = tuple[Column, Column]
"""x and y."""

_L = Landmark
_PARTNER = [Landmark(point) for point in MIRROR]
_DEG = 180.0 / math.pi


def dot(a: Vector, b: Vector) -> Column:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1]


def cross(a: Vector, b: Vector) -> Column:
    """Return the z component of the cross product."""
    return a[0] * b[1] - a[1] * b[0]


def length(a: Vector) -> Column:
    """Return the Euclidean length."""
    return root(dot(a, a))


def root(a: Column) -> Column:
    """Return the square root."""
    return math.sqrt(a) if isinstance(a, float) else np.sqrt(a)


def positive(a: Column) -> Column:
    """Return what is above nothing, else 0."""
    return max(a, 0.0) if isinstance(a, float) else np.maximum(a, 0.0)


def within(a: Column, low: float, high: float) -> Column:
    """Return the nearest number between two bounds."""
    if isinstance(a, float):
        return min(max(a, low), high)
    return np.minimum(np.maximum(a, low), high)


def over(a: Column, b: Column) -> Column:
    """Return ``a`` over a length ``b``; NaN where the length is nothing."""
    return a / or_unknown(b)


def or_unknown(a: Column) -> Column:
    """Return a length; NaN where it is nothing."""
    if isinstance(a, float):
        return a if a > 0 else math.nan
    return np.where(a > 0, a, np.nan)


def angle_deg(y: Column, x: Column) -> Column:
    """Return the angle of (x, y) in degrees, + from x towards y.

    By numpy for plain numbers too: ``math.atan2`` may differ in the last bit.
    """
    return np.arctan2(y, x) * _DEG


def turn_deg(a: Vector, b: Vector) -> Column:
    """Return the angle that turns ``a`` to ``b``, + from x towards y."""
    return angle_deg(cross(a, b), dot(a, b))


def _sign(column: Column) -> Column:
    if isinstance(column, float):
        return 1.0 if column >= 0 else -1.0
    return np.where(column >= 0, 1.0, -1.0)


class Rows(dict[int, Column]):
    """Columns by landmark, each made when it is first asked for."""

    def __init__(self, make: Callable[[int], Column]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, point: int) -> Column:
        made = self[point] = self._make(point)
        return made


class Columns:
    """What formulas read: the points in the picture, and what most formulas need of them.

    Parameters
    ----------
    x, y : sequence of Column, or Rows
        Pixels, indexed by landmark.

    Attributes
    ----------
    x, y : sequence of Column, or Rows
    hips, shoulders : Vector
        From the right point to the left one.
    mid_hip, mid_shoulder, up : Vector
        The points half-way between, and the way from the first to the second.
    trunk : Column
        Length of ``up``: the ruler of everything in trunk lengths.
    facing : Column
        +1 where the subject faces the camera, -1 where the back is seen.
    """

    def __init__(self, x: Sequence[Column] | Rows, y: Sequence[Column] | Rows) -> None:
        self.x, self.y = x, y
        self.hips = self.line(_L.RIGHT_HIP, _L.LEFT_HIP)
        self.shoulders = self.line(_L.RIGHT_SHOULDER, _L.LEFT_SHOULDER)
        self.mid_hip = self._middle(_L.LEFT_HIP, _L.RIGHT_HIP)
        self.mid_shoulder = self._middle(_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)
        (hip_x, hip_y), (shoulder_x, shoulder_y) = self.mid_hip, self.mid_shoulder
        self.up = (shoulder_x - hip_x, shoulder_y - hip_y)
        self.trunk = length(self.up)
        self.facing = _sign(self.hips[0] + self.shoulders[0])

    def line(self, start: Landmark, end: Landmark) -> Vector:
        """Return the way from one point to another."""
        return self.x[end] - self.x[start], self.y[end] - self.y[start]

    def medial(self, vector: Vector) -> Vector:
        """Return the vector with x turned so that + is towards the subject's left."""
        return vector[0] * self.facing, vector[1]

    def mirrored(self, width_px: int) -> Columns:
        """Return what a mirror would show, left and right exchanged; x counts from the other edge."""
        if isinstance(self.x, Rows):
            return Columns(Rows(partial(self._mirrored_x, width_px)), Rows(self._mirrored_y))
        x = [width_px - self.x[point] for point in _PARTNER]
        return Columns(x, [self.y[point] for point in _PARTNER])

    def _mirrored_x(self, width_px: int, point: int) -> Column:
        return width_px - self.x[_PARTNER[point]]

    def _mirrored_y(self, point: int) -> Column:
        return self.y[_PARTNER[point]]

    def _middle(self, a: Landmark, b: Landmark) -> Vector:
        return (self.x[a] + self.x[b]) * 0.5, (self.y[a] + self.y[b]) * 0.5
