"""What is certain of findings that cannot be told: some are surely not within their limit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from glutecam.core.assessment import Assessment, Band, Finding, Rep, Verdict, may_hide_a_fault
from glutecam.core.rules import Exercise, Rule
from glutecam.core.set_summary import Quantity, median_of
from glutecam.core.wording import Vocabulary, capital, in_a_row, plus_minus, repetitions

__all__ = [
    "all_earn_praise",
    "approval",
    "earns_praise",
    "good_in_part",
    "headline_of_certain",
    "most_not_within",
    "not_within",
    "not_within_in_words",
    "surest_first",
    "unjudged_in_words",
]

KEEP_IT_UP = "Keep it up."


def earns_praise(exercise: Exercise, rep: Rep) -> bool:
    """Say whether surely nothing is a fault, and what the praise is about, the leading rule, is surely good."""
    if rep.band is Band.OK:
        return True
    led = rep.finding(exercise.leading.code)
    return rep.band is Band.NO_FAULT and led is not None and led.band is Band.OK


def approval(exercise: Exercise, reps: Sequence[Rep]) -> str:
    """Return what is said after a set with nothing to correct: the praise where every repetition earns it."""
    return exercise.praise if all_earn_praise(exercise, reps) else KEEP_IT_UP


def all_earn_praise(exercise: Exercise, reps: Sequence[Rep]) -> bool:
    """Say whether every repetition earns what the exercise praises."""
    return all(earns_praise(exercise, rep) for rep in reps)


def not_within(finding: Finding) -> bool:
    """Return whether the whole interval lies outside good, though not in one band."""
    open_ = finding.band is Band.INCONCLUSIVE
    return open_ and bool(finding.may_be) and Band.OK not in finding.may_be


def surest_first(codes: Sequence[str], reps: Sequence[Rep]) -> list[str]:
    """Return rules that could not be told, those first that are surely not within most often."""
    sure = _counted(reps)
    return sorted(codes, key=lambda code: -sure[code])


def good_in_part(assessment: Assessment, exercise: Exercise) -> bool:
    """Return whether nothing that was judged may be a fault, and something was not judged."""
    undecided = assessment.verdict is Verdict.INCONCLUSIVE and bool(exercise.unjudged)
    return undecided and not may_hide_a_fault(assessment.reps, assessment.findings)


def headline_of_certain(
    assessment: Assessment, exercise: Exercise, words: Vocabulary
) -> str | None:
    """Return the headline that says more, or less, than the verdict alone; None where there is none."""
    if good_in_part(assessment, exercise):
        return words.partly.format(reps=repetitions(len(assessment.reps)))
    return not_within_in_words(assessment, exercise, words)


def unjudged_in_words(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> list[str]:
    """Return what was not judged and how to check it, and to clinicians what was read of it all the same."""
    if not exercise.unjudged or assessment.verdict is Verdict.NOT_ASSESSABLE:
        return []
    read = (_median_in_words(assessment.reps, rule) for rule in exercise.noted)
    values = in_a_row([text for text in read if text])
    noted = f"Noted, not judged (medians): {values}."
    return [exercise.unjudged] if words.advises or not values else [exercise.unjudged, noted]


def _median_in_words(reps: Sequence[Rep], rule: Rule) -> str:
    found = [f for rep in reps for f in rep.noted if f.code == rule.code]
    middle = median_of([Quantity(f.value, f.half_width) for f in found])
    if not math.isfinite(middle.value):
        return ""
    return f"{rule.name} ({rule.code}) {plus_minus(middle.value, middle.half_width, rule.unit)}"


def not_within_in_words(
    assessment: Assessment, exercise: Exercise, words: Vocabulary
) -> str | None:
    """Return the headline where nothing is a fault, and something is surely not within its limit."""
    found = most_not_within(assessment, exercise)
    if found is None:
        return None
    rule, number = found
    reps = repetitions(len(assessment.reps))
    return (
        f"{capital(rule.name)}: not {words.bands[Band.OK]} in {number} of {reps}; {words.how_far}."
    )


def most_not_within(assessment: Assessment, exercise: Exercise) -> tuple[Rule, int] | None:
    """Return the rule that is surely not within most often, and how often; None beside a fault."""
    sure = _counted(assessment.reps)
    if assessment.verdict is not Verdict.INCONCLUSIVE or not sure:
        return None
    rule = max((rule for rule in exercise.rules if sure[rule.code]), key=lambda r: sure[r.code])
    return rule, sure[rule.code]


def _counted(reps: Sequence[Rep]) -> Counter[str]:
    return Counter(f.code for rep in reps for f in rep.findings if not_within(f))
