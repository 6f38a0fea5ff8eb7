"""Lying on the back with the feet flat: the bridge and the hip thrust, on two legs or one.

The head points away from the camera (+y), the feet towards it. The shoulders stay where they rest;
the trunk turns about them and the pelvis rises. Lying so, the pelvis tips sideways by turning about
the body's long axis, which a camera at the feet sees as the slope of the line of the hips.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.bodies import Body
from training.limbs import ARM, LEG, OTHER, OUTWARD, Limb, bend_arm, bend_leg, limb, turn_hand
from training.rotations import BACK, FORWARD, LEFT, UP, Array, about, unit
from training.skeleton import Posed, Rotations, at_rest, place

#: Half the thickness of the body at the shoulders and at the hips, metres.
SHOULDER_HALF_M, HIP_HALF_M, ANKLE_M = 0.12, 0.12, 0.08


@dataclass(frozen=True)
class BridgePose:
    """One instant.

    `rise` is 0 with the hips on the floor and 1 with shoulders, hips and knees in line;
    `pelvic_drop_deg` + = the side opposite `stance` is down; `knees_in_deg` turns the knees inward
    about the line from hip to ankle; `lift` 1 = the free leg is straight, its thigh level with the
    other; `shoulders_m` is the height of what the shoulders rest on.
    """

    stance: str
    rise: float = 0.0
    pelvic_drop_deg: float = 0.0
    knees_in_deg: float = 0.0
    lift: float = 0.0
    shoulders_m: float = 0.0
    half_spread_m: float = 0.12


@dataclass(frozen=True)
class Plan:
    """Where the fixed points of one body are, in the plane through its middle: (back, up), metres.

    `low_deg` and `high_deg` are how far the trunk points up from the shoulders to the hips at the
    bottom and at the top.
    """

    shoulder: Array
    heel: Array
    low_deg: float
    high_deg: float

    @classmethod
    def of(cls, body: Body, shoulders_m: float) -> Plan:
        """Return the plan in which the shins are upright at the top."""
        leg = limb(body, "L", LEG)
        trunk = _trunk_vector(body)
        length = float(np.linalg.norm(trunk))
        shoulder_up = shoulders_m + SHOULDER_HALF_M
        knee_up = ANKLE_M + leg.lower_m
        high = np.arcsin((knee_up - shoulder_up) / (length + leg.upper_m))
        low = np.arcsin(np.clip((HIP_HALF_M - shoulder_up) / length, -0.9, 0.9))
        across = (length + leg.upper_m) * np.cos(high)
        shoulder = np.array([0.62 * across, shoulder_up])
        heel = np.array([shoulder[0] - across, ANKLE_M])
        return cls(shoulder, heel, float(np.degrees(low)), float(np.degrees(high)))


def _trunk_vector(body: Body) -> Array:
    """Mid-hip to mid-shoulder (3,) at rest."""
    ends = [
        (body.head(f"{bone}.L") + body.head(f"{bone}.R")) / 2.0
        for bone in ("upperleg01", "upperarm01")
    ]
    return ends[1] - ends[0]


def _legs(posed: Posed, segments: Rotations, pose: BridgePose, plan: Plan) -> None:
    """Both feet flat, or the free leg straight with its thigh beside the other."""
    thighs: dict[str, Array] = {}
    for side in (pose.stance, OTHER[pose.stance]):
        hip, lengths = posed.joint(f"upperleg01.{side}"), limb(posed.body, side, LEG)
        heel = np.array([OUTWARD[side] * pose.half_spread_m, *plan.heel])
        knee = _knee(hip, heel, lengths, side, pose.knees_in_deg)
        ankle = heel
        if side != pose.stance and pose.lift > 0.0:
            straight = knee + lengths.lower_m * unit(thighs[pose.stance])
            ankle = (1.0 - pose.lift) * heel + pose.lift * straight
            knee = lengths.middle(hip, ankle, UP + 0.2 * FORWARD)
        thighs[side] = _knee(hip, heel, lengths, side, 0.0) - hip
        bend_leg(posed.body, segments, side, (hip, knee, ankle))
        flat = about(UP, OUTWARD[side] * 6.0)
        loose = segments[f"shank.{side}"]
        segments[f"foot.{side}"] = loose if side != pose.stance and pose.lift > 0.5 else flat


def _knee(hip: Array, heel: Array, lengths: Limb, side: str, inward_deg: float) -> Array:
    knee = lengths.middle(hip, heel, UP + 0.1 * FORWARD)
    axis = unit(heel - hip)
    # Seen from the feet, the axis points at the viewer: turning the knee of a left leg to the
    # middle is turning it towards -x.
    turned = [hip + about(axis, s * inward_deg) @ (knee - hip) for s in (-1.0, 1.0)]
    return min(turned, key=lambda point: OUTWARD[side] * float(point[0]))


def _arms(posed: Posed, segments: Rotations) -> None:
    """Arms on the floor beside the body, palms down."""
    for side in ("L", "R"):
        out = OUTWARD[side]
        shoulder = posed.joint(f"upperarm01.{side}")
        reach = limb(posed.body, side, ARM).reach(25.0)
        wrist = shoulder + np.array([out * 0.16, -0.9 * reach, 0.0])
        wrist[2] = 0.06
        bend_arm(posed, segments, side, wrist, np.array([out, 0.2, -0.3]))
        turn_hand(posed.body, segments, side, FORWARD, np.array([-out, 0.0, 0.2]))


def bridge(body: Body, pose: BridgePose) -> Posed:
    """Pose `body` on its back."""
    plan, segments = Plan.of(body, pose.shoulders_m), at_rest()
    rise_deg = (1.0 - pose.rise) * plan.low_deg + pose.rise * plan.high_deg
    trunk = _trunk_vector(body)
    # At rest the trunk leans back a little against the vertical.
    lean_deg = float(np.degrees(np.arctan2(trunk[1], trunk[2])))
    laid = about(LEFT, -(90.0 + rise_deg) + lean_deg)
    obliquity = -OUTWARD[pose.stance] * pose.pelvic_drop_deg
    segments["pelvis"] = about(BACK, obliquity) @ laid
    segments["thorax"] = laid
    segments["head"] = about(LEFT, -84.0)
    for side in ("L", "R"):
        segments[f"clavicle.{side}"] = laid
    anchor = np.array([0.0, *plan.shoulder])
    mid_hip = anchor - laid @ trunk
    posed = place(body, segments, mid_hip)
    for _ in range(2):
        mid_hip = mid_hip + anchor - posed.mid_shoulder
        posed = place(body, segments, mid_hip)
    _legs(posed, segments, pose, plan)
    _arms(posed, segments)
    return place(body, segments, mid_hip)
