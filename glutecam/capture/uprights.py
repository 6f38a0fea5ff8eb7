"""Upright lines of the room -> roll of the camera."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import FloatArray

__all__ = ["NO_LINES", "Box", "roll_of", "upright_lines"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

NO_LINES = (float("nan"), float("inf"))

_REACH_DEG = 22.0
_SHORTEST = 0.06
"""Of the picture's height."""
_NEAR_DEG = 2.0
"""A line further from the common direction belongs to something else."""
_ENOUGH = 0.8
"""Lines that agree must have this many picture heights together ..."""
_SHARE = 0.3
"""... and be this share of all that could be upright."""
_BLACK = 12
"""Up to this brightness a side of a line is the black bar of a letterbox."""
_FLOOR_SD_DEG = 0.3
_PITCH_SD = 0.06
"""Of the change of lean across the picture: a camera that looks down erred by up to 1.2°."""


def upright_lines(grey: NDArray[np.uint8], without: Box | None) -> FloatArray:
    """Return the lines that may be upright: lean in degrees, length, place across, (N, 3).

    Parameters
    ----------
    grey : (H, W) uint8
    without : Box, optional
        Where the person is: a leg is no plumb line.

    Returns
    -------
    (N, 3)
        Lean of the line's top to the right; length in picture heights; place from -0.5 to 0.5 of
        the width.
    """
    height, width = grey.shape
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    if found is None:
        return np.empty((0, 3))
    ends = np.asarray(found, dtype=np.float64).reshape(-1, 2, 2)
    way = ends[:, 1] - ends[:, 0]
    way = np.where(way[:, 1:] > 0, -way, way)
    middle = ends.mean(axis=1)
    lean = np.degrees(np.arctan2(way[:, 0], -way[:, 1]))
    long = np.hypot(way[:, 0], way[:, 1]) / height
    wanted = (np.abs(lean) < _REACH_DEG) & (long > _SHORTEST) & ~_beside_black(grey, middle)
    if without is not None:
        left, top, right, bottom = without
        x, y = middle.T
        wanted &= ~((x > left) & (x < right) & (y > top) & (y < bottom))
    found_lines: FloatArray = np.stack([lean, long, middle[:, 0] / width - 0.5], axis=1)[wanted]
    return found_lines


def _beside_black(grey: NDArray[np.uint8], middle: FloatArray) -> NDArray[np.bool_]:
    """Return which lines have nothing but black on one side: edges of a letterbox."""
    height, width = grey.shape
    row = np.clip(middle[:, 1].astype(int), 0, height - 1)
    column = middle[:, 0].astype(int)
    sides = [grey[row, np.clip(column + step, 0, width - 1)] for step in (-6, 6)]
    return np.asarray(np.minimum(*sides) <= _BLACK)


def roll_of(lines: FloatArray) -> tuple[float, float]:
    """Return the roll of the camera and its standard deviation in degrees.

    A camera that looks up or down sees upright lines converge, so the lean is taken to change
    evenly across the picture; the roll is that in its middle.

    Parameters
    ----------
    lines : (N, 3)
        Of ``upright_lines``.

    Returns
    -------
    roll_deg : float
        + = the picture must be turned clockwise to be upright; NaN without lines.
    sd_deg : float
        Infinite where the lines are too few, or point into many directions.
    """
    if len(lines) < 3:
        return NO_LINES
    lean, long, across = lines.T
    fit = _refined(lines, _commonest(lines))
    off = lean - fit[0] - fit[1] * across
    near = np.abs(off) < _NEAR_DEG
    agreeing, all_ = float(long[near].sum()), float(long.sum())
    if agreeing < _ENOUGH or agreeing < _SHARE * all_ or near.sum() < 3:
        return -float(fit[0]), float("inf")
    weight = long * near
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    spread = float(np.sqrt((weight * off**2).sum() / weight.sum()))
    doubts = (_FLOOR_SD_DEG, spread / np.sqrt(effective), _PITCH_SD * float(fit[1]))
    return -float(fit[0]), float(np.linalg.norm(doubts))


def _commonest(lines: FloatArray) -> FloatArray:
    """Return the lean and its change across the picture that most length of line agrees with."""
    lean, long, across = lines.T
    leans, changes = np.arange(-20, 20.01, 0.25), np.arange(-30.0, 30.01, 3.0)
    off = lean - leans[:, None, None] - changes[:, None] * across
    agreement = (long * np.exp(-0.5 * (off / 0.8) ** 2)).sum(axis=2) - 0.002 * np.abs(changes)
    row, column = np.unravel_index(int(agreement.argmax()), agreement.shape)
    return np.array([leans[row], changes[column]])


def _refined(lines: FloatArray, fit: FloatArray) -> FloatArray:
    """Return the weighted fit to the lines near a first one; few lines do not make it converge."""
    lean, long, across = lines.T
    columns = np.stack([np.ones_like(across), across], axis=1)
    for _ in range(6):
        off = (lean - columns @ fit) / _NEAR_DEG
        weight = long * np.clip(1.0 - off**2, 0.0, None) ** 2
        square = (columns * weight[:, None]).T @ columns + np.diag([1e-9, 2e-3])
        fit = np.linalg.solve(square, (columns * weight[:, None]).T @ lean)
    return fit
