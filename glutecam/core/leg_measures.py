"""Signals of legs that are raised, of steps, holds, hops and bridges, and of quiet standing.

As in ``core/measures.py`` the worked leg is the right one of canonical poses. A deviation holds 90 % of
the errors of its rules against the exact joints on three to five rendered people, the worst of them
too where it says *measured* (``benchmarks/exercises.py``); the others are assumed, and wide, so that
a rule says "can't tell" rather than something wrong.
"""

from __future__ import annotations

import math

import numpy as np

from glutecam.core import geometry
from glutecam.core.columns import Column, Columns, Vector, angle_deg, dot, length, over
from glutecam.core.geometry import ratio
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import (
    Estimate,
    Formula,
    Measure,
    change,
    hip_line,
    trunk_lean,
    trunk_m,
)
from glutecam.core.poses import PoseSeries
from glutecam.core.sides import right_carries, right_foot_lower

__all__ = [
    "BRIDGE_HEIGHT",
    "BRIDGE_LEVEL",
    "FOOT_LIFT",
    "FREE_LEG_RAISE",
    "HIP_SINK",
    "KNEES_IN",
    "KNEE_OFF_FOOT",
    "PELVIC_HITCH",
    "PELVIC_SWAY",
    "SHOULDERS_OFF_FOOT",
    "STANCE_FOOT_RISE",
    "STANDING_HEIGHT",
    "STEP",
    "TOP_HIP_FLEXION",
    "TOP_LEG_RAISE",
    "UPRIGHT_LEAN",
]

HIP_POINTS_SD_DEG = 6.0
"""Of the line through the hip points of somebody who lies: errors up to 9.1° on five rendered people."""

_L = Landmark
_HIPS = (_L.LEFT_HIP, _L.RIGHT_HIP)
_SHOULDERS = (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)
_KNEES = (_L.LEFT_KNEE, _L.RIGHT_KNEE)
_ANKLES = (_L.LEFT_ANKLE, _L.RIGHT_ANKLE)


def _towards_left(body: Columns) -> Vector:
    """Return the unit vector across the trunk, towards the subject's left, lying or standing."""
    x, y = over(body.up[0], body.trunk), over(body.up[1], body.trunk)
    across = (-y, x)
    hips, shoulders = dot(body.hips, across), dot(body.shoulders, across)
    way = (hips + shoulders >= 0) * 2.0 - 1.0
    return across[0] * way, across[1] * way


def _raise_deg(body: Columns, leg: Vector, outwards: float) -> Column:
    """Return how far a leg points away from the line of the trunk, to its own side."""
    down = (-body.up[0], -body.up[1])
    across = dot(leg, _towards_left(body)) * outwards
    return angle_deg(across, over(dot(leg, down), body.trunk))


def _top_leg_raise(body: Columns) -> Column:
    return _raise_deg(body, body.line(_L.RIGHT_HIP, _L.RIGHT_ANKLE), -1.0)


def _free_leg_raise(body: Columns) -> Column:
    """Return the free leg against the vertical of the frame: the trunk may lean the other way."""
    x, y = body.medial(body.line(_L.LEFT_HIP, _L.LEFT_ANKLE))
    return angle_deg(x, y)


def _pelvic_hitch(body: Columns) -> Column:
    up = (over(body.up[0], body.trunk), over(body.up[1], body.trunk))
    return angle_deg(-dot(body.hips, up), abs(dot(body.hips, _towards_left(body))))


def _top_hip_flexion(poses: PoseSeries) -> Estimate:
    trunk = trunk_m(poses)
    thigh = poses.world(_L.RIGHT_KNEE) - poses.world(_L.RIGHT_HIP)
    across = poses.world(_L.RIGHT_HIP) - poses.world(_L.LEFT_HIP)
    # What the leg rises does not count: only its part in the plane across the hips.
    axis = geometry.unit(
        across - geometry.dot(across, geometry.unit(trunk))[:, None] * geometry.unit(trunk)
    )
    flat = thigh - geometry.dot(thigh, axis)[:, None] * axis
    cosine = ratio(geometry.dot(trunk, flat), geometry.length(trunk) * geometry.length(flat))
    value = 180.0 - np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return Estimate(value, np.full(len(poses), 16.0))


