"""Where the hands are: on the waist, crossed on the chest, stretched forward, hanging, held up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from training.bodies import Body
from training.limbs import ARM, OTHER, OUTWARD, bend_arm, limb, turn_hand
from training.rotations import Array
from training.skeleton import Posed, Rotations, place

ArmPose = Literal["waist", "crossed", "forward", "down", "aside", "raised"]
#: Wrist, elbow pole, finger direction, thumb direction: what an arm needs.
ArmTarget = tuple[Array, Array, Array, Array]
#: Outward, backward, up.
Way = tuple[float, float, float]


def _sided(side: str, outward: float, backward: float, up: float) -> Array:
    """Vector (3,) given outward of `side`."""
    return np.array([OUTWARD[side] * outward, backward, up])


def _waist_width(body: Body) -> float:
    """Half the width of the trunk a hand's breadth above the hip joints."""
    trunk = np.abs(body.vertices[:, 0]) < 0.25
    level = np.abs(body.vertices[:, 2] - body.head("upperleg01.L")[2] - 0.12) < 0.015
    # Hands hang beside the hips at rest, so look only where the trunk can be.
    return float(np.percentile(np.abs(body.vertices[trunk & level, 0]), 98))


def _waist(posed: Posed, segments: Rotations, side: str) -> ArmTarget:
    """Hands on the iliac crests, fingers forward: the arms of the step-down scale."""
    wide = _waist_width(posed.body) + 0.035
    wrist = posed.mid_hip + segments["pelvis"] @ _sided(side, wide, 0.005, 0.135)
    return (
        wrist,
        _sided(side, 1.0, 0.45, 0.0),
        _sided(side, -0.35, -0.9, -0.25),
        _sided(side, 0.2, 0.3, 1.0),
    )


def _crossed(posed: Posed, segments: Rotations, side: str) -> ArmTarget:
    """Arms crossed on the chest; the left one lies in front."""
    shoulder = posed.joint(f"upperarm01.{OTHER[side]}")
    depth, low = (0.215, 0.17) if side == "L" else (0.175, 0.13)
    wrist = shoulder + segments["thorax"] @ _sided(side, 0.04, -depth, -low)
    return (
        wrist,
        _sided(side, 0.75, 0.0, -1.0),
        _sided(side, -1.0, 0.1, 0.35),
        _sided(side, 0.3, 0.0, 1.0),
    )


def _from_shoulder(posed: Posed, side: str, bent_deg: float, *ways: Way) -> ArmTarget:
    """Arm at which the elbow is bent by so much, with the ways of wrist, elbow, fingers and thumb."""
    wrist, pole, fingers, thumb = (_sided(side, *way) for way in ways)
    shoulder, lengths = posed.joint(f"upperarm01.{side}"), limb(posed.body, side, ARM)
    return shoulder + lengths.reach(bent_deg) * wrist, pole, fingers, thumb


def _forward(posed: Posed, segments: Rotations, side: str) -> ArmTarget:
    """Arms stretched forward at chest height, a little bent."""
    return _from_shoulder(
        posed, side, 20.0, (0.05, -0.97, -0.22), (0.8, 0.0, -1.0), (-0.05, -1.0, -0.1),
        (-0.3, 0.0, 1.0),
    )  # fmt: skip


def _down(posed: Posed, segments: Rotations, side: str) -> ArmTarget:
    """Arms hanging beside the body."""
    return _from_shoulder(
        posed, side, 18.0, (0.22, -0.08, -0.97), (0.4, 1.0, 0.0), (0.0, -0.1, -1.0),
        (-0.2, -1.0, 0.0),
    )  # fmt: skip


def _aside(posed: Posed, segments: Rotations, side: str) -> ArmTarget:
    """Right arm stretched out to the side, half-way to a raised one; the left one hangs."""
    if side == "L":
        return _down(posed, segments, side)
    return _from_shoulder(
        posed, side, 15.0, (0.99, -0.1, 0.05), (0.0, 0.5, -1.0), (1.0, -0.1, 0.05), (0.0, -1.0, 0.3)
    )


def _raised(posed: Posed, segments: Rotations, side: str) -> ArmTarget:
    """Right hand held up above the head; the left one hangs."""
    if side == "L":
        return _down(posed, segments, side)
    return _from_shoulder(
        posed, side, 18.0, (0.2, -0.08, 0.97), (1.0, 0.3, 0.0), (0.05, -0.05, 1.0),
        (-1.0, -0.3, 0.0),
    )  # fmt: skip


TARGETS: dict[ArmPose, Callable[[Posed, Rotations, str], ArmTarget]] = {
    "waist": _waist,
    "crossed": _crossed,
    "forward": _forward,
    "down": _down,
}
"""What arms may do in an exercise: the pictures that train draw from these."""
GESTURES: dict[ArmPose, Callable[[Posed, Rotations, str], ArmTarget]] = {
    **TARGETS,
    "aside": _aside,
    "raised": _raised,
}


def _blend(first: ArmTarget, second: ArmTarget, share: float) -> ArmTarget:
    """Target `share` of the way from one to the other."""
    mixed = [(1.0 - share) * a + share * b for a, b in zip(first, second, strict=True)]
    return mixed[0], mixed[1], mixed[2], mixed[3]


def pose_arms(
    body: Body, segments: Rotations, mid_hip: Array, arms: tuple[ArmPose, ArmPose, float]
) -> None:
    """Set the arm rotations in place; `arms` = (from, to, share of the way)."""
    posed = place(body, segments, mid_hip)
    start, end, share = arms
    for side in ("L", "R"):
        target = _blend(
            GESTURES[start](posed, segments, side), GESTURES[end](posed, segments, side), share
        )
        wrist, pole, fingers, thumb = target
        bend_arm(posed, segments, side, wrist, pole)
        turn_hand(body, segments, side, fingers, thumb)
