"""The exact angles of a posed skeleton; signs as in ``docs/conventions.md``."""

from __future__ import annotations

import numpy as np

from training.limbs import LEG, OTHER, OUTWARD
from training.rotations import Array
from training.skeleton import Posed


def _angle_deg(first: Array, second: Array) -> float:
    """Unsigned angle between two vectors."""
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(first, second)), first @ second)))


def obliquity_deg(posed: Posed) -> float:
    """Elevation of the line left hip -> right hip above the horizontal, in 3D; + = right up."""
    line = posed.joint("upperleg01.R") - posed.joint("upperleg01.L")
    return float(np.degrees(np.arctan2(line[2], np.hypot(line[0], line[1]))))


def pelvic_drop_deg(posed: Posed, stance: str) -> float:
    """Obliquity seen from the stance leg; + = the other side is down."""
    return -OUTWARD[stance] * obliquity_deg(posed)


def trunk_lean_deg(posed: Posed, stance: str) -> float:
    """Mid-hip to mid-shoulder against the vertical, frontal plane; + = toward stance."""
    line = posed.mid_shoulder - posed.mid_hip
    return float(np.degrees(np.arctan2(OUTWARD[stance] * line[0], line[2])))


def knee_flexion_deg(posed: Posed, side: str) -> float:
    """Angle between thigh and shank, joint centre to joint centre; 0 = straight."""
    hip, knee, ankle = (posed.joint(f"{bone}.{side}") for bone in LEG)
    return _angle_deg(knee - hip, ankle - knee)


def fppa_deg(hip: Array, knee: Array, ankle: Array, side: str) -> float:
    """Projected knee angle in the subject's frontal plane (x, z); + = knee medial.

    From hip-joint centre, not from mid-thigh, to ankle centre.
    """
    thigh, shank = (knee - hip)[[0, 2]], (ankle - knee)[[0, 2]]
    turn = thigh[0] * shank[1] - thigh[1] * shank[0]
    # Walking down a left leg whose knee is medial (towards -x), the path turns towards +x.
    return float(OUTWARD[side] * np.degrees(np.arctan2(turn, thigh @ shank)))


def roll_deg(posed: Posed, top: str, long_axis: Array) -> float:
    """Pelvis about the trunk's long axis from stacked, side-lying; + = top side backward.

    Parameters
    ----------
    posed : the lying body, facing -y.
    top : ``"L"`` or ``"R"``, the upper side.
    long_axis : (3,) the trunk's long axis in the quiet posture.
    """
    line = posed.joint(f"upperleg01.{top}") - posed.joint(f"upperleg01.{OTHER[top]}")
    line = line - long_axis * (line @ long_axis)
    return float(np.degrees(np.arctan2(line[1], line[2])))


def knee_opening_deg(posed: Posed) -> float:
    """Angle between the two thighs, hip centre to knee centre, in 3D."""
    left, right = (
        posed.joint(f"lowerleg01.{side}") - posed.joint(f"upperleg01.{side}") for side in "LR"
    )
    return _angle_deg(left, right)
