"""Many files: worker processes here or on a cluster, resumable, and one bad file stops nothing.

plan -> Clips -> workers (clip.Job) -> clips/<id>/ -> summary.csv, reps.csv, dashboard.html, and a database
                                    -> batch.log.jsonl
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from glutecam.batch.clip import Done, Job, State
from glutecam.batch.clip_report import Reports
from glutecam.batch.dashboard import DASHBOARD, dashboard_of, write_dashboard
from glutecam.batch.lock import alone_in, unwritable
from glutecam.batch.log import LOG, BatchLog, opened
from glutecam.batch.pace import Pace
from glutecam.batch.plan import Clip, Plan, plan
from glutecam.batch.pool import Died, work_through
from glutecam.batch.pseudonymous import under_pseudonyms
from glutecam.batch.record import write_failure
from glutecam.batch.stored import Keeping, into
from glutecam.batch.tables import REPS, SUMMARY, write_tables
from glutecam.errors import HistoryError

__all__ = [
    "DASHBOARD",
    "LOG",
    "REPS",
    "SUMMARY",
    "Clip",
    "Crew",
    "Done",
    "Job",
    "Plan",
    "Progress",
    "Reports",
    "Totals",
    "dashboard_of",
    "here",
    "on_cluster",
    "plan",
    "run_batch",
    "under_pseudonyms",
]

WORK = ".work"


@dataclass(frozen=True)
class Totals:
    """How far a batch is; ``interrupted`` where Ctrl-C ended it early.

    ``trouble`` is what kept the results, which are whole in their folder, from the database.
    """

    clips: int
    new: int = 0
    rescored: int = 0
    kept: int = 0
    failed: int = 0
    video_s: float = 0.0
    interrupted: bool = False
    trouble: HistoryError | None = None

    @property
    def finished(self) -> int:
        """Clips that need nothing more."""
        return self.new + self.rescored + self.kept + self.failed

    def plus(self, done: Done) -> Totals:
        """Return the totals with one more clip."""
        counted = replace(self, **{done.state.value: getattr(self, done.state.value) + 1})
        computed_s = done.video_s if done.state is State.NEW else 0.0
        return replace(counted, video_s=self.video_s + computed_s)

    def pace(self, took_s: float) -> Pace:
        """Return how fast it gets on."""
        return Pace(self.clips, self.finished, self.kept, self.failed, self.video_s, took_s)


Progress = Callable[[Totals, Clip, Done], None]


Crew = Callable[[tuple[Clip, ...], Job, Path], Iterator[tuple[Clip, Done | Died]]]
"""Does the work: told the clips, the job and a folder for logs, it yields each clip's result."""


def here(workers: int) -> Crew:
    """Return a crew of so many processes on this machine."""
    return lambda clips, job, logs: work_through(clips, job, workers, logs)


def on_cluster(address: str, *, offline: bool = False) -> Crew:
    """Return the workers of a Dask cluster; see ``cluster.work_through``."""
    from glutecam.batch import cluster

    return lambda clips, job, logs: cluster.work_through(clips, job, address, offline=offline)


def run_batch(
    clips: tuple[Clip, ...],
    job: Job,
    crew: Crew | int,
    progress: Progress,
    database: str = "",
    look: Reports | None = None,
) -> Totals:
    """Judge all clips, then write the tables; Ctrl-C keeps what is done and drops the rest.

    Parameters
    ----------
    clips : tuple of Clip
        In the order of the tables.
    job : Job
        How they are judged, and where the results go.
    crew : Crew or int
        Who does it; a number is so many processes on this machine.
    progress : callable
        Told after every clip.
    database : str
        A file or an address into which the results are kept too; empty for none.
    look : Reports, optional
        How the dashboard looks.

    Raises
    ------
    OutputError
        Where the results folder cannot be written to.
    HistoryError, SettingsError, MissingExtraError
        Where the database cannot be opened: then nothing was done.
    """
    doing = here(crew) if isinstance(crew, int) else crew
    with alone_in(job.out), opened(job.out) as log, into(database, job) as keeping:
        totals = _Run(clips, job, log, keeping, progress).through(doing)
        write_dashboard(job.out, look or job.reports or Reports())
    return totals


@dataclass
class _Run:
    """One batch under way."""

    clips: tuple[Clip, ...]
    job: Job
    log: BatchLog
    keeping: Keeping | None
    progress: Progress

    def through(self, crew: Crew) -> Totals:
        """Work through the clips, and write down what they came to."""
        logs = _prepared(self.job.out)
        self.log.tell("begin", clips=len(self.clips))
        began_s = time.monotonic()
        totals, seen = Totals(len(self.clips)), set[str]()
        try:
            for clip, result in crew(self.clips, self.job, logs):
                done = _failed(self.job.out, clip, result) if isinstance(result, Died) else result
                totals = totals.plus(done)
                seen.add(clip.id)
                self._tell(totals, clip, done)
        except KeyboardInterrupt:
            totals = replace(totals, interrupted=True)
        finally:
            shutil.rmtree(self.job.out / WORK, ignore_errors=True)
        totals = self._written(totals, seen)
        self._tell_end(totals, time.monotonic() - began_s)
        return totals

    def _tell(self, totals: Totals, clip: Clip, done: Done) -> None:
        """Tell everybody who wants to know of a clip that is done."""
        self.log.tell(
            done.state.value, clip=clip.file, seconds=round(done.took_s, 3),
            error=done.message if done.failed else "",
            result="" if done.failed else done.message,
        )  # fmt: skip
        if self.keeping is not None:
            self.keeping.keep(clip)
        self.progress(totals, clip, done)

    def _written(self, totals: Totals, seen: set[str]) -> Totals:
        """Write the tables, and bring into the database what is not there yet."""
        # Where it was interrupted, a record may be of an earlier run that judged in another way.
        done = {clip.id for clip in self.clips if clip.id in seen or self.job.is_done(clip)}
        write_tables(self.job.out, self.clips, lambda clip: clip.id in done)
        if self.keeping is None:
            return totals
        if totals.interrupted:
            return replace(totals, trouble=self.keeping.trouble)
        try:
            self.keeping.finish(self.clips, lambda clip: clip.id in done)
        except HistoryError as err:
            return replace(totals, trouble=err)
        return totals

    def _tell_end(self, totals: Totals, took_s: float) -> None:
        self.log.tell(
            "interrupted" if totals.interrupted else "end",
            seconds=round(took_s, 3),
            error=str(totals.trouble or ""),
            **{state.value: getattr(totals, state.value) for state in State},
        )


def _prepared(out: Path) -> Path:
    """Make the folders, and sweep what a killed run left half written."""
    logs = out / WORK
    try:
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)
        for left in [*out.glob(".*.tmp"), *out.glob("clips/*/.*.tmp")]:
            left.unlink(missing_ok=True)
    except OSError as err:
        raise unwritable(out, err) from err
    return logs


def _failed(out: Path, clip: Clip, died: Died) -> Done:
    tried = "It was given up" if died.stuck else "It was tried twice"
    message = clip.public(f"Its worker process {died.how}. {tried}; run again to try once more.")
    write_failure(out, clip, message)
    return Done(State.FAILED, clip.placed(message), took_s=died.took_s)
