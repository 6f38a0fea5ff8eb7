"""Whoever exercises the wrong leg is told so during the set, and nobody else is."""

from __future__ import annotations

import pytest
from scripted import played, spoken, squats, standing, story

from glutecam import exercises
from glutecam.core.assessment import GateCode, Side
from glutecam.core.coaching import SessionPlan, Start
from glutecam.core.session import Session

STEP_DOWN = exercises.get("step-down")


def watched(asked: Side | None, *acts):
    session = Session(STEP_DOWN, SessionPlan(start=Start.NOW, sides=(asked,)))
    updates = played(session, story(*acts))
    (result,) = session.finish()
    return updates, result.assessment


@pytest.mark.parametrize("left", [False, True])
def test_the_wrong_leg_is_told_in_the_first_half_of_the_set(left):
    asked = Side.RIGHT if left else Side.LEFT
    updates, assessment = watched(asked, squats(4, left=left))
    told = [update for update in updates if update.gate is GateCode.SIDE]
    assert {update.message.key for update in told} == {f"do.side.{asked.value}"}
    assert told[0].time_s < updates[-1].time_s / 2
    assert [update.bands for update in told if update.bands] == []
    assert told[-1] is updates[-1]
    assert f"do.side.{asked.value}" in spoken(updates)
    # The end says the same: it is refused for this.
    assert next(gate.code for gate in assessment.gates if not gate.passed) is GateCode.SIDE


@pytest.mark.parametrize("asked", [Side.RIGHT, None])
def test_the_leg_that_was_asked_for_is_not_told_of(asked):
    updates, assessment = watched(asked, squats(3))
    assert not [update for update in updates if update.gate is GateCode.SIDE]
    assert len(assessment.reps) == 3


def test_less_than_what_went_before_on_the_right_leg_is_forgiven():
    """The set as it stands would be judged: whoever tries the other leg in its middle loses nothing."""
    updates, _ = watched(Side.RIGHT, squats(3), squats(1, left=True))
    assert not [update for update in updates if update.gate is GateCode.SIDE]


def test_whoever_changes_legs_is_told_no_more():
    updates, _ = watched(Side.LEFT, squats(3), standing(2), squats(1, left=True))
    told = [update.gate is GateCode.SIDE for update in updates]
    assert True in told and not told[-1]
    half = told.index(True)
    assert sum(one != other for one, other in zip(told[half:], told[half + 1 :], strict=False)) == 1


def test_legs_that_take_turns_are_never_the_wrong_ones():
    walking = exercises.get("walking")
    session = Session(walking, SessionPlan(start=Start.NOW, sides=(Side.LEFT,)))
    assert not [u for u in played(session, squats(3)) if u.gate is GateCode.SIDE]
