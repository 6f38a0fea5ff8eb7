"""The thread that reads frames and finds the person in them, a little ahead of who judges them."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator
from types import TracebackType

import numpy as np

from glutecam.capture.frames import Frame, FrameSource, PoseEstimator
from glutecam.core.poses import PoseSeries

__all__ = ["Tracked", "TrackingThread"]

_LOG = logging.getLogger(__name__)

FILE_QUEUE = 2
"""Results that may wait for the main thread: a file is read no further ahead than this."""

LIVE_QUEUE = 1
"""Live, a result that waits grows old; upstream of it only the newest frame is kept."""

POLL_S = 0.1
"""How soon a thread that waits notices that it should stop."""

JOIN_S = 5.0
"""How long the thread may take over the frame it is in when everything stops."""

Tracked = tuple[Frame, PoseSeries]


class TrackingThread(threading.Thread):
    """Reads and tracks on its own thread; what it raises is raised again in ``results``."""

    def __init__(self, source: FrameSource, estimator: PoseEstimator) -> None:
        # A daemon: a driver that never returns must not keep the program from ending.
        super().__init__(name="glutecam-track", daemon=True)
        self._source = source
        self._estimator = estimator
        # Two plain queues, of results and of room for them, in place of one that is bounded: less Python.
        self._box: queue.SimpleQueue[Tracked | None] = queue.SimpleQueue()
        self._room: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(LIVE_QUEUE if source.info.live else FILE_QUEUE):
            self._room.put(None)
        self._stopping = threading.Event()
        self._error: BaseException | None = None

    def run(self) -> None:
        """Work until the source ends, fails, or ``stop`` is called."""
        with self:
            for frame in self._source:
                if not self._offer((frame, self._found(frame))):
                    return

    def _found(self, frame: Frame) -> PoseSeries:
        """Return the landmarks of a frame; nobody's where there is no picture."""
        if frame.lost:
            height, width = frame.image.shape[:2]
            return PoseSeries.unseen(np.array([frame.time_s]), width, height)
        return self._estimator.estimate(frame)

    def results(self) -> Iterator[Tracked]:
        """Yield what the thread finds, then raise what it failed with."""
        while (tracked := self._take()) is not None:
            yield tracked
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """End the thread after the frame it is in."""
        self._stopping.set()
        if self.is_alive():
            self.join(JOIN_S)
        if self.is_alive():
            _LOG.warning(
                "The frame in work did not end within %.0f s; the video and the pose model are "
                "left open until it does, or until the program ends.",
                JOIN_S,
            )

    def __enter__(self) -> None:
        """Begin to keep what the work raises."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Hand an error over to the other thread, where somebody can act on it."""
        self._error = error
        self._offer(None)
        return True

    def _offer(self, item: Tracked | None) -> bool:
        """Wait for room; False where nobody takes any more."""
        while not self._stopping.is_set():
            try:
                self._room.get(timeout=POLL_S)
            except queue.Empty:
                continue
            self._box.put(item)
            return True
        return False

    def _take(self) -> Tracked | None:
        # With a timeout, because on Windows Ctrl-C does not reach a thread that waits for ever.
        while True:
            try:
                item = self._box.get(timeout=POLL_S)
            except queue.Empty:
                continue
            self._room.put(None)
            return item
