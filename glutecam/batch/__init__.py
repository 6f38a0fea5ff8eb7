"""Many files: worker processes here or on a cluster, resumable, and one bad file stops nothing.

plan -> Clips -> workers (clip.Job) -> clips/<id>/ -> summary.csv, reps.csv
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from glutecam.batch.clip import Done, Job, write_failure
from glutecam.batch.lock import alone_in
from glutecam.batch.plan import Clip, Plan, plan
from glutecam.batch.pool import Died, work_through
from glutecam.batch.tables import REPS, SUMMARY, write_tables
from glutecam.errors import OutputError

__all__ = [
    "REPS",
    "SUMMARY",
    "Clip",
    "Crew",
    "Done",
    "Job",
    "Plan",
    "Progress",
    "Totals",
    "here",
    "on_cluster",
    "plan",
    "run_batch",
]

WORK = ".work"


@dataclass(frozen=True)
class Totals:
    """How far a batch is; ``interrupted`` where Ctrl-C ended it early."""

    clips: int
    new: int = 0
    rescored: int = 0
    kept: int = 0
    failed: int = 0
    video_s: float = 0.0
    interrupted: bool = False

    @property
    def finished(self) -> int:
        """Clips that need nothing more."""
        return self.new + self.rescored + self.kept + self.failed

    def plus(self, done: Done) -> Totals:
        """Return the totals with one more clip."""
        counted = replace(self, **{done.state: getattr(self, done.state) + 1})
        computed_s = done.video_s if done.state == "new" else 0.0
        return replace(counted, video_s=self.video_s + computed_s)


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


def run_batch(clips: tuple[Clip, ...], job: Job, crew: Crew | int, progress: Progress) -> Totals:
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

    Raises
    ------
    OutputError
        Where the results folder cannot be written to.
    """
    with alone_in(job.out):
        return _run(clips, job, here(crew) if isinstance(crew, int) else crew, progress)


def _run(clips: tuple[Clip, ...], job: Job, crew: Crew, progress: Progress) -> Totals:
    logs = _prepared(job.out)
    totals = Totals(len(clips))
    seen: set[str] = set()
    try:
        for clip, result in crew(clips, job, logs):
            done = _failed(job.out, clip, result) if isinstance(result, Died) else result
            totals = totals.plus(done)
            seen.add(clip.id)
            progress(totals, clip, done)
    except KeyboardInterrupt:
        totals = replace(totals, interrupted=True)
    finally:
        shutil.rmtree(job.out / WORK, ignore_errors=True)
    # Where it was interrupted, a record may be of an earlier run that judged in another way.
    write_tables(job.out, clips, lambda clip: clip.id in seen or job.is_done(clip))
    return totals


def _prepared(out: Path) -> Path:
    """Make the folders, and sweep what a killed run left half written."""
    logs = out / WORK
    try:
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)
        for left in [*out.glob(".*.tmp"), *out.glob("clips/*/.*.tmp")]:
            left.unlink(missing_ok=True)
    except OSError as err:
        raise OutputError(
            f"The results folder {out} cannot be written to: {err.strerror}. Choose another one "
            "with --out."
        ) from err
    return logs


def _failed(out: Path, clip: Clip, died: Died) -> Done:
    tried = "It was given up" if died.stuck else "It was tried twice"
    message = f"Its worker process {died.how}. {tried}; run again to try once more."
    write_failure(out, clip, message)
    return Done("failed", message, took_s=died.took_s)
