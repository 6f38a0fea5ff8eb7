"""The library as its users call it: paths and names in, values and errors out."""

from __future__ import annotations

from pathlib import Path

import figures
import numpy as np
import pytest

import glutecam
from glutecam.errors import InputError, UnknownExerciseError
from glutecam.records.posefile import save_poses


@pytest.fixture(scope="module")
def squats():
    return figures.squat_set(depths=[68.0, 68.0])


@pytest.fixture
def recorded(squats, tmp_path: Path) -> Path:
    path = tmp_path / "clip.npz"
    save_poses(
        path, squats, model_name="lite", source_name="c", fps=30.0, warnings=["cut"],
        reduced_accuracy=True,
    )  # fmt: skip
    return path


def same(one: glutecam.Assessment, other: glutecam.Assessment) -> bool:
    values = (
        np.array_equal(signal.estimate.value, other.signals[name].estimate.value, equal_nan=True)
        for name, signal in one.signals.items()
    )
    return one.reps == other.reps and one.verdict is other.verdict and all(values)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_recording_is_loaded_by_its_path_and_judged_by_name(kind, recorded, squats):
    recording = glutecam.load_poses(kind(recorded))
    by_name = glutecam.analyze(recording, "single-leg-squat")
    by_object = glutecam.analyze(squats, glutecam.get_exercise("single leg squat"))
    assert len(by_name.reps) == 2
    assert same(by_name, by_object)
    # What made a recording goes with it.
    assert (by_name.provenance.pose_model, by_name.warnings) == ("lite", ("cut",))
    assert by_name.provenance.reduced_accuracy
    assert by_object.provenance.pose_model == "unknown"


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_is_scored_by_its_path(kind, recorded):
    assessment = glutecam.score_file(kind(recorded), "single_leg_squat", side="right")
    assert same(assessment, glutecam.analyze(glutecam.load_poses(recorded), "single-leg-squat"))


@pytest.mark.parametrize("side", [None, "auto", "right", glutecam.Side.RIGHT])
def test_a_side_is_a_word_or_a_value(side, squats):
    assert glutecam.analyze(squats, "single-leg-squat", side=side).sides == (glutecam.Side.RIGHT,)


def test_an_unknown_name_offers_the_nearest_and_is_told_before_the_work(squats):
    with pytest.raises(UnknownExerciseError, match="Did you mean 'step-down'"):
        glutecam.analyze(squats, "step-dwon")
    with pytest.raises(UnknownExerciseError, match="Did you mean 'step-down'"):
        glutecam.score_file("there-is-no-such.mp4", "step-dwon")
    with pytest.raises(InputError, match="no side"):
        glutecam.analyze(squats, "step-down", side="lefft")
