"""Landmarks -> pelvic obliquity and pelvic roll, each with a standard deviation.

Obliquity has two methods. The *model* (the default) reads the whole body with small networks trained
on rendered people whose pelvis is known (``training/``, docs/validity.md); the further a body is
from anything in training, the wider its ±, and beyond any use the hip line takes over. The *raw* line through the hip points is simple and far
from the pelvis: on rendered people it follows an isolated drop with slope 0.2 to 0.3
(docs/adr/0003). Roll in side-lying has no model: what was learned from rendered people tells a change
in part, and less than a rule asks for (docs/adr/0020).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from glutecam.core.body_shape import shapes
from glutecam.core.geometry import dot, unit
from glutecam.core.landmarks import BODY_POINTS, Landmark
from glutecam.core.leg_measures import BRIDGE_LEVEL, PELVIC_HITCH
from glutecam.core.measures import (
    FEMORAL_ADDUCTION,
    HIP_LINE_SD_DEG,
    RAW_HIP_ADDUCTION,
    Estimate,
    Measure,
    change,
    hip_line_deg,
    trunk_m,
)
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Exercise, FrameRule, RepRule, Rule
from glutecam.core.trained import trained

__all__ = [
    "HIP_ADDUCTION",
    "METHODS",
    "PELVIC_DROP",
    "PELVIC_LEVEL",
    "PELVIC_ROLL",
    "RAW_DROP",
    "ROLL_SD_DEG",
    "measured_by",
    "pelvic_obliquity",
    "pelvis_method",
]

_L = Landmark

METHODS = ("model", "raw")
PELVIS_MODEL = "pelvis-3"

NO_IDEA_SD_DEG = 12.0
"""Deviation at which the hip line and the networks are given equal weight: an interval of 40° judges
nothing, and what is shown there is a guess. One in fifty held-out pictures is so strange, and their
error grows from 9° to 14°; a real person who leans far with the whole body, whom rendered ones
resemble least, gains 3 to 9° (docs/adr/0015)."""

CAMERA_ROLL_SD_DEG = 2.0
"""Assumed: how far from level a camera stands that was set up by eye."""

ROLL_SD_DEG = 20.0
"""Raw depth of the hips seen from the front in side-lying had slope 0.15 and MAE 23°; the
deviation is of the error about the quiet start within ±25°, measured by benchmarks/measures.py
and rounded up."""


def pelvic_obliquity(poses: PoseSeries) -> Estimate:
    """Return the pelvis against the horizontal of the frame in degrees, + = right side up, (T,).

    Body-referenced, for poses as the camera saw them. On canonical poses, in which the stance leg
    is the right one, the same angle is the contralateral drop.
    """
    angle, sd, _ = trained(PELVIS_MODEL).estimate(shapes(poses))
    share = _share_of_hip_line(sd)
    return Estimate(angle * (1.0 - share) + hip_line_deg(poses) * share, sd)


def _share_of_hip_line(sd: FloatArray) -> FloatArray:
    """Return how much of the hip line to take, 0 to 1, where the networks say they know nothing.

    Multiplied out, as powers of one number and of many may differ in their last bit.
    """
    doubt = sd / NO_IDEA_SD_DEG
    doubt = doubt * doubt
    doubt = doubt * doubt
    return np.asarray(1.0 - 1.0 / (1.0 + doubt * doubt))


def _drop(poses: PoseSeries) -> Estimate:
    """Obliquity, its deviation that of a change from the quiet posture, as rules use it."""
    found = pelvic_obliquity(poses)
    return Estimate(found.value, found.sd * trained(PELVIS_MODEL).change_factor)


def _raw_drop(poses: PoseSeries) -> Estimate:
    return Estimate(hip_line_deg(poses), np.full(len(poses), HIP_LINE_SD_DEG))


def _level(poses: PoseSeries) -> Estimate:
    """Obliquity by itself: nothing is subtracted, so the camera's own roll is in its doubt."""
    found = pelvic_obliquity(poses)
    return Estimate(found.value, np.hypot(found.sd, CAMERA_ROLL_SD_DEG))


def _raw_level(poses: PoseSeries) -> Estimate:
    deviation = float(np.hypot(HIP_LINE_SD_DEG, CAMERA_ROLL_SD_DEG))
    return Estimate(hip_line_deg(poses), np.full(len(poses), deviation))


def _hip_adduction(poses: PoseSeries) -> Estimate:
    """Femoral adduction plus obliquity: the thigh against the pelvis."""
    thigh, pelvis = FEMORAL_ADDUCTION.of(poses), pelvic_obliquity(poses)
    return Estimate(thigh.value + pelvis.value, np.hypot(thigh.sd, pelvis.sd))


def _thigh_and_drop(parts: Sequence[Estimate]) -> Estimate:
    """Return the same from femoral adduction and drop, which save a second look at the body."""
    thigh, drop = parts
    # The deviation of a drop is that of its change from the quiet posture.
    sd = drop.sd / trained(PELVIS_MODEL).change_factor
    return Estimate(thigh.value + drop.value, np.hypot(thigh.sd, sd))


