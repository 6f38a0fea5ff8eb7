"""What a source of pictures and a pose model promise: Frame, FrameSource, PoseEstimator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import PoseSeries

__all__ = ["DropsFrames", "Frame", "FrameSource", "PoseEstimator", "SourceInfo", "Warns"]


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture.

    Attributes
    ----------
    index : int
        Number of the frame among those read (not among those shown).
    time_s : float
        Seconds since the first frame, from the container's timestamp or the monotonic clock.
    image : (H, W, 3) uint8
        RGB, C-contiguous, upright (rotation metadata applied), never mirrored.
    captured_s : float
        ``time.monotonic()`` when the picture became available; latency is counted from here.
    lost : bool
        The camera is gone: the image is an old one, made dark, and the frame only tells the time.
    """

    index: int
    time_s: float
    image: NDArray[np.uint8]
    captured_s: float
    lost: bool = False


@dataclass(frozen=True)
class SourceInfo:
    """What is known of a source before reading it; a None is honestly not known.

    ``fps`` is nominal and never used as a clock.
    """

    name: str
    width_px: int
    height_px: int
    fps: float | None
    frame_count: int | None
    live: bool = False


class FrameSource(Protocol):
    """An iterable of frames, opened and closed with ``with``; frames come once.

    ``warnings`` fills while reading ("the file ends in the middle of a frame ...").
    """

    warnings: list[str]

    @property
    def info(self) -> SourceInfo:
        """What is known of the source."""

    def __enter__(self) -> FrameSource:
        """Open it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it, whatever happened."""

    def __iter__(self) -> Iterator[Frame]:
        """Give the frames in order."""


@runtime_checkable
class DropsFrames(Protocol):
    """A live source, which does not wait for whoever looks at its pictures."""

    @property
    def dropped(self) -> int:
        """How many pictures came that nobody took before the next one."""


@runtime_checkable
class Warns(Protocol):
    """An estimator that has something to say of the recording, once it saw all of it."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for whoever reads the result."""


class PoseEstimator(Protocol):
    """Finds the points of one person in a frame; used from one thread, closed once."""

    @property
    def model_name(self) -> str:
        """For instance ``"mediapipe-0.10.33/pose_landmarker_full"``; kept in every Assessment."""

    @property
    def reduced_accuracy(self) -> bool:
        """True for a model whose results must be marked as less accurate."""

    def estimate(self, frame: Frame) -> PoseSeries:
        """Return one frame of landmarks (T = 1), all NaN where nobody is seen."""

    def close(self) -> None:
        """Free the model; ``estimate`` raises afterwards."""
