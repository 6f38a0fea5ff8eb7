"""Left against right as a report prints it."""

from __future__ import annotations

from dataclasses import dataclass

from glutecam.core.rules import Exercise
from glutecam.core.side_difference import BothSides, RuleSides, difference_in_words, rule_sides
from glutecam.core.wording import Vocabulary, capital, more_in_words, plus_minus

__all__ = ["PrintedSides", "printed_sides"]


@dataclass(frozen=True)
class _Row:
    """One rule, ready to print."""

    rule: str
    code: str
    left: str
    right: str
    difference: str
    band: str
    told: str


@dataclass(frozen=True)
class PrintedSides:
    """Both sides, ready to print; ``said`` is of the rule that leads."""

    where: str
    said: str
    rows: tuple[_Row, ...]


def printed_sides(
    both: BothSides | None, exercise: Exercise, words: Vocabulary
) -> PrintedSides | None:
    """Return what can be compared, None where nothing can.

    For whoever exercises the rule that leads, for clinicians every one.
    """
    found = rule_sides(exercise, both.reps) if both else []
    if both is None or not found:
        return None
    first = found[0]
    said = f"{first.name}: {difference_in_words(first.sides, first.unit)}."
    shown = found if words.prints_sheet else found[:1]
    return PrintedSides(both.where, capital(said), tuple(_row(one, words) for one in shown))


def _row(one: RuleSides, words: Vocabulary) -> _Row:
    left, right = (
        f"{plus_minus(side.value, side.half_width, one.unit)} ({count})"
        for side, count in zip((one.sides.left, one.sides.right), one.reps, strict=True)
    )
    difference, more = one.sides.difference, one.sides.more
    return _Row(
        rule=one.name,
        code=one.code,
        left=left,
        right=right,
        difference=plus_minus(difference.value, difference.half_width, one.unit),
        band="watch" if more else "none",
        told=more_in_words(more, words.bands),
    )
