"""Optical markers on a real person (Plug-in Gait set) -> joint centres and segment angles.

Answers the same questions as `training.skeleton.Posed` (`joint`, `mid_hip`, `mid_shoulder`), so
what measures a rendered skeleton measures a recorded person too.

Estimates, none of them exact:

- hip centres from the iliac markers by Bell: 0.36 W to the side, 0.19 W back, 0.30 W down, W being
  the distance of the front spines. One person's markers are 0.44 m apart, on the flanks: W stops
  at `WIDEST_PELVIS_M`.
- knee and ankle markers are on the outside of the joint: its centre is taken to be half a joint
  width inwards: along the knee's own hinge when it is bent, else across the line of the leg, midway
  between the pelvis's and the foot's sideways.
- shoulder centres: below the acromion markers, along the thorax.
- markers are never exactly level on the bones: what quiet standing reads is taken off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from training.limbs import OUTWARD
from training.rotations import BACK, LEFT, UP, Array, about, frame, unit

WIDEST_PELVIS_M = 0.28
#: Half a joint and half a marker, from the marker's centre to the joint's.
KNEE_INWARD_M = 0.055
ANKLE_INWARD_M = 0.04
SHOULDER_BELOW_M = 0.06

Markers = Mapping[str, Array]


@dataclass(frozen=True)
class Standing:
    """What one person's markers read in quiet standing; `foot_deg` by side."""

    obliquity_deg: float = 0.0
    tilt_deg: float = 0.0
    thorax_deg: float = 0.0
    foot_deg: Mapping[str, float] = field(default_factory=lambda: {"L": 90.0, "R": 90.0})


def middle(markers: Markers, *names: str) -> Array:
    """Mean place (3,) of the named markers."""
    return np.mean([markers[name] for name in names], axis=0)


def elevation_deg(vector: Array) -> float:
    """How far a vector rises above the horizontal."""
    return float(np.degrees(np.arctan2(vector[2], np.hypot(vector[0], vector[1]))))


def pelvis_deg(markers: Markers) -> tuple[float, float, float]:
    """Turn (+ = to the left), obliquity (+ = right side up) and tilt (+ = forward), as read."""
    leftward = markers["LASI"] - markers["RASI"]
    backward = middle(markers, "LPSI", "RPSI") - middle(markers, "LASI", "RASI")
    axes = frame(leftward, backward)
    turn = float(np.degrees(np.arctan2(leftward[1], leftward[0])))
    tilt = float(np.degrees(np.arctan2(axes[2, 1], axes[2, 2])))
    return turn, -elevation_deg(leftward), tilt


def thorax_up(markers: Markers) -> Array:
    """Direction (3,) from the lower to the upper end of the rib cage."""
    return unit(middle(markers, "C7", "CLAV") - middle(markers, "T10", "STRN"))


@dataclass(frozen=True)
class Measured:
    """One instant of a real person, joint centres (3,) by bone name, in world axes."""

    markers: Markers
    standing: Standing
    joints: dict[str, Array]

    def joint(self, bone: str) -> Array:
        """Centre of the joint at which `bone` starts."""
        return self.joints[bone]

    @property
    def mid_hip(self) -> Array:
        """Midpoint of the hip-joint centres."""
        return (self.joint("upperleg01.L") + self.joint("upperleg01.R")) / 2.0

    @property
    def mid_shoulder(self) -> Array:
        """Midpoint of the shoulder-joint centres."""
        return (self.joint("upperarm01.L") + self.joint("upperarm01.R")) / 2.0

    @property
    def pelvis_deg(self) -> tuple[float, float, float]:
        """Turn, obliquity and tilt; the last two from quiet standing."""
        turn, obliquity, tilt = pelvis_deg(self.markers)
        return turn, obliquity - self.standing.obliquity_deg, tilt - self.standing.tilt_deg

    @property
    def thorax_deg(self) -> float:
        """Rib cage, + = bent forward from quiet standing."""
        return -elevation_from(thorax_up(self.markers), BACK) - self.standing.thorax_deg

    def foot(self, side: str) -> Array:
        """Vector (3,) from heel to toe."""
        return self.markers[f"{side}TOE"] - self.markers[f"{side}HEE"]

    def ankle_deg(self, side: str) -> float:
        """Dorsiflexion from quiet standing."""
        shank = self.joint(f"foot.{side}") - self.joint(f"lowerleg01.{side}")
        cosine = unit(shank) @ unit(self.foot(side))
        return float(np.degrees(np.arccos(cosine))) - self.standing.foot_deg[side]


