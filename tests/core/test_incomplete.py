"""A file that breaks off is to be copied again, where what it lost is what it is refused for."""

from __future__ import annotations

import pytest
from figures import squat_set
from scripted import standing

from glutecam import exercises, pipeline
from glutecam.core.assessment import Cause, Verdict
from glutecam.core.incomplete import incomplete_sentence
from glutecam.records.posefile import About, Recording
from glutecam.web.shown import assessment_shown

CUT = incomplete_sentence("clip.mp4", 2.27, 11.87)


def judged(poses, *warnings):
    about = About("m", "clip.mp4", 30.0, warnings, False)
    return pipeline.judge(Recording(poses, about), exercises.get("single-leg-squat"))


def test_the_sentence_names_what_is_there_and_what_was_promised():
    assert CUT.startswith(
        "clip.mp4 breaks off at 2.27 s of 11.87 s: the file is incomplete; copy it"
    )
    assert "breaks off at 2.27 s: the file" in incomplete_sentence("clip.mp4", 2.27, None)


@pytest.mark.parametrize("seconds", [2, 6])
def test_a_cut_file_without_repetitions_is_to_be_copied_again(seconds):
    poses = squat_set(depths=[68.0] * 4)[: seconds * 10]
    plain, cut = judged(poses, "1 damaged pictures."), judged(poses, CUT)
    assert plain.verdict is cut.verdict is Verdict.NOT_ASSESSABLE
    assert "copy it again" not in plain.instruction
    assert cut.instruction.startswith(CUT)
    assert cut.warnings == (CUT,)
    failed = [gate for gate in cut.gates if not gate.passed]
    assert failed[0].cause is Cause.INCOMPLETE
    shown = assessment_shown(cut, exercises.get("single-leg-squat"))
    assert [gate["do"] for gate in shown["gates"] if gate["instruction"] == CUT] == [None]


def test_a_cut_file_that_can_be_judged_is_judged_and_warned_of():
    whole = judged(squat_set(depths=[68.0] * 4), CUT)
    assert whole.reps and whole.instruction is None
    assert whole.warnings == (CUT,)


def test_a_camera_that_stands_wrong_is_not_mended_by_a_copy():
    poses = standing(12)
    poses.visibility[:] = 0.0
    told = judged(poses, CUT)
    assert told.verdict is Verdict.NOT_ASSESSABLE
    assert not told.instruction.startswith("clip.mp4 breaks off")
