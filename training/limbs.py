"""Two-bone limbs: where knee and elbow go, and how the bones turn to get there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.bodies import Body
from training.rotations import BACK, LEFT, UP, Array, about, aligning, cross, unit
from training.skeleton import Posed, Rotations, rest_offset

OUTWARD = {"L": 1.0, "R": -1.0}
OTHER = {"L": "R", "R": "L"}
LEG = ("upperleg01", "lowerleg01", "foot")
ARM = ("upperarm01", "lowerarm01", "wrist")


@dataclass(frozen=True)
class Limb:
    """Lengths in metres of the upper and the lower bone."""

    upper_m: float
    lower_m: float

    def reach(self, flexion_deg: float) -> float:
        """Distance from the first to the last joint when bent by `flexion_deg`."""
        cosine = np.cos(np.radians(flexion_deg))
        square = self.upper_m**2 + self.lower_m**2 + 2.0 * self.upper_m * self.lower_m * cosine
        return float(np.sqrt(square))

    def middle(self, start: Array, end: Array, pole: Array) -> Array:
        """Knee or elbow (3,): bent towards `pole`; an end out of reach straightens the limb."""
        gap = min(float(np.linalg.norm(end - start)), 0.9999 * (self.upper_m + self.lower_m))
        along = (self.upper_m**2 - self.lower_m**2 + gap**2) / (2.0 * gap)
        aside = np.sqrt(max(self.upper_m**2 - along**2, 0.0))
        axis = unit(end - start)
        return start + along * axis + aside * unit(pole - axis * (pole @ axis))


def limb(body: Body, side: str, bones: tuple[str, str, str]) -> Limb:
    """Bone lengths of a leg (`LEG`) or an arm (`ARM`)."""
    first, middle, last = (f"{bone}.{side}" for bone in bones)
    return Limb(
        float(np.linalg.norm(rest_offset(body, first, middle))),
        float(np.linalg.norm(rest_offset(body, middle, last))),
    )


def bend_leg(
    body: Body, segments: Rotations, side: str, points: tuple[Array, Array, Array]
) -> None:
    """Turn thigh and shank so that the leg passes through (hip, knee, ankle)."""
    hip, knee, ankle = points
    thigh, shank = knee - hip, ankle - knee
    # A straight leg has no plane: the sideways axis at rest is the anatomical one.
    hinge = cross(thigh, shank)
    for name, bone, direction in (("thigh", 0, thigh), ("shank", 1, shank)):
        rest = rest_offset(body, f"{LEG[bone]}.{side}", f"{LEG[bone + 1]}.{side}")
        segments[f"{name}.{side}"] = aligning((rest, LEFT), (direction, hinge))


def leg_pole(side: str, outward_deg: float) -> Array:
    """Direction (3,) in which the knee points: forward, turned outward by `outward_deg`."""
    return about(UP, OUTWARD[side] * outward_deg) @ -BACK


def free_ankle(hip: Array, lengths: Limb, side: str, angles_deg: Array) -> Array:
    """Ankle (3,) of a hanging leg; angles: hip flexion, hip abduction, knee flexion."""
    flexion, abduction, knee = angles_deg
    swing = about(BACK, -OUTWARD[side] * abduction)
    thigh = swing @ about(LEFT, -flexion) @ -UP
    shank = swing @ about(LEFT, knee - flexion) @ -UP
    return hip + lengths.upper_m * thigh + lengths.lower_m * shank


def bend_arm(
    posed: Posed, segments: Rotations, side: str, wrist: Array, pole: Array
) -> tuple[Array, Array]:
    """Turn upper arm and forearm so that the wrist is at `wrist`; returns (elbow, forearm)."""
    body = posed.body
    shoulder = posed.joint(f"upperarm01.{side}")
    elbow = limb(body, side, ARM).middle(shoulder, wrist, pole)
    rest = [rest_offset(body, f"{ARM[i]}.{side}", f"{ARM[i + 1]}.{side}") for i in (0, 1)]
    turned = [elbow - shoulder, wrist - elbow]
    hinges = cross(*rest), cross(*turned)
    for name, before, after in zip(("upperarm", "forearm"), rest, turned, strict=True):
        segments[f"{name}.{side}"] = aligning((before, hinges[0]), (after, hinges[1]))
    return elbow, unit(wrist - elbow)


def turn_hand(body: Body, segments: Rotations, side: str, fingers: Array, thumb: Array) -> None:
    """Point the hand: `fingers` along the middle finger, `thumb` towards the thumb's side."""
    rest = (
        rest_offset(body, f"wrist.{side}", f"finger3-1.{side}"),
        rest_offset(body, f"finger5-1.{side}", f"finger2-1.{side}"),
    )
    segments[f"hand.{side}"] = aligning(rest, (fingers, thumb))
