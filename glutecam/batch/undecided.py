"""What stayed undecided in the sets of a batch: by which rules, in how many repetitions, and its score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from glutecam import exercises
from glutecam.batch.tables import of_set
from glutecam.core.assessment import Band
from glutecam.records.dashboard import Undecided
from glutecam.records.rep_columns import OR

__all__ = ["scores", "undecided"]

_Row = Mapping[str, str]


def undecided(sets: Iterable[_Row], reps: Iterable[_Row]) -> list[tuple[Undecided, ...]]:
    """Return for every set what its ± left open, in the order of the exercise's rules.

    Parameters
    ----------
    sets, reps : iterables of rows
        Of ``summary.csv`` and ``reps.csv``.
    """
    judged: Counter[tuple[str, ...]] = Counter()
    still_open: dict[tuple[str, ...], list[str]] = {}
    for row in reps:
        for code in _codes(row["exercise"]):
            if band := row.get(f"{code}_band"):
                key = (*of_set(row), row["side"], code)
                judged[key] += 1
                if band == Band.INCONCLUSIVE.value:
                    # A table from before it was told has no such column.
                    still_open.setdefault(key, []).append(row.get(f"{code}_may_be", ""))
    return [tuple(_of(row, judged, still_open)) for row in sets]


def scores(sets: Iterable[_Row], reps: Iterable[_Row]) -> list[tuple[float | None, ...]]:
    """Return for every set the score of each whole repetition, None where a rule was left open.

    Parameters
    ----------
    sets, reps : iterables of rows
        As in ``undecided``.
    """
    found: dict[tuple[str, ...], list[float | None]] = {}
    for row in reps:
        if row["complete"] == "yes":
            score = float(row["score"]) if row["score"] else None
            found.setdefault((*of_set(row), row["side"]), []).append(score)
    return [
        tuple(
            score for side in row["sides"].split() for score in found.get((*of_set(row), side), ())
        )
        for row in sets
    ]


def _of(
    row: _Row, judged: Counter[tuple[str, ...]], still_open: Mapping[tuple[str, ...], list[str]]
) -> Iterable[Undecided]:
    for code in _codes(row["exercise"]):
        keys = [(*of_set(row), side, code) for side in row.get("sides", "").split()]
        found = [may_be for key in keys for may_be in still_open.get(key, ())]
        if found:
            yield Undecided(code, len(found), sum(judged[key] for key in keys), _shared(found))


def _shared(found: Sequence[str]) -> tuple[Band, ...]:
    """Return the bands that a rule may be in, where they are the same ones in all of these cells."""
    known = {band.value: band for band in Band}
    names = found[0].split(OR) if len(set(found)) == 1 else []
    return tuple(known[name] for name in names if name in known)


def _codes(exercise: str) -> Sequence[str]:
    if exercise not in exercises.names():
        return ()
    return [rule.code for rule in exercises.get(exercise).rules]
