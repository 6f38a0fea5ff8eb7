"""The lines that are drawn on the body: skeleton, trunk, worked leg, pelvis and where it belongs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Side
from glutecam.core.landmarks import EDGES, Landmark
from glutecam.core.poses import FloatArray
from glutecam.display.lettering import Colour
from glutecam.display.view import Image

__all__ = [
    "Pencil",
    "bearing_of_drop",
    "bearing_of_hips",
    "clear_of_arms",
    "doubt_wedge",
    "gap",
    "pelvis_line",
    "reference_line",
    "skeleton",
    "trunk",
    "visible",
    "worked_leg",
]

_L = Landmark
_DARK: Colour = (18, 22, 28)
_BONE: Colour = (214, 222, 230)
_SUBPIXEL_BITS = 4
_FOREARMS = ((_L.LEFT_ELBOW, _L.LEFT_WRIST), (_L.RIGHT_ELBOW, _L.RIGHT_WRIST))
_HANDS = (
    _L.LEFT_WRIST, _L.LEFT_PINKY, _L.LEFT_INDEX, _L.LEFT_THUMB,
    _L.RIGHT_WRIST, _L.RIGHT_PINKY, _L.RIGHT_INDEX, _L.RIGHT_THUMB,
)  # fmt: skip
_SEEN = 0.3
"""Points that the model itself believes less than this are not drawn."""


@dataclass(frozen=True, eq=False)
class Pencil:
    """Draws smooth lines on one picture; ``unit`` scales widths with the size of the frame."""

    canvas: Image
    unit: float

    def line(self, start: FloatArray, end: FloatArray, colour: Colour, width: float) -> None:
        """Draw from ``start`` (2,) to ``end`` (2,) in pixels; nothing where a point is NaN."""
        if not bool(np.isfinite(start).all() and np.isfinite(end).all()):
            return
        thick = max(1, round(width * self.unit))
        a, b = self._fixed(start), self._fixed(end)
        cv2.line(self.canvas, a, b, colour, thick, cv2.LINE_AA, _SUBPIXEL_BITS)

    def outlined(self, start: FloatArray, end: FloatArray, colour: Colour, width: float) -> None:
        """Draw a line with a dark rim, so that it shows on any background."""
        self.line(start, end, _DARK, width + 4)
        self.line(start, end, colour, width)

    def dot(self, at: FloatArray, colour: Colour, radius: float) -> None:
        """Draw a filled circle with a dark rim about ``at`` (2,)."""
        if not bool(np.isfinite(at).all()):
            return
        for size, paint in ((radius + 2, _DARK), (radius, colour)):
            reach = round(size * self.unit * 2**_SUBPIXEL_BITS)
            centre = self._fixed(at)
            cv2.circle(self.canvas, centre, reach, paint, -1, cv2.LINE_AA, _SUBPIXEL_BITS)

    @staticmethod
    def _fixed(point: FloatArray) -> tuple[int, int]:
        """Return fixed-point coordinates, kept within what OpenCV's integers can hold."""
        x, y = np.clip(point, -2.0e4, 2.0e4) * 2**_SUBPIXEL_BITS
        return round(float(x)), round(float(y))


def visible(points: FloatArray, visibility: FloatArray) -> FloatArray:
    """Return the points (33, 2) with those that are hardly visible made NaN."""
    shown: FloatArray = np.where((visibility >= _SEEN)[:, None], points, np.nan)
    return shown


def skeleton(pencil: Pencil, points: FloatArray) -> None:
    """Draw all limbs lightly."""
    for a, b in EDGES:
        pencil.line(points[a], points[b], _DARK, 4)
    for a, b in EDGES:
        pencil.line(points[a], points[b], _BONE, 2)


def trunk(pencil: Pencil, points: FloatArray, colour: Colour) -> FloatArray:
    """Draw mid-hip to mid-shoulder; return the upper end (2,)."""
    top = _middle(points, _L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)
    pencil.outlined(_middle(points, _L.LEFT_HIP, _L.RIGHT_HIP), top, colour, 5)
    return top


def worked_leg(pencil: Pencil, points: FloatArray, side: Side, colour: Colour) -> FloatArray:
    """Draw hip, knee and ankle of the worked leg; return the knee (2,)."""
    left = (_L.LEFT_HIP, _L.LEFT_KNEE, _L.LEFT_ANKLE)
    right = (_L.RIGHT_HIP, _L.RIGHT_KNEE, _L.RIGHT_ANKLE)
    hip, knee, ankle = left if side is Side.LEFT else right
    pencil.outlined(points[hip], points[knee], colour, 5)
    pencil.outlined(points[knee], points[ankle], colour, 5)
    pencil.dot(points[knee], colour, 7)
    return np.asarray(points[knee])


def bearing_of_hips(points: FloatArray) -> float:
    """Return the direction of the line through both hip points in radians, + = clockwise."""
    across = points[_L.LEFT_HIP] - points[_L.RIGHT_HIP]
    return math.atan2(across[1], across[0])


def bearing_of_drop(points: FloatArray, side: Side, drop_deg: float, level_deg: float) -> float:
    """Return the direction in which a measured pelvis lies in this picture, in radians.

    Parameters
    ----------
    side : Side
        The worked leg; the free side is lower where the drop is positive.
    drop_deg, level_deg : float
        The measured drop; where level runs in this picture, 0 = to the right, + = clockwise.
    """
    worked, free = points[_L.LEFT_HIP], points[_L.RIGHT_HIP]
    if side is Side.RIGHT:
        worked, free = free, worked
    down_deg = drop_deg if free[0] >= worked[0] else 180.0 - drop_deg
    return math.radians(level_deg + down_deg)


