"""Videos that were dropped on the page, judged one after the other beside whatever is live."""

from __future__ import annotations

import queue
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from glutecam import pipeline
from glutecam.capture.video import VideoFile
from glutecam.core.analyzer import Replay
from glutecam.core.assessment import Assessment, Side, Update
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.core.sets import SourceKind
from glutecam.display.faces import Faces
from glutecam.display.overlay import Overlay
from glutecam.display.view import Image
from glutecam.errors import GlutecamError
from glutecam.records.keyframes import KeyFrames
from glutecam.records.posefile import Recording
from glutecam.web.studio import Result, Studio

__all__ = ["Job", "Jobs"]

MOST_WAITING = 4
KEPT_JOBS = 20
_LOOK_S = 0.1


@dataclass
class Job:
    """One video on its way to an assessment; read by requests while its thread writes.

    Attributes
    ----------
    state : str
        ``waiting``, ``reading``, ``judging``, ``drawing``, ``done``, ``failed`` or ``cancelled``.
    share : float or None
        Of the frames, 0 to 1; None where the file does not say how many there are.
    polite : bool
        Waits because somebody exercises.
    result : str or None
        Name of the result, once it is done.
    """

    path: Path
    name: str
    exercise: Exercise
    side: Side | None
    strict: bool
    key: str
    state: str = "waiting"
    share: float | None = 0.0
    polite: bool = False
    error: str | None = None
    result: str | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        """True where nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")


class Jobs:
    """A thread that judges videos, and what has become of each."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._folder = tempfile.TemporaryDirectory(prefix="glutecam-", ignore_cleanup_errors=True)
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._found: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="glutecam-score", daemon=True)
        self._thread.start()

    @property
    def folder(self) -> Path:
        """Where uploads lie until they are judged; for this user alone, and gone at the end."""
        return Path(self._folder.name)

    @property
    def full(self) -> bool:
        """True where nothing more is taken for now."""
        with self._lock:
            return sum(not job.over for job in self._found.values()) >= MOST_WAITING

    def add(self, job: Job) -> str:
        """Put a job in the queue and return the name it can be asked for by."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._found[name] = job
            over = [key for key, known in self._found.items() if known.over]
            for key in over[: max(0, len(self._found) - KEPT_JOBS)]:
                del self._found[key]
        self._waiting.put(job)
        return name

    def get(self, name: str) -> Job | None:
        """Return a job, None where it is not known any more."""
        with self._lock:
            return self._found.get(name)

    def close(self) -> None:
        """Cancel everything and remove what was uploaded."""
        with self._lock:
            for job in self._found.values():
                job.cancelled.set()
        self._waiting.put(None)
        self._thread.join(5.0)
        self._folder.cleanup()

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            try:
                if not job.cancelled.is_set():
                    self._judge(job)
                job.state = "cancelled" if job.cancelled.is_set() else "done"
            except GlutecamError as err:
                job.error = (
                    str(err).replace(str(job.path), job.name).replace(job.path.name, job.name)
                )
                job.state = "failed"
            finally:
                if not job.over:
                    job.error, job.state = "Something unforeseen went wrong.", "failed"
                job.path.unlink(missing_ok=True)

    def _judge(self, job: Job) -> None:
        settings = self._studio.settings
        job.state = "reading"
        with (
            VideoFile(job.path) as source,
            self._studio.open_model() as estimator,
        ):
            pipeline.look_ahead(job.path, estimator)
            watch = _Watch(job, source.info.frame_count, self._pause(job))
            recording = pipeline.record(source, estimator, [watch])
        if job.cancelled.is_set():
            return
        job.state = "judging"
        assessment = pipeline.judge(
            recording, job.exercise, side=job.side, smoothing=settings.filter, strict=job.strict
        )
        job.state, job.share = "drawing", None
        hide = settings.faces == "hide"
        jpegs = _drawn(job, recording, assessment, Faces(recording.poses) if hide else None)
        done = datetime.now().astimezone()
        about = (assessment, job.exercise, job.name, done, SourceKind.VIDEO, jpegs)
        job.result = self._studio.results.add(Result(*about, key=job.key))

    def _pause(self, job: Job) -> Callable[[], None]:
        """Return what waits as long as somebody exercises, whose frames come first."""

        def pause() -> None:
            while self._studio.seats.busy and not job.cancelled.is_set():
                job.polite = True
                time.sleep(_LOOK_S)
            job.polite = False

        return pause


class _Watch:
    """A view that counts frames, and ends the reading where nobody wants it any more."""

    def __init__(self, job: Job, frames: int | None, pause: Callable[[], None]) -> None:
        self._job = job
        self._frames = frames
        self._pause = pause
        self._done = 0

    @property
    def wants_stop(self) -> bool:
        """True once it was cancelled."""
        return self._job.cancelled.is_set()

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Count one frame."""
        self._done += 1
        self._job.share = min(1.0, self._done / self._frames) if self._frames else None
        self._pause()

    def close(self) -> None:
        """Hold nothing."""


class _Pictures:
    """A view that keeps the frames that the report shows, and ends when it has them."""

    def __init__(self, job: Job, keyframes: KeyFrames, faces: Faces | None) -> None:
        # Cut to the person, so without the panels, whose words stand below the picture anyway.
        self._overlay = Overlay(job.exercise, panels=False)
        self._job = job
        self._keyframes = keyframes
        self._faces = faces
        self._index = 0

    @property
    def wants_stop(self) -> bool:
        """True once all are there."""
        return self._keyframes.complete or self._job.cancelled.is_set()

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Keep this frame if it is wanted."""
        if self._index in self._keyframes.wanted:
            if self._faces is not None:
                image = self._faces.hidden(image, poses)
            self._keyframes.show(self._index, self._overlay.draw(image, poses, update))
        self._index += 1

    def close(self) -> None:
        """Hold nothing."""


def _drawn(
    job: Job, recording: Recording, assessment: Assessment, faces: Faces | None
) -> dict[int, bytes]:
    """Go through the video once more for the pictures of the report, faces hidden."""
    points = recording.poses.image_px
    keyframes = KeyFrames(assessment, around=lambda frame: points[frame])
    if keyframes.wanted:
        with VideoFile(job.path) as source:
            estimator = pipeline.Recorded(recording.poses, recording.model_name)
            replay = Replay(assessment, job.exercise)
            pipeline.run(source, estimator, replay, [_Pictures(job, keyframes, faces)])
    return keyframes.jpegs
