"""Markers put on a stick figure of known angles give those angles back."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from stick import stick_body

from training import truth
from training.limbs import LEG, OTHER, OUTWARD
from training.markers import (
    ANKLE_INWARD_M,
    KNEE_INWARD_M,
    SHOULDER_BELOW_M,
    Measured,
    Standing,
    measured,
)
from training.posing import Footing, StandingPose, centre_of_mass, stand
from training.recorded import angles, load_recorded
from training.rotations import unit
from training.skeleton import Posed

ASKED = {
    "pelvic_drop_deg": 7.0,
    "pelvic_turn_deg": 5.0,
    "pelvic_tilt_deg": 6.0,
    "trunk_lean_deg": 10.0,
    "trunk_flexion_deg": 20.0,
    "stance_knee_deg": 40.0,
    "fppa_deg": 8.0,
    "free_hip_flexion_deg": 30.0,
    "free_hip_abduction_deg": 12.0,
    "free_knee_deg": 60.0,
    "lift": 1.0,
    "weight": 1.0,
}
#: Joint centres under knee and ankle markers are estimates.
WITHIN_DEG = {"fppa_deg": 4.0, "stance_knee_deg": 2.0, "free_knee_deg": 2.0}


def skin_markers(posed: Posed) -> dict[str, np.ndarray]:
    """Put markers where a laboratory does."""
    bones = posed.body.bone_names
    turned = {bone: posed.rotations[bones.index(bone)] for bone in bones}
    pelvis, thorax = turned["root"], turned["clavicle.L"]
    chest, head = posed.mid_shoulder, posed.joint("head")
    front = posed.mid_hip + pelvis @ [0.0, -0.19 * 0.25, 0.30 * 0.25]
    found = {
        "C7": chest + thorax @ [0.0, 0.08, 0.06],
        "CLAV": chest + thorax @ [0.0, -0.08, 0.06],
        "T10": chest + thorax @ [0.0, 0.08, -0.2],
        "STRN": chest + thorax @ [0.0, -0.08, -0.2],
    }
    for side, out in OUTWARD.items():
        found |= {
            f"{side}ASI": front + pelvis @ [out * 0.125, 0.0, 0.0],
            f"{side}PSI": front + pelvis @ [out * 0.04, 0.15, 0.0],
            f"{side}FHD": head + [out * 0.07, -0.09, 0.1],
            f"{side}SHO": posed.joint(f"upperarm01.{side}") + thorax @ [0, 0, SHOULDER_BELOW_M],
            f"{side}ELB": posed.joint(f"lowerarm01.{side}"),
            **leg_markers(posed, turned, side),
        }
    return found


def leg_markers(posed: Posed, turned: dict[str, np.ndarray], side: str) -> dict[str, np.ndarray]:
    out = np.array([OUTWARD[side], 0.0, 0.0])
    knee, ankle = (posed.joint(f"{bone}.{side}") for bone in LEG[1:])
    foot = turned[f"foot.{side}"]
    across = unit(turned[f"lowerleg01.{side}"] @ out)
    return {
        f"{side}KNE": knee + KNEE_INWARD_M * across,
        f"{side}ANK": ankle + ANKLE_INWARD_M * unit(foot @ out),
        f"{side}HEE": ankle + foot @ [0.0, 0.05, -0.04],
        f"{side}TOE": ankle + foot @ [0.0, -0.15, -0.04],
    }


def person(pose: StandingPose, standing: Standing | None = None) -> Measured:
    posed = stand(stick_body(), pose, Footing())
    return measured(skin_markers(posed), standing or Standing())


@pytest.mark.parametrize("stance", ["L", "R"])
def test_the_angles_of_a_pose_come_back_from_its_markers(stance: str) -> None:
    pose = StandingPose(stance, **ASKED)
    found = angles(person(pose), stance, True, 0.08)
    for name, asked in ASKED.items():
        assert found[name] == pytest.approx(asked, abs=WITHIN_DEG.get(name, 1.5)), name


@pytest.mark.parametrize("stance", ["L", "R"])
def test_with_both_feet_down_the_weight_comes_back(stance: str) -> None:
    pose = StandingPose(stance, stance_knee_deg=50.0, weight=0.4, sway_m=(0.0, 0.03))
    posed = stand(stick_body(), pose, Footing(half_spread_m=0.35))
    found = angles(measured(skin_markers(posed), Standing()), stance, False, 0.08)
    assert found["half_spread_m"] == pytest.approx(0.35, abs=0.02)
    assert found["weight"] == pytest.approx(0.4, abs=0.1)
    assert found["sway_back_m"] == pytest.approx(0.03, abs=0.03)
    assert found["lift"] == 0.0


def test_what_quiet_standing_reads_is_taken_off() -> None:
    pose = StandingPose("R", pelvic_drop_deg=7.0, pelvic_tilt_deg=6.0, lift=1.0, weight=1.0)
    askew = Standing(obliquity_deg=3.0, tilt_deg=4.0, thorax_deg=2.0)
    found = angles(person(pose, askew), "R", True, 0.08)
    assert found["pelvic_drop_deg"] == pytest.approx(4.0, abs=0.1)
    assert found["pelvic_tilt_deg"] == pytest.approx(2.0, abs=0.1)
    assert found["trunk_flexion_deg"] == pytest.approx(-2.0, abs=0.1)


def test_rows_are_many_and_of_all_people() -> None:
    rows = load_recorded()
    assert 2000 <= len(rows) <= 3000
    assert {row.subject for row in rows} == set(range(1, 7))
    assert min(Counter(row.movement for row in rows).values()) > 300
    numbers = [getattr(row, f.name) for row in rows for f in fields(row)[4:]]
    assert np.isfinite(numbers).all()


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_body_takes_the_recorded_poses(mirrored: bool) -> None:
    body = stick_body()
    rows = load_recorded()[::97]
    for row in (row.mirrored() for row in rows) if mirrored else rows:
        posed = stand(body, *row.fitted(body))
        assert truth.pelvic_drop_deg(posed, row.stance) == pytest.approx(
            row.pelvic_drop_deg, abs=1e-3
        )
        assert truth.trunk_lean_deg(posed, row.stance) == pytest.approx(row.trunk_lean_deg, abs=2.0)
        knee = truth.knee_flexion_deg(posed, row.stance)
        assert knee == pytest.approx(row.stance_knee_deg, abs=1.0)
        if row.lift:
            free = truth.knee_flexion_deg(posed, OTHER[row.stance])
            assert free == pytest.approx(row.free_knee_deg, abs=4.0)


def test_a_mirrored_row_is_the_mirror_image() -> None:
    body = stick_body()
    row = next(row for row in load_recorded() if row.lift and abs(row.pelvic_turn_deg) > 5.0)
    one, other = (stand(body, *r.fitted(body)) for r in (row, row.mirrored()))
    for bone in LEG:
        for side in "LR":
            mirror = one.joint(f"{bone}.{side}") * [-1.0, 1.0, 1.0]
            np.testing.assert_allclose(other.joint(f"{bone}.{OTHER[side]}"), mirror, atol=1e-6)
    assert centre_of_mass(one)[0] == pytest.approx(-centre_of_mass(other)[0], abs=1e-6)
    assert row.mirrored().mirrored() == row
