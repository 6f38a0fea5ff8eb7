"""What a session says at its end of how the repetitions were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import make_assessment

from glutecam.core.assessment import Band, Rep, Verdict
from glutecam.core.coaching import Ended, SetResult
from glutecam.core.session_summary import counted
from glutecam.exercises import get

FIRST = make_assessment().reps[0]
IN_WATCH, IN_FAULT = 9.0, 12.0
"""Values of a drop whose good ends at 7.5 and whose fault begins at 11."""


def rep(value: float, band: Band, *may_be: Band) -> Rep:
    led = replace(FIRST.findings[0], value=value, band=band, may_be=may_be)
    return replace(FIRST, findings=(led, *FIRST.findings[1:]))


NEAR = rep(IN_WATCH, Band.INCONCLUSIVE, Band.OK, Band.WATCH)
OPEN = rep(IN_FAULT, Band.INCONCLUSIVE, Band.WATCH, Band.FAULT)
FAULTY = rep(IN_FAULT, Band.FAULT, Band.FAULT)
WATCHED = rep(IN_WATCH, Band.WATCH, Band.WATCH)


def test_a_set_that_was_refused_is_not_told_to_be_open():
    refused = replace(make_assessment(), verdict=Verdict.NOT_ASSESSABLE)
    result = SetResult(1, None, Ended.REPS, 24.0, refused)
    said = counted("summary", (result,), get("step-down")).english
    assert said == "Finished. The set could not be assessed."


@pytest.mark.parametrize(
    ("reps", "says"),
    [
        ((NEAR, NEAR), "Finished. 2 repetitions without a fault."),
        ((NEAR, WATCHED), "Finished. 2 repetitions without a fault."),
        ((NEAR, FIRST), "Finished. 2 repetitions without a fault."),
        (
            (NEAR, OPEN),
            "Finished. 2 repetitions: 1 without a fault, 0 with one, 1 that cannot be told.",
        ),
        ((NEAR, FAULTY), "Finished. 2 repetitions, 1 without a fault."),
        (
            (OPEN, FAULTY),
            "Finished. 2 repetitions: 0 without a fault, 1 with one, 1 that cannot be told.",
        ),
        (
            (OPEN, OPEN),
            "Finished. 2 repetitions; whether they were without a fault cannot be told.",
        ),
        ((WATCHED,), "Finished. One repetition, without a fault."),
        ((OPEN,), "Finished. One repetition."),
    ],
)
def test_as_many_are_told_to_be_without_a_fault_as_the_summary_shows(reps, says):
    result = SetResult(1, None, Ended.REPS, 24.0, replace(make_assessment(), reps=reps))
    assert counted("summary", (result,), get("step-down")).english == says


@pytest.mark.parametrize(
    ("reps", "says"),
    [
        ((FIRST, FIRST), "Finished. 2 repetitions, without a fault in what was judged."),
        ((FIRST,), "Finished. One repetition, without a fault in what was judged."),
        ((FIRST, FAULTY), "Finished. 2 repetitions, 1 without a fault."),
    ],
)
def test_where_a_part_cannot_be_judged_no_fault_is_said_of_the_rest_alone(reps, says):
    result = SetResult(1, None, Ended.REPS, 24.0, replace(make_assessment(), reps=reps))
    assert counted("summary", (result,), get("clamshell")).english == says
