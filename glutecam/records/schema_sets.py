"""The shape of what a set comes to in an exported assessment: published scales, sides, fatigue.

Names and meanings are those of ``glutecam.core.assessment`` and ``glutecam.core.set_summary``.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from glutecam.core.assessment import Band, Pattern, Side
from glutecam.core.filled_sheet import Answer
from glutecam.core.set_summary import Depth

__all__ = ["Entry", "FindingEntry", "Number", "SheetEntry", "SummaryEntry"]


def _null_unless_finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_null_unless_finite)]
"""A number, or null where it was not seen or does not exist."""


class Entry(BaseModel):
    """One object of the document."""

    model_config = ConfigDict(from_attributes=True, extra="forbid", frozen=True)


class FindingEntry(Entry):
    """One rule in one repetition; value ± half_width in the rule's unit, holding 90 %."""

    code: str
    value: Number
    half_width: Number
    band: Band
    at: int = Field(description="Frame in which the value was reached")
    may_be: list[Band] = Field(
        default=[], description="Every band that value ± half_width reaches into"
    )


class SignEntry(Entry):
    """One sign of a published scale: answered by rules, open within their ±, or unseen."""

    text: str
    points: int
    answer: Answer
    decided_by: list[str]
    reps: list[int] = Field(description="Repetitions in which it was seen")
    open_reps: list[int] = Field(description="Repetitions in which it could not be told")
    reading: FindingEntry | None


class MarkEntry(Entry):
    """One line of a filled-in sheet: from ``low`` to ``high`` points."""

    item: str
    signs: list[SignEntry]
    low: int
    high: int
    unseen: str


class SheetEntry(Entry):
    """A published scale filled in for one side; a total with open signs is a range."""

    scale: str
    title: str
    plain: str
    side: Side
    reps: int
    trials: int = Field(description="Repetitions that the test asks for; 0 where it does not say")
    marks: list[MarkEntry]
    low: int | None
    high: int | None
    most: int | None
    grades: list[str] = Field(description="Every grade that is still possible, best first")
    result: str
    how: str
    evidence: str


class QuantityEntry(Entry):
    """A value ± half_width, holding 90 %; ``exceeds``: surely not nothing."""

    value: Number
    half_width: Number
    exceeds: bool


class FatigueEntry(Entry):
    """A straight line through the peaks of the repetitions."""

    start: Number
    per_rep: QuantityEntry


class AtDepthEntry(Entry):
    """The leading quantity where the movement first reaches one depth."""

    depth: Depth
    level: Number
    values: list[QuantityEntry]
    median: QuantityEntry


class SideSummaryEntry(Entry):
    """One side of a set."""

    side: Side
    reps: list[int]
    patterns: dict[Pattern, int]
    peaks: list[QuantityEntry]
    peak: QuantityEntry
    fatigue: FatigueEntry | None
    at: list[AtDepthEntry]


class SummaryEntry(Entry):
    """A set, side by side; differences are left minus right."""

    code: str
    name: str
    unit: str
    depth_name: str
    depth_unit: str
    sides: list[SideSummaryEntry]
    difference: QuantityEntry | None
    matched_difference: QuantityEntry | None = Field(
        default=None, description="At the depth that every repetition of both sides reaches"
    )
