"""What ``glutecam batch`` says while it works, and at the end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from glutecam.cli.terminal import fail, note, progress_bar

if TYPE_CHECKING:
    from glutecam.batch import Clip, Done, Totals

__all__ = ["BatchProgress", "say_failures", "say_results"]

MOST_ERRORS = 20
"""So many errors are told one by one; the table of results has them all."""


class BatchProgress:
    """A bar with time left in a terminal, a line per clip elsewhere; both say how fast it goes.

    Attributes
    ----------
    errors : list of (str, str)
        Clips that failed, and why.
    """

    def __init__(self, clips: int) -> None:
        self._bar = progress_bar()
        self._began_s = time.monotonic()
        self._clips = clips
        self.errors: list[tuple[str, str]] = []

    @property
    def took_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began_s

    def __enter__(self) -> BatchProgress:
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
        if done.failed:
            self.errors.append((clip.file, done.message))
        pace = str(totals.pace(self.took_s))
        words = f"{clip.file}: {_in_words(done)}"
        if self._bar is None:
            note(f"[{totals.finished}/{totals.clips}] {words}" + (f" ({pace})" if pace else ""))
            return
        if done.failed:
            self._bar.console.print(f"failed  {words}", markup=False, highlight=False)
        more = f"{totals.finished}/{totals.clips} clips" + (f", {pace}" if pace else "")
        self._bar.update(self._task, completed=totals.finished, more=more)


def _in_words(done: Done) -> str:
    """Return the verdicts in the words of ``score``; what went wrong as it is."""
    from glutecam.core.assessment import Verdict
    from glutecam.core.wording import vocabulary

    if done.failed:
        return done.message
    said = {verdict.value: vocabulary().verdict(verdict) for verdict in Verdict}
    before, colon, verdicts = done.message.rpartition(": ")
    words = before + colon + ", ".join(said.get(one, one) for one in verdicts.split(", "))
    return f"{words}. Note: {done.warning}" if done.warning else words


def say_results(totals: Totals, summary: Path, progress: BatchProgress, database: str) -> None:
    """Say what became of a batch: figures and files."""
    from glutecam.batch import DASHBOARD, LOG, REPS

    took_s = progress.took_s
    done = totals.new + totals.rescored + totals.kept
    pace = totals.pace(took_s).video_min_per_min
    speed = f", {pace:.1f} min of video a minute" if totals.new else ""
    typer.echo(
        f"{done} of {totals.clips} clips judged in {took_s:.0f} s{speed}: {totals.new} new, "
        f"{totals.rescored} judged again from kept landmarks, {totals.kept} unchanged."
    )
    for name in (summary.name, REPS, DASHBOARD, LOG):
        typer.echo(f"Written: {summary.with_name(name)}")
    if database and totals.trouble is None and not totals.interrupted:
        typer.echo("Kept in the database, too.")


def say_failures(totals: Totals, summary: Path, progress: BatchProgress) -> None:
    """Say last of all what went wrong, in one table, and what to do next."""
    if totals.failed:
        _say_errors(progress.errors)
        fail(
            f"{totals.failed} clip{'s' * (totals.failed != 1)} failed; the column 'error' of "
            f"{summary} says why. After mending them run the same line again (--retry-failed for "
            "unchanged files)."
        )
    if totals.trouble is not None:
        fail(
            f"{totals.trouble} The files of results are whole: run the same line again to bring them "
            "into the database."
        )
    if totals.interrupted:
        note("Stopped early: what is done is kept. Run the same line again to go on.")


def _say_errors(errors: list[tuple[str, str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("clip", overflow="fold", max_width=32)
    table.add_column("error", overflow="fold")
    for file, why in errors[:MOST_ERRORS]:
        table.add_row(Text(file), Text(" ".join(why.split())))
    Console(stderr=True, highlight=False).print(table)
    if len(errors) > MOST_ERRORS:
        note(f"and {len(errors) - MOST_ERRORS} more.")
