"""A camera as a source of frames: the newest one, on the monotonic clock, never mirrored."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.capture.fitting import fitted
from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.live import FrameThread
from glutecam.closing import Closing
from glutecam.errors import SourceError

__all__ = ["Webcam"]

_PROBED = range(4)
_FIRST_PICTURE_S = 5.0
_GONE_S = 2.0
_RETRY_S = 0.02
_SETTLE_S = 1.0
_RATE_WINDOW_S = 2.0
_SLOW = 0.7


class Webcam(Closing):
    """A webcam, or a network camera by its address.

    Frames come as RGB in the order of time; those that were not taken in time are lost, so the
    picture is never older than one frame. ``time_s`` is the steady clock of this machine.

    Parameters
    ----------
    index_or_url : int or str
        0 for the first camera; or an address.
    width, height : int
        Size in pixels to ask for; the camera may answer with another, see ``info``.
    fps : float
        Rate to ask for; a camera that stays far below it is named in ``warnings``.
    """

    def __init__(
        self, index_or_url: int | str, width: int = 1280, height: int = 720, fps: float = 30.0
    ) -> None:
        text = str(index_or_url)
        self.device: int | str = int(text) if text.isdecimal() else text
        self.warnings: list[str] = []
        self._asked = (width, height, fps)
        self._capture: cv2.VideoCapture | None = None
        self._first: NDArray[np.uint8] | None = None
        self._thread: FrameThread | None = None
        self._rate = _Rate(fps)
        self._resized = False

    @property
    def name(self) -> str:
        """How messages call the camera."""
        return f"camera {self.device}" if isinstance(self.device, int) else self.device

    @property
    def info(self) -> SourceInfo:
        """Size as the camera really gives it, and the rate asked for.

        Raises
        ------
        SourceError
            Where the camera cannot be opened.
        """
        if self._first is None:
            self._open()
        assert self._first is not None
        height, width = self._first.shape[:2]
        return SourceInfo(self.name, width, height, self._asked[2], None, live=True)

    @property
    def dropped(self) -> int:
        """Pictures that nobody took in time."""
        return 0 if self._thread is None else self._thread.newest.replaced

    def __enter__(self) -> Webcam:
        """Open the camera, wait for its first picture, and start to read.

        Raises
        ------
        SourceError
            Where it cannot be opened or gives no picture.
        """
        if self._first is None:
            self._open()
        if self._thread is None:
            self._thread = FrameThread(self._read, self._release)
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop reading and give the camera back."""
        if self._thread is not None:
            self._thread.stop()
        else:
            self._release()

    def __iter__(self) -> Iterator[Frame]:
        """Give the newest frame each time, until the source is closed.

        Raises
        ------
        SourceError
            Where the camera disappears; what was computed until then stays with the caller.
        """
        self.__enter__()
        assert self._thread is not None
        newest = self._thread.newest
        while True:
            try:
                # The driver may hang in a read instead of failing; the reader cannot see that.
                frame = newest.get(_GONE_S + _SETTLE_S)
            except TimeoutError as err:
                raise SourceError(self._gone()) from err
            if frame is None:
                return
            yield frame

    def _open(self) -> None:
        capture = _opened(self.device, self._asked)
        if capture is None:
            raise SourceError(_not_opened(self.device))
        self._first = _first_picture(capture)
        if self._first is None:
            capture.release()
            raise SourceError(
                f"{self.name} opens but gives no picture within {_FIRST_PICTURE_S:.0f} s. Close "
                "other programs that use it, open its privacy shutter, and plug it in again."
            )
        self._capture = capture

    def _release(self) -> None:
        if self._capture is not None:
            self._capture.release()

    def _read(self, stop: threading.Event) -> Iterator[Frame]:
        assert self._capture is not None
        # Steady like time.monotonic, but fine enough on Windows, where that steps by 16 ms.
        clock = time.perf_counter
        seen_s, start_s, last_s, index = clock(), 0.0, -1.0, 0
        while not stop.is_set():
            image = _picture(self._capture)
            now_s = clock()
            if image is None:
                if now_s - seen_s > _GONE_S:
                    raise SourceError(self._gone())
                stop.wait(_RETRY_S)
                continue
            image = self._fitted(image)
            seen_s, start_s = now_s, start_s or now_s
            if now_s - start_s > last_s:
                last_s = now_s - start_s
                yield Frame(index, last_s, image, time.monotonic())
                self._note_rate(last_s)
                index += 1

    def _fitted(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Keep the first size, with black bars: landmarks in pixels need one for the session."""
        assert self._first is not None
        high, wide = self._first.shape[:2]
        height, width = image.shape[:2]
        if (height, width) == (high, wide):
            return image
        if not self._resized:
            self._resized = True
            self.warnings.append(
                f"{self.name} changes from {wide}x{high} to {width}x{height} pixels; later "
                "pictures were fitted into the first size. Start again if the camera was turned."
            )
        return fitted(image, (high, wide))

    def _gone(self) -> str:
        return (
            f"{self.name} disappeared: no picture for more than {_GONE_S:.0f} s. What was "
            "computed until then is kept. Check the cable and start again."
        )

    def _note_rate(self, now_s: float) -> None:
        rate = self._rate.slow(now_s)
        if rate is not None:
            self.warnings.append(
                f"{self.name} gives {rate:.0f} pictures a second although {self._asked[2]:.0f} "
                "were asked for; fast movements are judged less well. Turn on more light, or fix "
                "the exposure time in the camera's settings; use a USB port of its own."
            )


class _Rate:
    """Measures what a camera really delivers and speaks up once when that is far too little."""

    def __init__(self, asked_fps: float) -> None:
        self._asked_fps = asked_fps
        self._times: deque[float] = deque()
        self._told = False

    def slow(self, now_s: float) -> float | None:
        """Return the rate when it is first seen to be far below what was asked, else None."""
        if self._told or now_s < _SETTLE_S:
            return None
        self._times.append(now_s)
        span_s = now_s - self._times[0]
        if span_s < _RATE_WINDOW_S:
            return None
        rate = (len(self._times) - 1) / span_s
        while now_s - self._times[0] >= _RATE_WINDOW_S:
            self._times.popleft()
        self._told = rate < _SLOW * self._asked_fps
        return rate if self._told else None


def _opened(device: int | str, asked: tuple[int, int, float]) -> cv2.VideoCapture | None:
    backends = [cv2.CAP_ANY] if isinstance(device, int) else [cv2.CAP_FFMPEG, cv2.CAP_ANY]
    if isinstance(device, int) and sys.platform == "win32":
        # Media Foundation, the default there, refuses some cameras that DirectShow opens.
        backends.append(cv2.CAP_DSHOW)
    with _quiet():
        for backend in backends:
            capture = _capture(device, backend)
            if capture.isOpened():
                _ask(capture, asked)
                return capture
            capture.release()
    return None


def _capture(device: int | str, backend: int) -> cv2.VideoCapture:
    if isinstance(device, int):
        return cv2.VideoCapture(device, backend)
    patience_ms = int(_FIRST_PICTURE_S * 1000)
    timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, patience_ms]
    timeouts += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(_GONE_S * 1000)]
    return cv2.VideoCapture(device, backend, timeouts if backend == cv2.CAP_FFMPEG else [])


def _ask(capture: cv2.VideoCapture, asked: tuple[int, int, float]) -> None:
    """Ask for size, rate and the shortest queue; a camera does what it can."""
    width, height, fps = asked
    # MJPG first: uncompressed 720p does not fit through USB 2 at 30 pictures a second.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
    capture.set(cv2.CAP_PROP_FPS, fps)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    # Its default differs between OpenCV 4 and 5.
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)


def _picture(capture: cv2.VideoCapture) -> NDArray[np.uint8] | None:
    """Return (H, W, 3) uint8 RGB, or None where the read failed."""
    try:
        ok, image = capture.read()
    except cv2.error:
        # Some back ends throw where others return False; both mean that no picture came.
        return None
    if not ok or image is None or image.size == 0:
        return None
    return np.ascontiguousarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _first_picture(capture: cv2.VideoCapture) -> NDArray[np.uint8] | None:
    deadline_s = time.monotonic() + _FIRST_PICTURE_S
    while time.monotonic() < deadline_s:
        image = _picture(capture)
        if image is not None:
            return image
        time.sleep(_RETRY_S)
    return None


def _not_opened(device: int | str) -> str:
    if isinstance(device, str):
        return (
            f"{device} cannot be opened as a camera. Check the address, the password and that "
            "the camera is on the same network."
        )
    found = [index for index in _PROBED if index != device and _answers(index)]
    others = (
        f"Cameras that can be opened: {', '.join(map(str, found))}."
        if found
        else f"No camera answers at 0 to {_PROBED[-1]}."
    )
    return (
        f"camera {device} cannot be opened: none has that number, or another program uses it. "
        f"{others} Plug it in, close other video programs, and allow camera access in the "
        "privacy settings."
    )


def _answers(index: int) -> bool:
    with _quiet():
        capture = cv2.VideoCapture(index)
        answers = bool(capture.isOpened())
        capture.release()
    return answers


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep OpenCV from writing about cameras that are not there; its level is put back."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)
