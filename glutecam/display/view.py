"""What a view promises: it is shown every frame, and may ask to stop."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Update
from glutecam.core.poses import PoseSeries

__all__ = ["Image", "View"]

Image = NDArray[np.uint8]
"""(H, W, 3) RGB."""


class View(Protocol):
    """Something that is shown each frame while it happens; used from one thread, closed once."""

    @property
    def wants_stop(self) -> bool:
        """True once the user has asked, through this view, to end the session."""

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Take the newest frame; must not block for longer than a frame lasts.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB, upright, never mirrored; not to be written to.
        poses : PoseSeries
            T = 1, pixels of that image, left and right the subject's.
        update : Update
            What the analyzer says about this frame.
        time_s : float
            Seconds since the first frame.
        """

    def close(self) -> None:
        """Release what the view holds; may be called more than once."""
