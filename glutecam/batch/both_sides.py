"""Left against right in a batch: where both sides of an exercise were filmed in one go.

That is so within one clip, and within the clips of one subject at one visit. Clips of one subject
without a visit may be of different days, which say nothing of a difference between the sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from glutecam import exercises
from glutecam.batch.tables import of_set
from glutecam.core.assessment import Side, Verdict
from glutecam.core.set_summary import Quantity, median_of
from glutecam.core.side_difference import Sides
from glutecam.records.dashboard import BothSides

__all__ = ["both_sides"]

_Row = Mapping[str, str]


@dataclass
class _Filmed:
    """What was filmed in one go of one exercise."""

    files: dict[str, None] = field(default_factory=dict)
    found: dict[Side, list[Quantity]] = field(default_factory=lambda: {side: [] for side in Side})


def both_sides(sets: Iterable[_Row], reps: Iterable[_Row]) -> list[BothSides]:
    """Return every exercise of which both sides were filmed in one go, by its leading rule.

    Parameters
    ----------
    sets, reps : iterables of rows
        Of ``summary.csv`` and ``reps.csv``. Sets that could not be judged do not count.
    """
    judged = {of_set(row) for row in sets if row.get("verdict") != Verdict.NOT_ASSESSABLE.value}
    filmed: dict[tuple[str, ...], _Filmed] = {}
    for row, code in _compared(reps):
        if row.get(f"{code}_value") and of_set(row) in judged:
            one = filmed.setdefault((*_in_one_go(row), code), _Filmed())
            one.files[row["file"]] = None
            one.found[Side(row["side"])].append(_quantity(row, code))
    return [_both(key, one) for key, one in sorted(filmed.items()) if all(one.found.values())]


def _compared(reps: Iterable[_Row]) -> Iterator[tuple[_Row, str]]:
    """Yield every repetition of an exercise that is known, with the code of the rule that leads."""
    known = exercises.names()
    for row in reps:
        if row["exercise"] in known:
            yield row, exercises.get(row["exercise"]).leading.code


def _in_one_go(row: _Row) -> tuple[str, ...]:
    subject, visit = row.get("subject") or "", row.get("visit") or ""
    return (subject, visit, row["exercise"], "" if subject and visit else row["file"])


def _quantity(row: _Row, code: str) -> Quantity:
    return Quantity(float(row[f"{code}_value"]), float(row.get(f"{code}_pm") or "nan"))


def _both(key: tuple[str, ...], one: _Filmed) -> BothSides:
    subject, visit, exercise, _, code = key
    left, right = one.found[Side.LEFT], one.found[Side.RIGHT]
    return BothSides(
        subject=subject,
        visit=visit,
        exercise=exercise,
        files=tuple(one.files),
        code=code,
        reps=(len(left), len(right)),
        sides=Sides(median_of(left), median_of(right)),
    )
