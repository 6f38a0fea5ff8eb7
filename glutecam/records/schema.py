"""The shape of an exported assessment: what ``docs/schema/assessment-1.schema.json`` is made from.

Numbers that were not seen are null. Intervals are [start, end) in frames. Names and meanings are
those of ``glutecam.core.assessment``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from glutecam.core.assessment import Band, Pattern, Side, Verdict
from glutecam.records.schema_sets import Entry, FindingEntry, Number, SheetEntry, SummaryEntry

__all__ = [
    "SCHEMA_ID",
    "AssessmentDocument",
    "ExerciseEntry",
    "FindingEntry",
    "RuleEntry",
]

SCHEMA_ID = "urn:glutecam:schema:assessment:1"


class RepEntry(Entry):
    """One repetition, or an attempt: then ``reason`` says why it is not one."""

    number: int
    start: int
    end: int
    start_s: float
    end_s: float
    side: Side
    band: Band | None = Field(description="The band that decides; null for an attempt")
    findings: list[FindingEntry]
    pattern: Pattern
    score: Number
    reason: str | None
    noted: list[FindingEntry] = Field(
        default=[], description="What only a published scale asks for; it decides nothing else"
    )


class FaultEntry(Entry):
    """Consecutive frames in which a rule is broken beyond its doubt."""

    code: str
    start: int
    end: int
    start_s: float
    end_s: float
    rep: int
    peak: Number
    half_width: Number


class GateEntry(Entry):
    """One condition under which anything may be judged at all."""

    code: str
    name: str
    passed: bool
    measured: str
    needed: str
    instruction: str


class BaselineEntry(Entry):
    """The quiet posture, and each signal's value in it."""

    start: int
    end: int
    values: dict[str, Number]


class SignalEntry(Entry):
    """One measure over time; ``half_width`` is one number where it is the same in all frames."""

    label: str
    unit: str
    method: str
    value: list[Number]
    half_width: Number | list[Number]


class OwnBandsEntry(Entry):
    """The edges of one rule that the user set, by name, and those it has of itself."""

    code: str
    edges: dict[str, Number]
    default: dict[str, Number]


class ProvenanceEntry(Entry):
    """What made the numbers."""

    glutecam: str
    ruleset: str
    pose_model: str
    reduced_accuracy: bool
    pelvis_method: str
    filter_name: str
    filter_gain: Number
    filter_lag_s: Number
    strict: bool
    own_bands: list[OwnBandsEntry] = Field(
        default=[], description="Edges that the user set in place of the rules' own"
    )


class AssessmentEntry(Entry):
    """The whole judgement of one recording."""

    exercise: str
    verdict: Verdict
    instruction: str | None
    gates: list[GateEntry]
    sides: list[Side]
    reps: list[RepEntry]
    attempts: list[RepEntry]
    faults: list[FaultEntry]
    score: Number
    coverage: Number
    baseline: BaselineEntry | None
    time_s: list[float]
    signals: dict[str, SignalEntry]
    provenance: ProvenanceEntry
    warnings: list[str]
    findings: list[FindingEntry] = Field(
        default=[], description="What only the set as a whole can show"
    )
    sheets: list[SheetEntry] = Field(
        default=[], description="Published scales, filled in for each side that worked"
    )
    summary: SummaryEntry | None = None


class RuleEntry(Entry):
    """The text and the edges of one rule; the edges are those that were applied.

    A rule of the kind ``lasts`` has ``ok`` and ``fault``: at most ok is fine, above fault is a
    fault that must last ``min_s``. One of the kind ``repetition``, or of the whole ``set``, has
    ``low``, ``high`` (null where open) and ``margin``.
    """

    code: str
    name: str
    kind: Literal["lasts", "repetition", "set"]
    measures: list[str]
    unit: str
    ok: Number = None
    fault: Number = None
    min_s: Number = None
    low: Number = None
    high: Number = None
    margin: Number = None
    cue: str
    why: str
    evidence: str


class ExerciseEntry(Entry):
    """What is needed to read the findings without glutecam."""

    name: str
    title: str
    summary: str
    view: str
    posture: str
    worked_leg: str
    scale: str
    cannot_see: str
    rules: list[RuleEntry]
    noted: list[RuleEntry] = Field(default=[], description="Rules of ``noted`` findings")
    scales: list[str] = Field(default=[], description="Published scales that are filled in")
    also: list[str] | None = Field(default=None, description="Measures reported by their peak")


class CutEntry(Entry):
    """Which set of a recording this is: frames [start, end) and times of the whole recording."""

    number: int
    of: int
    start: int
    end: int
    start_s: float
    end_s: float
    side: Side | None = Field(description="The leg that worked; null where nothing was cut")


class RecordingEntry(Entry):
    """The file that was filmed: the SHA-256 of its bytes, and when it was last written."""

    sha256: str
    filmed: datetime


class AssessmentDocument(Entry):
    """One assessment of one recording, or of one set of it, exported by glutecam."""

    schema_id: Literal["urn:glutecam:schema:assessment:1"] = "urn:glutecam:schema:assessment:1"
    schema_version: Literal[1] = 1
    notice: str
    plus_minus: str
    file: str | None
    subject: str | None
    assessment: AssessmentEntry
    exercise: ExerciseEntry
    visit: str | None = None
    notes: str | None = None
    set: CutEntry | None = Field(
        default=None,
        description="Which set; frames in the assessment are counted from its first one",
    )
    recording: RecordingEntry | None = Field(
        default=None, description="The file that was filmed; null where it is not known"
    )
