"""A set as FHIR R4 Observations in one Bundle, checked by fhir.resources.

There is no LOINC code for pelvic drop, obliquity, FPPA or trunk lean, and a range-of-motion code is
not forced upon them: they have codes of our own and their text (CLINICAL 7.4 [F110]). Everything is
``preliminary`` until a clinician signs it; nothing is interpreted, no Condition, no DiagnosticReport.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from glutecam.core.assessment import Verdict
from glutecam.core.measures import Z90
from glutecam.core.trend import smallest_detectable_change
from glutecam.core.wording import reduced_accuracy_of
from glutecam.errors import MissingExtraError
from glutecam.records.files import write_whole
from glutecam.records.schema import AssessmentDocument, FindingEntry, RepEntry, RuleEntry

__all__ = ["CODES", "bundle_of", "write_fhir"]

CODES = "urn:glutecam:codes:1"
SUBJECTS = "urn:glutecam:subject"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
REPETITION_COUNT = "100298-9"
"""LOINC "Repetition count" [F110]."""
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"

_UNITS = {"°": ("deg", "deg"), "s": ("s", "s"), "%": ("%", "%")}

Entry = dict[str, Any]


def write_fhir(path: Path, document: AssessmentDocument, recorded: datetime | None = None) -> None:
    """Write the Bundle, checked against FHIR R4.

    Parameters
    ----------
    path : Path
    document : AssessmentDocument
    recorded : datetime, optional
        When it was filmed, with its offset from UTC; left out where nobody knows.

    Raises
    ------
    MissingExtraError
        Where fhir.resources is not installed.
    OutputError
        Where it cannot be written.
    """
    try:
        # Observation, Device and Bundle are the same in R4 and R4B.
        from fhir.resources.R4B.bundle import Bundle
    except ImportError as err:
        raise MissingExtraError("Writing FHIR", "fhir") from err
    checked = Bundle.model_validate(bundle_of(document, recorded))
    write_whole(path, (checked.model_dump_json(indent=2) + "\n").encode())


def bundle_of(document: AssessmentDocument, recorded: datetime | None = None) -> Entry:
    """Return the Bundle: the device, one Observation for the set and one for each repetition."""
    # The same result gives the same Bundle, byte for byte, and so the same ids.
    base = uuid.uuid5(uuid.NAMESPACE_URL, document.model_dump_json() + str(recorded))
    # What was counted in a refused recording is no result.
    reps = [] if _refused(document) else document.assessment.reps
    names = ["device", "set", *(f"repetition {rep.number}" for rep in reps)]
    urls = [f"urn:uuid:{uuid.uuid5(base, name)}" for name in names]
    common = _common(document, recorded, urls[0])
    resources = [
        _device(document),
        _set(document, common, urls[2:]),
        *(_repetition(document, rep, common) for rep in reps),
    ]
    entries = [
        {"fullUrl": url, "resource": resource}
        for url, resource in zip(urls, resources, strict=True)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _common(document: AssessmentDocument, recorded: datetime | None, device: str) -> Entry:
    whom = document.subject and {"identifier": {"system": SUBJECTS, "value": document.subject}}
    when = recorded and recorded.astimezone().isoformat(timespec="seconds")
    made_by = document.assessment.provenance
    reduced = [reduced_accuracy_of(made_by.pose_model)] if made_by.reduced_accuracy else []
    entry = {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [{"coding": [{"system": CATEGORY, "code": "exam", "display": "Exam"}]}],
        "subject": whom,
        "effectiveDateTime": when,
        "device": {"reference": device},
        "method": {"text": "monocular 2D video"},
        "note": [{"text": text} for text in (document.notice, document.plus_minus, *reduced)],
    }
    return {key: value for key, value in entry.items() if value}


def _device(document: AssessmentDocument) -> Entry:
    made_by = document.assessment.provenance
    facts = (
        f"rules {made_by.ruleset}",
        f"pose model {made_by.pose_model}",
        f"pelvis: {made_by.pelvis_method}",
        f"filter {made_by.filter_name}",
    )
    return {
        "resourceType": "Device",
        "deviceName": [{"name": "glutecam", "type": "user-friendly-name"}],
        "type": {"text": "Movement measurement from one camera"},
        "version": [{"value": made_by.glutecam}],
        "note": [{"text": "; ".join(facts)}],
    }


def _set(document: AssessmentDocument, common: Entry, repetitions: Iterable[str]) -> Entry:
    judged = document.assessment
    count = _coded("repetitions", "Repetitions that were counted")
    count["coding"].append(
        {"system": LOINC, "code": REPETITION_COUNT, "display": "Repetition count"}
    )
    attempts = _coded("attempts", "Attempts that were not counted")
    counts = (None, None) if _refused(document) else (len(judged.reps), len(judged.attempts))
    components = [
        {"code": code}
        | ({"valueInteger": number} if number is not None else _absent("not counted"))
        for code, number in zip((count, attempts), counts, strict=True)
    ]
    components += [
        _quantity("coverage", "Share of frames in which the body was seen", judged.coverage, ""),
    ]
    entry = common | {
        "code": _coded(f"set-{judged.exercise}", f"Set: {document.exercise.title}"),
        "component": components,
    }
    members = [{"reference": url} for url in repetitions]
    if members:
        entry["hasMember"] = members
    if judged.instruction:
        entry["note"] = [*common["note"], {"text": f"Not assessed: {judged.instruction}"}]
    return entry


def _repetition(document: AssessmentDocument, rep: RepEntry, common: Entry) -> Entry:
    """Return one repetition: the first of the exercise's rules is the value, the others are parts."""
    rules = document.exercise.rules
    found = {finding.code: finding for finding in rep.findings}
    first = rules[0]
    parts: list[Entry] = [
        {"code": _coded("repetition", "Number of the repetition"), "valueInteger": rep.number},
        {"code": _coded("worked-leg", f"Worked leg: {document.exercise.worked_leg}"),
         "valueCodeableConcept": {"text": rep.side.value}},
        _quantity("start", "Start in the recording", rep.start_s, "s"),
        _quantity("duration", "Duration", rep.end_s - rep.start_s, "s"),
        *_doubt(first, found.get(first.code)),
    ]  # fmt: skip
    for rule in rules[1:]:
        parts.append(_found(rule, found.get(rule.code)))
        parts += _half_width(rule, found.get(rule.code))
    return common | _found(first, found.get(first.code)) | {"component": parts}


