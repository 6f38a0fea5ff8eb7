"""The columns of a repetition's row: what CSV, Parquet and the history's table are all written from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from glutecam.core.assessment import Verdict
from glutecam.records.cells import Cell

if TYPE_CHECKING:
    from glutecam.core.assessment import Assessment, Finding, Provenance, Rep
    from glutecam.records.schema import (
        AssessmentEntry,
        FindingEntry,
        ProvenanceEntry,
        RepEntry,
    )

__all__ = [
    "COLUMNS",
    "NUMBER",
    "OF_FINDING",
    "OR",
    "TEXT",
    "WHOLE",
    "YES_NO",
    "RepColumn",
    "RepRow",
    "in_time",
    "rep_cells",
]

TEXT, WHOLE, NUMBER, YES_NO = "text", "whole", "number", "yes or no"

OR = " or "
"""Stands between the bands that a value and its ± reach into."""


@dataclass(frozen=True)
class RepRow:
    """One repetition or attempt, fresh or out of a file, and whose it is."""

    rep: Rep | RepEntry
    exercise: str
    made_by: Provenance | ProvenanceEntry
    file: str | None = None
    subject: str | None = None

    @property
    def complete(self) -> bool:
        """True for a repetition, False for an attempt."""
        return self.rep.reason is None

    @property
    def verdict(self) -> str | None:
        """The band that decides; None for an attempt."""
        return self.rep.band.value if self.complete and self.rep.band else None


@dataclass(frozen=True)
class RepColumn:
    """One column: its name, what stands in it, of which kind, and its unit."""

    name: str
    of: Callable[[RepRow], Cell]
    kind: str = TEXT
    unit: str = ""


COLUMNS: tuple[RepColumn, ...] = (
    RepColumn("file", lambda row: row.file),
    RepColumn("subject", lambda row: row.subject),
    RepColumn("exercise", lambda row: row.exercise),
    RepColumn("side", lambda row: row.rep.side.value),
    RepColumn("rep", lambda row: row.rep.number, WHOLE),
    RepColumn("start_s", lambda row: row.rep.start_s, NUMBER, "s"),
    RepColumn("end_s", lambda row: row.rep.end_s, NUMBER, "s"),
    RepColumn("complete", lambda row: row.complete, YES_NO),
    RepColumn("reason", lambda row: row.rep.reason),
    RepColumn("verdict_of_rep", lambda row: row.verdict),
    RepColumn("pattern", lambda row: row.rep.pattern.value if row.complete else None),
    RepColumn("score", lambda row: row.rep.score, NUMBER),
    RepColumn("pose_model", lambda row: row.made_by.pose_model),
    RepColumn("reduced_accuracy", lambda row: row.made_by.reduced_accuracy, YES_NO),
)

OF_FINDING: Mapping[str, tuple[str, Callable[[Finding | FindingEntry], Cell]]] = {
    "value": (NUMBER, lambda found: found.value),
    "pm": (NUMBER, lambda found: found.half_width),
    "band": (TEXT, lambda found: found.band.value),
    "may_be": (TEXT, lambda found: OR.join(band.value for band in found.may_be)),
}
"""What is told of each rule: the kind of the column, and what stands in it."""


@overload
def in_time(judged: Assessment) -> list[Rep]: ...
@overload
def in_time(judged: AssessmentEntry) -> list[RepEntry]: ...
def in_time(judged: Assessment | AssessmentEntry) -> list[Rep] | list[RepEntry]:
    """Return repetitions and attempts in the order of time: none of a refused recording.

    What was counted there is no result; in a table nothing else would tell it from one.
    """
    if judged.verdict is Verdict.NOT_ASSESSABLE:
        return []
    return sorted([*judged.reps, *judged.attempts], key=lambda rep: rep.start)


def rep_cells(row: RepRow) -> dict[str, Cell]:
    """Return what stands in each of ``COLUMNS``, by its name."""
    return {column.name: column.of(row) for column in COLUMNS}
