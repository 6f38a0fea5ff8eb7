"""What is certain of findings that cannot be told: some are surely not within their limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from glutecam.core.assessment import Assessment, Band, Finding, Rep, Verdict
from glutecam.core.rules import Exercise
from glutecam.core.wording import Vocabulary

__all__ = ["not_within", "not_within_in_words", "surest_first"]


def not_within(finding: Finding) -> bool:
    """Return whether the whole interval lies outside good, though not in one band."""
    open_ = finding.band is Band.INCONCLUSIVE
    return open_ and bool(finding.may_be) and Band.OK not in finding.may_be


def surest_first(codes: Sequence[str], reps: Sequence[Rep]) -> list[str]:
    """Return rules that could not be told, those first that are surely not within most often."""
    sure = _counted(reps)
    return sorted(codes, key=lambda code: -sure[code])


def not_within_in_words(
    assessment: Assessment, exercise: Exercise, words: Vocabulary
) -> str | None:
    """Return the headline where nothing is a fault, and something is surely not within its limit."""
    sure = _counted(assessment.reps)
    if assessment.verdict is not Verdict.INCONCLUSIVE or not sure:
        return None
    rule = max((rule for rule in exercise.rules if sure[rule.code]), key=lambda r: sure[r.code])
    number, of = sure[rule.code], len(assessment.reps)
    reps = "1 repetition" if of == 1 else f"{of} repetitions"
    name = f"{rule.name[:1].upper()}{rule.name[1:]}"
    return f"{name}: not {words.bands[Band.OK]} in {number} of {reps}; {words.how_far}."


def _counted(reps: Sequence[Rep]) -> Counter[str]:
    return Counter(f.code for rep in reps for f in rep.findings if not_within(f))
