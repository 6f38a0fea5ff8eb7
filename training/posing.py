"""Standing poses from clinical angles, with the feet flat, fixed and in balance.

The pelvis is put where the centre of mass lies over the support, so a drop or a lean brings the
sideways shift that goes with it, and the stance foot never slides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.arms import ArmPose, pose_arms
from training.bodies import Body
from training.limbs import (
    LEG,
    OTHER,
    OUTWARD,
    Limb,
    bend_leg,
    free_ankle,
    leg_pole,
    limb,
)
from training.rotations import BACK, LEFT, UP, Array, about, between
from training.skeleton import Posed, Rotations, at_rest, place, rest_offset
from training.truth import fppa_deg, trunk_lean_deg

#: From the ankle to the point of the sole under which balanced people carry their weight.
WEIGHT_AHEAD_OF_ANKLE_M = 0.05


@dataclass(frozen=True)
class StandingPose:
    """One instant, in clinical terms; degrees unless the name says otherwise.

    `pelvic_drop_deg` + = free side down; `trunk_lean_deg` + = toward stance; `fppa_deg` + = knee
    medial. `lift` is 0 with the free foot on its mark and 1 with the free leg in the air at the
    given angles; `weight` is the share of the body's weight moved onto the stance leg.
    """

    stance: str
    pelvic_drop_deg: float = 0.0
    pelvic_turn_deg: float = 0.0
    pelvic_tilt_deg: float = 0.0
    trunk_lean_deg: float = 0.0
    trunk_flexion_deg: float = 0.0
    stance_knee_deg: float = 4.0
    fppa_deg: float = 0.0
    free_hip_flexion_deg: float = 0.0
    free_hip_abduction_deg: float = 0.0
    free_knee_deg: float = 4.0
    free_ankle_deg: float = 0.0
    lift: float = 0.0
    weight: float = 0.0
    arms: tuple[ArmPose, ArmPose, float] = ("waist", "waist", 0.0)
    sway_m: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Footing:
    """Where the soles are: height of the ground under them, half the ankle spread, toe-out."""

    ground_m: float = 0.0
    half_spread_m: float = 0.08
    toe_out_deg: float = 8.0
    sole_m: float = 0.0

    def sole(self, side: str) -> Array:
        """Rotation (3, 3) of a foot that stands on its mark: flat, toes a little outward."""
        return about(UP, OUTWARD[side] * self.toe_out_deg)

    def balance(self, body: Body, pose: StandingPose) -> Array:
        """Ground point (2,) under the centre of mass."""
        stance = self.ankle(body, pose.stance)[:2]
        middle = (stance + self.ankle(body, OTHER[pose.stance])[:2]) / 2.0
        point = middle + pose.weight * (stance - middle)
        return point + np.array([0.0, -WEIGHT_AHEAD_OF_ANKLE_M]) + np.asarray(pose.sway_m)

    def ankle(self, body: Body, side: str) -> Array:
        """Ankle centre (3,) of a foot that stands on its mark."""
        above_sole = body.head(f"foot.{side}")[2] - body.vertices[:, 2].min() + self.sole_m
        return np.array([OUTWARD[side] * self.half_spread_m, 0.0, self.ground_m + above_sole])


def centre_of_mass(posed: Posed) -> Array:
    """Whole-body centre of mass (3,) from Dempster's segment shares."""
    mass = 0.08 * (posed.joint("head") + 0.08 * UP)
    mass = mass + 0.50 * (0.55 * posed.mid_hip + 0.45 * posed.mid_shoulder)
    for side in ("L", "R"):
        hip, knee, ankle = (posed.joint(f"{bone}.{side}") for bone in LEG)
        mass = mass + 0.05 * posed.joint(f"lowerarm01.{side}")
        mass = mass + 0.10 * (0.57 * hip + 0.43 * knee)
        mass = mass + 0.0465 * (0.57 * knee + 0.43 * ankle) + 0.0135 * ankle
    return mass


def _trunk(segments: Rotations, pose: StandingPose, lean_deg: float) -> None:
    """Set pelvis, thorax, clavicles and head."""
    toward_left = OUTWARD[pose.stance]
    turn = about(UP, pose.pelvic_turn_deg)
    # Right side up is + about the backward axis; a drop of the free side lifts the stance side.
    obliquity = -toward_left * pose.pelvic_drop_deg
    segments["pelvis"] = turn @ about(BACK, obliquity) @ about(LEFT, pose.pelvic_tilt_deg)
    thorax = about(BACK, toward_left * lean_deg) @ about(LEFT, pose.trunk_flexion_deg)
    segments["thorax"] = between(np.eye(3), turn, 0.5) @ thorax
    segments["head"] = between(np.eye(3), segments["thorax"], 0.25)
    for side in ("L", "R"):
        segments[f"clavicle.{side}"] = segments["thorax"]


def _hip(body: Body, segments: Rotations, mid_hip: Array, side: str) -> Array:
    """Hip-joint centre (3,) for a given mid-hip."""
    apart = rest_offset(body, f"upperleg01.{OTHER[side]}", f"upperleg01.{side}")
    return mid_hip + segments["pelvis"] @ apart / 2.0


