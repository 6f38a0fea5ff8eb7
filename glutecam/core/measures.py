"""Clinical signals: PoseSeries -> Estimate, a value and its standard deviation per frame.

Every function takes *canonical* poses, in which the worked leg (the stance leg when standing, the
top leg when lying on the side) is the right one; ``core/stance.py`` makes them so. "Medial" is
then towards the subject's left in the frame, which ``PoseSeries.facing`` finds from the order of hips and
shoulders, so that the same formula holds from front and back.

The standard deviations hold 90 % of the errors, bias included, at the bottom of repetitions of
rendered people whose true angles are known (``benchmarks/measures.py``), rounded up: conservative,
not calibrated. That of the thigh is assumed. Where an exercise is read better or worse than others by the
errors of its own rules (``benchmarks/exercises.py``), it says so with ``known_to``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glutecam.core import geometry
from glutecam.core.columns import (
    Column,
    Columns,
    Vector,
    angle_deg,
    length,
    over,
    turn_deg,
    within,
)
from glutecam.core.geometry import midpoint, ratio
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.sides import nearer_right_foot, right_above_left

__all__ = [
    "ANKLE_OUT",
    "FEMORAL_ADDUCTION",
    "FOOT_SEPARATION",
    "FPPA",
    "HIP_FLEXION",
    "HIP_LINE",
    "KNEE_FLEXION",
    "KNEE_OFF_MIDDLE",
    "KNEE_OFF_MIDDLE_OF_JOINTS",
    "KNEE_SEPARATION",
    "PELVIC_SHIFT",
    "PELVIC_SHIFT_OF_JOINTS",
    "RAW_HIP_ADDUCTION",
    "TRUNK_LEAN",
    "WEIGHT_ON_STANCE",
    "Z90",
    "Estimate",
    "Formula",
    "Measure",
    "change",
    "flexion_from_shortening",
    "hip_line",
    "hip_line_deg",
    "known_to",
    "over_right_foot",
    "top_is_right",
    "trunk_lean",
    "trunk_m",
]

Z90 = 1.6449
"""Half-width of a 90 % interval in standard deviations (normal distribution)."""

_L = Landmark

HIP_LINE_SD_DEG = 9.0
"""Wider than the 7.2° that MAE 5.8° on 320 rendered people asks for: at the bottom of rendered
repetitions with 12-14° of drop the line errs by 10-13°, always towards too little drop."""

FEMORAL_SD_DEG = 5.6
"""Hip adduction, of which it is a part, erred by up to 11.3° in 90 % of the squats of five rendered people."""
ANKLE_OUT = 0.075
"""Hip widths, 1.3 cm, by which the pose model's ankle point lies outwards of the joint: 0.085 on 214
repetitions of five rendered people, 0.063 on ten other clips (benchmarks/exercises.py, measures.py)."""
OFF_MIDDLE_SD = 0.28
"""Trunk lengths, 3.2° at the distance of five: most of it is a camera that is not straight in front of the leg. With it
the ± of the knee's angle holds 90 % of the errors in step-downs and squats of five rendered people, one left out each
time, before cameras up to 5° off (benchmarks/exercises.py)."""
HIP_ADDUCTION_SD_DEG = math.hypot(HIP_LINE_SD_DEG, FEMORAL_SD_DEG)
"""A sum of the two, and so no surer than either of them."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """A quantity over time with its doubt.

    Attributes
    ----------
    value : (T,)
        NaN where it was not seen.
    sd : (T,)
        Standard deviation of ``value``, same unit.
    """

    value: FloatArray
    sd: FloatArray

    def __getitem__(self, key: slice) -> Estimate:
        return Estimate(self.value[key], self.sd[key])

    @cached_property
    def unknown_before(self) -> NDArray[np.intp]:
        """(T + 1,) in how many frames before each it was not seen; counted once for all repetitions.

        A deviation that is not known belongs to a guess, which is good enough to count by.
        """
        unknown = np.zeros(len(self.value) + 1, dtype=np.intp)
        np.cumsum(np.isnan(self.value + self.sd), out=unknown[1:])
        return unknown

    @property
    def seen(self) -> Estimate:
        """The same without values that are a guess: those whose deviation is not known."""
        guess = np.isnan(self.sd)
        return Estimate(np.where(guess, np.nan, self.value), self.sd) if guess.any() else self

    @property
    def half_width(self) -> FloatArray:
        """(T,) half of the 90 % interval: the ± that users see and rules use."""
        return Z90 * self.sd


@dataclass(frozen=True)
class Measure:
    """A clinical quantity over time, referenced as an object and never by a string.

    Attributes
    ----------
    name : str
        Key in files and tables, with its unit as suffix.
    label : str
        What people read.
    unit : str
        ``"°"``, ``"s"`` or a plain word.
    needs : tuple of Landmark
        Points of the canonical pose that must be visible.
    of : callable
        Canonical PoseSeries (T) -> Estimate (T,), elementwise in time.
    against : callable or None
        (value, value in the quiet posture) -> value, where the signal is counted from the quiet
        posture at the start; for columns, so for plain numbers too.
    method : str
        How it is obtained; kept in every Assessment.
    reads : tuple of Landmark
        Further points that it reads, visible or not.
    metric : bool
        It reads the points in metres, which are smoothed for it.
    odd : bool
        The mirror image has exactly the opposite value and the same deviation.
    parts : tuple of Measure
        Measures of which it can be made where they are known already, with ``made``.
    made : callable or None
        (absolute Estimates of the parts) -> Estimate, the same as ``of`` but for rounding.
    """

    name: str
    label: str
    unit: str
    needs: tuple[Landmark, ...]
    of: Callable[[PoseSeries], Estimate] = field(repr=False)
    against: Callable[[Column, Column], Column] | None = None
    method: str = ""
    reads: tuple[Landmark, ...] = ()
    metric: bool = False
    odd: bool = False
    parts: tuple[Measure, ...] = ()
    made: Callable[[Sequence[Estimate]], Estimate] | None = field(default=None, repr=False)


def change(value: Column, quiet: Column) -> Column:
    """Return the signal minus its quiet value."""
    return value - quiet


def flexion_from_shortening(leg: Column, quiet: Column) -> Column:
    """Return knee flexion in degrees from how much shorter the leg looks than when standing.

    Thigh and shank are taken to be equally long, with the hip above the ankle: then half the
    flexion has the cosine of the ratio of the hip-ankle distances.
    """
    return np.degrees(2.0 * np.arccos(within(over(leg, quiet), 0.0, 1.0)))


@dataclass(frozen=True)
class Formula:
    """A measure's ``of`` that reads the picture alone and has one deviation for all frames."""

    value: Callable[[Columns], Column]
    sd: float

    def __call__(self, poses: PoseSeries) -> Estimate:
        """Return the Estimate (T,) of canonical poses."""
        return Estimate(poses.each(self.value), np.full(len(poses), self.sd))


