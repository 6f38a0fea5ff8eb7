"""Landmarks that are kept, and kept ones in place of a pose model, for a second pass over the pictures."""

from __future__ import annotations

import numpy as np

from glutecam.capture.frames import Frame
from glutecam.core.assessment import Update
from glutecam.core.buffer import PoseBuffer
from glutecam.core.poses import PoseSeries

__all__ = ["Keeper", "Recorded"]


class Recorded:
    """Stands in for the pose model: gives recorded landmarks back, by the number of the frame.

    ``first`` is the number of the frame to which the first of them belong.
    """

    def __init__(
        self,
        poses: PoseSeries,
        model_name: str = "",
        reduced_accuracy: bool = False,
        *,
        first: int = 0,
    ) -> None:
        self._poses = poses
        self._first = first
        self.model_name = model_name
        self.reduced_accuracy = reduced_accuracy

    def estimate(self, frame: Frame) -> PoseSeries:
        """Return the landmarks of this frame, all NaN where the recording has none."""
        row = frame.index - self._first
        recorded = self._poses[max(row, 0) : max(row + 1, 0)]
        if len(recorded):
            return recorded
        now = np.array([frame.time_s])
        return PoseSeries.unseen(now, self._poses.width_px, self._poses.height_px)

    def close(self) -> None:
        """Do nothing: there is nothing to free."""


class Keeper:
    """Judges nothing and keeps the landmarks of everything it was told."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self._kept = PoseBuffer()
        self._kept.append(PoseSeries.unseen(np.empty(0), width_px, height_px))

    def push(self, poses: PoseSeries) -> Update:
        """Keep the newest frames."""
        self._kept.append(poses)
        return Update.unjudged(poses.time_s)

    def finish(self) -> PoseSeries:
        """Return all that was kept; no rows where nothing was read."""
        kept = self._kept.view()
        assert kept is not None
        return kept
