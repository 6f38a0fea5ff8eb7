"""A formula gives the same bits for the plain numbers of one frame and for arrays of many."""

from __future__ import annotations

import math
from dataclasses import replace
from operator import attrgetter

import figures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glutecam import exercises
from glutecam.core import columns
from glutecam.core.measures import over_right_foot, top_is_right

ANGLE = st.floats(-170, 170)
MEASURES = {m.name: m for e in exercises.all_exercises() for m in (*e.measures, *e.also)}


def toward(angle_deg, size=1.0):
    return size * math.cos(math.radians(angle_deg)), size * math.sin(math.radians(angle_deg))


@given(start=ANGLE, turn=ANGLE, size=st.floats(0.1, 1000))
def test_the_angle_between_two_vectors_is_the_turn(start, turn, size):
    a, b = toward(start, size), toward(start + turn)
    assert columns.turn_deg(a, b) == pytest.approx(turn, abs=1e-6)


def test_over_nothing_is_not_known():
    assert math.isnan(columns.over(1.0, 0.0))
    assert math.isnan(columns.over(1.0, math.nan))
    np.testing.assert_array_equal(columns.over(np.array([6.0, 1]), np.array([2.0, 0])), [3, np.nan])


def noisy():
    poses = figures.squat_set(drops=[3, 20, 3], leans=[0, 9, 0])
    noise = np.random.default_rng(4).normal(0, 2.0, poses.image_px.shape)
    return replace(poses, image_px=poses.image_px + noise).without(np.arange(len(poses)) == 50)


@pytest.mark.parametrize("name", MEASURES)
def test_frame_by_frame_a_measure_has_the_bits_of_the_whole(name):
    poses, of = noisy(), MEASURES[name].of
    whole = of(poses)
    frames = [of(poses[i : i + 1]) for i in range(len(poses))]
    np.testing.assert_array_equal([e.value[0] for e in frames], whole.value)
    np.testing.assert_array_equal([e.sd[0] for e in frames], whole.sd)


WORKED_OUT = [
    over_right_foot,
    top_is_right,
    *map(attrgetter, ("trunk_px", "facing", "mid_hip", "mid_shoulder")),
]


@pytest.mark.parametrize("of", WORKED_OUT)
@pytest.mark.parametrize("frames", [1, 2, 7])
def test_what_poses_work_out_of_columns_is_the_same_in_any_pieces(of, frames):
    poses = noisy()
    parts = [of(poses[i : i + frames]) for i in range(0, len(poses), frames)]
    np.testing.assert_array_equal(np.concatenate(parts), of(poses))
