"""Videos that were dropped on the page, judged one after the other beside whatever is live."""

from __future__ import annotations

import queue
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path

from glutecam import pipeline
from glutecam.capture.video import VideoFile
from glutecam.core.assessment import Side, Update
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.core.set_by_set import JudgedSet
from glutecam.core.sets import SourceKind
from glutecam.display.view import Image
from glutecam.errors import GlutecamError
from glutecam.moments import Moments
from glutecam.records.origin import Origin, earlier_keys, key_of_set
from glutecam.records.posefile import Recording
from glutecam.settings import Settings
from glutecam.web.studio import Result, Studio

__all__ = ["Job", "Jobs"]

MOST_WAITING = 4
KEPT_JOBS = 20
_LOOK_S = 0.1


class State(str, Enum):
    """How far a video is; the page goes by the value."""

    WAITING = "waiting"
    READING = "reading"
    JUDGING = "judging"
    DRAWING = "drawing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass
class Job:
    """One video on its way to its assessments; read by requests while its thread writes.

    Attributes
    ----------
    state : State
        What is done with it now, or what became of it.
    share : float or None
        Of the frames, 0 to 1; None where the file does not say how many there are.
    polite : bool
        Waits because somebody exercises.
    results : sequence of str
        Names of the results, one for each set of the recording, once it is done.
    """

    path: Path
    name: str
    exercise: Exercise
    side: Side | None
    strict: bool
    state: State = State.WAITING
    share: float | None = 0.0
    polite: bool = False
    error: str | None = None
    results: Sequence[str] = ()
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        """True where nothing more will happen."""
        return self.state in (State.DONE, State.FAILED, State.CANCELLED)

    def public(self, words: str) -> str:
        """Return words about the file as the page knows it: by its own name, without our folders."""
        return words.replace(str(self.path), self.name).replace(self.path.name, self.name)


class Jobs:
    """A thread that judges videos, and what has become of each."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._folder = tempfile.TemporaryDirectory(prefix="glutecam-", ignore_cleanup_errors=True)
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._found: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._begin()

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

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._work, name="glutecam-score", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            try:
                if not job.cancelled.is_set():
                    self._judge(job)
                job.state = State.CANCELLED if job.cancelled.is_set() else State.DONE
            except GlutecamError as err:
                job.error = job.public(str(err))
                job.state = State.FAILED
            finally:
                if not job.over:
                    job.error, job.state = "Something unforeseen went wrong.", State.FAILED
                    # It ends this thread; the videos that wait get another.
                    self._begin()
                job.path.unlink(missing_ok=True)

    def _judge(self, job: Job) -> None:
        settings = self._studio.settings
        job.state = State.READING
        with (
            VideoFile(job.path) as source,
            self._studio.model() as estimator,
        ):
            pipeline.look_ahead(job.path, estimator)
            watch = _Watch(job, source.info.frame_count, self._pause(job))
            recording = pipeline.record(source, estimator, [watch])
        if job.cancelled.is_set():
            return
        said = tuple(map(job.public, recording.warnings))
        recording = replace(recording, about=replace(recording.about, warnings=said))
        job.state = State.JUDGING
        how = {"side": job.side, "smoothing": settings.filter, "strict": job.strict}
        sets = tuple(pipeline.judge_sets(recording, job.exercise, **how))
        job.state, job.share = State.DRAWING, None
        results = tuple(_results(job, sets, recording, settings))
        if not job.cancelled.is_set():
            job.results = self._studio.results.add(*results)

    def _pause(self, job: Job) -> Callable[[], None]:
        """Return what waits as long as somebody exercises, whose frames come first."""

        def pause() -> None:
            while self._studio.seats.busy and not job.cancelled.is_set():
                job.polite = True
                time.sleep(_LOOK_S)
            job.polite = False

        return pause


def _results(
    job: Job, sets: Sequence[JudgedSet], recording: Recording, settings: Settings
) -> Iterator[Result]:
    """Yield what is kept of every set, for its report and its place in the history."""
    done = datetime.now().astimezone()
    every_keys = _keys(job, sets, settings.subject)
    with Moments(job.path, job.exercise, hide_faces=settings.faces == "hide") as moments:
        for one, keys in zip(sets, every_keys, strict=True):
            if job.cancelled.is_set():
                return
            first, poses = one.cut.start, recording.poses[one.cut.start : one.cut.end]
            jpegs = moments.of(replace(recording, poses=poses), one.assessment, start=first)
            about = (one.assessment, job.exercise, job.name, done, SourceKind.VIDEO, jpegs)
            yield Result(*about, keys=keys, judged=one)


def _keys(job: Job, sets: Sequence[JudgedSet], subject: str) -> list[tuple[str, str]]:
    """Return the keys of every set: those of the terminal, so that it is kept once, whoever keeps it."""
    origin, numbers = Origin.of(job.path), [one.cut.number for one in sets]
    now = [key_of_set(origin.sha256, subject, job.exercise.name, number) for number in numbers]
    before = earlier_keys(job.path, subject, job.exercise.name, numbers)
    return list(zip(now, before, strict=True))


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
