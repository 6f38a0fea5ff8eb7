"""Recorded landmarks in place of a pose model, for a second pass over the pictures."""

from __future__ import annotations

import numpy as np

from glutecam.capture.frames import Frame
from glutecam.core.poses import PoseSeries

__all__ = ["Recorded"]


class Recorded:
    """Stands in for the pose model: gives recorded landmarks back, by the number of the frame."""

    def __init__(
        self, poses: PoseSeries, model_name: str = "", reduced_accuracy: bool = False
    ) -> None:
        self._poses = poses
        self.model_name = model_name
        self.reduced_accuracy = reduced_accuracy

    def estimate(self, frame: Frame) -> PoseSeries:
        """Return the landmarks of this frame, all NaN behind the end of the recording."""
        recorded = self._poses[frame.index : frame.index + 1]
        if len(recorded):
            return recorded
        now = np.array([frame.time_s])
        return PoseSeries.unseen(now, self._poses.width_px, self._poses.height_px)

    def close(self) -> None:
        """Do nothing: there is nothing to free."""
