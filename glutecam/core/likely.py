"""Which other exercise a refused recording looks more like: those that count it without a complaint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Assessment, GateCode, Verdict
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.errors import either

__all__ = ["FEWEST", "likelier", "with_suggestion"]

FEWEST = 3
"""Whole repetitions from which on another exercise is named; our own proposal [P]."""

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
        Those whose every gate passes and that count at least ``FEWEST`` whole repetitions, more
        than attempts; the most repetitions first.
    """
    if not _may_be_another(assessment):
        return []
    found = []
    for exercise in exercises:
        if exercise.name == assessment.exercise:
            continue
        seen = analyze(poses, exercise)
        fits = seen.verdict is not Verdict.NOT_ASSESSABLE and len(seen.reps) >= FEWEST
        if fits and len(seen.attempts) < len(seen.reps):
            found.append((-len(seen.reps), exercise.name, exercise))
    return [exercise for _, _, exercise in sorted(found)[:MOST]]


def with_suggestion(assessment: Assessment, found: Iterable[Exercise]) -> Assessment:
    """Return the assessment that also names what the recording looks more like, in its instruction."""
    found = tuple(found)
    names = [f"{exercise.title.lower()} ({exercise.name})" for exercise in found]
    if not names:
        return assessment
    told = f"{assessment.instruction or ''} It looks more like {either(names)}."
    named = tuple(exercise.name for exercise in found)
    return replace(assessment, instruction=told.strip(), likelier=named)


def _may_be_another(assessment: Assessment) -> bool:
    """Tell whether it is refused for what another exercise explains.

    Where the wrong leg was asked for, that is what to mend: with it no repetition is found, whatever the
    exercise.
    """
    failed = [gate.code for gate in assessment.gates if not gate.passed]
    if assessment.verdict is not Verdict.NOT_ASSESSABLE or failed[:1] == [GateCode.SIDE]:
        return False
    return not _WRONG_EXERCISE.isdisjoint(failed)
