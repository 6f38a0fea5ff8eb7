"""What a session says at its end of how the repetitions were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import make_assessment, make_exercise

from glutecam.core.assessment import Band, Rep, Verdict
from glutecam.core.coaching import Ended, SetResult
from glutecam.core.session_summary import counted

FIRST = make_assessment().reps[0]
IN_WATCH, IN_FAULT = 9.0, 12.0
"""Values of a drop whose good ends at 7.5 and whose fault begins at 11."""


def rep(value: float, band: Band, *may_be: Band) -> Rep:
    led = replace(FIRST.findings[0], value=value, band=band, may_be=may_be)
    return replace(FIRST, findings=(led, *FIRST.findings[1:]))


NEAR = rep(IN_WATCH, Band.INCONCLUSIVE, Band.OK, Band.WATCH)
OPEN = rep(IN_FAULT, Band.INCONCLUSIVE, Band.WATCH, Band.FAULT)
WATCHED = rep(IN_WATCH, Band.WATCH, Band.WATCH)


def test_a_set_that_was_refused_is_not_told_to_be_open():
    refused = replace(make_assessment(), verdict=Verdict.NOT_ASSESSABLE)
    result = SetResult(1, None, Ended.REPS, 24.0, refused)
    said = counted("summary", make_exercise(), (result,)).english
    assert said == "Finished. The set could not be assessed."


@pytest.mark.parametrize(
    ("reps", "says"),
    [
        ((NEAR, NEAR), "Finished. 2 repetitions without a fault."),
        ((NEAR, OPEN), "Finished. 2 repetitions; whether they were clean cannot be told."),
        ((OPEN, OPEN), "Finished. 2 repetitions; whether they were clean cannot be told."),
        ((NEAR, WATCHED), "Finished. 2 repetitions, 0 looked clean."),
        ((NEAR, FIRST), "Finished. 2 repetitions, 1 looked clean."),
    ],
)
def test_what_has_no_fault_is_not_told_to_have_looked_unclean(reps, says):
    result = SetResult(1, None, Ended.REPS, 24.0, replace(make_assessment(), reps=reps))
    assert counted("summary", make_exercise(), (result,)).english == says
