"""Two people out of two sample clips in one picture: the chosen one is kept, the other never taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.damage import Damaged, nothing
from benchmarks.damage_people import with_person
from glutecam import exercises, pipeline
from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.subject import SubjectPose
from glutecam.capture.weights import pull
from glutecam.core.poses import PoseSeries
from glutecam.errors import InputError

SECONDS = 0.8
HERE, BESIDE = 640.0, 960.0


@pytest.fixture(scope="module")
def full() -> Path:
    """The model, fetched where it is missing."""
    return pull("full")


@pytest.fixture(scope="module")
def two_people(sample_videos: Path, full: Path):
    """Return a function that tracks the picture of two people."""
    first, second = (sample_videos / f"step_down_{n}.mp4" for n in ("clean_right", "drop_left"))

    def tracked(follow: str) -> PoseSeries:
        source = Damaged(first, with_person(second, lambda _: BESIDE / 1280), SECONDS)
        with source, pipeline.open_model("full", follow=follow) as model:
            return pipeline.record(source, model).poses

    return tracked


def across(poses: PoseSeries) -> np.ndarray:
    return poses.mid_hip[poses.seen, 0]


@pytest.mark.parametrize(("follow", "x"), [("640,330", HERE), ("left", HERE), ("right", BESIDE)])
def test_the_chosen_one_is_kept_in_every_frame(two_people, follow, x):
    poses = two_people(follow)
    assert poses.seen.mean() > 0.9
    assert np.abs(across(poses) - x).max() < 60
    # The other one was painted out before anybody counted.
    assert poses.people.max() == 1


def test_without_a_choice_two_are_counted(two_people):
    assert two_people("auto").people.max() == 2


def test_without_a_choice_the_pose_model_sees_the_picture_as_it_is(sample_videos, full):
    source = Damaged(sample_videos / "step_down_clean_right.mp4", nothing(), 0.2)
    with source, MediaPipePose(full, "full") as bare, SubjectPose(bare) as model:
        frames = list(source)
        kept = [model.estimate(frame) for frame in frames]
        bare.start_anew()
        for frame, poses in zip(frames, kept, strict=True):
            np.testing.assert_array_equal(bare.estimate(frame).image_px, poses.image_px)


def test_whom_to_follow_is_checked_before_anything_is_opened():
    with pytest.raises(InputError, match="640,300"):
        pipeline.open_model("full", follow="tallest")


def test_a_place_outside_the_picture_is_refused_at_its_first_frame(two_people):
    with pytest.raises(InputError, match="9000,9000: the picture is 1280 x 720"):
        two_people("9000,9000")


def test_whoever_was_to_be_followed_and_is_lost_is_told_why_without_a_raw_line(
    full, footage, capfd
):
    source = Damaged(footage / "two_people_side_view.mp4", nothing(), 3.5)
    with source, pipeline.open_model("full", follow="left") as model:
        recording = pipeline.record(source, model)
    assert recording.poses.seen.mean() < 0.7
    told = pipeline.judge(recording, exercises.get("step-down"))
    assert told.instruction is not None and "'left'" in told.instruction
    assert "Leave --follow out" in told.instruction
    assert told.instruction == next(gate for gate in told.gates if not gate.passed).instruction
    assert "landmark_projection" not in capfd.readouterr().err


def test_whoever_is_kept_is_not_called_lost(sample_videos, full):
    source = Damaged(sample_videos / "step_down_clean_right.mp4", nothing(), 0.5)
    with source, pipeline.open_model("full", follow="largest") as model:
        assert pipeline.record(source, model).warnings == ()
