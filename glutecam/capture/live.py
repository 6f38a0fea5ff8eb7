"""Pictures that do not wait: a one-slot mailbox, the thread that fills it, and a file as a camera.

Whoever reads takes the newest picture; those that nobody took in time are overwritten. So the
delay is never longer than one picture, however slow the reader is.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from types import TracebackType

from glutecam.capture.frames import Frame, FrameSource, SourceInfo
from glutecam.closing import Closing

__all__ = ["FrameThread", "NewestFrame", "Paced"]

# Windows lets Ctrl-C interrupt a wait only when the wait ends by itself now and then.
_WAKE_S = 0.2
_JOIN_S = 0.9


class NewestFrame:
    """A mailbox with one slot; the newest frame replaces one that nobody took.

    The producer works inside ``with mailbox:``. However it leaves that block, the consumer learns
    of it: an exception is raised again in ``get``, an ordinary end gives None.

    Attributes
    ----------
    replaced : int
        Frames that were overwritten before anybody took them.
    """

    def __init__(self) -> None:
        self.replaced = 0
        # Holds one frame, and behind it at most the end.
        self._slot: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._ended = False
        self._error: BaseException | None = None

    def put(self, frame: Frame) -> None:
        """Leave a frame, never waiting; from one thread."""
        with suppress(queue.Empty):
            self.replaced += self._slot.get_nowait() is not None
        self._slot.put(frame)

    def get(self, timeout_s: float | None = None) -> Frame | None:
        """Take the newest frame, waiting for one; None when no more will come.

        Parameters
        ----------
        timeout_s : float, optional
            Longest wait in seconds; for ever by default.

        Raises
        ------
        TimeoutError
            Where nothing came in time.
        BaseException
            Whatever stopped the producer, after its last frame was taken.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        frame: Frame | None = None
        while frame is None and not (self._ended and self._slot.empty()):
            left = _WAKE_S if deadline is None else min(_WAKE_S, deadline - time.monotonic())
            if left <= 0:
                raise TimeoutError(f"no picture came within {timeout_s} s")
            with suppress(queue.Empty):
                frame = self._slot.get(timeout=left)
        if frame is None and self._error is not None:
            raise self._error
        return frame

    def __enter__(self) -> NewestFrame:
        """Begin to produce."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """End, and hand whatever went wrong to the consumer; nothing is lost on the way."""
        self._error = error
        self._ended = True
        # Wakes whoever waits; behind a frame that was not taken yet.
        self._slot.put(None)
        return True


class FrameThread:
    """Runs a generator of frames in a thread of its own and keeps the newest.

    Parameters
    ----------
    frames : callable
        Called in the thread with the event that asks it to stop; gives frames.
    close : callable
        Called in the thread when it ends: a device is closed by the thread that reads it, so
        never under its feet.
    """

    def __init__(
        self, frames: Callable[[threading.Event], Iterator[Frame]], close: Callable[[], None]
    ) -> None:
        self.newest = NewestFrame()
        self._frames = frames
        self._close = close
        self._stop = threading.Event()
        # A driver may hang in a read for ever; that must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="glutecam-frames", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end and wait for it, less than a second."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        with self.newest:
            try:
                for frame in self._frames(self._stop):
                    self.newest.put(frame)
                    if self._stop.is_set():
                        return
            finally:
                self._close()


class Paced(Closing):
    """A file played at its own pace, as if it were a camera.

    Each frame becomes available when its time has come; one that is not taken before the next
    is due is lost, as with a camera. ``captured_s`` is when the frame became available.

    Parameters
    ----------
    source : FrameSource
        What to play; opened and closed with this. A source that is live already is not held up.
    """

    def __init__(self, source: FrameSource) -> None:
        self.warnings = source.warnings
        self._source = source
        self._thread: FrameThread | None = None

    @property
    def info(self) -> SourceInfo:
        """What is known of the source, which counts as live."""
        return replace(self._source.info, live=True)

    @property
    def dropped(self) -> int:
        """Frames that nobody took in time."""
        return 0 if self._thread is None else self._thread.newest.replaced

    def __enter__(self) -> Paced:
        """Open the source and start the clock.

        Raises
        ------
        SourceError
            Where the source cannot be opened.
        """
        self._source.__enter__()
        self._thread = FrameThread(self._due, self._close_source)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop the thread and close the source."""
        if self._thread is not None:
            self._thread.stop()

    def __iter__(self) -> Iterator[Frame]:
        """Give the newest frame each time, until the source ends.

        Raises
        ------
        SourceError
            Whatever stopped the source.
        """
        if self._thread is None:
            self.__enter__()
        assert self._thread is not None
        while (frame := self._thread.newest.get()) is not None:
            yield frame

    def _due(self, stop: threading.Event) -> Iterator[Frame]:
        live = self._source.info.live
        start_s: float | None = None
        for frame in self._source:
            now_s = time.monotonic()
            if start_s is None:
                start_s = now_s - frame.time_s
            due_s = start_s + frame.time_s
            if live or due_s <= now_s:
                yield frame
            elif stop.wait(due_s - now_s):
                return
            else:
                yield replace(frame, captured_s=due_s)

    def _close_source(self) -> None:
        self._source.__exit__(None, None, None)
