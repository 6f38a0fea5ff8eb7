"""A leg that a manifest names wrongly: its cell is named, and the leg is not said to have been found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from glutecam import exercises
from glutecam.batch.plan import Clip, plan
from glutecam.batch.record import set_record
from glutecam.batch.side_asked import naming_the_row
from glutecam.core.assessment import Assessment, Verdict
from glutecam.core.set_by_set import JudgedSet, analyze_sets
from tests.figures import squat_set

SQUAT = exercises.get("single-leg-squat")


def judged(side: str) -> JudgedSet:
    (one,) = analyze_sets(squat_set(depths=[68.0] * 4), SQUAT, side=side)
    return one


@pytest.fixture(scope="module")
def right() -> str:
    """Return the leg that works."""
    return judged("auto").assessment.sides[0].value


@pytest.fixture(scope="module")
def refused(right: str) -> JudgedSet:
    one = judged("left" if right == "right" else "right")
    assert one.assessment.verdict is Verdict.NOT_ASSESSABLE
    return one


def clip_of(folder: Path, side: str, option: str = "auto") -> Clip:
    (folder / "a.mp4").write_bytes(b"x")
    (folder / "m.csv").write_text(f"file,exercise,side\n,,\na.mp4,single-leg-squat,{side}\n")
    return plan(folder / "m.csv", None, side=option).clips[0]


def named(one: Assessment, clip: Clip) -> str:
    told = naming_the_row(one, clip)
    assert told.instruction is not None
    return told.instruction


def test_the_row_and_the_column_are_named_and_no_line_that_will_move(
    tmp_path: Path, refused: JudgedSet, right: str
) -> None:
    wrong = "left" if right == "right" else "right"
    said = named(refused.assessment, clip_of(tmp_path, wrong))
    assert f"put {right} into the column side of its row in the manifest" in said
    assert "--side" not in said and "line" not in said


def test_what_was_said_by_the_option_is_mended_there(
    tmp_path: Path, refused: JudgedSet, right: str
) -> None:
    wrong = "left" if right == "right" else "right"
    assert f"--side {right}" in named(refused.assessment, clip_of(tmp_path, "", wrong))


def test_a_leg_that_was_only_asked_for_was_not_found(
    tmp_path: Path, refused: JudgedSet, right: str
) -> None:
    clip = clip_of(tmp_path, right)
    assert set_record(clip, refused, SQUAT, "a.json")["summary"]["sides"] == ""
    good = set_record(clip, replace(refused, assessment=judged("auto").assessment), SQUAT, "a")
    assert good["summary"]["sides"] == right
