"""The browser's camera as a source of frames: only the newest waits, so that no delay can grow."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.live import NewestFrame
from glutecam.closing import Closing
from glutecam.core.coaching import PictureFacts
from glutecam.errors import SourceError
from glutecam.web.picture import Packet, decoded

__all__ = ["BrowserFrames"]

NAME = "the browser's camera"
LONGEST_S = 4 * 3600.0
_STEP_S = 1e-3
_EVERY_SO_MANY_PX = 16


class BrowserFrames(Closing):
    """A FrameSource that the socket fills.

    Attributes
    ----------
    warnings : list of str
    """

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._box = NewestFrame()
        self._first_s: float | None = None
        self._last_s = -_STEP_S
        self._shape: tuple[int, ...] | None = None
        self._facts: dict[float, PictureFacts] = {}
        self._numbers: dict[float, int] = {}
        self._index = 0
        self._left_out: tuple[int, int] | None = None

    @property
    def dropped(self) -> int:
        """Pictures that came and were not looked at, since the first one: left out here or there."""
        first, newest = self._left_out or (0, 0)
        return self._box.replaced + max(0, newest - first)

    @property
    def info(self) -> SourceInfo:
        """What is known: it is live, and its size that of the first picture."""
        height, width = self._shape[:2] if self._shape else (0, 0)
        return SourceInfo(NAME, width, height, None, None, live=True)

    def __iter__(self) -> Iterator[Frame]:
        """Give the newest picture each time, to the end or until something is wrong with one."""
        while (frame := self._box.get()) is not None:
            yield frame

    def put(self, packet: Packet) -> None:
        """Take a picture; one from the past is left out.

        Raises
        ------
        SourceError
            Where it cannot be decoded, or has another size than the first one.
        """
        image = decoded(packet)
        if self._shape not in (None, image.shape):
            raise SourceError(
                "The picture changed its size, as it does when a phone is turned. Begin again."
            )
        self._shape = image.shape
        # What the page left out before the first picture was while the model was being loaded.
        first, _ = self._left_out or (packet.left_out, 0)
        self._left_out = (first, packet.left_out)
        facts = PictureFacts(brightness=_brightness(image))
        self._put(packet.time_s, packet.number, image, facts)

    def lost(self, at_s: float, number: int) -> None:
        """Say that no pictures come any more, at a time on the page's clock."""
        if self._shape is not None:
            nothing = np.zeros(self._shape, np.uint8)
            self._put(at_s, number, nothing, PictureFacts(lost=True))

    def close(self) -> None:
        """Say that this was all."""
        with self._box:
            return

    def fail(self, error: Exception) -> None:
        """Say that this was all, and why: whoever reads is told."""
        with self._box:
            raise error

    def about(self, time_s: float) -> tuple[int, PictureFacts | None]:
        """Return the page's number of the frame at this time, and what is known of it."""
        return self._numbers.get(time_s, -1), self._facts.get(time_s)

    def forget(self, time_s: float) -> None:
        """Drop what is known of frames up to this time: they have been shown, or left out."""
        for key in [key for key in list(self._numbers) if key <= time_s]:
            self._facts.pop(key, None)
            self._numbers.pop(key, None)

    def _put(self, at_s: float, number: int, image: NDArray[np.uint8], facts: PictureFacts) -> None:
        if self._first_s is None:
            self._first_s = at_s
        time_s = at_s - self._first_s
        if time_s > LONGEST_S:
            raise SourceError("This session has lasted for hours. Begin a new one.")
        if time_s < self._last_s + _STEP_S:
            return
        self._last_s = time_s
        self._numbers[time_s], self._facts[time_s] = number, facts
        self._box.put(Frame(self._index, time_s, image, time.monotonic(), lost=facts.lost))
        self._index += 1


def _brightness(image: NDArray[np.uint8]) -> float:
    """Return the mean of the green channel of some of the pixels, 0 to 1."""
    some = image[::_EVERY_SO_MANY_PX, ::_EVERY_SO_MANY_PX, 1]
    return float(some.mean()) / 255.0
