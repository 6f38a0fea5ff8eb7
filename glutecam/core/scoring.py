"""How good: bands with doubt, soft limits, a score of 0 to 100, the pattern over a stance leg."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from glutecam.core.assessment import Band, Finding, Pattern, Rep
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Bands, Exercise, FrameRule, PatternRule, RepRule, Rule

__all__ = [
    "bands_now",
    "bands_of",
    "classify",
    "excess",
    "may_be",
    "pattern_of",
    "rep_score",
    "score_in_words",
    "score_range",
    "score_sentence",
    "set_score",
    "tolerance",
]


def tolerance(x: ArrayLike, bounds: tuple[float, float], margin: float) -> FloatArray:
    """Return 1 inside the bounds, falling smoothly to 0.1 at ``margin`` outside them.

    The Gaussian soft limit of the dm_control suite (Tassa et al. 2018).

    Raises
    ------
    ValueError
        Where bounds do not rise or the margin is negative.
    """
    low, high = bounds
    if low > high or margin < 0:
        raise ValueError("bounds must rise and the margin must not be negative")
    values = np.asarray(x, dtype=np.float64)
    outside = np.maximum(np.maximum(low - values, values - high), 0.0)
    if margin == 0:
        return np.where(outside > 0, 0.0, np.where(np.isnan(values), np.nan, 1.0))
    return np.asarray(np.exp(np.log(0.1) * (outside / margin) ** 2))


def classify(value: float, half_width: float, bands: Bands) -> Band:
    """Return the band of ``value`` ± ``half_width``.

    A band is only given where the whole interval lies within it. Where an edge lies inside the
    interval, or the value is not known, it is inconclusive: never a pass on a guess.
    """
    low, high = value - half_width, value + half_width
    if high <= bands.ok:
        return Band.OK
    if low > bands.fault:
        return Band.FAULT
    if low > bands.ok and high <= bands.fault:
        return Band.WATCH
    return Band.INCONCLUSIVE


def may_be(value: float, half_width: float, bands: Bands) -> tuple[Band, ...]:
    """Return every band that the interval ``value`` ± ``half_width`` reaches into; none if unseen."""
    if not (math.isfinite(value) and math.isfinite(half_width)):
        return ()
    low, high = value - half_width, value + half_width
    ok = (Band.OK,) if low <= bands.ok else ()
    watch = (Band.WATCH,) if low <= bands.fault and high > bands.ok else ()
    fault = (Band.FAULT,) if high > bands.fault else ()
    return ok + watch + fault


def bands_of(rule: Rule, strict: bool) -> Bands:
    """Return the bands in force; those of a RepRule are of its distance outside its bounds."""
    if isinstance(rule, RepRule):
        return rule.distance
    return rule.strict if strict and rule.strict else rule.bands


def bands_now(
    rules: Iterable[tuple[FrameRule, Bands]], values: Mapping[str, tuple[float, float]]
) -> dict[str, Band]:
    """Return the band of one frame's values (value, ±) for each measure that has a lasting rule."""
    found = ((rule, bands, *values[rule.measure.name]) for rule, bands in rules)
    return {
        rule.measure.name: classify(value, rule.share * half_width, bands)
        for rule, bands, value, half_width in found
    }


def excess(rule: RepRule, value: float) -> float:
    """Return how far a value lies outside the rule's bounds; negative inside."""
    low, high = rule.bounds
    return max(low - value, value - high)


def _finding_tolerance(rule: Rule, finding: Finding, strict: bool) -> float:
    if isinstance(rule, FrameRule):
        bands = bands_of(rule, strict)
        return float(tolerance(finding.value, (-np.inf, bands.ok), bands.fault - bands.ok))
    return float(tolerance(finding.value, rule.bounds, rule.margin))