def _roll_deg(poses: PoseSeries) -> FloatArray:
    """Return the turn of the hips about the trunk's long axis from stacked, + = top rolls back.

    The worked (top) leg is the right one. Right, up and forward of a body are related by
    forward = up x right, so the backward direction is right x up.
    """
    axis = unit(trunk_m(poses))
    gravity_up = np.tile(np.array([0.0, -1.0, 0.0]), (len(poses), 1))
    stacked = unit(gravity_up - dot(gravity_up, axis)[:, None] * axis)
    backward = np.cross(stacked, axis)
    across = poses.world(_L.RIGHT_HIP) - poses.world(_L.LEFT_HIP)
    return np.degrees(np.arctan2(dot(across, backward), dot(across, stacked)))


def _roll(poses: PoseSeries) -> Estimate:
    return Estimate(_roll_deg(poses), np.full(len(poses), ROLL_SD_DEG))


_HIPS = (_L.LEFT_HIP, _L.RIGHT_HIP)
_SHOULDERS = (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)

PELVIC_DROP = Measure(
    "pelvic_drop_deg", "pelvic drop", "°", _HIPS + _SHOULDERS, _drop, against=change,
    method=f"{PELVIS_MODEL}: trained on rendered people, from all points of the body, minus the "
    "quiet posture, + = free side lower",
    reads=BODY_POINTS,
    odd=True,
)  # fmt: skip
HIP_ADDUCTION = Measure(
    "hip_adduction_deg", "hip adduction", "°", (*_HIPS, *_SHOULDERS, _L.RIGHT_KNEE), _hip_adduction,
    method=f"thigh against the pelvis of {PELVIS_MODEL}; equals femoral adduction + drop",
    reads=BODY_POINTS,
    parts=(FEMORAL_ADDUCTION, PELVIC_DROP),
    made=_thigh_and_drop,
)  # fmt: skip
PELVIC_LEVEL = Measure(
    "pelvic_level_deg", "pelvis against the horizontal", "°", _HIPS + _SHOULDERS, _level,
    method=f"{PELVIS_MODEL}: trained on rendered people, from all points of the body; nothing is "
    "subtracted; + = side that carries less lower; its deviation holds 2° for a camera that is not "
    "quite level, assumed",
    reads=BODY_POINTS,
    odd=True,
)  # fmt: skip
RAW_LEVEL = Measure(
    "pelvic_level_deg", "pelvis against the horizontal", "°", _HIPS, _raw_level,
    method="raw-hip-line/1: line through the two hip points; + = side that carries less lower",
)  # fmt: skip
RAW_DROP = Measure(
    "pelvic_drop_deg", "pelvic drop", "°", _HIPS, _raw_drop, against=change,
    method="raw-hip-line/1: line through the two hip points minus the quiet posture, "
    "+ = free side lower",
)  # fmt: skip
PELVIC_ROLL = Measure(
    "pelvic_roll_deg", "pelvic roll", "°", _HIPS + _SHOULDERS, _roll, against=change,
    method="raw-hip-depth/1: baseline-corrected turn of the hip points about the trunk, "
    "+ = top side backward",
    metric=True,
)  # fmt: skip


_OF_THE_PELVIS = frozenset(
    measure.name for measure in (PELVIC_DROP, PELVIC_LEVEL, PELVIC_ROLL, PELVIC_HITCH, BRIDGE_LEVEL)
)


def measured_by(exercise: Exercise, method: str) -> Exercise:
    """Return the exercise with its pelvis measured by ``"model"`` or ``"raw"``.

    Raises
    ------
    ValueError
        Where the method is another one.
    """
    if method not in METHODS:
        raise ValueError(f"the pelvis is measured by {' or '.join(METHODS)}, not by {method!r}")
    swap = {
        PELVIC_DROP: RAW_DROP,
        PELVIC_LEVEL: RAW_LEVEL,
        HIP_ADDUCTION: RAW_HIP_ADDUCTION,
    }
    if method == "model":
        swap = {raw: model for model, raw in swap.items()}
    return replace(
        exercise,
        rules=tuple(_with(rule, swap) for rule in exercise.rules),
        of_set=tuple(replace(rule, needs=_swapped(rule, swap)) for rule in exercise.of_set),
        noted=tuple(_with(rule, swap) for rule in exercise.noted),
        also=tuple(swap.get(m, m) for m in exercise.also),
    )


def _with(rule: Rule, swap: dict[Measure, Measure]) -> Rule:
    if isinstance(rule, FrameRule):
        return replace(rule, measure=swap.get(rule.measure, rule.measure))
    return replace(rule, needs=_swapped(rule, swap))


def _swapped(rule: RepRule, swap: dict[Measure, Measure]) -> tuple[Measure, ...]:
    return tuple(swap.get(measure, measure) for measure in rule.needs)


def pelvis_method(measures: Iterable[Measure]) -> str:
    """Return how the pelvis is measured by the first of these measures that does."""
    found = (m.method for m in measures if m.name in _OF_THE_PELVIS)
    return next(found, "none")