def pelvis_line(pencil: Pencil, points: FloatArray, colour: Colour, bearing: float) -> None:
    """Draw the pelvis through mid-hip, longer than the hips so that its slope shows.

    The hip points stay where the pose model saw them: between them and the line lies what the
    pelvis model knows better.
    """
    left, right = points[_L.LEFT_HIP], points[_L.RIGHT_HIP]
    half = 0.95 * math.dist(left, right)
    along = half * np.array([math.cos(bearing), math.sin(bearing)])
    middle = _middle(points, _L.LEFT_HIP, _L.RIGHT_HIP)
    pencil.outlined(middle - along, middle + along, colour, 7)
    pencil.dot(left, (255, 255, 255), 6)
    pencil.dot(right, (255, 255, 255), 6)


def reference_line(
    pencil: Pencil, points: FloatArray, reach: float, direction_deg: float
) -> FloatArray:
    """Draw a dashed line through mid-hip: where the pelvis line should lie.

    Parameters
    ----------
    reach : float
        Pixels to each side.
    direction_deg : float
        In this picture, 0 = to the right, + = clockwise.

    Returns
    -------
    (2,)
        The end in that direction.
    """
    middle = _middle(points, _L.LEFT_HIP, _L.RIGHT_HIP)
    turn = math.radians(direction_deg)
    along = np.array([math.cos(turn), math.sin(turn)])
    dash = max(6.0, 14.0 * pencil.unit)
    count = max(1, int(reach / (1.7 * dash)))
    for width, colour in ((5, _DARK), (2.4, (255, 255, 255))):
        for step in range(-count, count + 1):
            start = middle + along * (step * 1.7 - 0.5) * dash
            pencil.line(start, start + along * dash, colour, width)
    return np.asarray(middle + along * (count * 1.7 + 0.5) * dash)


def clear_of_arms(
    points: FloatArray, end: FloatArray, reach: float, size: tuple[int, int]
) -> tuple[float, float]:
    """Return the upper left corner of a plate about an end of the line through mid-hip.

    Below it or above it, to the right or to the left: where the plate covers least of the hands, then of the arms.

    Parameters
    ----------
    points : (33, 2)
    end : (2,)
        The line's right end.
    reach : float
        Half the distance of the hips: so far below or above the line, and half as far again beyond it.
    size : (int, int)
        Width and height of the plate.
    """
    other = 2.0 * _middle(points, _L.LEFT_HIP, _L.RIGHT_HIP) - end
    corners = [
        (float(x), float(y))
        for (tip, x) in ((end, end[0] + 1.5 * reach - size[0]), (other, other[0] - 1.5 * reach))
        for y in (tip[1] + 0.4 * reach, tip[1] - 0.4 * reach - size[1])
    ]
    # A hand is wider than its points.
    arms, air = (points[list(_HANDS)], _forearms(points)), 0.4 * reach

    def covered(corner: tuple[float, float]) -> list[int]:
        low, high = np.subtract(corner, air), np.add(corner, size) + air
        return [int(((part >= low) & (part <= high)).all(axis=1).sum()) for part in arms]

    return min(corners, key=covered)


def _forearms(points: FloatArray) -> FloatArray:
    """Return points along both forearms, (N, 2)."""
    share = np.linspace(0.0, 1.0, 9)[:, None]
    return np.concatenate(
        [(1.0 - share) * points[elbow] + share * points[wrist] for elbow, wrist in _FOREARMS]
    )


def gap(
    pencil: Pencil, points: FloatArray, ends: tuple[Landmark, Landmark], colour: Colour
) -> FloatArray:
    """Draw how far two points are apart; return the middle between them (2,)."""
    a, b = (points[end] for end in ends)
    pencil.outlined(a, b, colour, 3)
    pencil.dot(a, colour, 5)
    pencil.dot(b, colour, 5)
    return _middle(points, *ends)


def doubt_wedge(
    pencil: Pencil,
    points: FloatArray,
    bearing: float,
    half_width_deg: float,
    reach: float,
    colour: Colour,
) -> None:
    """Tint what the pelvis line may be: its ± to both sides, a thin bow tie about mid-hip."""
    middle = _middle(points, _L.LEFT_HIP, _L.RIGHT_HIP)
    if not (np.isfinite(middle).all() and math.isfinite(half_width_deg)):
        return
    spread = math.radians(min(half_width_deg, 60.0))
    wings = [_wing(middle, bearing + turn, spread, reach) for turn in (0.0, math.pi)]
    _tint(pencil.canvas, wings, colour)


def _wing(middle: FloatArray, bearing: float, spread: float, reach: float) -> NDArray[np.int32]:
    angles = bearing + np.linspace(-spread, spread, 9)
    rim = middle + reach * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return np.round(np.vstack([middle, rim])).astype(np.int32)


def _tint(canvas: Image, shapes: list[NDArray[np.int32]], colour: Colour) -> None:
    """Blend filled polygons half and half, touching only the pixels around them."""
    corners = np.vstack(shapes)
    x0, y0 = np.clip(corners.min(axis=0), 0, None)
    x1, y1 = corners.max(axis=0) + 1
    part = canvas[y0 : max(y1, 0), x0 : max(x1, 0)]
    if part.size == 0:
        return
    painted = part.copy()
    moved = [shape - np.array([x0, y0], dtype=np.int32) for shape in shapes]
    cv2.fillPoly(painted, moved, colour)
    cv2.addWeighted(painted, 0.5, part, 0.5, 0.0, dst=painted)
    # The rim keeps the shape visible where the background has the colour of the tint.
    cv2.polylines(painted, moved, True, _DARK, 1, cv2.LINE_AA)
    canvas[y0:y1, x0:x1] = painted


def _middle(points: FloatArray, a: Landmark, b: Landmark) -> FloatArray:
    return np.asarray(0.5 * (points[a] + points[b]))
