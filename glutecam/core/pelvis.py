"""Landmarks -> pelvic obliquity and pelvic roll, each with a standard deviation.

The method of this version is the *hip line*: simple, and far from the pelvis. On 320 rendered
people with known truth it followed an isolated pelvic drop with slope 0.33 and a mean absolute
error of 5.8° (docs/adr/0003), hence the wide ± here. A trained estimator will replace the inside
of this file; what other rooms see (two measures, their deviation, the name of the method) stays.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from glutecam.core.geometry import dot, midpoint, unit
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import HIP_LINE_SD_DEG, Estimate, Measure, change, hip_line_deg
from glutecam.core.poses import FloatArray, PoseSeries

__all__ = ["PELVIC_DROP", "PELVIC_ROLL", "ROLL_SD_DEG", "pelvic_obliquity", "pelvis_method"]

_L = Landmark

ROLL_SD_DEG = 20.0
"""Raw depth of the hips seen from the front in side-lying had slope 0.15 and MAE 23°; the
deviation is of the error about the quiet start within ±25°, measured by benchmarks/measures.py
and rounded up."""


def pelvic_obliquity(poses: PoseSeries) -> Estimate:
    """Return the pelvis against the horizontal of the frame in degrees, + = right side up, (T,).

    Body-referenced, for poses as the camera saw them. On canonical poses, in which the stance leg
    is the right one, the same formula is the contralateral drop.
    """
    return Estimate(hip_line_deg(poses), np.full(len(poses), HIP_LINE_SD_DEG))


def _roll_deg(poses: PoseSeries) -> FloatArray:
    """Return the turn of the hips about the trunk's long axis from stacked, + = top rolls back.

    The worked (top) leg is the right one. Right, up and forward of a body are related by
    forward = up x right, so the backward direction is right x up.
    """
    trunk = midpoint(poses.world(_L.LEFT_SHOULDER), poses.world(_L.RIGHT_SHOULDER)) - midpoint(
        poses.world(_L.LEFT_HIP), poses.world(_L.RIGHT_HIP)
    )
    axis = unit(trunk)
    gravity_up = np.tile(np.array([0.0, -1.0, 0.0]), (len(poses), 1))
    stacked = unit(gravity_up - dot(gravity_up, axis)[:, None] * axis)
    backward = np.cross(stacked, axis)
    across = poses.world(_L.RIGHT_HIP) - poses.world(_L.LEFT_HIP)
    return np.degrees(np.arctan2(dot(across, backward), dot(across, stacked)))


def _roll(poses: PoseSeries) -> Estimate:
    return Estimate(_roll_deg(poses), np.full(len(poses), ROLL_SD_DEG))


PELVIC_DROP = Measure(
    "pelvic_drop_deg", "pelvic drop", "°", (_L.LEFT_HIP, _L.RIGHT_HIP), pelvic_obliquity, against=change,
    method="raw-hip-line/1: line through the two hip points minus the quiet posture, "
    "+ = free side lower",
)  # fmt: skip
PELVIC_ROLL = Measure(
    "pelvic_roll_deg", "pelvic roll", "°",
    (_L.LEFT_HIP, _L.RIGHT_HIP, _L.LEFT_SHOULDER, _L.RIGHT_SHOULDER), _roll, against=change,
    method="raw-hip-depth/1: baseline-corrected turn of the hip points about the trunk, "
    "+ = top side backward",
)  # fmt: skip


def pelvis_method(measures: Iterable[Measure]) -> str:
    """Return how the pelvis is measured by the first of these measures that does."""
    found = (m.method for m in measures if m.name in (PELVIC_DROP.name, PELVIC_ROLL.name))
    return next(found, "none")
