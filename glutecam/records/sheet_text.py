"""Filled-in scales <-> JSON, as a history keeps them and a result file holds them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import TypeAdapter

from glutecam.core.assessment import Finding
from glutecam.core.filled_sheet import Mark, Sheet, SignFound
from glutecam.records.schema_sets import FindingEntry, MarkEntry, SheetEntry, SignEntry

__all__ = ["sheet_of", "sheets_of", "sheets_text"]


def sheets_text(sheets: Sequence[Sheet]) -> str:
    """Return the sheets as JSON; empty where there are none."""
    if not sheets:
        return ""
    entries = [SheetEntry.model_validate(sheet) for sheet in sheets]
    return TypeAdapter(list[SheetEntry]).dump_json(entries).decode("utf-8")


def sheets_of(text: str) -> tuple[Sheet, ...]:
    """Return the sheets that ``sheets_text`` wrote."""
    if not text:
        return ()
    return tuple(map(sheet_of, TypeAdapter(list[SheetEntry]).validate_json(text)))


def sheet_of(entry: SheetEntry) -> Sheet:
    """Return the sheet that an entry of a result file stands for."""
    return Sheet(
        scale=entry.scale, title=entry.title, plain=entry.plain, side=entry.side, reps=entry.reps,
        trials=entry.trials, marks=tuple(map(_mark, entry.marks)), low=entry.low, high=entry.high,
        most=entry.most, grades=tuple(entry.grades), how=entry.how, evidence=entry.evidence,
    )  # fmt: skip


def _mark(entry: MarkEntry) -> Mark:
    return Mark(entry.item, tuple(map(_sign, entry.signs)), entry.low, entry.high, entry.unseen)


def _sign(entry: SignEntry) -> SignFound:
    return SignFound(
        text=entry.text, points=entry.points, answer=entry.answer,
        decided_by=tuple(entry.decided_by), reps=tuple(entry.reps),
        open_reps=tuple(entry.open_reps),
        reading=_finding(entry.reading) if entry.reading else None,
    )  # fmt: skip


def _finding(entry: FindingEntry) -> Finding:
    value, half_width = (
        math.nan if number is None else number for number in (entry.value, entry.half_width)
    )
    return Finding(entry.code, value, half_width, entry.band, entry.at, tuple(entry.may_be))
