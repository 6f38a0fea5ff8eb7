"""A camera that may disappear: its source goes on, with frames that only tell the time, until it is back."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glutecam.capture.fitting import fitted
from glutecam.capture.frames import DropsFrames, Frame, FrameSource, SourceInfo
from glutecam.closing import Closing
from glutecam.errors import SourceError

__all__ = ["Lasting"]

_LOG = logging.getLogger(__name__)

GIVE_UP_S = 300.0
"""Somebody who looks for a loose cable is back by then."""

_BEAT_S = 0.1
_TRY_AGAIN_S = 1.0
_DIM = 0.35
_REMEMBERED = 64


class Lasting(Closing):
    """Frames of a camera; while it is gone, frames with ``lost`` ten times a second.

    Parameters
    ----------
    opener : callable
        Makes the source anew; the first one must open, later ones are tried again and again.
    give_up_s : float
        Seconds without a camera after which its own error is raised.
    """

    def __init__(self, opener: Callable[[], FrameSource], give_up_s: float = GIVE_UP_S) -> None:
        self._opener = opener
        self._give_up_s = give_up_s
        self._source: FrameSource | None = None
        self._info: SourceInfo | None = None
        self.warnings: list[str] = []
        self._heard = self._dropped = 0
        self._stop = threading.Event()
        self._lost: deque[float] = deque(maxlen=_REMEMBERED)
        self._clock = _Clock()
        self._last: NDArray[np.uint8] | None = None

    @property
    def info(self) -> SourceInfo:
        """What is known of the camera that was there first.

        Raises
        ------
        SourceError
            Where it cannot be opened.
        """
        if self._info is None:
            self._source = self._source or self._opener()
            self._info = replace(self._source.info, live=True)
        return self._info

    @property
    def dropped(self) -> int:
        """Pictures that nobody took in time, of every camera there was."""
        return self._dropped + _dropped_by(self._source)

    def lost_at(self, time_s: float) -> bool:
        """Say whether a frame of the last seconds was one without a picture."""
        return time_s in self._lost

    def __enter__(self) -> Lasting:
        """Open the camera.

        Raises
        ------
        SourceError
            Where it is not there in the beginning.
        """
        info = self.info
        assert self._source is not None
        self._source.__enter__()
        self._last = np.zeros((info.height_px, info.width_px, 3), dtype=np.uint8)
        return self

    def close(self) -> None:
        """Give the camera back, or stop looking for it."""
        self._stop.set()
        if self._source is not None:
            self._source.__exit__(None, None, None)

    def __iter__(self) -> Iterator[Frame]:
        """Give frames until the source ends or is closed.

        Raises
        ------
        SourceError
            Of the camera, where it stays away for too long.
        """
        while not self._stop.is_set():
            assert self._source is not None
            lost: SourceError | None = None
            try:
                for frame in self._source:
                    yield self._placed(frame)
            except SourceError as err:
                lost = err
            if lost is None:
                return
            yield from self._without(lost)

    def _placed(self, frame: Frame) -> Frame:
        """Put a frame of whichever camera into the one course of time, and into one size."""
        assert self._last is not None
        self._listen()
        self._last = fitted(frame.image, self._last.shape[:2])
        time_s, index = self._clock.place(frame.time_s)
        return replace(frame, index=index, time_s=time_s, image=self._last)

    def _listen(self) -> None:
        """Pass on what is new among the camera's own warnings."""
        assert self._source is not None
        self.warnings += self._source.warnings[self._heard :]
        self._heard = len(self._source.warnings)

    def _without(self, lost: SourceError) -> Iterator[Frame]:
        """Give frames without a picture until the camera is back."""
        assert self._source is not None and self._last is not None
        _LOG.info("%s Waiting for it to come back.", lost)
        self._listen()
        self._source.__exit__(None, None, None)
        self._dropped += _dropped_by(self._source)
        self._source, self._heard = None, 0
        began_s = time.monotonic()
        found = _looked_for(self._opener, self._stop)
        dark = np.asarray(self._last * _DIM, dtype=np.uint8)
        while self._source is None and not self._stop.is_set():
            time_s, index = self._clock.now()
            self._lost.append(time_s)
            yield Frame(index, time_s, dark, time.monotonic(), lost=True)
            self._source = _taken(found)
            if self._source is None and time.monotonic() - began_s > self._give_up_s:
                raise lost
        self.warnings.append(f"{self.info.name} was gone for {time.monotonic() - began_s:.0f} s.")
        self._clock.restart()


class _Clock:
    """One course of time over several cameras, each of which counts from its own first frame."""

    def __init__(self) -> None:
        self._offset_s: float | None = 0.0
        self._last_s = -1e-6
        self._at = time.perf_counter()
        self._index = -1

    def place(self, time_s: float) -> tuple[float, int]:
        """Return time and number of a frame of the camera that is there now."""
        if self._offset_s is None:
            self._offset_s = self._last_s + time.perf_counter() - self._at - time_s
        return self._moved(time_s + self._offset_s)

    def now(self) -> tuple[float, int]:
        """Return time and number of a frame of no camera."""
        return self._moved(self._last_s + time.perf_counter() - self._at)

    def restart(self) -> None:
        """Expect another camera."""
        self._offset_s = None

    def _moved(self, time_s: float) -> tuple[float, int]:
        self._last_s = max(time_s, self._last_s + 1e-6)
        self._at = time.perf_counter()
        self._index += 1
        return self._last_s, self._index


def _dropped_by(source: FrameSource | None) -> int:
    return source.dropped if isinstance(source, DropsFrames) else 0


def _looked_for(
    opener: Callable[[], FrameSource], stop: threading.Event
) -> queue.Queue[FrameSource]:
    """Look for the camera in a thread of its own: opening one may take seconds."""
    found: queue.Queue[FrameSource] = queue.Queue(1)

    def look() -> None:
        while not stop.wait(_TRY_AGAIN_S):
            source = opener()
            try:
                source.__enter__()
            except SourceError as err:
                _LOG.debug("Still gone: %s", err)
                continue
            if stop.is_set():
                source.__exit__(None, None, None)
            else:
                found.put(source)
            return

    threading.Thread(target=look, name="glutecam-look-for-camera", daemon=True).start()
    return found


def _taken(found: queue.Queue[FrameSource]) -> FrameSource | None:
    try:
        return found.get(timeout=_BEAT_S)
    except queue.Empty:
        return None
