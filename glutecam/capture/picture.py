"""From a decoded frame to the array everybody else sees: RGB, upright, square pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

__all__ = ["Turn", "Upright", "square_size"]

Image = NDArray[np.uint8]
_SANE_ASPECT = (Fraction(1, 5), Fraction(5))


@dataclass(frozen=True)
class Turn:
    """One of the eight ways to lay a picture down: transpose first, then flip.

    Attributes
    ----------
    transpose, flip_x, flip_y : bool
        What has to be done to the stored picture so that it stands upright.
    """

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @classmethod
    def of(cls, frame: VideoFrame) -> Turn:
        """Read the display matrix that phones attach to their recordings."""
        data = frame.side_data.get("DISPLAYMATRIX")
        if not isinstance(data, SideData):
            return cls()
        return cls.from_matrix(np.frombuffer(bytes(data), dtype=np.int32).reshape(3, 3))

    @classmethod
    def from_matrix(cls, matrix: NDArray[np.int32]) -> Turn:
        """Return the nearest quarter turn.

        Parameters
        ----------
        matrix : (3, 3) int32
            Fixed point; a point (x, y) is shown at (a x + c y, b x + d y), y down.
        """
        (a, b), (c, d) = matrix[0, :2].tolist(), matrix[1, :2].tolist()
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return cls(False, a < 0, d < 0)
        return cls(True, c < 0, b < 0)

    @property
    def mirrors(self) -> bool:
        """True where left and right are exchanged, which no mere rotation does."""
        return self.transpose ^ self.flip_x ^ self.flip_y

    def __call__(self, image: Image) -> Image:
        """Return the upright picture, C-contiguous."""
        if self.transpose:
            image = _bytes(cv2.transpose(image))
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else int(self.flip_x)
            image = _bytes(cv2.flip(image, code))
        return np.ascontiguousarray(image)


def _bytes(image: object) -> Image:
    # OpenCV's own annotations allow any number type; what goes in as uint8 comes out as uint8.
    return np.asarray(image, dtype=np.uint8)


def square_size(
    width_px: int, height_px: int, aspect: Fraction | None, max_side_px: int | None
) -> tuple[int, int]:
    """Return the size with square pixels, no side longer than asked.

    Angles are wrong by up to the pixel's own aspect otherwise. The short way is stretched, never
    the long one squeezed, so that no detail is lost.

    Parameters
    ----------
    width_px, height_px : int
        Stored size.
    aspect : Fraction or None
        Width over height of one pixel; None or nonsense is taken as 1.
    max_side_px : int or None
        Longest side allowed; None for no limit.
    """
    ratio = aspect if aspect and _SANE_ASPECT[0] <= aspect <= _SANE_ASPECT[1] else Fraction(1)
    width, height = (
        Fraction(width_px) * max(ratio, Fraction(1)),
        height_px / min(ratio, Fraction(1)),
    )
    scale = min(Fraction(1), Fraction(max_side_px or 0) / max(width, height)) or Fraction(1)
    return max(1, round(width * scale)), max(1, round(height * scale))


class Upright:
    """Converts decoded frames; the first one fixes size and rotation of all that follow.

    A display matrix that changes within a recording is not followed; a phone writes one per file.

    Parameters
    ----------
    max_side_px : int or None
        Longest side of the result in pixels.
    warn : callable
        Takes one sentence for the person who made the recording.
    """

    def __init__(self, max_side_px: int | None, warn: Callable[[str], None]) -> None:
        self._max_side_px = max_side_px
        self._warn = warn
        # One scaler for the whole recording: a new one for every frame costs 0.8 ms at 720p.
        self._scaler = VideoReformatter()
        self._box: tuple[int, int] | None = None
        self._resized = False
        self._mirrored = False
        self._turn: Turn | None = None

    def __call__(self, frame: VideoFrame, aspect: Fraction | None) -> Image:
        """Return (H, W, 3) uint8, RGB, C-contiguous, upright.

        Raises
        ------
        av.FFmpegError
            Where the pixel format cannot be converted.
        """
        if self._turn is None:
            # Read once: asking a frame for its side data ties it into a reference cycle, and every
            # decoded picture would stay in memory until the next collection.
            self._turn = Turn.of(frame)
        turn = self._turn
        if turn.mirrors and not self._mirrored:
            self._mirrored = True
            self._warn(
                "The file asks to be shown mirrored, as some selfie cameras do, and it was. "
                "Check that left and right are the subject's; record with the rear camera."
            )
        width, height = square_size(frame.width, frame.height, aspect, self._max_side_px)
        shown = (height, width) if turn.transpose else (width, height)
        if self._box is None:
            self._box = shown
        if shown == self._box:
            return turn(self._scale(frame, width, height))
        return self._fitted(frame, turn, shown)

    def _scale(self, frame: VideoFrame, width: int, height: int) -> Image:
        scaled = self._scaler.reformat(frame, width=width, height=height, format="rgb24")
        return _bytes(scaled.to_ndarray())

    def _fitted(self, frame: VideoFrame, turn: Turn, shown: tuple[int, int]) -> Image:
        """Fit a frame of another size into the first size; black bars, no distortion."""
        assert self._box is not None
        wide, high = self._box
        scale = min(wide / shown[0], high / shown[1])
        inner = max(1, round(shown[0] * scale)), max(1, round(shown[1] * scale))
        self._tell_resized(shown)
        picture = turn(self._scale(frame, *(inner[::-1] if turn.transpose else inner)))
        canvas = np.zeros((high, wide, 3), dtype=np.uint8)
        x, y = (wide - inner[0]) // 2, (high - inner[1]) // 2
        canvas[y : y + inner[1], x : x + inner[0]] = picture
        return canvas

    def _tell_resized(self, shown: tuple[int, int]) -> None:
        if self._resized or self._box is None:
            return
        self._resized = True
        self._warn(
            f"The picture changes from {self._box[0]}x{self._box[1]} to {shown[0]}x{shown[1]} "
            "pixels within the file; later frames were fitted into the first size. Cut the file "
            "at the change if the camera moved there."
        )
