"""``glutecam batch``: judge a folder of recordings."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import options
from glutecam.cli.batch_plan import tell_plan
from glutecam.cli.terminal import (
    INTERRUPTED,
    fail,
    note,
    progress_bar,
    terminated_as_interrupted,
)
from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.batch import Clip, Crew, Done, Job, Totals
    from glutecam.settings import Settings

__all__ = ["batch"]

FAILED = 4

SourceArgument = Annotated[
    Path, typer.Argument(help="Folder, or CSV with the columns file, exercise, side, subject.")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")]
ExerciseOption = Annotated[
    str | None,
    typer.Option(
        "--exercise", "-x", help="For clips that name none; else the file's name is asked."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes at the same time. Default: one per core."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        help="Judge on the workers of a Dask cluster: the address of its scheduler.",
        metavar="ADDRESS",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done with each clip, and stop.")
]
RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="Try unchanged clips again that failed before.")
]


def batch(
    source: SourceArgument,
    out: Out,
    exercise: ExerciseOption = None,
    side: options.SideOption = None,
    workers: Workers = None,
    cluster: ClusterOption = None,
    model: options.Model = None,
    follow: options.FollowOption = None,
    strict: options.Strict = None,
    filter: options.Filter = None,  # noqa: A002 - the option's name
    pelvis: options.Pelvis = None,
    retry_failed: RetryFailed = False,
    dry_run: DryRun = False,
    offline: options.Offline = False,
    set_: options.Set = None,
    config: options.Config = None,
) -> None:
    """Judge every video below a folder, or of a list; run again to go on where it stopped.

    Writes summary.csv (a row per clip), reps.csv (a row per repetition) and, in clips/, the
    assessment and landmarks of each clip. A file that cannot be read is a row with its error, and
    the exit code is then 4.

    \b
    Examples:
      glutecam batch clinic/ --out results/ --exercise step-down
      glutecam batch clinic/list.csv --out results/ --dry-run
      glutecam batch clinic/ -o results/         (step_down_anna_left.mp4 says what it is)
      glutecam batch clinic/list.csv -o results/ --cluster tcp://scheduler:8786
    """
    from glutecam.batch import plan
    from glutecam.cli.modelfile import ensure_model
    from glutecam.settings import load_settings

    settings = load_settings(config, set_).over(
        model=model, side=side and side.value, strict=strict, filter=filter and filter.value,
        pelvis=pelvis and pelvis.value, follow=follow,
    )  # fmt: skip
    planned = plan(source, exercise, settings.side, skip=out)
    for line in planned.notes:
        note(line)
    job = _job(out, settings, retry_failed)
    if dry_run:
        tell_plan(planned.clips, job)
        return
    if cluster is None:
        ensure_model(settings.model, offline)
    _run(planned.clips, job, _crew(workers, cluster, offline))


def _job(out: Path, settings: Settings, retry_failed: bool) -> Job:
    from glutecam.batch import Job

    return Job(
        out, settings.model, settings.strict, settings.filter, settings.count_people, retry_failed,
        settings.pelvis, settings.follow, settings.bands,
    )  # fmt: skip


def _crew(workers: int | None, cluster: str | None, offline: bool) -> Crew:
    from glutecam.batch import here, on_cluster

    if cluster is None:
        return here(workers or _cores())
    if workers is not None:
        raise InputError(
            "A cluster has its own workers: leave --workers out, or leave --cluster out to work on "
            "this machine."
        )
    return on_cluster(cluster, offline=offline)


def _run(clips: tuple[Clip, ...], job: Job, crew: Crew) -> None:
    """Judge the clips, say what became of them, and end with the exit code that tells it."""
    from glutecam.batch import SUMMARY, run_batch

    with _Progress(len(clips)) as progress, terminated_as_interrupted():
        totals = run_batch(clips, job, crew, progress.tell)
    _say(totals, job.out / SUMMARY, progress.took_s)
    if totals.interrupted:
        raise typer.Exit(INTERRUPTED)
    if totals.failed:
        raise typer.Exit(FAILED)


def _cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Progress:
    """A bar with time left in a terminal, a line per clip elsewhere."""

    def __init__(self, clips: int) -> None:
        self._bar = progress_bar()
        self._began_s = time.monotonic()
        self._clips = clips

    @property
    def took_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began_s

    def __enter__(self) -> _Progress:
        if self._bar is not None:
            self._task = self._bar.add_task(
                "judging", total=self._clips, more=f"0/{self._clips} clips"
            )
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tell(self, totals: Totals, clip: Clip, done: Done) -> None:
        """Show one more clip."""
        words = f"{clip.file}: {_in_words(done)}"
        if self._bar is None:
            note(f"[{totals.finished}/{totals.clips}] {words}")
            return
        if done.state == "failed":
            self._bar.console.print(f"failed  {words}", markup=False, highlight=False)
        failed = f", {totals.failed} failed" if totals.failed else ""
        more = f"{totals.finished}/{totals.clips} clips{failed}"
        self._bar.update(self._task, completed=totals.finished, more=more)


def _in_words(done: Done) -> str:
    """Return the verdict in the words of ``score``; what went wrong as it is."""
    from glutecam.core.wording import vocabulary

    said = {verdict.value: words for verdict, words in vocabulary().verdicts.items()}
    return done.message if done.state == "failed" else said.get(done.message, done.message)


def _say(totals: Totals, summary: Path, took_s: float) -> None:
    done = totals.new + totals.rescored + totals.kept
    speed = f", {totals.video_s / took_s:.1f} s of video per second" if totals.new else ""
    typer.echo(
        f"{done} of {totals.clips} clips judged in {took_s:.0f} s{speed}: {totals.new} new, "
        f"{totals.rescored} judged again from kept landmarks, {totals.kept} unchanged."
    )
    typer.echo(f"Written: {summary}")
    typer.echo(f"Written: {summary.with_name('reps.csv')}")
    if totals.failed:
        fail(
            f"{totals.failed} clip{'s' * (totals.failed != 1)} failed; the column 'error' of {summary} says why. After "
            "mending them run the same line again (--retry-failed for unchanged files)."
        )
    if totals.interrupted:
        note("Stopped early: what is done is kept. Run the same line again to go on.")
