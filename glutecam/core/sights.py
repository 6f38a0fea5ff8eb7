"""What is known of the picture around the person, a few times a second: the columns of ``scene``.

Pixels are read in ``capture/``; what they told travels with the landmarks as plain numbers, so that
judging a recording again gives the same verdict without the pictures. NaN is "not looked at".
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

__all__ = ["ALIKE", "COLOURS", "MIRRORED_SIGHTS", "PARTS", "SIGHTS", "Sight"]


class Sight(IntEnum):
    """Columns of ``PoseSeries.scene``; those from ``COLOURS`` on follow it.

    Attributes
    ----------
    ROLL_DEG, ROLL_SD_DEG
        Roll of the camera that upright lines of the room show, + = the picture must be turned
        clockwise to be upright, and its standard deviation; infinite where there are too few lines.
    MOVED_X, MOVED_Y, TURNED_DEG
        How the background moved since the last look: in heights of the picture, x right and y down,
        and turned, + = clockwise.
    KEPT
        Share of the background's points that followed that one motion, 0 to 1.
    LIGHT
        Mean brightness where the person is, or of all where nobody is, 0 black to 1 white.
    SHARPNESS
        How steep the steepest edges about the person are, 0 to 1.
    STILL
        1 where the picture is the same as the one before, ``ALIKE`` where at the last look it was the
        one of an earlier look but for a codec's noise, 0 where it is another; in every frame.
    """

    ROLL_DEG = 0
    ROLL_SD_DEG = 1
    MOVED_X = 2
    MOVED_Y = 3
    TURNED_DEG = 4
    KEPT = 5
    LIGHT = 6
    SHARPNESS = 7
    STILL = 8


ALIKE = 0.5
"""Of ``Sight.STILL``: no pixel of a small copy differs by more than a codec makes it differ."""

PARTS = ("chest", "belly", "hips", "thighs", "shanks")
"""Parts of the body whose mean colours are kept, to notice that it is another person's."""

COLOURS = slice(len(Sight), len(Sight) + 3 * len(PARTS))
"""Columns of the colours: for each part lightness, green to red, blue to yellow, each 0 to 255."""

SIGHTS = COLOURS.stop
"""Number of columns."""

MIRRORED_SIGHTS = np.ones(SIGHTS)
"""What each column is multiplied by in a mirror."""
MIRRORED_SIGHTS[[Sight.ROLL_DEG, Sight.MOVED_X, Sight.TURNED_DEG]] = -1.0
