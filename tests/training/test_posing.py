"""Ask for an angle, get that angle back from the skeleton."""

from __future__ import annotations

import numpy as np
import pytest
from stick import stick_body

from training import truth
from training.limbs import LEG, OTHER
from training.lying import LyingPose, lie
from training.posing import Footing, StandingPose, centre_of_mass, reaches, stand
from training.rotations import LEFT, about, smooth
from training.scripts import SINGLE_LEG_SQUAT, STEP_DOWN, Depth, StandingScript

SINGLE_LEG = {"weight": 1.0, "lift": 1.0, "stance_knee_deg": 55.0, "trunk_flexion_deg": 15.0}


@pytest.mark.parametrize("stance", ["L", "R"])
@pytest.mark.parametrize("drop", [-6.0, 0.0, 12.0])
def test_drop_knee_and_lean_come_out_as_asked(stance: str, drop: float) -> None:
    pose = StandingPose(stance, pelvic_drop_deg=drop, trunk_lean_deg=5.0, **SINGLE_LEG)
    posed = stand(stick_body(), pose, Footing(0.2))
    assert truth.pelvic_drop_deg(posed, stance) == pytest.approx(drop, abs=1e-6)
    assert truth.knee_flexion_deg(posed, stance) == pytest.approx(55.0, abs=1e-6)
    assert truth.trunk_lean_deg(posed, stance) == pytest.approx(5.0, abs=0.5)


def test_right_side_up_is_positive_for_a_right_stance_drop() -> None:
    pose = StandingPose("R", pelvic_drop_deg=10.0, **SINGLE_LEG)
    posed = stand(stick_body(), pose, Footing())
    assert truth.obliquity_deg(posed) == pytest.approx(10.0, abs=1e-6)
    assert posed.joint("upperleg01.R")[2] > posed.joint("upperleg01.L")[2]


@pytest.mark.parametrize("stance", ["L", "R"])
def test_valgus_brings_the_knee_towards_the_midline(stance: str) -> None:
    body = stick_body()
    clean, valgus = (
        stand(body, StandingPose(stance, fppa_deg=angle, **SINGLE_LEG), Footing())
        for angle in (0.0, 20.0)
    )
    hip, knee, ankle = (valgus.joint(f"{bone}.{stance}") for bone in LEG)
    assert truth.fppa_deg(hip, knee, ankle, stance) == pytest.approx(20.0, abs=0.5)
    assert abs(knee[0]) < abs(clean.joint(f"lowerleg01.{stance}")[0])


@pytest.mark.parametrize("style", [STEP_DOWN, SINGLE_LEG_SQUAT])
def test_stance_foot_never_slides_and_carries_the_weight(style: object) -> None:
    body, footing = stick_body(), Footing(0.2, 0.075)
    script = StandingScript("L", style, Depth(60.0), Depth(60.0, drop=12.0), ((), ("pelvic_drop",)))
    for time_s in np.arange(0.0, script.duration_s, 0.25):
        posed = stand(body, script.at(float(time_s)), footing)
        ankle = posed.joint("foot.L")
        np.testing.assert_allclose(ankle, footing.ankle(body, "L"), atol=1e-9)
        if time_s > script.reps[0].start_s:
            assert abs(centre_of_mass(posed)[0] - ankle[0]) < 0.02


@pytest.mark.parametrize("top", ["L", "R"])
def test_clamshell_opens_and_rolls_as_asked(top: str) -> None:
    body = stick_body()
    quiet = lie(body, LyingPose(top), 0.0)
    axis = quiet.mid_shoulder - quiet.mid_hip
    axis /= np.linalg.norm(axis)
    posed = lie(body, LyingPose(top, roll_deg=20.0, opening_deg=45.0), 0.0)
    assert truth.knee_opening_deg(posed) == pytest.approx(45.0, abs=1.0)
    rolled = truth.roll_deg(posed, top, axis) - truth.roll_deg(quiet, top, axis)
    assert rolled == pytest.approx(20.0, abs=1.0)
    assert posed.joint(f"upperleg01.{top}")[1] > quiet.joint(f"upperleg01.{top}")[1]
    for side in ("L", "R"):
        heels = posed.joint(f"foot.{side}"), quiet.joint(f"foot.{side}")
        np.testing.assert_allclose(*heels, atol=1e-6)


def test_ramp_and_rotation_basics() -> None:
    assert (smooth(-1.0), smooth(0.5), smooth(2.0)) == (0.0, 0.5, 1.0)
    np.testing.assert_allclose(about(LEFT, 90.0) @ [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], atol=1e-12)


def test_who_reaches_both_marks_stands_on_both() -> None:
    body, rng = stick_body(), np.random.default_rng(5)
    away: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(200):
        footing = Footing(0.0, half_spread_m=float(rng.uniform(0.25, 0.7)))
        weight, knee = float(rng.uniform(0.0, 1.0)), float(rng.uniform(0.0, 105.0))
        pose = StandingPose("LR"[int(rng.integers(2))], stance_knee_deg=knee, weight=weight)
        free = OTHER[pose.stance]
        foot = stand(body, pose, footing).joint(f"foot.{free}")
        gap = float(np.linalg.norm(foot - footing.ankle(body, free)))
        away[reaches(body, pose, footing)].append(gap)
    assert len(away[True]) > 30
    assert np.quantile(away[True], 0.9) < 0.03
    assert np.median(away[False]) > 0.05


def test_a_hand_is_held_up_and_the_other_one_hangs() -> None:
    """The way up leads past the side, never through the shoulder."""
    body = stick_body()
    ways = [("down", "aside", 0.5), ("aside", "raised", 0.5), ("aside", "raised", 1.0)]
    posed = [stand(body, StandingPose("R", arms=way), Footing()) for way in ways]
    for one in posed:
        arm = one.joint("wrist.R") - one.joint("upperarm01.R")
        assert np.linalg.norm(arm) > 0.5 * np.linalg.norm(
            one.joint("wrist.L") - one.joint("upperarm01.L")
        )
        assert one.joint("wrist.L")[2] < one.mid_hip[2] + 0.2
    assert posed[-1].joint("wrist.R")[2] > posed[-1].joint("head")[2] + 0.2