def known_to(measure: Measure, sd: float) -> Measure:
    """Return a measure of the picture with another standard deviation, for one exercise.

    Raises
    ------
    TypeError
        Where its deviation is not one number.
    """
    if not isinstance(measure.of, Formula):
        raise TypeError(f"{measure.name} has a deviation of its own in every frame")
    return replace(measure, of=replace(measure.of, sd=sd))


def hip_line(body: Columns) -> Column:
    """Return the elevation of the hip line in degrees, + = right side up."""
    return angle_deg(body.hips[1], abs(body.hips[0]))


def hip_line_deg(poses: PoseSeries) -> FloatArray:
    """Return the elevation of the hip line in degrees, + = right side up, (T,).

    In pixels, never in normalised units: there a true 5° reads 8.8° in a 16:9 frame.
    """
    return poses.each(hip_line)


def trunk_lean(body: Columns) -> Column:
    """Return the trunk against the vertical of the frame in degrees, + = towards the worked leg."""
    x, y = body.medial(body.up)
    return angle_deg(-x, -y)


def _beyond_ankle(body: Columns) -> Column:
    outwards = (body.x[_L.RIGHT_ANKLE] - body.mid_hip[0]) * body.facing
    return over(outwards, length(body.hips))


def _pelvic_shift(body: Columns) -> Column:
    return _beyond_ankle(body) + ANKLE_OUT


