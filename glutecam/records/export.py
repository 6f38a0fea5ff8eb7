"""Assessment -> JSON for programs and CSV for tables."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glutecam.core.assessment import Assessment, Rep, Side, Signal
from glutecam.core.filled_sheet import Sheet
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise, FrameRule, Rule
from glutecam.core.scoring import bands_of
from glutecam.core.wording import INTENDED_USE, PLUS_MINUS_MEANS
from glutecam.records.cells import cell_text
from glutecam.records.files import write_whole
from glutecam.records.rep_columns import (
    COLUMNS,
    OF_FINDING,
    RepRow,
    in_time,
    rep_cells,
)
from glutecam.records.schema import (
    SCHEMA_ID,
    AssessmentDocument,
    ExerciseEntry,
    RuleEntry,
)
from glutecam.records.schema_sets import SheetEntry

if TYPE_CHECKING:
    from glutecam.core.cutting import Cut
    from glutecam.records.origin import Origin

__all__ = [
    "REP_COLUMNS",
    "csv_columns",
    "csv_rows",
    "csv_text",
    "document_of",
    "json_schema",
    "json_text",
    "scale_cells",
    "write_csv",
    "write_json",
]

REP_COLUMNS = tuple(column.name for column in COLUMNS)
"""First columns of every CSV; each rule's ``<code>_value``, ``_pm``, ``_band`` and ``_may_be`` follow, then
``<measure>_peak`` and ``_pm`` of what is reported and not judged, and each published scale by its
name: what the set of that side comes to, the same in all of its rows."""

_DIGITS = 4


def json_text(assessment: Assessment, exercise: Exercise, **about: Any) -> str:
    """Return the assessment as one line of JSON that fits ``assessment-1.schema.json``.

    Signals are rounded to four decimals; everything else is exact.

    Parameters
    ----------
    assessment : Assessment
    exercise : Exercise
        Its rules' texts and edges are written beside the numbers.
    **about
        As for ``document_of``.
    """
    return document_of(assessment, exercise, **about).model_dump_json() + "\n"


def document_of(
    assessment: Assessment,
    exercise: Exercise,
    *,
    file: str | None = None,
    subject: str | None = None,
    visit: str | None = None,
    notes: str | None = None,
    cut: Cut | None = None,
    origin: Origin | None = None,
) -> AssessmentDocument:
    """Return what ``json_text`` writes as a value: the source of every other export.

    Parameters
    ----------
    assessment : Assessment
    exercise : Exercise
    file, subject : str or None
        What the recording is called, and whom it shows.
    visit, notes : str or None
        What a manifest says beside.
    cut : Cut or None
        Which set of the recording it is.
    origin : Origin or None
        The file that was filmed.
    """
    return AssessmentDocument.model_validate(
        {
            "notice": INTENDED_USE,
            "plus_minus": PLUS_MINUS_MEANS,
            "file": file,
            "subject": subject,
            "visit": visit,
            "notes": notes,
            "set": cut,
            "recording": origin,
            "assessment": _assessment_entry(assessment),
            "exercise": _exercise_entry(exercise, assessment.provenance.strict),
        }
    )


def json_schema() -> dict[str, Any]:
    """Return the published JSON Schema (draft 2020-12)."""
    schema = AssessmentDocument.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return head | schema


def write_json(path: Path, assessment: Assessment, exercise: Exercise, **about: Any) -> None:
    """Write ``json_text``, whole or not at all.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    text = json_text(assessment, exercise, **about)
    write_whole(path, text.encode("utf-8", "backslashreplace"))


def csv_columns(exercise: Exercise) -> list[str]:
    """Return the columns of this exercise's CSV, in order."""
    judged = [f"{rule.code}_{end}" for rule in exercise.rules for end in OF_FINDING]
    beside = [f"{measure.name}_{end}" for measure in exercise.also for end in ("peak", "pm")]
    return [*REP_COLUMNS, *judged, *beside, *(scale.name for scale in exercise.scales)]


def csv_rows(
    assessment: Assessment,
    exercise: Exercise,
    *,
    file: str | None = None,
    subject: str | None = None,
) -> list[dict[str, str]]:
    """Return one row for each repetition and each attempt, in the order in which they happened.

    An attempt has ``complete`` = ``no``, its ``reason``, and no findings. A value that was not
    seen is empty. Seconds and values are in the units of the rules. A refused recording has no row.
    """
    return [
        _first_cells(RepRow(rep, assessment.exercise, assessment.provenance, file, subject))
        | _finding_cells(rep, exercise)
        | _beside(rep, assessment, exercise)
        | scale_cells(assessment.sheets, rep.side)
        for rep in in_time(assessment)
    ]


