"""Published scales filled in from what was found in the repetitions: a range, never a guess."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from glutecam.core.assessment import Finding, Rep, Side
from glutecam.core.filled_sheet import Answer, Mark, Sheet, SignFound
from glutecam.core.rules import Exercise, RepRule, Rule
from glutecam.core.scales import Item, Kind, Occurs, Scale, Sign
from glutecam.core.scoring import bands_of, excess

__all__ = ["sheets_of"]

Look = tuple[float, float, Finding | None]


class _Judged(NamedTuple):
    """What is read of a repetition: its findings by code, which every sign of every scale looks up."""

    number: int
    side: Side
    found: Mapping[str, Finding]


_MET_FOR_GOOD = 4
"""Domains that must be met for "good" (Crossley 2011 as recalled [R])."""


def sheets_of(
    exercise: Exercise, reps: Sequence[Rep], strict: bool, of_set: Sequence[Finding] = ()
) -> tuple[Sheet, ...]:
    """Return every scale of the exercise, filled in for each side that worked.

    Parameters
    ----------
    exercise : Exercise
    reps : sequence of Rep
        Repetitions; those that were not judged are left out.
    strict : bool
        Use the rules' strict bands.
    of_set : sequence of Finding
        What the set as a whole showed; it answers for every repetition.
    """
    judged = [_judged(rep, of_set) for rep in reps if rep.complete and rep.findings]
    sides = dict.fromkeys(one.side for one in judged)
    return tuple(
        _sheet(scale, side, [one for one in judged if one.side is side], exercise, strict)
        for scale in exercise.scales
        for side in sides
    )


def _judged(rep: Rep, of_set: Sequence[Finding]) -> _Judged:
    found = {finding.code: finding for finding in (*rep.findings, *rep.noted, *of_set)}
    return _Judged(rep.number, rep.side, found)


def _sheet(
    scale: Scale, side: Side, reps: Sequence[_Judged], exercise: Exercise, strict: bool
) -> Sheet:
    marks = tuple(_mark(item, reps, exercise, strict) for item in scale.items)
    low, high, grades = _result(scale, marks, reps, exercise, strict)
    return Sheet(
        scale=scale.name,
        title=scale.title,
        plain=scale.plain,
        side=side,
        reps=len(reps),
        trials=scale.trials,
        marks=marks,
        low=low,
        high=high,
        most=None if low is None else scale.most,
        grades=grades,
        how=scale.how,
        evidence=scale.evidence,
    )


def _mark(item: Item, reps: Sequence[_Judged], exercise: Exercise, strict: bool) -> Mark:
    signs = tuple(_sign_found(sign, item.occurs, reps, exercise, strict) for sign in item.signs)
    sure = [sign.points for sign in signs if sign.answer is Answer.YES]
    possible = [sign.points for sign in signs if sign.answer is not Answer.NO]
    low = max(sure, default=0)
    return Mark(item.name, signs, low, max(possible, default=0), item.unseen)


def _sign_found(
    sign: Sign, occurs: Occurs, reps: Sequence[_Judged], exercise: Exercise, strict: bool
) -> SignFound:
    rules = [(code, exercise.rule(code)) for code in sign.rules]
    looks = [
        [_look(sign, rule, rep.found.get(code), strict) for code, rule in rules] for rep in reps
    ]
    answers = [_in_rep(one) for one in looks]
    whole = _over_set(answers, occurs)
    if not sign.rules or (whole is not Answer.YES and not sign.whole):
        whole = Answer.UNSEEN
    numbered = [(rep.number, answer) for rep, answer in zip(reps, answers, strict=True)]
    return SignFound(
        text=sign.text,
        points=sign.points,
        answer=whole,
        decided_by=sign.rules,
        reps=tuple(number for number, answer in numbered if answer is Answer.YES),
        open_reps=tuple(number for number, answer in numbered if answer is Answer.OPEN),
        reading=_reading(looks),
    )


def _in_rep(looks: Sequence[Look]) -> Answer:
    """Return whether the sign was seen in one repetition: any rule is enough, all must deny."""
    if not looks:
        return Answer.UNSEEN
    answers = {_answer(look) for look in looks}
    return next(answer for answer in (Answer.YES, Answer.OPEN, Answer.NO) if answer in answers)


def _answer(look: Look) -> Answer:
    beyond, half_width, _ = look
    if beyond - half_width > 0.0:
        return Answer.YES
    return Answer.NO if beyond + half_width <= 0.0 else Answer.OPEN


def _look(sign: Sign, rule: Rule, found: Finding | None, strict: bool) -> Look:
    """Return how far the finding lies beyond where the sign begins, its ±, and the finding.

    NaN where nothing was seen.
    """
    if found is None or not math.isfinite(found.value):
        return math.nan, math.nan, found
    value = found.value
    if isinstance(rule, RepRule):
        value = rule.bounds[0] - value if sign.below else excess(rule, value)
    bands = bands_of(rule, strict)
    return value - (bands.ok if sign.from_good else bands.fault), found.half_width, found


def _over_set(answers: Sequence[Answer], occurs: Occurs) -> Answer:
    """Return what answers of single repetitions come to, whatever the open ones really were."""
    sure = sum(answer is Answer.YES for answer in answers)
    possible = sum(answer is not Answer.NO for answer in answers)
    needed = {
        Occurs.ANY: 1,
        Occurs.MOST: len(answers) // 2 + 1,
        Occurs.EVERY: max(1, len(answers)),
    }[occurs]
    if sure >= needed:
        return Answer.YES
    return Answer.OPEN if possible >= needed else Answer.NO


def _reading(looks: Sequence[Sequence[Look]]) -> Finding | None:
    """Return the finding that lies furthest beyond its limit, or nearest to it."""
    found = [
        (beyond, finding)
        for rep in looks
        for beyond, _, finding in rep
        if finding is not None and math.isfinite(beyond)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _result(
    scale: Scale, marks: Sequence[Mark], reps: Sequence[_Judged], exercise: Exercise, strict: bool
) -> tuple[int | None, int | None, tuple[str, ...]]:
    if scale.kind is Kind.READINGS:
        return None, None, ()
    if scale.kind is Kind.DOMAINS:
        failed = [_all_signs(item, reps, exercise, strict) for item in scale.items]
        return None, None, _domain_grades(scale, [_any_sign(mark) for mark in marks], failed)
    low, high = (
        min(scale.most, sum(mark.low for mark in marks)),
        min(scale.most, sum(mark.high for mark in marks)),
    )
    return low, high, _sum_grades(scale, low, high)


def _sum_grades(scale: Scale, low: int, high: int) -> tuple[str, ...]:
    totals = range(low, high + 1)
    words = (next((g.word for g in scale.grades if total <= g.up_to), "") for total in totals)
    return tuple(word for word in dict.fromkeys(words) if word)


def _any_sign(mark: Mark) -> Answer:
    """Return whether a domain is broken: any sign in any repetition."""
    return _or(sign.answer for sign in mark.signs)


def _all_signs(item: Item, reps: Sequence[_Judged], exercise: Exercise, strict: bool) -> Answer:
    """Return whether a domain is failed: every sign in every repetition."""
    signs = (_sign_found(sign, Occurs.EVERY, reps, exercise, strict).answer for sign in item.signs)
    answers = set(signs)
    if Answer.NO in answers:
        return Answer.NO
    return Answer.YES if answers == {Answer.YES} else Answer.OPEN


def _or(answers: Iterable[Answer]) -> Answer:
    seen = set(answers)
    if Answer.YES in seen:
        return Answer.YES
    return Answer.NO if seen == {Answer.NO} else Answer.OPEN


def _domain_grades(
    scale: Scale, broken: Sequence[Answer], failed: Sequence[Answer]
) -> tuple[str, ...]:
    """Return the grades that no open answer excludes, best first."""
    good, fair, poor = (grade.word for grade in scale.grades)
    surely_met = sum(answer is Answer.NO for answer in broken)
    maybe_met = sum(answer is not Answer.YES for answer in broken)
    if Answer.YES in failed:
        return (poor,)
    found = [good] if maybe_met >= _MET_FOR_GOOD else []
    found += [fair] if surely_met < _MET_FOR_GOOD else []
    # A domain that may be failed cannot be one of the four that are met.
    may_fail = any(answer is not Answer.NO for answer in failed)
    return tuple(found + ([poor] if may_fail else []))