def _shoulders_off_foot(body: Columns) -> Column:
    """Return how far mid-shoulder is beyond the stance ankle, + = outwards."""
    return over((body.x[_L.RIGHT_ANKLE] - body.mid_shoulder[0]) * body.facing, body.trunk)


def _hip_over_foot(body: Columns) -> Column:
    return over(body.y[_L.RIGHT_ANKLE] - body.mid_hip[1], body.trunk)


def _sunk(height: Column, quiet: Column) -> Column:
    return quiet - height


def _stance_foot_rise(body: Columns) -> Column:
    return over(-body.y[_L.RIGHT_ANKLE], body.trunk)


def _knee_off_foot(body: Columns) -> Column:
    """Return how far the knee is inward of the ankle."""
    return over((body.x[_L.RIGHT_KNEE] - body.x[_L.RIGHT_ANKLE]) * body.facing, body.trunk)


def _bridge_height(body: Columns) -> Column:
    shank = length(body.line(_L.RIGHT_KNEE, _L.RIGHT_ANKLE))
    return over(body.y[_L.RIGHT_ANKLE] - body.mid_hip[1], shank)


def _knees_in(body: Columns) -> Column:
    feet = length(body.line(*_ANKLES))
    knees = length(body.line(*_KNEES))
    return over(feet - knees, length(body.shoulders))


def _standing_height(body: Columns) -> Column:
    feet = (body.y[_L.LEFT_ANKLE] + body.y[_L.RIGHT_ANKLE]) * 0.5
    return over(feet - body.mid_hip[1], body.trunk)


def _pelvic_sway(body: Columns) -> Column:
    """Return mid-hip off the line from mid-ankle to mid-shoulder, + = towards the worked leg."""
    feet = (
        (body.x[_L.LEFT_ANKLE] + body.x[_L.RIGHT_ANKLE]) * 0.5,
        (body.y[_L.LEFT_ANKLE] + body.y[_L.RIGHT_ANKLE]) * 0.5,
    )
    line = (body.mid_shoulder[0] - feet[0], body.mid_shoulder[1] - feet[1])
    hips = (body.mid_hip[0] - feet[0], body.mid_hip[1] - feet[1])
    off = hips[0] * line[1] - hips[1] * line[0]
    return over(over(off * body.facing, length(line)), body.trunk)