def csv_text(exercise: Exercise, rows: Iterable[Mapping[str, str]]) -> str:
    """Return a whole CSV with its header; lines end as RFC 4180 says."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, csv_columns(exercise), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_csv(path: Path, exercise: Exercise, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a CSV of rows from ``csv_rows``, whole or not at all.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    write_whole(path, csv_text(exercise, rows).encode("utf-8", "backslashreplace"))


def _first_cells(row: RepRow) -> dict[str, str]:
    return {name: cell_text(cell) for name, cell in rep_cells(row).items()}


def _finding_cells(rep: Rep, exercise: Exercise) -> dict[str, str]:
    known = {rule.code for rule in exercise.rules}
    return {
        f"{finding.code}_{end}": cell_text(of(finding))
        for finding in rep.findings
        if finding.code in known
        for end, (_, of) in OF_FINDING.items()
    }


def _beside(rep: Rep, assessment: Assessment, exercise: Exercise) -> dict[str, str]:
    """Return the highest values in a judged repetition of what no rule judges."""
    shown = exercise.also if rep.findings else ()
    cells: dict[str, str] = {}
    for measure in shown:
        estimate = assessment.signals[measure.name].estimate[rep.start : rep.end]
        if np.isfinite(estimate.value).any():
            at = int(np.nanargmax(estimate.value))
            cells[f"{measure.name}_peak"] = cell_text(float(estimate.value[at]))
            cells[f"{measure.name}_pm"] = cell_text(float(estimate.half_width[at]))
    return cells


def scale_cells(sheets: Iterable[Sheet | SheetEntry], side: Side) -> dict[str, str]:
    """Return what the published scales of one side come to, by their names."""
    return {sheet.scale: sheet.result for sheet in sheets if sheet.side is side}


def _assessment_entry(assessment: Assessment) -> dict[str, Any]:
    plain = ("exercise", "verdict", "instruction", "gates", "sides", "faults", "score")
    more = ("coverage", "baseline", "provenance", "warnings")
    entry = {name: getattr(assessment, name) for name in plain + more}
    entry["gates"] = list(assessment.gates)
    entry["sides"] = list(assessment.sides)
    made_by = assessment.provenance
    own = [
        {"code": o.code, "edges": dict(o.edges), "default": dict(o.default)}
        for o in made_by.own_bands
    ]
    entry["provenance"] = vars(made_by) | {"own_bands": own}
    entry["faults"] = list(assessment.faults)
    entry["warnings"] = list(assessment.warnings)
    entry["findings"] = list(assessment.findings)
    entry["sheets"] = list(assessment.sheets)
    entry["summary"] = assessment.summary
    entry["reps"] = [_rep_entry(rep) for rep in assessment.reps]
    entry["attempts"] = [_rep_entry(rep) for rep in assessment.attempts]
    entry["time_s"] = [round(float(t), _DIGITS) for t in assessment.time_s]
    entry["signals"] = {name: _signal_entry(signal) for name, signal in assessment.signals.items()}
    return entry


def _rep_entry(rep: Rep) -> dict[str, Any]:
    names = ("number", "start", "end", "start_s", "end_s", "side", "pattern", "score", "reason")
    entry = {name: getattr(rep, name) for name in names}
    entry |= {"findings": list(rep.findings), "noted": list(rep.noted)}
    return entry | {"band": rep.band if rep.complete else None}


def _signal_entry(signal: Signal) -> dict[str, Any]:
    widths = signal.estimate.half_width
    same = len(widths) > 0 and bool(np.all(widths == widths[0]))
    return {
        "label": signal.label,
        "unit": signal.unit,
        "method": signal.method,
        "value": _numbers(signal.estimate.value),
        "half_width": round(float(widths[0]), _DIGITS) if same else _numbers(widths),
    }


def _numbers(values: FloatArray) -> list[float | None]:
    return [round(float(v), _DIGITS) + 0.0 if math.isfinite(v) else None for v in values]


def _exercise_entry(exercise: Exercise, strict: bool) -> ExerciseEntry:
    return ExerciseEntry(
        name=exercise.name,
        title=exercise.title,
        summary=exercise.summary,
        view=exercise.view.value,
        posture=exercise.posture.value,
        worked_leg=exercise.worked_leg,
        scale=exercise.scale,
        cannot_see=exercise.cannot_see,
        rules=[
            *(_rule_entry(rule, strict) for rule in exercise.rules),
            *(_rule_entry(rule, strict, "set") for rule in exercise.of_set),
        ],
        noted=[_rule_entry(rule, strict) for rule in exercise.noted],
        scales=[scale.name for scale in exercise.scales],
        also=[measure.name for measure in exercise.also],
    )


def _rule_entry(rule: Rule, strict: bool, of: str = "repetition") -> RuleEntry:
    facts: dict[str, Any] = {
        name: getattr(rule, name) for name in ("code", "name", "unit", "cue", "why", "evidence")
    }
    facts["measures"] = [measure.name for measure in rule.needs]
    if isinstance(rule, FrameRule):
        bands = bands_of(rule, strict)
        facts |= {"kind": "lasts", "ok": bands.ok, "fault": bands.fault, "min_s": rule.min_s}
    else:
        low, high = rule.bounds
        facts |= {"kind": of, "low": low, "high": high, "margin": rule.margin}
    return RuleEntry(**facts)
