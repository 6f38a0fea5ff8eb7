from __future__ import annotations

import acts
import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Band
from glutecam.core.rules import Posture
from glutecam.core.sides import STANDING_LEG, TOP_LEG
from glutecam.core.stance import (
    SideCarry,
    SwapCarry,
    canonical,
    find_swaps,
    swap_tally,
    told_leg,
    wholly_swapped,
)


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("from_back", [False, True])
def test_the_standing_leg_is_found(left, from_back):
    poses = figures.squat_set(depths=[60.0], left=left, from_back=from_back)
    told, _ = told_leg(poses, STANDING_LEG, SideCarry())
    on_one_leg = poses.time_s > 2.5
    assert (told[on_one_leg] == (-1 if left else 1)).all()


@pytest.mark.parametrize("left", [False, True])
def test_the_top_leg_is_found(left):
    poses = figures.clamshell_set(left=left)
    told, _ = told_leg(poses, TOP_LEG, SideCarry())
    # A third of a second is waited before the first decision.
    assert (told[:9] == 0).all()
    assert (told[10:] == (-1 if left else 1)).all()


def test_the_side_is_kept_while_the_evidence_is_unclear():
    poses = figures.film(figures.stand_on_right(5, both_feet=True))
    told, carry = told_leg(poses, STANDING_LEG, SideCarry(-1))
    assert (told == -1).all()
    assert carry.side == -1


def test_pieces_decide_as_the_whole():
    poses = figures.squat_set(depths=[60.0], left=True)
    whole, _ = told_leg(poses, STANDING_LEG, SideCarry())
    carry, parts = SideCarry(), []
    for i in range(0, len(poses), 7):
        part, carry = told_leg(poses[i : i + 7], STANDING_LEG, carry)
        parts.append(part)
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_canonical_poses_are_those_of_the_mirror_twin():
    right = figures.squat_set(depths=[60.0])
    left = figures.squat_set(depths=[60.0], left=True)
    turned = canonical(left, right=False)
    np.testing.assert_allclose(turned.image_px, right.image_px, atol=1e-9)


def exchange(poses, rows):
    """Exchange the names of left and right, as the pose model does when it mixes them up."""
    from dataclasses import replace

    from glutecam.core.landmarks import MIRROR

    image, world = poses.image_px.copy(), poses.world_m.copy()
    image[rows], world[rows] = image[rows][:, MIRROR], world[rows][:, MIRROR]
    return replace(poses, image_px=image, world_m=world)


@pytest.mark.parametrize("from_back", [False, True])
def test_exchanged_left_and_right_are_noticed_frame_by_frame(from_back):
    poses = figures.squat_set(depths=[60.0], from_back=from_back)
    wrong = np.zeros(len(poses), dtype=bool)
    wrong[60:75] = True
    swapped, _ = find_swaps(exchange(poses, wrong), Posture.STANDING, SwapCarry())
    np.testing.assert_array_equal(swapped, wrong)


def test_a_recording_is_judged_by_its_majority_even_when_it_starts_wrong():
    poses = figures.squat_set(depths=[60.0])
    wrong = np.arange(len(poses)) < 30
    mixed = exchange(poses, wrong)
    swapped, _ = find_swaps(mixed, Posture.STANDING, swap_tally(mixed, Posture.STANDING))
    np.testing.assert_array_equal(swapped, wrong)


def test_hips_against_shoulders_is_a_mix_up():
    from glutecam.core.landmarks import Landmark

    poses = figures.film(figures.stand_on_right(10))
    image = poses.image_px.copy()
    hips = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
    image[4, hips] = image[4, hips[::-1]]
    from dataclasses import replace

    mixed = replace(poses, image_px=image)
    swapped, _ = find_swaps(mixed, Posture.STANDING, SwapCarry())
    assert np.flatnonzero(swapped).tolist() == [4]
    assert not wholly_swapped(mixed, Posture.STANDING, swapped).any()


def test_who_lies_on_the_back_is_counted_through_an_exchange_and_not_judged_by_it():
    act = acts.ACTS["hip-thrust"](None)
    exercise, poses = exercises.get("hip-thrust"), act.poses
    top = analyze(poses, exercise).reps[0]
    at = 0.5 * (top.start_s + top.end_s)
    mixed = exchange(poses, np.abs(poses.time_s - at) < 0.4)
    result = analyze(mixed, exercise)
    assert [rep.start_s for rep in result.reps] == pytest.approx(
        [rep.start_s for rep in analyze(poses, exercise).reps], abs=0.05
    )
    assert {finding.band for finding in result.reps[0].findings} == {Band.INCONCLUSIVE}
    assert len(analyze(poses.without(np.abs(poses.time_s - at) < 0.4), exercise).reps) < act.reps


@pytest.mark.parametrize("left", [False, True])
def test_a_clean_clamshell_shows_no_mix_up(left):
    swapped, _ = find_swaps(figures.clamshell_set(left=left), Posture.SIDE_LYING, SwapCarry())
    assert not swapped.any()


def test_a_sway_over_the_free_foot_does_not_change_the_leg_but_standing_on_it_does():
    t = np.arange(240) / 30
    for length, changes in ((0.8, False), (4.0, True)):
        poses = figures.film(figures.stand_on_right(240, adduction=4.0), time_s=t)
        away = ((t > 2.0) & (t < 2.0 + length))[:, None]
        image = poses.image_px.copy()
        # Everything above the feet moves over the free foot.
        from glutecam.core.landmarks import Landmark

        image[:, : Landmark.LEFT_ANKLE, 0] += np.where(away, 75.0, 0.0)
        from dataclasses import replace

        moved = replace(poses, image_px=image)
        told, _ = told_leg(moved, STANDING_LEG, SideCarry())
        assert bool((told == -1).any()) is changes