def rep_score(exercise: Exercise, findings: Sequence[Finding], strict: bool) -> float | None:
    """Return 0 to 100 for one repetition, or None while a rule is inconclusive, or left unjudged.

    The least tolerated rule counts half, the mean of all the other half: one bad fault must show.
    """
    if (
        not findings
        or exercise.unjudged
        or any(finding.band is Band.INCONCLUSIVE for finding in findings)
    ):
        return None
    soft = [_finding_tolerance(exercise.rule(f.code), f, strict) for f in findings]
    return round(100.0 * (0.5 * min(soft) + 0.5 * sum(soft) / len(soft)), 1)


def set_score(reps: Sequence[Rep]) -> float | None:
    """Return the mean score of the repetitions that have one; None where fewer than half do.

    One of four says little about a set: that half of them are needed is our proposal [P].
    """
    scores = [rep.score for rep in reps if rep.score is not None]
    enough = bool(scores) and 2 * len(scores) >= len(reps)
    return round(sum(scores) / len(scores), 1) if enough else None


def score_range(scores: Sequence[float | None]) -> tuple[float, float]:
    """Return what the mean score of all repetitions, at least one, lies between, 0 to 100.

    One that has no score may have any: what could be told is often what is plainly wrong, and its
    mean alone would pass for that of the set.
    """
    known = sum(score for score in scores if score is not None)
    unknown = sum(score is None for score in scores)
    return known / len(scores), (known + 100.0 * unknown) / len(scores)


def score_in_words(score: float | None, scores: Sequence[float | None]) -> str:
    """Return a set's score, ``92``; ``21 to 71`` where repetitions are left open; nothing for None.

    Parameters
    ----------
    score : float or None
        Of the set.
    scores : sequence of float or None
        Of each repetition, None where it is left open.
    """
    if score is None or not scores:
        return "" if score is None else f"{score:.0f}"
    low, high = score_range(scores)
    return f"{score:.0f}" if low == high else f"{low:.0f} to {high:.0f}"


def score_sentence(score: float | None, reps: Sequence[Rep]) -> str:
    """Return what a set scores as terminal and page say it; nothing where no repetition was judged."""
    told, count = sum(rep.score is not None for rep in reps), len(reps)
    if score is None:
        if not told:
            return _why_no_score([finding for rep in reps for finding in rep.findings])
        return f"No score: every rule could be told in only {told} of {count} repetitions."
    of_set = score_in_words(score, [rep.score for rep in reps])
    said = f"Score: {of_set} of 100 (100: every limit kept)"
    if told == count:
        return f"{said}, over all {count} repetitions." if count > 1 else f"{said}."
    return (
        f"{said}: {score:.0f} over the {told} of {count} repetitions in which every rule could be "
        "told, the others left open."
    )


def _why_no_score(findings: Sequence[Finding]) -> str:
    """Return why no repetition has a score; where all was told, because not all is judged."""
    if not findings:
        return ""
    if all(finding.band is not Band.INCONCLUSIVE for finding in findings):
        return "No score: it would leave out what is not judged."
    return "No score: in no repetition could every rule be told."


def pattern_of(rule: PatternRule | None, bands: Mapping[str, Band]) -> Pattern:
    """Return the pattern of one repetition (CLINICAL 3.3).

    Uncompensated: drop without lean or shift. Compensated: lean or shift without drop. Mixed:
    both. Undecided as soon as one that matters is.
    """
    if rule is None:
        return Pattern.NONE
    drop = bands.get(rule.drop, Band.INCONCLUSIVE)
    others = [bands.get(code, Band.INCONCLUSIVE) for code in rule.compensations]
    compensated = Band.FAULT in others
    if drop is Band.INCONCLUSIVE or (Band.INCONCLUSIVE in others and not compensated):
        return Pattern.UNDECIDED
    if drop is Band.FAULT:
        return Pattern.MIXED if compensated else Pattern.UNCOMPENSATED
    return Pattern.COMPENSATED if compensated else Pattern.NONE
