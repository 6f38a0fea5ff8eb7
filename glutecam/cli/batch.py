"""``glutecam batch``: judge a folder of recordings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import batch_pages, options
from glutecam.cli.batch_plan import tell_plan
from glutecam.cli.batch_progress import BatchProgress, say_failures, say_results
from glutecam.cli.batch_verdicts import say_verdicts
from glutecam.cli.terminal import INTERRUPTED, note, terminated_as_interrupted
from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.batch import Clip, Crew, Job, Reports
    from glutecam.settings import Settings

__all__ = ["batch"]

FAILED = 4

SourceArgument = Annotated[
    Path,
    typer.Argument(
        help="Folder, or CSV or Parquet with the columns file, exercise, side, subject, visit, notes."
    ),
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
PatternOption = Annotated[
    str | None,
    typer.Option(
        help="How the files of a folder are named: {subject}, {visit}, {exercise}, {side}, {notes}, and "
        "{} for what is not read.",
        metavar="NAME",
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        help="Keep the results in a database too: a file, or an address such as "
        "postgresql+psycopg://user@host/name.",
        metavar="PLACE",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Say what would be done with each clip, and stop; exit code 4 where one would fail.",
    ),
]
RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="Try unchanged clips again that failed before.")
]


# fmt: off
def batch(
    source: SourceArgument, out: Out,
    exercise: ExerciseOption = None, side: options.SideOption = None, pattern: PatternOption = None,
    workers: Workers = None, cluster: ClusterOption = None,
    model: options.Model = None, follow: options.FollowOption = None,
    strict: options.Strict = None, pelvis: options.Pelvis = None,
    filter: options.Filter = None,  # noqa: A002 - the option's name
    reports: batch_pages.ReportsOption = False, audience: options.AudienceOption = None,
    faces: options.Faces = None, pdf: batch_pages.Pdf = None,
    database: DatabaseOption = None, pseudonyms: options.Pseudonyms = None,
    retry_failed: RetryFailed = False, dry_run: DryRun = False, offline: options.Offline = False,
    set_: options.Set = None, config: options.Config = None,
) -> None:
    # fmt: on
    """Judge every video below a folder, or of a list; run again to go on where it stopped.

    A long clip with several sets, of one leg or both, is cut into them; each is judged from its own
    quiet posture. Writes summary.csv (a row per set), reps.csv (a row per repetition), dashboard.html
    (for a browser), batch.log.jsonl (what happened when) and, in clips/, assessments and landmarks.
    A file that cannot be read is a row with its error; the exit code is then 4, with --dry-run too.

    \b
    Examples:
      glutecam batch clinic/ --out results/ --exercise step-down
      glutecam batch clinic/ -o results/ --pattern "{subject}_{visit}_{exercise}_{side}"
      glutecam batch clinic/list.csv -o results/ --reports --pseudonyms /private/key.csv
      glutecam batch clinic/list.csv -o results/ --cluster tcp://scheduler:8786
    """
    from glutecam.batch import plan, under_pseudonyms
    from glutecam.cli.modelfile import ensure_model
    from glutecam.settings import load_settings

    settings = load_settings(config, set_).over(
        model=model, side=side and side.value, strict=strict, filter=filter and filter.value,
        pelvis=pelvis and pelvis.value, follow=follow, database=database,
        audience=audience and audience.value, faces=faces and faces.value,
    )  # fmt: skip
    pages = batch_pages.Pages.asked(settings, pdf)
    planned = plan(source, exercise, settings.side, skip=out, pattern=pattern)
    if pseudonyms:
        planned = under_pseudonyms(planned, pseudonyms, out, keep=not dry_run)
    for line in planned.notes:
        note(line)
    job = _job(out, settings, retry_failed, pages.look if reports else None)
    if dry_run:
        raise typer.Exit(FAILED if tell_plan(planned.clips, job) else 0)
    if cluster is None:
        ensure_model(settings.model, offline)
    _run(planned.clips, job, _crew(workers, cluster, offline), pages)


def _job(out: Path, settings: Settings, retry_failed: bool, reports: Reports | None) -> Job:
    from glutecam.batch import Job

    return Job(
        out, settings.model, settings.strict, settings.filter, settings.count_people, retry_failed,
        settings.pelvis, settings.follow, settings.bands, reports,
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


def _run(clips: tuple[Clip, ...], job: Job, crew: Crew, pages: batch_pages.Pages) -> None:
    """Judge the clips, say what became of them, and end with the exit code that tells it."""
    from glutecam.batch import SUMMARY, run_batch

    database = pages.settings.database
    with BatchProgress(len(clips)) as progress, terminated_as_interrupted():
        totals = run_batch(clips, job, crew, progress.tell, database, pages.look)
    say_verdicts(job.out / SUMMARY, pages.settings.audience)
    say_results(totals, job.out / SUMMARY, progress, database)
    try:
        pages.print(job.out)
    finally:
        say_failures(totals, job.out / SUMMARY, progress)
    if totals.interrupted:
        raise typer.Exit(INTERRUPTED)
    if totals.trouble is not None:
        raise typer.Exit(totals.trouble.exit_code)
    if totals.failed:
        raise typer.Exit(FAILED)


def _cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
