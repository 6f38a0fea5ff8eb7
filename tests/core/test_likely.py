"""A recording of another exercise is refused, and the likelier one is named, never on a guess."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from figures import clamshell_set, squat_set
from scripted import standing

from glutecam import exercises, pipeline
from glutecam.core.assessment import Verdict
from glutecam.core.poses import PoseSeries
from glutecam.records.posefile import About, Recording


def judged(poses: PoseSeries, name: str, side: str | None = None):
    about = About("m", "clip.mp4", 30.0, (), False)
    return pipeline.judge(Recording(poses, about), exercises.get(name), side=side)


def test_a_clamshell_that_is_called_a_step_down_is_named():
    seen = judged(clamshell_set(openings=[45.0] * 3), "step-down")
    assert seen.verdict is Verdict.NOT_ASSESSABLE
    # What is likelier comes first, before the advice to turn the video.
    first, _, rest = seen.instruction.partition(" Otherwise: ")
    assert first == "It looks more like clamshell (clamshell)."
    assert rest.startswith("Is the video turned on its side?")


def test_two_repetitions_are_enough_where_the_body_lies_and_should_stand():
    assert judged(clamshell_set(openings=[45.0] * 2), "step-down").likelier == ("clamshell",)


def test_a_squat_that_is_called_a_clamshell_gets_the_standing_exercises_at_most_three():
    seen = judged(squat_set(depths=[68.0] * 4), "clamshell")
    assert seen.verdict is Verdict.NOT_ASSESSABLE
    said = seen.instruction.partition("It looks more like ")[2]
    assert "(single-leg-squat)" in said
    assert 1 <= said.count("(") <= 3


@pytest.mark.parametrize(
    "poses",
    [
        standing(12),
        PoseSeries.unseen(np.arange(300) / 30, 1280, 720),
        squat_set(depths=[68.0]),
    ],
    ids=["nothing is done", "nobody", "one repetition"],
)
def test_without_repetitions_of_another_nothing_is_named(poses):
    seen = judged(poses, "clamshell")
    assert seen.verdict is Verdict.NOT_ASSESSABLE
    assert "looks more like" not in seen.instruction


def test_what_another_exercise_would_not_mend_names_none():
    poses = squat_set(depths=[68.0] * 4)
    slow = replace(poses[::3], time_s=poses.time_s[::3])
    seen = judged(slow, "step-down")
    assert [gate.code for gate in seen.gates if not gate.passed] == ["frame rate"]
    assert "looks more like" not in seen.instruction


def test_where_only_the_wrong_leg_was_asked_for_no_other_exercise_is_named():
    poses = squat_set(depths=[68.0] * 4)
    right = judged(poses, "single-leg-squat")
    other = "left" if right.sides[0].value == "right" else "right"
    seen = judged(poses, "single-leg-squat", other)
    assert next(gate.code for gate in seen.gates if not gate.passed) == "side"
    assert f"--side {right.sides[0].value}" in seen.instruction
    assert "looks more like" not in seen.instruction
    assert seen.likelier == ()


def test_a_recording_that_is_judged_is_left_alone():
    seen = judged(squat_set(depths=[68.0] * 4), "single-leg-squat")
    assert seen.verdict is not Verdict.NOT_ASSESSABLE
    assert seen.instruction is None