def _stance_leg(
    body: Body,
    segments: Rotations,
    hip: Array,
    ankle: Array,
    pose: StandingPose,
    footing: Footing,
) -> None:
    """Bend the stance leg; the knee is turned in or out until the projected angle is right."""
    lengths, side = limb(body, pose.stance, LEG), pose.stance
    outward = footing.toe_out_deg
    for _ in range(6):
        knee = lengths.middle(hip, ankle, leg_pole(side, outward))
        error = pose.fppa_deg - fppa_deg(hip, knee, ankle, side)
        bend = max(np.sin(np.radians(pose.stance_knee_deg / 2.0)), 0.05)
        # Small steps: a nearly straight knee cannot show a projected angle whatever it does.
        outward = float(np.clip(outward - 0.45 * error / bend, -40.0, 35.0))
        if pose.stance_knee_deg < 12.0:
            break
    share = np.clip((pose.stance_knee_deg - 4.0) / 16.0, 0.0, 1.0)
    outward = (1.0 - share) * footing.toe_out_deg + share * outward
    knee = lengths.middle(hip, ankle, leg_pole(side, outward))
    bend_leg(body, segments, side, (hip, knee, ankle))
    segments[f"foot.{side}"] = footing.sole(side)


def _free_leg(
    body: Body, segments: Rotations, hip: Array, pose: StandingPose, footing: Footing
) -> None:
    """Bend the free leg between its mark on the ground and its place in the air."""
    side = OTHER[pose.stance]
    mark = footing.ankle(body, side)
    lengths: Limb = limb(body, side, LEG)
    angles = np.array([pose.free_hip_flexion_deg, pose.free_hip_abduction_deg, pose.free_knee_deg])
    air = free_ankle(hip, lengths, side, angles)
    ankle = (1.0 - pose.lift) * mark + pose.lift * air
    # Step over, not through: the foot rises in the middle of its way.
    ankle = ankle + UP * 0.05 * np.sin(np.pi * pose.lift)
    knee = lengths.middle(hip, ankle, leg_pole(side, footing.toe_out_deg + 2.0))
    reachable = knee + (ankle - knee) * lengths.lower_m / np.linalg.norm(ankle - knee)
    bend_leg(body, segments, side, (hip, knee, reachable))
    hanging = segments[f"shank.{side}"] @ about(LEFT, -pose.free_ankle_deg)
    segments[f"foot.{side}"] = between(footing.sole(side), hanging, pose.lift)


def _legs(
    body: Body, segments: Rotations, mid_hip: Array, pose: StandingPose, footing: Footing
) -> Array:
    """Bend both legs; returns the mid-hip moved up or down to give the stance knee its angle."""
    ankle = footing.ankle(body, pose.stance)
    hip = _hip(body, segments, mid_hip, pose.stance)
    reach = limb(body, pose.stance, LEG).reach(pose.stance_knee_deg)
    aside = np.hypot(*(hip - ankle)[:2])
    raised = ankle[2] + np.sqrt(max(reach**2 - aside**2, 0.0))
    mid_hip = mid_hip + UP * (raised - hip[2])
    free_side = OTHER[pose.stance]
    hip = _hip(body, segments, mid_hip, pose.stance)
    _stance_leg(body, segments, hip, ankle, pose, footing)
    _free_leg(body, segments, _hip(body, segments, mid_hip, free_side), pose, footing)
    return mid_hip


def stand(body: Body, pose: StandingPose, footing: Footing) -> Posed:
    """Pose `body`; the trunk lean that comes out is the one asked for (to about 0.3°)."""
    segments = at_rest()
    target = footing.balance(body, pose)
    mid_hip = np.array([target[0], target[1] + 0.05, footing.ground_m + 0.9])
    lean = pose.trunk_lean_deg
    posed = place(body, segments, mid_hip)
    for _ in range(5):
        _trunk(segments, pose, lean)
        mid_hip = _legs(body, segments, mid_hip, pose, footing)
        pose_arms(body, segments, mid_hip, pose.arms)
        posed = place(body, segments, mid_hip)
        lean += pose.trunk_lean_deg - trunk_lean_deg(posed, pose.stance)
        mid_hip = mid_hip + np.append(target - centre_of_mass(posed)[:2], 0.0)
    _trunk(segments, pose, lean)
    mid_hip = _legs(body, segments, mid_hip, pose, footing)
    pose_arms(body, segments, mid_hip, pose.arms)
    return place(body, segments, mid_hip)


def reaches(body: Body, pose: StandingPose, footing: Footing) -> bool:
    """Say whether the other leg is long enough to stand on its mark with this knee and weight."""
    legs = limb(body, pose.stance, LEG)
    near, far = footing.half_spread_m * np.array([1.0 - pose.weight, 1.0 + pose.weight])
    height = np.sqrt(max(legs.reach(pose.stance_knee_deg) ** 2 - near**2, 0.0))
    return bool(np.hypot(height, far) < legs.reach(0.0))
