"""Signals -> repetitions and faults. Pure functions of the whole; live judging calls them too."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Band, Fault, Finding, Rep, Side
from glutecam.core.events import Run, find_runs
from glutecam.core.measures import Z90, Estimate, Measure
from glutecam.core.poses import FloatArray
from glutecam.core.rep_signals import RepSignals
from glutecam.core.rules import Exercise, FrameRule, RepRule, Rule
from glutecam.core.scoring import bands_of, classify, excess, may_be, pattern_of, rep_score
from glutecam.core.signals import Signals
from glutecam.core.stance import side_of

__all__ = [
    "BRIDGED_S",
    "active_rules",
    "cycle_runs",
    "faults_of",
    "judge_rep",
    "judge_set",
    "not_judged",
    "note",
    "number_reps",
]

_SHORTEST_S = 0.2
"""A movement shorter than this is a jump of the pose model."""

_MAX_MISSING = 0.10
"""Share of a repetition in which what a rule reads may be hidden (CLINICAL 5.3): more is not judged."""

_MAX_UNSEEN = 0.35
"""Share of a movement that may be hidden where it is only counted: our proposal [P]."""

BRIDGED_S = 0.5
"""A movement goes on over a gap of this length: nobody comes up and goes down again in it [P]."""


def cycle_runs(
    exercise: Exercise, estimates: Mapping[str, Estimate], signals: Signals
) -> list[Run]:
    """Return the movements that get at least half-way from ``leave`` to ``enter``.

    A change of the working leg is none: the leg that is lifted looks shorter, as if it were bent.
    So does the free leg when it is stretched forward: what the other leg did is none either.
    """
    cycle = exercise.cycle
    signal = estimates[cycle.measure.name].value
    half_way = 0.5 * (cycle.enter + cycle.leave)
    runs = find_runs(
        signal, signals.time_s, enter=half_way, leave=cycle.leave, min_s=_SHORTEST_S,
        max_gap_s=BRIDGED_S,
    )  # fmt: skip
    if exercise.leg.alternates:
        return runs
    return [run for run in runs if _of_the_worked_leg(signals, run)]


def _of_the_worked_leg(signals: Signals, run: Run) -> bool:
    """Return whether the leg stays the same, from just before to just after, and is the seen one.

    Before anything told the leg there is none to change.
    """
    before = run.start > 0 and signals.told[run.start - 1] != 0
    legs = signals.right[run.start - before : run.end + 1]
    right, told = (part[run.start : run.end] for part in (signals.right, signals.told))
    other = np.count_nonzero(told == np.where(right, -1, 1))
    return bool(legs.all() or not legs.any()) and 2 * other <= len(right)


def _side(exercise: Exercise, legs: NDArray[np.bool_]) -> Side:
    """Return the leg that works in a repetition: where they take turns, the one it begins with."""
    first = legs[: (len(legs) + 1) // 2] if exercise.leg.alternates else legs
    return side_of(2 * np.count_nonzero(first) >= len(first))


def _hidden(rep: RepSignals, needs: Iterable[Measure]) -> float:
    """Return the largest share of the movement in which one of the measures was not seen."""
    return max(map(rep.hidden, needs))


def _unknown(value: FloatArray) -> float:
    """Return the share of the movement in which there is not even a guess."""
    return np.count_nonzero(np.isnan(value)) / len(value)


def _attempt_reason(exercise: Exercise, rep: RepSignals, run: Run) -> str | None:
    cycle = exercise.cycle
    highest = float(np.fmax.reduce(rep.of(cycle.measure).value))
    hidden = _unknown(rep.of(cycle.measure).value)
    held = cycle.hold_s is not None and rep.duration_s >= cycle.hold_s
    unknown = "in motion or not seen" if cycle.still else "could not be seen"
    reasons = (
        (cycle.still and not held, f"kept still for {rep.duration_s:.1f} s only"),
        (not run.closed and not held, "the recording ends before it is finished"),
        (not run.begun and not held, "its beginning was not seen"),
        (not run.ended and not held, "its end was not seen"),
        (highest <= cycle.enter, "not far enough"),
        (rep.duration_s < cycle.min_s, "too short to be a repetition"),
        (rep.duration_s > cycle.max_s, "not finished in time"),
        (hidden > _MAX_UNSEEN, f"{hidden:.0%} of it {unknown}"),
    )
    return next((reason for failed, reason in reasons if failed), None)


def _frame_finding(rule: FrameRule, rep: RepSignals, strict: bool, start: int) -> Finding:
    estimate = rep.of(rule.measure)
    value, at = rep.held(estimate.value, rule.min_s)
    half = Z90 * rule.share * float(estimate.sd[at])
    return _banded(rule, value, value, half, start + at, strict)


def _rep_finding(rule: RepRule, rep: RepSignals, strict: bool, start: int) -> Finding:
    value, sd, at = rule.of(rep)
    return _banded(rule, value, excess(rule, value), Z90 * sd, start + at, strict)


def _banded(rule: Rule, value: float, judged: float, half: float, at: int, strict: bool) -> Finding:
    """Return the finding of a value; ``judged`` is what its bands are of."""
    bands = bands_of(rule, strict)
    if math.isnan(half):
        value = math.nan  # read where its points are hidden: a guess
    band = classify(judged, half, bands)
    return Finding(rule.code, value, half, band, at, may_be(judged, half, bands))


def _finding(rule: Rule, rep: RepSignals, strict: bool, start: int) -> Finding:
    if _hidden(rep, rule.needs) > _MAX_MISSING:
        # A peak that may lie where nothing was seen is no peak.
        return Finding(rule.code, float("nan"), float("nan"), Band.INCONCLUSIVE, start)
    if isinstance(rule, FrameRule):
        return _frame_finding(rule, rep, strict, start)
    return _rep_finding(rule, rep, strict, start)


def not_judged(
    exercise: Exercise,
    signals: Signals,
    estimates: Mapping[str, Estimate],
    run: Run,
    offset: int,
) -> Rep:
    """Return what ``judge_rep`` does without findings: whether it is a repetition, or an attempt."""
    rep = _rep_signals(signals, estimates, slice(run.start, run.end))
    return _counted(exercise, rep, run, offset)


def _counted(exercise: Exercise, rep: RepSignals, run: Run, offset: int) -> Rep:
    return Rep(
        number=0,
        start=run.start + offset,
        end=run.end + offset,
        start_s=float(rep.time_s[0]),
        end_s=float(rep.time_s[-1]),
        side=_side(exercise, rep.right),
        reason=_attempt_reason(exercise, rep, run),
    )


def judge_rep(
    exercise: Exercise,
    signals: Signals,
    estimates: Mapping[str, Estimate],
    run: Run,
    offset: int,
    strict: bool,
) -> Rep:
    """Judge one movement.

    Parameters
    ----------
    exercise : Exercise
    signals : Signals (T)
    estimates : mapping of measure name to Estimate (T,)
        Relative to the quiet posture.
    run : Run
        The movement's frames within these T frames.
    offset : int
        Number of the first of the T frames within the recording.
    strict : bool
        Use the rules' strict bands.

    Returns
    -------
    Rep
        With ``number`` 0; an attempt carries no findings.
    """
    rep = _rep_signals(signals, estimates, slice(run.start, run.end))
    base = _counted(exercise, rep, run, offset)
    if not base.complete:
        return base
    findings = tuple(_finding(rule, rep, strict, base.start) for rule in exercise.rules)
    bands = {found.code: Band.NO_FAULT if found.no_fault else found.band for found in findings}
    return replace(
        base,
        findings=findings,
        pattern=pattern_of(exercise.pattern, bands),
        score=rep_score(exercise, findings, strict),
    )


def note(
    exercise: Exercise,
    rep: Rep,
    signals: Signals,
    estimates: Mapping[str, Estimate],
    strict: bool,
) -> Rep:
    """Return a judged repetition with what the published scales ask for beside its findings.

    Parameters
    ----------
    exercise : Exercise
    rep : Rep
    signals : Signals (T)
        Of the whole recording.
    estimates : mapping of measure name to Estimate (T,)
        Relative to the quiet posture.
    strict : bool
    """
    if not (exercise.noted and rep.findings):
        return rep
    whole = _rep_signals(signals, estimates, slice(rep.start, rep.end))
    noted = tuple(_finding(rule, whole, strict, rep.start) for rule in exercise.noted)
    return replace(rep, noted=noted)


def _rep_signals(signals: Signals, estimates: Mapping[str, Estimate], key: slice) -> RepSignals:
    return RepSignals(signals.time_s[key], estimates, signals.right[key], first=key.start)


def judge_set(
    exercise: Exercise,
    signals: Signals,
    estimates: Mapping[str, Estimate],
    reps: tuple[Rep, ...],
    strict: bool,
) -> tuple[Finding, ...]:
    """Judge what only a whole set can show.

    Parameters
    ----------
    signals : Signals (T)
        Of the whole recording.
    estimates : mapping of measure name to Estimate (T,)
    reps : tuple of Rep
        The repetitions.
    """
    if not (reps and exercise.of_set):
        return ()
    start = reps[0].start
    whole = _rep_signals(signals, estimates, slice(start, reps[-1].end))
    parts = [_rep_signals(signals, estimates, slice(rep.start, rep.end)) for rep in reps]
    whole = replace(whole, reps=tuple(parts))
    return tuple(_rep_finding(rule, whole, strict, start) for rule in exercise.of_set)


def number_reps(judged: list[Rep]) -> tuple[tuple[Rep, ...], tuple[Rep, ...]]:
    """Return the repetitions and the attempts, each numbered from 1."""
    whole = [rep for rep in judged if rep.complete]
    others = [rep for rep in judged if not rep.complete]
    return (
        tuple(replace(rep, number=i) for i, rep in enumerate(whole, 1)),
        tuple(replace(rep, number=i) for i, rep in enumerate(others, 1)),
    )


def _broken(rule: FrameRule, estimate: Estimate, time_s: FloatArray, strict: bool) -> list[Run]:
    """Return the stretches in which the rule is broken beyond its doubt.

    Hysteresis is one standard deviation (CLINICAL 3.3).
    """
    surely = estimate.value - rule.share * estimate.half_width
    edge = bands_of(rule, strict).fault
    leave = edge - rule.share * float(np.median(estimate.sd)) if len(surely) else edge
    return find_runs(surely, time_s, enter=edge, leave=leave, min_s=rule.min_s)


def _fault(
    rule: Rule,
    rep: Rep,
    finding: Finding,
    estimates: Mapping[str, Estimate],
    time_s: FloatArray,
    strict: bool,
) -> Fault:
    start, end = rep.start, rep.end
    if isinstance(rule, FrameRule):
        key = slice(start, end)
        runs = _broken(rule, estimates[rule.measure.name][key], time_s[key], strict)
        at = finding.at - start
        around = next((run for run in runs if run.start <= at < run.end), None)
        start, end = (start + around.start, start + around.end) if around else (start, end)
    return Fault(
        rule.code, start, end, float(time_s[start]), float(time_s[end - 1]),
        rep.number, finding.value, finding.half_width,
    )  # fmt: skip


def faults_of(
    exercise: Exercise,
    reps: tuple[Rep, ...],
    estimates: Mapping[str, Estimate],
    time_s: FloatArray,
    strict: bool,
) -> tuple[Fault, ...]:
    """Return where each fault of each repetition lies, in order of time."""
    faults = [
        _fault(exercise.rule(finding.code), rep, finding, estimates, time_s, strict)
        for rep in reps
        for finding in rep.findings
        if finding.band is Band.FAULT
    ]
    return tuple(sorted(faults, key=lambda fault: (fault.start, fault.code)))


def active_rules(
    rules: Iterable[FrameRule],
    estimates: Mapping[str, Estimate],
    time_s: FloatArray,
    strict: bool,
) -> tuple[str, ...]:
    """Return the codes of the rules that are broken in the newest frame, in their order.

    Parameters
    ----------
    rules : iterable of FrameRule
    estimates : mapping of measure name to Estimate (T,)
        The movement under way.
    """
    active = []
    for rule in rules:
        runs = _broken(rule, estimates[rule.measure.name], time_s, strict)
        if runs and not runs[-1].closed:
            active.append(rule.code)
    return tuple(active)