def elevation_from(vector: Array, axis: Array) -> float:
    """How far a unit vector leans towards `axis`."""
    return float(np.degrees(np.arcsin(np.clip(vector @ axis, -1.0, 1.0))))


def _hips(markers: Markers, standing: Standing) -> tuple[Array, dict[str, Array]]:
    """Sideways axis (3,) of the pelvis and the hip-joint centres by side."""
    turn, obliquity, tilt = pelvis_deg(markers)
    level = obliquity - standing.obliquity_deg
    axes = about(UP, turn) @ about(BACK, level) @ about(LEFT, tilt)
    width = min(float(np.linalg.norm(markers["LASI"] - markers["RASI"])), WIDEST_PELVIS_M)
    front = middle(markers, "LASI", "RASI")
    bell = {side: width * np.array([0.36 * OUTWARD[side], 0.19, -0.30]) for side in "LR"}
    return axes[:, 0], {side: front + axes @ bell[side] for side in "LR"}


def _inward(marker: Array, line: Array, leftward: Array, side: str, by_m: float) -> Array:
    """Move a marker from the skin to the joint, across `line`."""
    across = leftward - unit(line) * (leftward @ unit(line))
    return marker - OUTWARD[side] * by_m * unit(across)


def _knee(marker: Array, ends: tuple[Array, Array], leftward: Array, side: str) -> Array:
    """Knee centre (3,) between hip and ankle; the more it is bent, the more its hinge counts."""
    hip, ankle = ends
    centre = _inward(marker, ankle - hip, leftward, side, KNEE_INWARD_M)
    for _ in range(4):
        hinge = np.cross(unit(centre - hip), unit(ankle - centre))
        bend_deg = np.degrees(np.arcsin(np.linalg.norm(hinge)))
        share = np.clip((bend_deg - 15.0) / 15.0, 0.0, 1.0)
        across = (1.0 - share) * leftward + share * unit(hinge)
        centre = _inward(marker, ankle - hip, across, side, KNEE_INWARD_M)
    return centre


def _leg(markers: Markers, hip: Array, pelvis_left: Array, side: str) -> dict[str, Array]:
    """Hip, knee and ankle centres of one side."""
    knee, ankle = markers[f"{side}KNE"], markers[f"{side}ANK"]
    foot = markers[f"{side}TOE"] - markers[f"{side}HEE"]
    # Left of the foot in the plane of the sole, whatever the shank does.
    foot_left = unit(np.cross(foot, knee - ankle)) * -1.0
    ankle_at = _inward(ankle, ankle - knee, foot_left, side, ANKLE_INWARD_M)
    knee_left = unit(unit(pelvis_left) + foot_left)
    knee_at = _knee(knee, (hip, ankle_at), knee_left, side)
    return {
        f"upperleg01.{side}": hip,
        f"lowerleg01.{side}": knee_at,
        f"foot.{side}": ankle_at,
    }


def measured(markers: Markers, standing: Standing) -> Measured:
    """Estimate the joint centres of one instant; markers (3,) in world axes, metres."""
    pelvis_left, hips = _hips(markers, standing)
    joints = {"head": (middle(markers, "LFHD", "RFHD") + markers["C7"]) / 2.0}
    below = SHOULDER_BELOW_M * thorax_up(markers)
    for side in "LR":
        joints |= _leg(markers, hips[side], pelvis_left, side)
        joints[f"upperarm01.{side}"] = markers[f"{side}SHO"] - below
        joints[f"lowerarm01.{side}"] = markers[f"{side}ELB"]
    return Measured(markers, standing, joints)
