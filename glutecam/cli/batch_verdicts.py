"""What became of the sets of a batch: a row each, or how many of which verdict."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.cli.terminal import stdout_console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["say_verdicts"]

MOST_SETS = 20
"""So many sets are told one by one; of more only how many there are of each verdict."""

_HEADS = ("clip", "exercise", "subject", "set", "reps", "side", "verdict", "faults")
_FOLDED = ("clip", "exercise", "subject", "faults")
_TELLING_APART = ("exercise", "subject")
"""Shown where not all rows have the same: a list may name one file as two exercises, or of two people."""

_Row = Mapping[str, str]


def say_verdicts(summary: Path, audience: str) -> None:
    """Print the verdicts of the sets that were judged, in an audience's words; nothing where none was.

    Parameters
    ----------
    summary : Path
        The batch's ``summary.csv``.
    audience : str
    """
    from glutecam.core.assessment import Verdict
    from glutecam.core.wording import vocabulary

    said = {verdict.value: vocabulary(audience).verdict(verdict) for verdict in Verdict}
    counts: Counter[str] = Counter()
    first: list[_Row] = []
    for row in _judged(summary):
        counts[said[row["verdict"]]] += 1
        if len(first) < MOST_SETS:
            first.append({**row, "verdict": said[row["verdict"]]})
    if not counts:
        return
    console = stdout_console()
    if counts.total() <= MOST_SETS:
        console.print(_table(first))
        _say_notes(first, console)
    told = ", ".join(f"{counts[words]} {words}" for words in said.values() if counts[words])
    unsure = said[Verdict.INCONCLUSIVE.value]
    why = f" “{unsure}” is no failure: a word is given only where the whole ± lies on one side of a limit."
    sets = "1 set" if counts.total() == 1 else f"{counts.total()} sets"
    console.print(f"{sets}: {told}.{why if counts[unsure] else ''}")


def _judged(summary: Path) -> Iterator[_Row]:
    with summary.open(encoding="utf-8", newline="") as stream:
        yield from (row for row in csv.DictReader(stream) if row["status"] == "done")


def _table(rows: Sequence[_Row]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shown = [head for head in _HEADS if _is_of_use(head, rows)]
    for head in shown:
        table.add_column(head, no_wrap=head not in _FOLDED, overflow="fold")
    for row in rows:
        cells = {**row, "clip": row["file"], "side": row["sides"]}
        table.add_row(*(cells[head] for head in shown))
    return table


def _say_notes(rows: Sequence[_Row], console: Console) -> None:
    """Say beneath the table what to change or to beware of; once, where several sets have the same."""
    from glutecam.batch.record import note_of

    told: dict[str, list[str]] = {}
    for row in rows:
        note = note_of(row)
        if note and row["file"] not in told.setdefault(note, []):
            told[note].append(row["file"])
    for note, files in told.items():
        console.print(f"{', '.join(files)}: {note}", markup=False)
    if told:
        console.print()


def _is_of_use(head: str, rows: Sequence[_Row]) -> bool:
    if head == "set":
        return any(row["sets"] != "1" for row in rows)
    return head not in _TELLING_APART or len({row[head] for row in rows}) > 1
