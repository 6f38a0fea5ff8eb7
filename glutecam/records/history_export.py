"""The history as files: a tidy CSV for tables, JSON with everything."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from glutecam.core.assessment import Finding, Rep
from glutecam.core.programme import Step
from glutecam.core.sets import SetRecord
from glutecam.core.wording import INTENDED_USE, PLUS_MINUS_MEANS
from glutecam.records.cells import Cell, cell_text
from glutecam.records.rep_columns import OF_FINDING, RepRow, rep_cells

__all__ = ["COLUMNS", "FORMAT", "history_csv", "history_json"]

FORMAT = "glutecam-history"
FORMAT_VERSION = 1

COLUMNS = (
    "set",
    "done",
    "subject",
    "exercise",
    "source",
    "pain_before",
    "pain_after",
    "load_kg",
    "load_band",
    "note",
    "rep",
    "complete",
    "reason",
    "side",
    "start_s",
    "end_s",
    "verdict_of_rep",
    "pattern",
    "score",
    "code",
    "rule",
    "value",
    "pm",
    "unit",
    "band",
    "strict",
    "ruleset",
    "pose_model",
    "reduced_accuracy",
    "pelvis_method",
    "filter_name",
    "may_be",
    "noted",
)
"""One row for each repetition and rule; an attempt has one row and no rule, a refused set one and no
repetition: why it was refused is its ``reason``.

``may_be`` are the bands that value ± pm reaches into; ``noted`` is yes where it decides nothing.
"""


def history_csv(sets: Iterable[SetRecord]) -> str:
    """Return one row for each repetition and rule; lines end as RFC 4180 says."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for record in sets:
        writer.writerows(_rows(record))
    return text.getvalue()


def history_json(sets: Sequence[SetRecord], steps: Sequence[Step]) -> str:
    """Return everything that is kept. Numbers that were not seen are null."""
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "notice": INTENDED_USE,
        "plus_minus": PLUS_MINUS_MEANS,
        "sets": [_plain(asdict(record)) for record in sets],
        "steps": [_plain(asdict(step)) for step in steps],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _rows(record: SetRecord) -> Iterator[dict[str, str]]:
    about = _about(record)
    if not record.counts:
        yield {name: cell_text(cell) for name, cell in (about | _refused(record)).items()}
        return
    for rep in [*record.reps, *record.attempts]:
        for finding in (*rep.findings, *rep.noted) or (None,):
            noted = finding in rep.noted
            cells = about | _rep_cells(record, rep) | _finding_cells(record, finding, noted)
            yield {name: cell_text(cell) for name, cell in cells.items()}


def _refused(record: SetRecord) -> dict[str, Cell]:
    """Return what is told of a refused set: pain, load and note are kept, repetitions are none."""
    made_by = record.provenance
    why = f": {record.instruction}" if record.instruction else ""
    return {
        "subject": record.subject,
        "exercise": record.exercise,
        "reason": f"{record.verdict.value}{why}",
        "pose_model": made_by.pose_model,
        "reduced_accuracy": made_by.reduced_accuracy,
    }


def _about(record: SetRecord) -> dict[str, Cell]:
    felt, made_by = record.felt, record.provenance
    return {
        "set": record.number,
        "done": record.done.isoformat(timespec="seconds"),
        "source": record.source.value,
        "pain_before": felt.pain_before,
        "pain_after": felt.pain_after,
        "load_kg": felt.load.kg,
        "load_band": felt.load.band,
        "note": felt.note,
        "strict": made_by.strict,
        "ruleset": made_by.ruleset,
        "pelvis_method": made_by.pelvis_method,
        "filter_name": made_by.filter_name,
    }


def _rep_cells(record: SetRecord, rep: Rep) -> dict[str, Cell]:
    row = RepRow(rep, record.exercise, record.provenance, subject=record.subject)
    return {name: cell for name, cell in rep_cells(row).items() if name in COLUMNS}


def _finding_cells(record: SetRecord, finding: Finding | None, noted: bool) -> dict[str, Cell]:
    if finding is None:
        return {}
    rule = record.rule(finding.code)
    return {
        "code": rule.code,
        "rule": rule.name,
        **{end: of(finding) for end, (_, of) in OF_FINDING.items()},
        "unit": rule.unit,
        "noted": noted,
    }


def _plain(value: Any) -> Any:
    """Return what JSON can hold."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return None if isinstance(value, float) and not math.isfinite(value) else value
