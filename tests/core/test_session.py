"""A live session without a camera: scripted bodies in, steps, words and results out."""

from __future__ import annotations

import pytest
from scripted import nobody, played, raised, squats, standing, steps, story

from glutecam import exercises
from glutecam.core.assessment import Side
from glutecam.core.coaching import Ended, SessionPlan, Step
from glutecam.core.session import Session

STEP_DOWN = exercises.get("step-down")


@pytest.fixture(scope="module")
def both_legs():
    """A whole session: find the place, raise a hand, three on the right, rest, three on the left."""
    plan = SessionPlan(sides=(None, None), reps=3, switch_s=5.0, summary_s=4.0)
    session = Session(STEP_DOWN, plan)
    acts = [
        nobody(1), standing(2, centre_px=(640, 800)), standing(4), raised(2.3), standing(4),
        squats(), standing(8), squats(left=True), standing(6),
    ]  # fmt: skip
    return played(session, story(*acts)), session.finish()


def test_a_session_goes_through_its_steps_without_a_key_being_touched(both_legs):
    updates, _ = both_legs
    first = [Step.SETUP, Step.READY, Step.COUNTDOWN, Step.BASELINE, Step.REPS, Step.REST]
    second = [Step.SETUP, Step.BASELINE, Step.REPS, Step.SUMMARY, Step.DONE]
    assert steps(updates) == first + second


def test_each_leg_is_a_set_of_its_own(both_legs):
    _, results = both_legs
    assert [result.ended for result in results] == [Ended.REPS, Ended.REPS]
    assert [len(result.assessment.reps) for result in results] == [3, 3]
    assert [result.assessment.sides for result in results] == [(Side.RIGHT,), (Side.LEFT,)]
    assert results[1].side is Side.LEFT
