"""What somebody who does everything right is told: truly good repetitions in rendered clips, all rules at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.harness import Table
from benchmarks.planted import Judgement
from glutecam.core.assessment import Band, Rep
from glutecam.core.rules import Exercise, FrameRule, Rule
from glutecam.core.scoring import bands_of, classify, excess

__all__ = ["clean_repetitions", "clean_table"]

TITLE = "truly good repetitions, all rules at once"
COLUMNS = (
    "exercise", "bodies", "truly good", "told good", "can't tell", "told watch or fault", "not judged",
    "left open most often by",
)  # fmt: skip


def _truly_good(rule: Rule, value: float) -> bool:
    """Return whether an exact value lies in the band of good; NaN does not."""
    judged = value if isinstance(rule, FrameRule) else excess(rule, value)
    return classify(judged, 0.0, bands_of(rule, strict=False)) is Band.OK


def _good(exercise: Exercise, ideal: Rep | None) -> bool:
    values = {} if ideal is None else {found.code: found.value for found in ideal.findings}
    return bool(values) and all(_truly_good(rule, values[rule.code]) for rule in exercise.rules)


def clean_repetitions(one: Judgement) -> Iterator[Rep | None]:
    """Yield what was judged of each repetition that is good by its exact joints; None where nothing was."""
    refused = not all(gate.passed for gate in one.judged.gates)
    for number in range(one.true_count):
        if _good(one.exercise, one.rep_of(number, one.ideal)):
            yield None if refused else one.rep_of(number, one.judged)


def _left_open(rep: Rep) -> Iterator[str]:
    return (finding.code for finding in rep.findings if finding.band is Band.INCONCLUSIVE)


def _row(name: str, found: Sequence[Judgement]) -> tuple[str | float | None, ...]:
    good = [rep for one in found for rep in clean_repetitions(one)]
    bodies = len({one.clip.about["body"] for one in found})
    if not good:
        return (name, bodies, 0, None, None, None, None, "")
    judged = [rep for rep in good if rep is not None]
    bands = Counter(rep.band for rep in judged)
    codes = Counter(code for rep in judged for code in _left_open(rep))
    rules = {rule.code: rule.name for rule in found[0].exercise.rules}
    often = (f"{code} {rules[code]} ({n / len(judged):.0%})" for code, n in codes.most_common(2))
    return (
        name, bodies, len(good), bands[Band.OK] / len(good), bands[Band.INCONCLUSIVE] / len(good),
        (bands[Band.WATCH] + bands[Band.FAULT]) / len(good), 1.0 - len(judged) / len(good), ", ".join(often),
    )  # fmt: skip


def clean_table(found: Sequence[Judgement]) -> Table:
    """Return one row for each exercise."""
    names = sorted({one.exercise.name for one in found})
    rows = [_row(name, [one for one in found if one.exercise.name == name]) for name in names]
    return Table(TITLE, COLUMNS, rows)
