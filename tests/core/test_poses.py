from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam.core.landmarks import EDGES, LANDMARK_COUNT, MIRROR, Landmark
from glutecam.core.poses import PoseSeries
from glutecam.core.sights import SIGHTS, Sight


def test_the_mirror_exchanges_partners_and_undoes_itself():
    assert LANDMARK_COUNT == 33
    assert MIRROR[Landmark.LEFT_HIP] == Landmark.RIGHT_HIP
    assert MIRROR[Landmark.NOSE] == Landmark.NOSE
    assert MIRROR[Landmark.MOUTH_LEFT] == Landmark.MOUTH_RIGHT
    np.testing.assert_array_equal(MIRROR[MIRROR], np.arange(33))
    assert all(a != b for a, b in EDGES)


def test_mirroring_twice_gives_the_same_to_the_last_bit_in_metres():
    poses = figures.squat_set(depths=[60.0])
    twice = poses.mirrored().mirrored()
    np.testing.assert_array_equal(twice.world_m, poses.world_m)
    np.testing.assert_allclose(twice.image_px, poses.image_px, atol=1e-9)


def test_only_the_chosen_frames_are_mirrored():
    poses = figures.squat_set(depths=[60.0])
    chosen = np.arange(len(poses)) < 10
    half = poses.mirrored(chosen)
    np.testing.assert_array_equal(half.image_px[10:], poses.image_px[10:])
    np.testing.assert_array_equal(half.image_px[:10], poses.mirrored().image_px[:10])


def test_slices_are_views_and_join_again():
    poses = figures.squat_set(depths=[60.0])
    part = poses[5:20]
    assert np.shares_memory(part.image_px, poses.image_px)
    joined = PoseSeries.concatenate([poses[:5], part, poses[20:]])
    np.testing.assert_array_equal(joined.image_px, poses.image_px)


def test_unseen_frames_are_not_seen():
    poses = PoseSeries.unseen(np.arange(4) / 30, 640, 480)
    assert not poses.seen.any()
    assert len(poses) == 4


@pytest.mark.parametrize("times", [[0.0, 0.0], [1.0, 0.5]])
def test_time_must_increase(times):
    with pytest.raises(ValueError, match="time_s must increase"):
        PoseSeries.unseen(np.array(times), 640, 480)


def test_wrong_shapes_are_refused_by_name():
    good = PoseSeries.unseen(np.arange(2) / 30, 640, 480)
    with pytest.raises(ValueError, match=r"T = 2: .*visibility \(1, 33\)"):
        PoseSeries(
            good.time_s, good.image_px, good.world_m, good.visibility[:1], good.people, 640, 480
        )


def test_pieces_of_different_frame_size_do_not_join():
    a = PoseSeries.unseen(np.array([0.0]), 640, 480)
    b = PoseSeries.unseen(np.array([1.0]), 480, 640)
    with pytest.raises(ValueError, match="frame size"):
        PoseSeries.concatenate([a, b])
    with pytest.raises(ValueError, match="nothing"):
        PoseSeries.concatenate([])


def test_a_slice_that_runs_backwards_is_refused():
    poses = PoseSeries.unseen(np.arange(4) / 30, 640, 480)
    assert len(poses[::2]) == 2
    with pytest.raises(ValueError, match="time_s must increase"):
        poses[::-1]


def test_the_scene_goes_where_the_frames_go():
    poses = PoseSeries.unseen(np.arange(4) / 30, 640, 480)
    assert poses.scene.shape == (4, SIGHTS)
    seen = replace(poses, scene=np.arange(4 * SIGHTS, dtype=float).reshape(4, SIGHTS))
    np.testing.assert_array_equal(seen[1:3].sight(Sight.LIGHT), seen.scene[1:3, Sight.LIGHT])
    joined = PoseSeries.concatenate([seen[:1], seen[1:]])
    np.testing.assert_array_equal(joined.scene, seen.scene)
    mirror = seen.mirrored()
    assert mirror.sight(Sight.ROLL_DEG)[2] == -seen.sight(Sight.ROLL_DEG)[2]
    assert mirror.sight(Sight.LIGHT)[2] == seen.sight(Sight.LIGHT)[2]
    with pytest.raises(ValueError, match="scene"):
        replace(poses, scene=np.zeros((3, SIGHTS)))


def test_since_holds_the_frame_of_that_very_time():
    poses = PoseSeries.unseen(np.array([0.0, 0.5, 1.0, 1.5]), 640, 480)
    assert [poses.since(time_s).time_s.tolist() for time_s in (-1.0, 1.0, 1.1, 2.0)] == [
        [0.0, 0.5, 1.0, 1.5], [1.0, 1.5], [1.5], [],
    ]  # fmt: skip
