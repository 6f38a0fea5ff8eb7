"""Which other exercise a refused recording looks more like: those that count it without a complaint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Assessment, GateCode, Verdict
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.errors import either

__all__ = ["FEWEST", "FEWEST_OTHERWISE_PLACED", "likelier", "with_suggestion"]

FEWEST = 3
"""Whole repetitions from which on another exercise is named; our own proposal [P]."""

FEWEST_OTHERWISE_PLACED = 2
"""The same where the body lies and not stands, or the other way round, which speaks for it too [P]."""

MOST = 3
"""So many are named at most: single-leg squats and step-downs look alike."""

_WRONG_EXERCISE = frozenset({
    GateCode.POSTURE, GateCode.VIEW, GateCode.ONE_LEG, GateCode.REPETITIONS, GateCode.UPPER_LEG,
})  # fmt: skip
"""Gates that fail where another exercise is done than the one that was asked for."""


def likelier(
    poses: PoseSeries, assessment: Assessment, exercises: Iterable[Exercise]
) -> list[Exercise]:
    """Return the exercises that this recording looks more like than the one that was asked for.

    Parameters
    ----------
    poses : PoseSeries (T)
        What was judged.
    assessment : Assessment
        Of them, as the exercise that was asked for. Only where it is refused for something that
        another exercise would explain is anything looked for.
    exercises : iterable of Exercise
        Those that come into question.

    Returns
    -------
    list of Exercise
        Those whose every gate passes and that count at least ``FEWEST`` whole repetitions, or
        ``FEWEST_OTHERWISE_PLACED``, and more than attempts; the most repetitions first.
    """
    if not _may_be_another(assessment):
        return []
    found = []
    placed = GateCode.POSTURE not in _failed(assessment)
    fewest = FEWEST if placed else FEWEST_OTHERWISE_PLACED
    for exercise in exercises:
        if exercise.name == assessment.exercise:
            continue
        seen = analyze(poses, exercise)
        fits = seen.verdict is not Verdict.NOT_ASSESSABLE and len(seen.reps) >= fewest
        if fits and len(seen.attempts) < len(seen.reps):
            found.append((-len(seen.reps), exercise.name, exercise))
    return [exercise for _, _, exercise in sorted(found)[:MOST]]


def with_suggestion(assessment: Assessment, found: Iterable[Exercise]) -> Assessment:
    """Return the assessment whose instruction first names what the recording looks more like."""
    found = tuple(found)
    names = [f"{exercise.title.lower()} ({exercise.name})" for exercise in found]
    if not names:
        return assessment
    told = f"It looks more like {either(names)}."
    if assessment.instruction:
        told = f"{told} Otherwise: {assessment.instruction}"
    named = tuple(exercise.name for exercise in found)
    return replace(assessment, instruction=told, likelier=named)


def _may_be_another(assessment: Assessment) -> bool:
    """Tell whether it is refused for what another exercise explains.

    Where the wrong leg was asked for, that is what to mend: with it no repetition is found, whatever the
    exercise.
    """
    failed = _failed(assessment)
    if assessment.verdict is not Verdict.NOT_ASSESSABLE or failed[:1] == [GateCode.SIDE]:
        return False
    return not _WRONG_EXERCISE.isdisjoint(failed)


def _failed(assessment: Assessment) -> list[GateCode]:
    return [gate.code for gate in assessment.gates if not gate.passed]
