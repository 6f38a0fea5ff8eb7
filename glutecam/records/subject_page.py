"""One subject over time as one HTML page: what changed, side against side, sheets, the last sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from glutecam import exercises
from glutecam.core.assessment import Side
from glutecam.core.dates import when_in_words
from glutecam.core.filled_sheet import Sheet
from glutecam.core.programme_wording import DETECTABLE_MEANS, UNTOLD
from glutecam.core.rules import Exercise
from glutecam.core.scoring import score_in_words
from glutecam.core.sets import SetRecord, sessions_of
from glutecam.core.side_difference import SideDifference, difference_in_words, side_differences
from glutecam.core.trend import Trend, trends
from glutecam.core.wording import (
    BAND_OF,
    BAND_SIGNS,
    INTENDED_USE,
    INTENDED_USE_WHOLE,
    PLUS_MINUS_MEANS,
    TESTED_ON,
    Audience,
    Vocabulary,
    more_in_words,
    plus_minus,
    scales_in_words,
    vocabulary,
)
from glutecam.records.letterhead import NO_LETTERHEAD, Letterhead
from glutecam.records.page import Chip, Scripts, chips, rendered
from glutecam.records.plot import PALETTE
from glutecam.records.sheet_part import PrintedSheet, printed_sheets
from glutecam.records.trend_page import Followed, Section, section_of

__all__ = ["LAST_SETS", "subject_page"]

LAST_SETS = 12


@dataclass(frozen=True)
class _Sides:
    """Both sides in one session, ready to print."""

    date: str
    left: str
    right: str
    difference: str
    told: str


@dataclass(frozen=True)
class _Read:
    """What one side read in one session, ready to print."""

    value: str
    date: str


@dataclass(frozen=True)
class _RuleChange:
    """One rule on one side from the first session to the newest, ready to print."""

    rule: str
    code: str
    side: str
    first: _Read
    newest: _Read
    change: str
    detectable: str
    told: str


@dataclass(frozen=True)
class _RuleSides:
    """One rule on both sides in the newest session with both, ready to print."""

    rule: str
    code: str
    sides: _Sides


@dataclass(frozen=True)
class _SheetResult:
    """What one published scale came to in one set, ready to print."""

    date: str
    said: str


@dataclass(frozen=True)
class _Part:
    """One exercise, ready to print."""

    section: Section
    sides: tuple[_Sides, ...]
    sides_said: str
    changes: tuple[_RuleChange, ...]
    rule_sides: tuple[_RuleSides, ...]
    results: tuple[_SheetResult, ...]
    sheets: tuple[PrintedSheet, ...]


@dataclass(frozen=True)
class _SetRow:
    """One of the last sets, ready to print."""

    number: str
    date: str
    exercise: str
    side: str
    band: str
    verdict: str
    reduced: bool
    reads: tuple[Chip, ...]
    score: str
    pain: str
    load: str
    note: str


def subject_page(
    sets: Sequence[SetRecord],
    followed: Sequence[Followed],
    *,
    subject: str,
    made: datetime,
    audience: Audience | str = Audience.COACH,
    letterhead: Letterhead = NO_LETTERHEAD,
) -> str:
    """Return the page.

    Parameters
    ----------
    sets : sequence of SetRecord
        At least one, all of one subject, the oldest first.
    followed : sequence of Followed
        For each exercise the rule that leads, each with at least one trend.
    subject : str
        Not trusted, as all text from outside.
    made : datetime
    audience : Audience or str
        For whoever exercises, or for clinicians: every rule, and the published sheets line by line.
    letterhead : Letterhead
    """
    words = vocabulary(audience)
    parts = [_part(each, sets, words) for each in followed]
    return rendered(
        "subject_template.html.j2",
        parts=parts,
        last=[_set_row(record, words) for record in reversed(sets[-LAST_SETS:])],
        about=_about(sets),
        subject=subject,
        made=made.strftime("%Y-%m-%d %H:%M"),
        letterhead=letterhead,
        words=words,
        scripts=Scripts.of([part.section.figure for part in parts]),
        palette=PALETTE,
        **_texts(),
    )


def _texts() -> dict[str, object]:
    return {
        "detectable_means": DETECTABLE_MEANS,
        "plus_minus_means": PLUS_MINUS_MEANS,
        "tested_on": TESTED_ON,
        "intended_use": INTENDED_USE,
        "intended_use_whole": INTENDED_USE_WHOLE.split("\n\n"),
    }


def _about(sets: Sequence[SetRecord]) -> dict[str, Any]:
    """Return what stands on top: how much there is, over which time."""
    first, last = f"{sets[0].done:%Y-%m-%d}", f"{sets[-1].done:%Y-%m-%d}"
    pain = [record.felt.pain_after for record in sets if record.felt.pain_after is not None]
    return {
        "days": first if first == last else f"{first} to {last}",
        "sessions": len(sessions_of([record for record in sets if record.counts])),
        "sets": len(sets),
        "reps": sum(len(record.bands()) for record in sets),
        "pain": f"{pain[-1]} of 10" if pain else "–",
        "shown": min(LAST_SETS, len(sets)),
    }


def _part(followed: Followed, sets: Sequence[SetRecord], words: Vocabulary) -> _Part:
    name, unit = followed.trends[0].exercise, followed.trends[0].rule.unit
    ours = [record for record in sets if record.exercise == name]
    pairs = side_differences(followed.trends)
    return _Part(
        section=section_of(followed, words),
        sides=tuple(_sides(pair, unit, words) for pair in reversed(pairs)),
        sides_said=_sides_said(pairs, unit),
        changes=tuple(_rule_changes(ours)) if words.prints_sheet else (),
        rule_sides=tuple(_rule_sides(ours, words)) if words.prints_sheet else (),
        results=tuple(_results(ours, words)),
        sheets=tuple(_newest_sheets(ours)) if words.prints_sheet else (),
    )


def _sides(pair: SideDifference, unit: str, words: Vocabulary) -> _Sides:
    difference = pair.difference
    return _Sides(
        date=when_in_words(min(pair.left.began, pair.right.began)),
        left=pair.left.in_words(unit),
        right=pair.right.in_words(unit),
        difference=plus_minus(difference.value, difference.half_width, unit),
        told=more_in_words(pair.more, words.bands),
    )


def _sides_said(pairs: Sequence[SideDifference], unit: str) -> str:
    if not pairs:
        return ""
    newest = pairs[-1]
    return (
        f"Side against side, in the newest session with both: {difference_in_words(newest, unit)}."
    )


def _rule_changes(sets: Sequence[SetRecord]) -> list[_RuleChange]:
    """Return every rule of the newest set on every side; rules without a value are left out."""
    newest = sets[-1]
    found = (trends(sets, {newest.exercise: rule.code}) for rule in newest.rules)
    return [_rule_change(trend) for both in found for trend in both]


def _rule_change(trend: Trend) -> _RuleChange:
    unit, first, newest = trend.rule.unit, trend.comparable[0], trend.comparable[-1]
    told = "one session" if trend.change is None else "yes" if trend.is_real else UNTOLD
    return _RuleChange(
        rule=trend.rule.name,
        code=trend.rule.code,
        side=trend.side.value,
        first=_Read(first.in_words(unit), f"{first.began:%Y-%m-%d}"),
        newest=_Read(newest.in_words(unit), f"{newest.began:%Y-%m-%d}"),
        change="–"
        if trend.change is None or not trend.has_ends
        else plus_minus(trend.change, 0.0, unit),
        detectable=plus_minus(trend.detectable, 0.0, unit),
        told=told,
    )


def _rule_sides(sets: Sequence[SetRecord], words: Vocabulary) -> Iterator[_RuleSides]:
    """Yield every rule of the newest set, left against right in the newest session with both."""
    newest = sets[-1]
    for rule in newest.rules:
        pairs = side_differences(trends(sets, {newest.exercise: rule.code}))
        if pairs:
            yield _RuleSides(rule.name, rule.code, _sides(pairs[-1], rule.unit, words))


def _results(sets: Sequence[SetRecord], words: Vocabulary) -> list[_SheetResult]:
    """Return what the published scales came to, the newest set first."""
    return [
        _SheetResult(when_in_words(record.done), said)
        for record in reversed(sets)
        for said in scales_in_words(record.sheets, words)
    ][:LAST_SETS]


def _newest_sheets(sets: Sequence[SetRecord]) -> list[PrintedSheet]:
    """Return the newest sheet of each scale and side, line by line, where its rules are known."""
    newest: dict[tuple[str, Side], Sheet] = {}
    for record in sets:
        newest |= {(sheet.scale, sheet.side): sheet for sheet in record.sheets}
    name = sets[-1].exercise
    exercise = exercises.get(name) if name in exercises.names() else None
    known = [sheet for sheet in newest.values() if exercise and _is_known(sheet, exercise)]
    return printed_sheets(known, exercise) if exercise else []


def _is_known(sheet: Sheet, exercise: Exercise) -> bool:
    """Say whether every rule that decided the sheet is one of this version's exercise."""
    codes = {rule.code for rule in exercise.all_rules}
    return all(code in codes for m in sheet.marks for s in m.signs for code in s.decided_by)


def _set_row(record: SetRecord, words: Vocabulary) -> _SetRow:
    felt, band = record.felt, BAND_OF.get(record.verdict)
    pain = [("–" if value is None else f"{value}") for value in (felt.pain_before, felt.pain_after)]
    return _SetRow(
        number="" if record.number is None else str(record.number),
        date=when_in_words(record.done),
        exercise=exercises.title_of(record.exercise),
        side=", ".join(side.value for side in record.sides),
        band=band.value if band else "none",
        verdict=f"{BAND_SIGNS[band]} {words.bands[band]}" if band else "– not assessable",
        reduced=band is not None and record.provenance.reduced_accuracy,
        reads=chips(Counter(record.bands()), words.bands),
        score=score_in_words(record.score, [rep.score for rep in record.reps]) or "–",
        pain="" if pain == ["–", "–"] else " → ".join(pain),
        load=str(felt.load),
        note=felt.note,
    )
