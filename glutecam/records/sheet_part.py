"""Published scales as a report prints them, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from glutecam.core.certain import not_within
from glutecam.core.filled_sheet import Answer, Mark, Sheet, SignFound
from glutecam.core.rules import Exercise
from glutecam.core.wording import in_a_row, plus_minus

__all__ = ["Line", "PrintedSheet", "printed_sheets"]

ANSWERS = {
    Answer.YES: ("✕", "yes", "fault"),
    Answer.NO: ("✓", "no", "ok"),
    Answer.OPEN: ("?", "open", "inconclusive"),
    Answer.UNSEEN: ("–", "not seen", "none"),
}


@dataclass(frozen=True)
class Line:
    """One sign of a sheet, ready to print; ``item`` and ``points`` stand on an item's first line."""

    item: str
    lines: int
    sign: str
    worth: int
    mark: str
    word: str
    band: str
    decided_by: str
    points: str
    unseen: str


@dataclass(frozen=True)
class PrintedSheet:
    """A filled-in scale, ready to print."""

    title: str
    side: str
    result: str
    adds_up: bool
    last: str
    trials: str
    lines: tuple[Line, ...]
    how: str
    evidence: str


def printed_sheets(sheets: Sequence[Sheet], exercise: Exercise) -> list[PrintedSheet]:
    """Return every sheet of an assessment or a kept set, line by line."""
    return [
        PrintedSheet(
            title=sheet.title,
            side=sheet.side.value.capitalize(),
            result=sheet.result,
            adds_up=sheet.low is not None,
            last=_last_column(sheet),
            trials=_trials(sheet),
            lines=tuple(
                line
                for mark in sheet.marks
                for line in _lines(mark, exercise, sheet.low is not None)
            ),
            how=sheet.how,
            evidence=sheet.evidence,
        )
        for sheet in sheets
    ]


def _last_column(sheet: Sheet) -> str:
    """Return what an item comes to: points, a domain that is met; nothing beside plain readings."""
    if sheet.low is not None:
        return "Points"
    return "Domain" if sheet.grades else ""


def _trials(sheet: Sheet) -> str:
    judged = f"{sheet.reps} judged" if sheet.reps != 1 else "1 judged"
    return f"{judged}, the test asks for {sheet.trials}" if sheet.trials else judged


def _lines(mark: Mark, exercise: Exercise, adds_up: bool) -> Iterator[Line]:
    for number, sign in enumerate(mark.signs):
        first = number == 0
        symbol, word, band = ANSWERS[sign.answer]
        if sign.answer is Answer.UNSEEN and sign.decided_by:
            word = "partly seen"
        if sign.answer is Answer.OPEN and sign.reading and not_within(sign.reading):
            word = "open, but not within"
        yield Line(
            item=mark.item if first else "",
            lines=len(mark.signs),
            sign=sign.text,
            worth=sign.points,
            mark=symbol,
            word=word,
            band=band,
            decided_by=_decided_by(sign, exercise),
            points=(_points(mark) if adds_up else _met(mark)) if first else "",
            unseen=mark.unseen if first else "",
        )


def _points(mark: Mark) -> str:
    return f"{mark.low}" if mark.low == mark.high else f"{mark.low} or {mark.high}"


def _met(mark: Mark) -> str:
    """Return whether a domain is free of every sign."""
    if mark.low:
        return "not met"
    return "open" if mark.high else "met"


def _decided_by(sign: SignFound, exercise: Exercise) -> str:
    """Return ``pelvic drop (GC101) 14° ± 4° in repetition 3``; nothing where no rule answers."""
    if not sign.decided_by:
        return ""
    if sign.reading is None:
        names = [f"{exercise.rule(code).name} ({code})" for code in sign.decided_by]
        return f"{in_a_row(names)}: not seen"
    rule, found = exercise.rule(sign.reading.code), sign.reading
    value = plus_minus(found.value, found.half_width, rule.unit)
    return f"{rule.name} ({rule.code}) {value}{_where(sign)}"


def _where(sign: SignFound) -> str:
    if sign.reps:
        return f"; seen in {_reps(sign.reps)}"
    return f"; open in {_reps(sign.open_reps)}" if sign.open_reps else " at worst"


def _reps(numbers: tuple[int, ...]) -> str:
    return f"repetition{'s' if len(numbers) > 1 else ''} {in_a_row([str(n) for n in numbers])}"