def _thigh(body: Columns) -> Vector:
    return body.medial(body.line(_L.RIGHT_HIP, _L.RIGHT_KNEE))


def _femoral_adduction(body: Columns) -> Column:
    return turn_deg(_thigh(body), (0.0, 1.0))


def _hip_adduction(body: Columns) -> Column:
    x, y = body.medial(body.hips)
    return turn_deg(_thigh(body), (-y, x))


def _fppa(body: Columns) -> Column:
    shank = body.medial(body.line(_L.RIGHT_KNEE, _L.RIGHT_ANKLE))
    return turn_deg(_thigh(body), shank)


def _knee_off_middle(poses: PoseSeries) -> Estimate:
    """Return how far the knee lies beside the middle of the picture, in trunk lengths.

    + = outwards where the front is seen, inwards where the back is: a knee that is bent comes nearer to
    a camera in front, and so further from the middle, and the other way round from behind.
    """
    middle = 0.5 * poses.width_px

    def off(body: Columns) -> Column:
        return over(middle - body.x[_L.RIGHT_KNEE], body.trunk)

    return Estimate(poses.each(off), np.full(len(poses), OFF_MIDDLE_SD))


def _nothing(body: Columns) -> Column:
    return 0.0 * body.x[_L.RIGHT_KNEE]


def _leg_length(body: Columns) -> Column:
    return length(body.line(_L.RIGHT_HIP, _L.RIGHT_ANKLE))


def over_right_foot(poses: PoseSeries) -> FloatArray:
    """Return how much nearer mid-hip is to the right ankle than to the left, sideways, (T,)."""
    return poses.each(nearer_right_foot)


def top_is_right(poses: PoseSeries) -> FloatArray:
    """Return how much higher the right shoulder and hip are than the left, in trunk lengths, (T,)."""
    return poses.each(right_above_left)


def _separation(a: Landmark, b: Landmark) -> Callable[[Columns], Column]:
    return lambda body: over(length(body.line(a, b)), body.trunk)


def trunk_m(poses: PoseSeries) -> FloatArray:
    """Return the way from mid-hip to mid-shoulder in the metric points, (T, 3)."""
    return midpoint(poses.world(_L.LEFT_SHOULDER), poses.world(_L.RIGHT_SHOULDER)) - midpoint(
        poses.world(_L.LEFT_HIP), poses.world(_L.RIGHT_HIP)
    )


def _hip_flexion(poses: PoseSeries) -> Estimate:
    trunk = trunk_m(poses)
    thigh = poses.world(_L.LEFT_KNEE) - poses.world(_L.LEFT_HIP)
    lengths = geometry.length(trunk) * geometry.length(thigh)
    cosine = ratio(geometry.dot(trunk, thigh), lengths)
    value = 180.0 - np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return Estimate(value, np.full(len(poses), 13.0))


_HIPS = (_L.LEFT_HIP, _L.RIGHT_HIP)
_SHOULDERS = (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)
_LEG = (_L.RIGHT_HIP, _L.RIGHT_KNEE, _L.RIGHT_ANKLE)
_ANKLES = (_L.LEFT_ANKLE, _L.RIGHT_ANKLE)

