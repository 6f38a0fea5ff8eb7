"""Values <-> rows of the history. What was not seen is NULL in a row and NaN in a value."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from typing import Any

from glutecam.core.assessment import (
    Band,
    Fault,
    Finding,
    Pattern,
    Provenance,
    Rep,
    Side,
    Verdict,
)
from glutecam.core.programme import Step, StepKind
from glutecam.core.rules import OwnBands
from glutecam.core.sets import Felt, Load, RuleName, SetRecord, SourceKind, read_as
from glutecam.records.sheet_text import sheets_of, sheets_text

__all__ = [
    "fault_rows",
    "felt_cells",
    "finding_rows",
    "record_of",
    "rep_rows",
    "rule_rows",
    "set_row",
    "step_of",
    "step_row",
]

Row = Mapping[Any, Any]

_OWN = "own_bands"
_PROVENANCE = tuple(field.name for field in fields(Provenance) if field.name != _OWN)
_RULE = tuple(field.name for field in fields(RuleName))
_FAULT = tuple(field.name for field in fields(Fault))


def set_row(record: SetRecord) -> dict[str, Any]:
    """Return the row of a set."""
    return {
        "key": record.key,
        "subject": record.subject,
        **_time_cells("done_utc", record.done),
        "source": record.source.value,
        "exercise": record.exercise,
        "sides": ",".join(side.value for side in record.sides),
        "verdict": record.verdict.value,
        "instruction": record.instruction,
        "score": _number(record.score),
        "coverage": _number(record.coverage),
        **felt_cells(record.felt),
        **{name: _plain(getattr(record.provenance, name)) for name in _PROVENANCE},
        _OWN: _own_text(record.provenance.own_bands),
        "consent": record.consent,
        "of_set": _findings_text(record.of_set),
        "sheets": sheets_text(record.sheets),
    }


def felt_cells(felt: Felt) -> dict[str, Any]:
    """Return the columns that may be written later."""
    return {
        "pain_before": felt.pain_before,
        "pain_after": felt.pain_after,
        "load_kg": felt.load.kg,
        "load_band": felt.load.band,
        "note": felt.note,
    }


def rep_rows(set_id: int, record: SetRecord) -> list[dict[str, Any]]:
    """Return a row for each repetition, then one for each attempt."""
    names = ("number", "start", "end", "start_s", "end_s", "reason")
    return [
        {
            "set_id": set_id,
            "place": place,
            **{name: getattr(rep, name) for name in names},
            "side": rep.side.value,
            "band": rep.band.value if rep.complete else None,
            "pattern": rep.pattern.value,
            "score": _number(rep.score),
        }
        for place, rep in enumerate([*record.reps, *record.attempts])
    ]


def finding_rows(set_id: int, record: SetRecord) -> list[dict[str, Any]]:
    """Return a row for each repetition and rule."""
    return [
        {
            "set_id": set_id,
            "place": place,
            **_finding_cells(found),
            "noted": noted,
        }
        for place, rep in enumerate([*record.reps, *record.attempts])
        for noted, findings in ((False, rep.findings), (True, rep.noted))
        for found in findings
    ]


def fault_rows(set_id: int, record: SetRecord) -> list[dict[str, Any]]:
    """Return a row for each fault."""
    return [
        {"set_id": set_id, "place": place} | {name: _plain(getattr(fault, name)) for name in _FAULT}
        for place, fault in enumerate(record.faults)
    ]


def rule_rows(set_id: int, record: SetRecord) -> list[dict[str, Any]]:
    """Return a row for each rule."""
    return [
        {"set_id": set_id, "place": place} | {name: getattr(rule, name) for name in _RULE}
        for place, rule in enumerate(record.rules)
    ]


def record_of(
    row: Row,
    reps: Iterable[Row],
    findings: Iterable[Row],
    faults: Iterable[Row],
    rules: Iterable[Row],
) -> SetRecord:
    """Return the set that the rows hold; each table's rows are in the order of their places."""
    names = tuple(RuleName(*(cells[name] for name in _RULE)) for cells in rules)
    rank = {rule.code: place for place, rule in enumerate(names)}
    by_place: dict[tuple[int, bool], list[Finding]] = {}
    for cells in sorted(findings, key=lambda cells: rank.get(cells["code"], len(rank))):
        by_place.setdefault((cells["place"], cells["noted"]), []).append(_finding(cells))
    moved = [
        _rep(cells, *(tuple(by_place.get((cells["place"], noted), ())) for noted in (False, True)))
        for cells in reps
    ]
    return SetRecord(
        key=row["key"],
        subject=row["subject"],
        done=_time(row, "done_utc"),
        source=SourceKind(row["source"]),
        exercise=row["exercise"],
        sides=tuple(Side(side) for side in row["sides"].split(",") if side),
        verdict=Verdict(row["verdict"]),
        instruction=row["instruction"],
        score=row["score"],
        coverage=_seen(row["coverage"]),
        reps=tuple(rep for rep in moved if rep.complete),
        attempts=tuple(rep for rep in moved if not rep.complete),
        faults=tuple(_fault(cells) for cells in faults),
        rules=names,
        provenance=_provenance(row),
        felt=_felt(row),
        number=row["id"],
        consent=row["consent"],
        of_set=_findings_of(row["of_set"]),
        sheets=sheets_of(row["sheets"]),
    )


