"""What whole repetitions of rendered clips are told, all rules at once: truly good ones, and those with a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from benchmarks.harness import Figure, Table
from benchmarks.planted import Judgement
from glutecam.core.assessment import Band, Rep
from glutecam.core.rules import Exercise, FrameRule, Rule
from glutecam.core.scoring import bands_of, classify, excess

__all__ = ["clean_repetitions", "clean_table", "faulty_repetitions", "passed_figures"]

TITLE = "truly good repetitions, all rules at once"
COLUMNS = (
    "exercise", "bodies", "truly good", "told good", "told no fault", "can't tell", "told watch or fault",
    "not judged", "left open most often by", "truly with a fault", "of these told good or no fault",
)  # fmt: skip


def _truly(rule: Rule, value: float) -> Band:
    """Return the band of an exact value; inconclusive where it is not known."""
    judged = value if isinstance(rule, FrameRule) else excess(rule, value)
    return classify(judged, 0.0, bands_of(rule, strict=False))


def _bands(exercise: Exercise, ideal: Rep | None) -> set[Band]:
    values = {} if ideal is None else {found.code: found.value for found in ideal.findings}
    return {_truly(rule, values[rule.code]) for rule in exercise.rules} if values else set()


def _repetitions(one: Judgement, wanted: Callable[[set[Band]], bool]) -> Iterator[Rep | None]:
    refused = not all(gate.passed for gate in one.judged.gates)
    for number in range(one.true_count):
        if wanted(_bands(one.exercise, one.rep_of(number, one.ideal))):
            yield None if refused else one.rep_of(number, one.judged)


def clean_repetitions(one: Judgement) -> Iterator[Rep | None]:
    """Yield what was judged of each repetition that is good by its exact joints; None where nothing was."""
    return _repetitions(one, lambda bands: bands == {Band.OK})


def faulty_repetitions(one: Judgement) -> Iterator[Rep | None]:
    """Yield what was judged of each repetition that breaks a rule by its exact joints; None where nothing was."""
    return _repetitions(one, lambda bands: Band.FAULT in bands)


def _passed(reps: Sequence[Rep | None]) -> int:
    return sum(rep is not None and rep.band in (Band.OK, Band.NO_FAULT) for rep in reps)


def passed_figures(found: Sequence[Judgement]) -> list[Figure]:
    """Return how many repetitions pass, by their exact joints the truly good ones and those with a fault.

    The share of the good is the mean over the exercises: one of them has a quarter of the repetitions.
    """
    names = sorted({one.exercise.name for one in found})
    shares = [_share([one for one in found if one.exercise.name == name]) for name in names]
    faulty = [rep for one in found for rep in faulty_repetitions(one)]
    known = [share for share in shares if share is not None]
    return [
        Figure("truly good repetitions told good or no fault", sum(known) / len(known) if known else None,
               note="mean over the exercises"),
        Figure("repetitions with a fault", float(len(faulty))),
        Figure("repetitions with a fault told good or no fault", float(_passed(faulty)), at_most=0),
    ]  # fmt: skip


def _share(found: Sequence[Judgement]) -> float | None:
    good = [rep for one in found for rep in clean_repetitions(one)]
    return _passed(good) / len(good) if good else None


def _left_open(rep: Rep) -> Iterator[str]:
    return (
        found.code for found in rep.findings if not found.no_fault and found.band is not Band.FAULT
    )


def _row(name: str, found: Sequence[Judgement]) -> tuple[str | float | None, ...]:
    good = [rep for one in found for rep in clean_repetitions(one)]
    bodies = len({one.clip.about["body"] for one in found})
    faulty = [rep for one in found for rep in faulty_repetitions(one)]
    with_fault = (len(faulty), _passed(faulty) if faulty else None)
    if not good:
        return (name, bodies, 0, None, None, None, None, None, "", *with_fault)
    judged = [rep for rep in good if rep is not None]
    bands = Counter(rep.band for rep in judged)
    codes = Counter(code for rep in judged for code in _left_open(rep))
    rules = {rule.code: rule.name for rule in found[0].exercise.rules}
    often = (f"{code} {rules[code]} ({n / len(judged):.0%})" for code, n in codes.most_common(2))
    shares = (bands[band] / len(good) for band in (Band.OK, Band.NO_FAULT, Band.INCONCLUSIVE))
    return (
        name, bodies, len(good), *shares, (bands[Band.WATCH] + bands[Band.FAULT]) / len(good),
        1.0 - len(judged) / len(good), ", ".join(often), *with_fault,
    )  # fmt: skip


def clean_table(found: Sequence[Judgement]) -> Table:
    """Return one row for each exercise."""
    names = sorted({one.exercise.name for one in found})
    rows = [_row(name, [one for one in found if one.exercise.name == name]) for name in names]
    return Table(TITLE, COLUMNS, rows)
