"""A result file (``score --json``) -> a set for the history."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from glutecam.core.assessment import Fault, Finding, Provenance, Rep
from glutecam.core.rules import OwnBands
from glutecam.core.sets import ME, Felt, RuleName, SetRecord, SourceKind, read_as, subject_of
from glutecam.errors import InputError
from glutecam.records.origin import Origin, key_of_set
from glutecam.records.schema import (
    SCHEMA_ID,
    AssessmentDocument,
    ExerciseEntry,
    FaultEntry,
    FindingEntry,
    RepEntry,
)
from glutecam.records.sheet_text import sheet_of

__all__ = ["read_document", "read_result"]


def read_result(
    path: Path,
    *,
    subject: str | None = None,
    done: datetime | None = None,
    felt: Felt | None = None,
) -> SetRecord:
    """Return the set that a result file holds.

    Parameters
    ----------
    path : Path
        Written by ``score --json`` or a batch.
    subject : str, optional
        Instead of the one in the file; "me" where neither is there.
    done : datetime, optional
        When the set was done, with its offset from UTC. Where it is left out: when the recording
        was filmed, or the file's own time where the result does not say that.
    felt : Felt, optional

    Raises
    ------
    InputError
        Where it cannot be read or is no such file.
    """
    content = _content(path)
    document = _document(path, content)
    whom = subject_of(subject or document.subject or ME)
    # The same file for the same person is the same set, however often it is added.
    key = hashlib.sha256(whom.encode() + b"\0" + content).hexdigest()
    when = done or datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    if document.recording is None:
        return _record(document, key, whom, when, felt or Felt())
    origin = Origin(document.recording.sha256, document.recording.filmed)
    number = document.set.number if document.set else 1
    own = key_of_set(origin.sha256, whom, document.assessment.exercise, number)
    record = _record(document, own, whom, done or origin.filmed.astimezone(), felt or Felt())
    return replace(record, also_known_as=(key,), recording=(origin.sha256, number))


def read_document(path: Path) -> AssessmentDocument:
    """Return a result file as it is.

    Raises
    ------
    InputError
        Where it cannot be read or is no such file.
    """
    return _document(path, _content(path))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as err:
        raise InputError(f"There is no file {path}. Check the spelling and the folder.") from err
    except OSError as err:
        raise InputError(
            f"{path} cannot be read: {err.strerror}. Give a file that was written by: "
            "glutecam score clip.mp4 --exercise step-down --json result.json"
        ) from err


def _document(path: Path, content: bytes) -> AssessmentDocument:
    try:
        return AssessmentDocument.model_validate_json(content)
    except ValidationError as err:
        problem = err.errors()[0]
        place = ".".join(map(str, problem["loc"])) or "the beginning"
        raise InputError(
            f"{path} is not a result of glutecam ({SCHEMA_ID}): at {place}: {problem['msg']}. Give a "
            "file that was written by: glutecam score clip.mp4 --exercise step-down --json result.json"
        ) from err


def _record(
    document: AssessmentDocument, key: str, subject: str, done: datetime, felt: Felt
) -> SetRecord:
    judged = document.assessment
    return SetRecord(
        key=key,
        subject=subject,
        done=done,
        source=SourceKind.RESULT,
        exercise=judged.exercise,
        sides=tuple(judged.sides),
        verdict=judged.verdict,
        instruction=judged.instruction,
        score=judged.score,
        coverage=_seen(judged.coverage),
        reps=tuple(_rep(entry) for entry in judged.reps),
        attempts=tuple(_rep(entry) for entry in judged.attempts),
        faults=tuple(_fault(entry) for entry in judged.faults),
        rules=_names(document.exercise),
        provenance=_provenance(document),
        felt=felt,
        of_set=tuple(_finding(found) for found in judged.findings),
        sheets=tuple(map(sheet_of, judged.sheets)),
    )


def _names(exercise: ExerciseEntry) -> tuple[RuleName, ...]:
    """Return what the codes meant: of repetitions, of the set, and those that are only noted."""
    judged = [(rule, "set" if rule.kind == "set" else "rep") for rule in exercise.rules]
    both = [*judged, *((rule, "noted") for rule in exercise.noted)]
    return tuple(RuleName(rule.code, rule.name, rule.unit, kind) for rule, kind in both)


def _rep(entry: RepEntry) -> Rep:
    rep = Rep(
        number=entry.number, start=entry.start, end=entry.end, start_s=entry.start_s,
        end_s=entry.end_s, side=entry.side, pattern=entry.pattern, score=entry.score,
        reason=entry.reason, findings=tuple(_finding(found) for found in entry.findings),
        noted=tuple(_finding(found) for found in entry.noted),
    )  # fmt: skip
    return read_as(rep, entry.band)


def _finding(entry: FindingEntry) -> Finding:
    value, half_width = _seen(entry.value), _seen(entry.half_width)
    return Finding(entry.code, value, half_width, entry.band, entry.at, tuple(entry.may_be))


def _fault(entry: FaultEntry) -> Fault:
    cells = entry.model_dump()
    return Fault(**cells | {"peak": _seen(entry.peak), "half_width": _seen(entry.half_width)})


def _provenance(document: AssessmentDocument) -> Provenance:
    entry = document.assessment.provenance
    seen = {"filter_gain": _seen(entry.filter_gain), "filter_lag_s": _seen(entry.filter_lag_s)}
    own = tuple(
        OwnBands(one.code, _edges(one.edges), _edges(one.default)) for one in entry.own_bands
    )
    return Provenance(**entry.model_dump(exclude={"own_bands"}) | seen, own_bands=own)


def _edges(named: dict[str, float | None]) -> tuple[tuple[str, float], ...]:
    """Return edges by name; an open end is null in a file, and infinite towards its own side."""
    ends = {"low": -math.inf, "high": math.inf}
    return tuple((name, ends.get(name, math.nan) if v is None else v) for name, v in named.items())


def _seen(value: float | None) -> float:
    return math.nan if value is None else value