TOP_LEG_RAISE = Measure(
    "leg_raise_deg", "leg raise", "°", (*_HIPS, *_SHOULDERS, _L.RIGHT_ANKLE),
    Formula(_top_leg_raise, 5.0), against=change,
    method="hip to ankle of the top leg against the line of the trunk, in the frame, change from the "
    "quiet posture; deviation assumed",
)  # fmt: skip
FREE_LEG_RAISE = Measure(
    "free_leg_raise_deg", "leg raise", "°", (_L.LEFT_HIP, _L.LEFT_ANKLE),
    Formula(_free_leg_raise, 4.0), against=change,
    method="hip to ankle of the free leg against the vertical of the frame, change from quiet "
    "standing, + = out to its own side; deviation assumed",
)  # fmt: skip
PELVIC_HITCH = Measure(
    "pelvic_hitch_deg", "pelvic hitch", "°", (*_HIPS, *_SHOULDERS),
    Formula(_pelvic_hitch, HIP_POINTS_SD_DEG), against=change,
    method="raw-hip-line/1: line through the two hip points against the perpendicular of the trunk, in the frame, "
    "change from the quiet posture, + = top hip towards the ribs; deviation assumed",
)  # fmt: skip
TOP_HIP_FLEXION = Measure(
    "top_hip_flexion_deg", "hip flexion of the top leg", "°",
    (*_HIPS, *_SHOULDERS, _L.RIGHT_KNEE), _top_hip_flexion, against=change,
    method="trunk against the top thigh in the pose model's metric landmarks, in the plane across "
    "the hips, change from the quiet posture; deviation assumed, that of the lower leg",
    metric=True,
)  # fmt: skip
SHOULDERS_OFF_FOOT = Measure(
    "shoulders_off_foot_norm", "upper back off the foot", "trunk lengths",
    (*_HIPS, *_SHOULDERS, _L.RIGHT_ANKLE), Formula(_shoulders_off_foot, 0.04),
    method="mid-shoulder, for the seventh neck vertebra, beyond the stance ankle, sideways, + = "
    "outwards; deviation measured on five rendered people",
)  # fmt: skip
HIP_SINK = Measure(
    "hip_sink_norm", "hips lowered", "trunk lengths",
    (*_HIPS, *_SHOULDERS, _L.RIGHT_ANKLE), Formula(_hip_over_foot, 0.06), against=_sunk,
    method="height of mid-hip above the ankle of the worked leg in the frame, less than in the quiet "
    "posture; deviation assumed",
)  # fmt: skip
KNEE_OFF_FOOT = Measure(
    "knee_off_foot_norm", "knee inward of the foot", "trunk lengths",
    (_L.RIGHT_KNEE, _L.RIGHT_ANKLE, *_HIPS, *_SHOULDERS), Formula(_knee_off_foot, 0.0415), against=change,
    method="knee inward of the ankle of the worked leg in the frame, change from the quiet posture; "
    "deviation measured on twenty rendered people",
)  # fmt: skip
FOOT_LIFT = Measure(
    "foot_lift_norm", "foot lift", "trunk lengths", (*_ANKLES, *_HIPS, *_SHOULDERS),
    Formula(right_foot_lower, 0.04), against=change,
    method="ankle of the free leg above that of the worked leg in the frame, change from quiet "
    "standing; deviation assumed",
)  # fmt: skip
STANCE_FOOT_RISE = Measure(
    "stance_foot_rise_norm", "height of the hop", "trunk lengths",
    (_L.RIGHT_ANKLE, *_HIPS, *_SHOULDERS), Formula(_stance_foot_rise, 0.07), against=change,
    method="ankle of the worked leg in the frame, higher than in quiet standing, on one spot; "
    "deviation assumed",
)  # fmt: skip
STEP = Measure(
    "step_norm", "weight on one leg", "trunk lengths", (*_ANKLES, *_HIPS, *_SHOULDERS),
    Formula(right_carries, 0.06), against=change,
    method="middle of hips and shoulders against the middle of the ankles, sideways, twice, + = towards the "
    "worked leg; from the front plus how much lower its ankle is; change from quiet standing; deviation assumed",
)  # fmt: skip
BRIDGE_HEIGHT = Measure(
    "bridge_height_norm", "height of the hips", "shank lengths",
    (*_HIPS, _L.RIGHT_KNEE, _L.RIGHT_ANKLE), Formula(_bridge_height, 0.10), against=change,
    method="mid-hip above the ankle of the worked leg in the frame, in lengths of its shank, change "
    "from lying; deviation assumed",
)  # fmt: skip
BRIDGE_LEVEL = Measure(
    "bridge_level_deg", "pelvis against the floor", "°", _HIPS,
    Formula(hip_line, HIP_POINTS_SD_DEG), against=change,
    method="raw-hip-line/1: line through the two hip points seen from the feet, change from lying, + = free side "
    "lower; deviation assumed",
)  # fmt: skip
KNEES_IN = Measure(
    "knees_in_norm", "knees inward", "shoulder widths", (*_KNEES, *_ANKLES, *_SHOULDERS),
    Formula(_knees_in, 0.11), against=change,
    method="distance between the ankles minus that between the knees in the frame, change from "
    "lying, + = knees together; deviation measured on three rendered people",
)  # fmt: skip
STANDING_HEIGHT = Measure(
    "standing_height_norm", "height of the hips", "trunk lengths",
    (*_ANKLES, *_HIPS, *_SHOULDERS), Formula(_standing_height, 0.06),
    method="mid-hip above the middle of the ankles in the frame; deviation assumed",
)  # fmt: skip
PELVIC_SWAY = Measure(
    "pelvic_sway_norm", "pelvis to one side", "trunk lengths",
    (*_ANKLES, *_HIPS, *_SHOULDERS), Formula(_pelvic_sway, 0.018),
    method="mid-hip off the line from mid-ankle to mid-shoulder, + = towards the leg that carries "
    "more; deviation measured on three rendered people",
)  # fmt: skip
UPRIGHT_LEAN = Measure(
    "upright_lean_deg", "trunk against the vertical", "°", _HIPS + _SHOULDERS,
    Formula(trunk_lean, math.hypot(1.0, 2.0)),
    method="mid-hip to mid-shoulder against the vertical of the frame, + = towards the leg that "
    "carries more; its deviation holds 2° for a camera that is not quite level, assumed",
)  # fmt: skip
