"""Another person is noticed by colours and by jumps; one and the same is not suspected."""

from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam.core.identity import jumps_s, others, same_person_gate
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import PoseSeries
from glutecam.core.sights import COLOURS

OWN = np.tile([120.0, 128.0, 128.0], 5)
SOMEBODY_ELSE = OWN + np.tile([0.0, 50.0, -20.0], 5)


def coloured(where_else: np.ndarray | None = None) -> PoseSeries:
    """A squat set with a look at the colours every ten frames, somebody else's in some of them."""
    poses = figures.squat_set()
    scene = poses.scene.copy()
    looks = np.arange(0, len(poses), 10)
    noise = np.random.default_rng(3).normal(0, 4, (len(looks), 15))
    scene[looks, COLOURS] = OWN + noise
    if where_else is not None:
        strange = looks[where_else[looks]]
        scene[strange, COLOURS] = SOMEBODY_ELSE
    return replace(poses, scene=scene)


def test_one_person_in_the_same_clothes_passes():
    gate = same_person_gate(coloured())
    assert gate.passed
    assert gate.measured.startswith("another person's colours in 0%")


@pytest.mark.parametrize("start", [0.2, 0.5, 0.8])
def test_somebody_else_from_some_time_on_is_noticed_whoever_came_first(start):
    poses = figures.squat_set()
    later = np.arange(len(poses)) > start * len(poses)
    gate = same_person_gate(coloured(later))
    assert not gate.passed
    share = float(np.mean(others(coloured(later))))
    assert share == pytest.approx(min(start, 1 - start), abs=0.05)
    assert "--follow" in gate.instruction


def test_colours_of_frames_that_were_thrown_away_do_not_count():
    poses = figures.squat_set()
    later = np.arange(len(poses)) > 0.5 * len(poses)
    assert same_person_gate(coloured(later).without(later)).passed


def test_a_jump_to_another_place_is_noticed_with_its_time():
    poses = coloured()
    image = poses.image_px.copy()
    image[100:, :, 0] += 400.0
    jumped = replace(poses, image_px=image)
    np.testing.assert_allclose(jumps_s(jumped), [poses.time_s[100]])
    assert "1 jumps" in same_person_gate(jumped).measured
    assert not same_person_gate(jumped).passed


def test_hips_that_are_guessed_elsewhere_under_the_same_shoulders_are_no_jump():
    poses = figures.squat_set()
    image = poses.image_px.copy()
    hips = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
    image[100:, hips, 1] -= 0.8 * poses.trunk_px[0]
    assert len(jumps_s(replace(poses, image_px=image))) == 0


def test_one_wild_frame_and_a_brisk_walk_are_no_jumps():
    poses = coloured()
    wild = poses.image_px.copy()
    wild[100, :, 0] += 400.0
    assert len(jumps_s(replace(poses, image_px=wild))) == 0
    walking = poses.image_px.copy()
    # 1.5 m/s across the picture.
    walking[..., 0] += (1.5 * figures.PX_PER_M * poses.time_s)[:, None]
    assert len(jumps_s(replace(poses, image_px=walking))) == 0


def test_without_looks_nothing_is_held_against_anybody():
    assert same_person_gate(figures.squat_set()).measured == "colours not looked at"
    assert same_person_gate(figures.squat_set()).passed
