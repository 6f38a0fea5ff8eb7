from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from figures import L, clamshell_set, film, stand_on_right
from scripted import nobody, standing

from glutecam.core.gesture import HOLD_S, HandCarry, hand_up, hold
from glutecam.core.rules import Posture


def with_wrist(above_shoulder: float, *, seen: float = 0.99, **film_options):
    """A standing person whose left wrist is so many trunk lengths above the shoulders."""
    poses = film(stand_on_right(1, both_feet=True), **film_options)
    image, visible = poses.image_px.copy(), poses.visibility.copy()
    image[:, L.LEFT_WRIST] = poses.mid_shoulder + [40.0, 0.0]
    image[:, L.LEFT_WRIST, 1] -= above_shoulder * poses.trunk_px
    visible[:, L.LEFT_WRIST] = seen
    return replace(poses, image_px=image, visibility=visible)


@pytest.mark.parametrize(
    ("above", "up"), [(-0.8, False), (0.0, False), (0.5, False), (0.8, True), (1.14, True)]
)
@pytest.mark.parametrize("from_back", [False, True])
def test_a_wrist_above_the_crown_is_a_hand_up(above, up, from_back):
    assert hand_up(with_wrist(above, from_back=from_back), Posture.STANDING) is up


def test_a_wrist_that_is_not_seen_is_none():
    assert not hand_up(with_wrist(1.1, seen=0.3), Posture.STANDING)
    assert not hand_up(nobody(0.1), Posture.STANDING)


def test_the_hands_of_the_exercises_are_down():
    for set_, posture in ((standing(1), Posture.STANDING), (clamshell_set(), Posture.SIDE_LYING)):
        assert not any(hand_up(set_[i : i + 1], posture) for i in range(len(set_)))


def test_lying_an_arm_to_the_ceiling_is_a_hand_up():
    poses = clamshell_set()[:1]
    image = poses.image_px.copy()
    image[:, L.RIGHT_WRIST] = poses.image_px[:, L.RIGHT_SHOULDER] - [0.0, 1.0] * poses.trunk_px
    assert hand_up(replace(poses, image_px=image), Posture.SIDE_LYING)


def fired(ups: list[bool], fps: float = 30.0) -> list[int]:
    carry, found = HandCarry(), []
    for frame, up in enumerate(ups):
        done, carry = hold(up, frame / fps, carry)
        if done:
            found.append(frame)
    return found


def test_two_seconds_count_once_and_then_the_hand_must_come_down():
    assert fired([True] * 200) == [60]
    assert fired([True] * 55 + [False] * 40 + [True] * 55) == []
    assert fired([True] * 70 + [False] * 30 + [True] * 70) == pytest.approx([60, 160], abs=1)


def test_a_flicker_of_the_pose_model_does_not_start_it_anew():
    assert fired(([True] * 12 + [False] * 4) * 5) != []
    assert fired([True] * 40 + [False] * 15 + [True] * 40) == []


def test_the_share_grows_to_one():
    carry = HandCarry()
    shares = []
    for time_s in np.arange(0.0, HOLD_S, 0.1):
        _, carry = hold(True, float(time_s), carry)
        shares.append(carry.share(float(time_s)))
    assert shares == sorted(shares)
    assert (shares[0], round(shares[-1], 2)) == (0.0, 0.95)
    assert HandCarry(0.0, 5.0, fired=True).share(5.0) == 0.0
