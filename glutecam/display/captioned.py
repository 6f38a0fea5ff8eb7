"""A strip below the picture: there words stand that would hide the feet."""

from __future__ import annotations

import numpy as np

from glutecam.core.assessment import Update
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.display.overlay import Overlay
from glutecam.display.panels import INK
from glutecam.display.view import Image

__all__ = ["STRIP", "Captioned", "Strip"]

STRIP = 0.22
"""Height of the strip for words below the picture, in heights of the picture."""
CAPTION = 0.26
"""The same of a written video, which has no room elsewhere for a cue of two lines."""


class Strip:
    """Adds the strip to pictures, in a place that is used again and again.

    Parameters
    ----------
    share : float
        Its height in heights of the picture.
    """

    def __init__(self, share: float = STRIP) -> None:
        self._share = share
        self._room: Image = np.empty((0, 0, 3), dtype=np.uint8)

    def below(self, image: Image) -> Image:
        """Return the picture with a dark strip below it; the next call overwrites it."""
        height, width = image.shape[:2]
        size = (height + round(self._share * height), width, 3)
        if self._room.shape != size:
            self._room = np.empty(size, dtype=np.uint8)
            self._room[height:] = INK
        np.copyto(self._room[:height], image)
        return self._room


class Captioned:
    """Draws as ``Overlay`` does, with its words below the picture: for videos that are written.

    Parameters
    ----------
    exercise : Exercise
    reduced_accuracy, counts : bool
        As of ``Overlay``.
    """

    def __init__(
        self, exercise: Exercise, *, reduced_accuracy: bool = False, counts: bool = True
    ) -> None:
        self._strip = Strip(CAPTION)
        self._overlay = Overlay(
            exercise, reduced_accuracy=reduced_accuracy, counts=counts, strip=CAPTION
        )

    def draw(self, image: Image, poses: PoseSeries, update: Update) -> Image:
        """Return a new picture, higher than ``image`` by the strip; parameters as of ``Overlay.draw``."""
        return self._overlay.draw(self._strip.below(image), poses, update)

    @staticmethod
    def height_px(height_px: int) -> int:
        """Return how high the drawn pictures of a video of this height are."""
        return height_px + round(CAPTION * height_px)