HIP_LINE = Measure(
    "hip_line_deg", "raw hip line", "°", _HIPS, Formula(hip_line, HIP_LINE_SD_DEG),
    method="line through the two hip points, + = free side lower; baseline not subtracted",
)  # fmt: skip
TRUNK_LEAN = Measure(
    "trunk_lean_deg", "trunk lean", "°", _HIPS + _SHOULDERS, Formula(trunk_lean, 1.8), against=change,
    method="mid-hip to mid-shoulder against the vertical of the frame, minus the quiet posture, "
    "+ = towards the worked leg",
)  # fmt: skip
PELVIC_SHIFT = Measure(
    "pelvic_shift_norm", "pelvic shift", "hip widths", (*_HIPS, _L.RIGHT_ANKLE), Formula(_pelvic_shift, 0.076),
    method="mid-hip beyond the stance ankle, whose point lies 0.075 outwards of the joint, in widths between the hip "
    "points, + = outwards",
)  # fmt: skip
PELVIC_SHIFT_OF_JOINTS = replace(PELVIC_SHIFT, of=Formula(_beyond_ankle, 0.076))
"""The same of exact joints, where no point lies beside its joint: what benchmarks compare with."""
FEMORAL_ADDUCTION = Measure(
    "femoral_adduction_deg", "femoral adduction", "°", _LEG[:2], Formula(_femoral_adduction, FEMORAL_SD_DEG),
    method="thigh against the vertical of the frame, + = knee medial to the hip",
)  # fmt: skip
RAW_HIP_ADDUCTION = Measure(
    "hip_adduction_deg", "hip adduction", "°", (*_HIPS, _L.RIGHT_KNEE), Formula(_hip_adduction, HIP_ADDUCTION_SD_DEG),
    method="thigh against the perpendicular of the raw hip line; equals femoral adduction + its drop",
)  # fmt: skip
FPPA = Measure(
    "fppa_deg", "knee valgus (FPPA)", "°", _LEG, Formula(_fppa, 7.0), against=change,
    method="frontal plane projection angle of hip, knee and ankle in the frame minus the quiet "
    "posture, + = knee medial",
)  # fmt: skip
KNEE_OFF_MIDDLE = Measure(
    "knee_off_middle_norm", "knee off the middle of the picture", "trunk lengths", (*_HIPS, *_SHOULDERS, _L.RIGHT_KNEE),
    _knee_off_middle,
    method="knee beside the middle of the picture, + = outwards as seen from the front, for what perspective does to it",
)  # fmt: skip
KNEE_OFF_MIDDLE_OF_JOINTS = replace(KNEE_OFF_MIDDLE, of=Formula(_nothing, OFF_MIDDLE_SD))
"""The same of exact joints seen from far away, where there is no perspective: what benchmarks compare with."""
KNEE_FLEXION = Measure(
    "knee_flexion_deg", "knee flexion", "°", _LEG, Formula(_leg_length, 8.0), against=flexion_from_shortening,
    method="from the distance between stance hip and ankle in the frame against quiet standing, "
    "thigh and shank taken as equal",
)  # fmt: skip
WEIGHT_ON_STANCE = Measure(
    "weight_on_stance_norm", "weight over the stance foot", "trunk lengths",
    _HIPS + _SHOULDERS + _ANKLES, Formula(nearer_right_foot, 0.09),
    method="how much nearer mid-hip is to the stance ankle than to the free one, sideways",
)  # fmt: skip
KNEE_SEPARATION = Measure(
    "knee_separation_norm", "knee separation", "trunk lengths",
    (_L.LEFT_KNEE, _L.RIGHT_KNEE, *_HIPS, *_SHOULDERS),
    Formula(_separation(_L.LEFT_KNEE, _L.RIGHT_KNEE), 0.08), against=change,
    method="distance between the knees in the frame, change from the closed position",
)  # fmt: skip
FOOT_SEPARATION = Measure(
    "foot_separation_norm", "foot separation", "trunk lengths",
    (*_ANKLES, *_HIPS, *_SHOULDERS),
    Formula(_separation(_L.LEFT_ANKLE, _L.RIGHT_ANKLE), 0.085), against=change,
    method="distance between the ankles in the frame, change from the closed position",
)  # fmt: skip
HIP_FLEXION = Measure(
    "hip_flexion_deg", "hip flexion of the lower leg", "°",
    (*_HIPS, _L.LEFT_KNEE, *_SHOULDERS), _hip_flexion, against=change,
    method="trunk against the lower thigh in the pose model's metric landmarks",
    metric=True,
)  # fmt: skip
