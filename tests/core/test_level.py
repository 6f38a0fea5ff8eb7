"""An invented roll is asked back, and taken out; what contradicts itself is refused."""

from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core.analyzer import Analyzer, analyze
from glutecam.core.geometry import rotate2
from glutecam.core.level import LevelCarry, body_roll_deg, level_gate, level_of, lines_roll_deg
from glutecam.core.level import upright as put_upright
from glutecam.core.poses import PoseSeries
from glutecam.core.sights import Sight

SQUAT = exercises.get("single-leg-squat")


def tilted(poses: PoseSeries, roll: float, told: float | None = None) -> PoseSeries:
    """Film with a camera that must be turned by ``roll`` to be level; lines tell ``told``."""
    centre = np.array([poses.width_px / 2, poses.height_px / 2])
    scene = poses.scene.copy()
    looks = np.arange(0, len(poses), 10)[:6]
    if told is not None:
        scene[looks, Sight.ROLL_DEG], scene[looks, Sight.ROLL_SD_DEG] = told, 0.3
    return replace(
        poses,
        image_px=rotate2(poses.image_px, -roll, centre),
        world_m=rotate2(poses.world_m, -roll, np.zeros(2)),
        scene=scene,
    )


def code(gates, name):
    return next(gate for gate in gates if gate.code == name)


def shown(centre_y: float = 560.0) -> PoseSeries:
    """A squat set in the middle of the picture, so that no roll brings a foot out of it."""
    return figures.squat_set(
        drops=[6.0, 9.0], depths=[68.0, 68.0], centre_px=(640.0, centre_y), px_per_m=200.0
    )


@pytest.mark.parametrize("roll", [6.0, -10.0, 15.0])
def test_a_roll_that_was_invented_is_told_by_the_body_at_rest(roll):
    assert body_roll_deg(tilted(shown(), roll)) == pytest.approx(roll, abs=0.5)


@pytest.mark.parametrize("roll", [6.0, -10.0])
def test_a_roll_that_lines_tell_is_taken_out_of_every_angle(roll):
    level, skewed = analyze(shown(), SQUAT), analyze(tilted(shown(), roll, roll), SQUAT)
    assert code(skewed.gates, "level").passed
    assert "taken out" in code(skewed.gates, "level").measured
    assert len(skewed.reps) == len(level.reps) == 2
    for name, signal in level.signals.items():
        same = skewed.signals[name].estimate.value
        np.testing.assert_allclose(same, signal.estimate.value, atol=1e-4, err_msg=name)


def test_without_lines_a_leaning_body_is_refused_and_names_the_camera():
    gate = level_gate(tilted(shown(), 8.0), SQUAT)
    assert not gate.passed
    assert "8.0°" in gate.measured
    assert "level" in gate.instruction
    assert level_gate(tilted(shown(), 3.0), SQUAT).passed


def test_lines_that_a_body_at_rest_contradicts_are_not_believed():
    assert not level_gate(tilted(shown(), 0.0, told=9.0), SQUAT).passed
    assert level_gate(tilted(shown(), 8.0, told=9.0), SQUAT).passed


def test_a_lean_in_a_level_room_is_the_body_s_own():
    assert level_gate(tilted(shown(), 9.0, told=0.1), SQUAT).passed


def test_lines_further_than_they_are_looked_for_are_refused():
    assert not level_gate(tilted(shown(), 21.5, told=21.5), SQUAT).passed


def test_less_than_lines_can_tell_is_left_alone():
    poses = tilted(shown(), 0.0, told=0.3)
    assert level_of(poses).roll_deg == 0.0
    assert put_upright(poses, level_of(poses))[0] is poses


def test_unsure_looks_and_looks_that_differ_tell_nothing():
    poses = tilted(shown(), 0.0, told=6.0)
    unsure = poses.scene.copy()
    unsure[:, Sight.ROLL_SD_DEG] *= 10
    assert lines_roll_deg(replace(poses, scene=unsure)) is None
    apart = poses.scene.copy()
    apart[np.arange(0, 60, 10), Sight.ROLL_DEG] = [6.0, -3.0, 1.0, 9.0, 4.0, -8.0]
    assert lines_roll_deg(replace(poses, scene=apart)) is None
    assert lines_roll_deg(poses) == 6.0


@pytest.mark.parametrize("cuts", [[], [1, 2, 7, 20, 21, 60], list(range(1, 150))])
def test_live_the_roll_is_decided_at_the_same_frame_however_it_is_cut(cuts):
    poses, carry = tilted(shown(), 6.0, told=6.0), LevelCarry()
    whole, _ = put_upright(poses, carry)
    pieces = []
    for start, end in zip([0, *cuts], [*cuts, len(poses)], strict=True):
        piece, carry = put_upright(poses[start:end], carry)
        pieces.append(piece)
    np.testing.assert_array_equal(PoseSeries.concatenate(pieces).image_px, whole.image_px)
    # Looks are at frames 0 and 10: before the second nothing is known.
    np.testing.assert_array_equal(whole.image_px[:10], poses.image_px[:10])
    assert body_roll_deg(whole[11:]) is None or abs(body_roll_deg(whole[11:])) < 0.5


def test_live_counts_with_a_tilted_camera():
    poses = tilted(figures.squat_set(px_per_m=200.0, centre_px=(640.0, 560.0)), -7.0, told=-7.0)
    live = Analyzer(SQUAT, smoothing="causal")
    for frame in range(len(poses)):
        live.push(poses[frame : frame + 1])
    judged = live.finish()
    assert len(judged.reps) == 3
    assert judged.baseline is not None


def test_a_point_outside_the_tilted_picture_stays_unseen():
    poses = tilted(shown(715.0), 12.0, told=12.0)
    turned, _ = put_upright(poses, level_of(poses))
    outside = poses.image_px[..., 1] > poses.height_px
    assert outside.any()
    assert (turned.visibility[outside] == 0).all()


def test_a_roll_that_somebody_knows_counts():
    poses = replace(tilted(shown(), 5.0, told=-3.0), camera_roll_deg=5.0)
    assert level_gate(poses, SQUAT).passed
    assert abs(body_roll_deg(put_upright(poses, LevelCarry())[0])) < 0.5
