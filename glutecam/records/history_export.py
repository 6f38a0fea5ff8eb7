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
from glutecam.records.export import harmless

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
"""One row for each repetition and rule; an attempt has one row and no rule.

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
    for rep in [*record.reps, *record.attempts]:
        for finding in (*rep.findings, *rep.noted) or (None,):
            noted = finding in rep.noted
            yield about | _rep_cells(rep) | _finding_cells(record, finding, noted)


def _about(record: SetRecord) -> dict[str, str]:
    felt, made_by = record.felt, record.provenance
    cells = {
        "set": record.number,
        "done": record.done.isoformat(timespec="seconds"),
        "subject": harmless(record.subject),
        "exercise": record.exercise,
        "source": record.source.value,
        "pain_before": felt.pain_before,
        "pain_after": felt.pain_after,
        "load_kg": felt.load.kg,
        "load_band": harmless(felt.load.band),
        "note": harmless(felt.note),
        "strict": made_by.strict,
        "ruleset": made_by.ruleset,
        "pose_model": harmless(made_by.pose_model),
        "reduced_accuracy": made_by.reduced_accuracy,
        "pelvis_method": made_by.pelvis_method,
        "filter_name": made_by.filter_name,
    }
    return {name: _text(value) for name, value in cells.items()}


def _rep_cells(rep: Rep) -> dict[str, str]:
    cells = {
        "rep": rep.number,
        "complete": rep.complete,
        "reason": rep.reason,
        "side": rep.side.value,
        "start_s": rep.start_s,
        "end_s": rep.end_s,
        "verdict_of_rep": rep.band.value if rep.complete else "",
        "pattern": rep.pattern.value if rep.complete else "",
        "score": rep.score,
    }
    return {name: _text(value) for name, value in cells.items()}


def _finding_cells(record: SetRecord, finding: Finding | None, noted: bool) -> dict[str, str]:
    if finding is None:
        return {}
    rule = record.rule(finding.code)
    cells = {
        "code": rule.code,
        "rule": rule.name,
        "value": finding.value,
        "pm": finding.half_width,
        "unit": rule.unit,
        "band": finding.band.value,
        "may_be": " or ".join(band.value for band in finding.may_be),
        "noted": noted,
    }
    return {name: _text(value) for name, value in cells.items()}


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{round(value, 4) + 0.0:.12g}" if isinstance(value, float) else str(value)


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