def _found(rule: RuleEntry, finding: FindingEntry | None) -> Entry:
    value = finding.value if finding else None
    return _quantity(rule.code, f"{rule.name} ({', '.join(rule.measures)})", value, rule.unit)


def _half_width(rule: RuleEntry, finding: FindingEntry | None) -> list[Entry]:
    if finding is None or finding.half_width is None:
        return []
    text = f"{rule.name}: half-width of the 90 % interval"
    return [_quantity(f"{rule.code}-pm", text, finding.half_width, rule.unit)]


def _doubt(rule: RuleEntry, finding: FindingEntry | None) -> list[Entry]:
    """Return ± of the value, its standard error, and the smallest change that is more than that."""
    parts = _half_width(rule, finding)
    if finding is None or finding.half_width is None:
        return parts
    sem, mdc95 = finding.half_width / Z90, smallest_detectable_change([finding.half_width])
    return [
        *parts,
        _quantity("sem", f"{rule.name}: standard error of measurement", sem, rule.unit),
        _quantity("mdc95", f"{rule.name}: smallest detectable change, 95 %", mdc95, rule.unit),
    ]  # fmt: skip


def _refused(document: AssessmentDocument) -> bool:
    return document.assessment.verdict is Verdict.NOT_ASSESSABLE


def _absent(why: str) -> Entry:
    reason = {"system": ABSENT, "code": "unknown", "display": "Unknown"}
    return {"dataAbsentReason": {"coding": [reason], "text": why}}


def _coded(code: str, text: str) -> Entry:
    return {"coding": [{"system": CODES, "code": code}], "text": text}


def _quantity(code: str, text: str, value: float | None, unit: str) -> Entry:
    entry: Entry = {"code": _coded(code, text)}
    if value is None or not math.isfinite(value):
        return entry | _absent("not seen")
    # Hip widths, trunk lengths and shares are ratios: UCUM's unit for them is 1.
    name, ucum = _UNITS.get(unit, (unit, "1"))
    quantity = {"value": round(value, 4), "unit": name or "1", "system": UCUM, "code": ucum}
    return entry | {"valueQuantity": quantity}