def step_row(step: Step) -> dict[str, Any]:
    """Return the row of a step in the programme."""
    return {
        "subject": step.subject,
        **_time_cells("at_utc", step.at),
        "kind": step.kind.value,
        "rung": step.rung,
        "note": step.note,
    }


def step_of(row: Row) -> Step:
    """Return the step that a row holds."""
    return Step(
        row["subject"], _time(row, "at_utc"), StepKind(row["kind"]), row["rung"], row["note"]
    )


def _time_cells(name: str, when: datetime) -> dict[str, Any]:
    offset = when.utcoffset() or timedelta(0)
    utc = when.astimezone(timezone.utc).replace(tzinfo=None)
    return {name: utc, "offset_min": round(offset.total_seconds() / 60)}


def _time(row: Row, name: str) -> datetime:
    utc: datetime = row[name].replace(tzinfo=timezone.utc)
    return utc.astimezone(timezone(timedelta(minutes=row["offset_min"])))


def _rep(row: Row, findings: tuple[Finding, ...], noted: tuple[Finding, ...]) -> Rep:
    rep = Rep(
        number=row["number"], start=row["start"], end=row["end"], start_s=row["start_s"],
        end_s=row["end_s"], side=Side(row["side"]), findings=findings,
        pattern=Pattern(row["pattern"]), score=row["score"], reason=row["reason"],
        noted=noted,
    )  # fmt: skip
    return read_as(rep, Band(row["band"]) if row["band"] else None)


def _finding(row: Row) -> Finding:
    value, half_width = _seen(row["value"]), _seen(row["half_width"])
    may_be = tuple(Band(band) for band in row["may_be"].split(",") if band)
    return Finding(row["code"], value, half_width, Band(row["band"]), row["at"], may_be)


def _finding_cells(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "value": _number(finding.value),
        "half_width": _number(finding.half_width),
        "band": finding.band.value,
        "at": int(finding.at),
        "may_be": ",".join(band.value for band in finding.may_be),
    }


def _findings_text(findings: Sequence[Finding]) -> str:
    """Return what the whole set showed as JSON; empty where there is nothing."""
    return json.dumps([_finding_cells(found) for found in findings]) if findings else ""


def _findings_of(text: str) -> tuple[Finding, ...]:
    return tuple(_finding(cells) for cells in (json.loads(text) if text else ()))


def _fault(row: Row) -> Fault:
    cells = {name: row[name] for name in _FAULT}
    return Fault(**cells | {name: _seen(row[name]) for name in ("peak", "half_width")})


def _provenance(row: Row) -> Provenance:
    cells = {name: row[name] for name in _PROVENANCE}
    return Provenance(
        **cells | {name: _seen(row[name]) for name in ("filter_gain", "filter_lag_s")},
        own_bands=_own_bands(row[_OWN]),
    )


def _own_text(own: Sequence[OwnBands]) -> str:
    """Return limits of one's own as JSON, an open end as Infinity; empty where there are none."""
    return json.dumps([[one.code, one.edges, one.default] for one in own]) if own else ""


def _own_bands(text: str) -> tuple[OwnBands, ...]:
    return tuple(
        OwnBands(code, *(tuple((name, value) for name, value in edges) for edges in pairs))
        for code, *pairs in (json.loads(text) if text else ())
    )


def _felt(row: Row) -> Felt:
    load = Load(row["load_kg"], row["load_band"])
    return Felt(row["pain_before"], row["pain_after"], load, row["note"])


def _plain(value: object) -> object:
    return _number(value) if isinstance(value, float) else value


def _number(value: float | None) -> float | None:
    """Return a plain number, for a database takes none of NumPy's; None where there is none."""
    return float(value) if value is not None and math.isfinite(value) else None


def _seen(value: float | None) -> float:
    return math.nan if value is None else value
