"""Landmarks -> signals, for any chunk of frames: the stages in order, and what they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from glutecam.core import baseline, smoothing, stance
from glutecam.core.assessment import Side
from glutecam.core.geometry import rotate2
from glutecam.core.measures import HIP_LINE, Estimate, Measure
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Exercise
from glutecam.core.stance import SideCarry, SwapCarry
from glutecam.core.validity import visible_points

__all__ = ["Carry", "Signals", "Zero", "measures_of", "signals_of"]


@dataclass(frozen=True, eq=False)
class Carry:
    """What the stages remember from one chunk to the next."""

    swaps: SwapCarry = field(default_factory=SwapCarry)
    points: smoothing.FilterCarry | None = None
    side: SideCarry = field(default_factory=SideCarry)
    recent: PoseSeries | None = None


@dataclass(frozen=True, eq=False)
class Signals:
    """Absolute signals of T frames.

    Attributes
    ----------
    time_s, speed : (T,)
        Seconds; trunk lengths per second of the fastest large joint.
    right, swapped : (T,) bool
        The worked leg is the right one; left and right were mixed up.
    as_right, as_left : mapping of measure name to Estimate (T,)
        The signals where the worked leg is taken to be the right one, and the left one: the quiet
        posture is on two legs, and its values are needed for whichever works later. Where the side
        is given, both are those of that side.
    """

    time_s: FloatArray
    speed: FloatArray
    right: NDArray[np.bool_]
    swapped: NDArray[np.bool_]
    as_right: Mapping[str, Estimate]
    as_left: Mapping[str, Estimate]

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, key: slice) -> Signals:
        return Signals(
            self.time_s[key],
            self.speed[key],
            self.right[key],
            self.swapped[key],
            {name: estimate[key] for name, estimate in self.as_right.items()},
            {name: estimate[key] for name, estimate in self.as_left.items()},
        )

    def relative(self, measures: tuple[Measure, ...], zero: Zero | None) -> dict[str, Estimate]:
        """Return each signal for the leg that works, minus the quiet posture where it is relative."""
        return {measure.name: self._one(measure, zero) for measure in measures}

    def _one(self, measure: Measure, zero: Zero | None) -> Estimate:
        a, b = self.as_right[measure.name], self.as_left[measure.name]
        value = a.value if a is b else np.where(self.right, a.value, b.value)
        if measure.against is not None:
            value = measure.against(value, self._zero_of(measure, zero))
        return Estimate(value, a.sd if a is b else np.where(self.right, a.sd, b.sd))

    def _zero_of(self, measure: Measure, zero: Zero | None) -> FloatArray | float:
        if zero is None:
            return np.nan
        right, left = zero.as_right[measure.name], zero.as_left[measure.name]
        return np.where(self.right, right, left)


@dataclass(frozen=True)
class Zero:
    """The quiet posture's values, for either leg."""

    as_right: Mapping[str, float]
    as_left: Mapping[str, float]


def measures_of(exercise: Exercise) -> tuple[Measure, ...]:
    """Return the exercise's measures, with the raw hip line beside them."""
    return tuple(dict.fromkeys((*exercise.measures, HIP_LINE)))


def _upright(poses: PoseSeries) -> PoseSeries:
    """Turn the points by the known roll of the camera."""
    if poses.camera_roll_deg == 0.0:
        return poses
    centre = np.array([poses.width_px / 2, poses.height_px / 2])
    return replace(
        poses,
        image_px=rotate2(poses.image_px, poses.camera_roll_deg, centre),
        world_m=rotate2(poses.world_m, poses.camera_roll_deg, np.zeros(2)),
    )


def _estimates(poses: PoseSeries, measures: tuple[Measure, ...]) -> dict[str, Estimate]:
    seen = visible_points(poses)
    out = {}
    for measure in measures:
        estimate = measure.of(poses)
        hidden = ~seen[:, list(measure.needs)].all(axis=1)
        if hidden.any():
            estimate = Estimate(np.where(hidden, np.nan, estimate.value), estimate.sd)
        out[measure.name] = estimate
    return out


def _right(
    poses: PoseSeries, exercise: Exercise, side: Side | None, carry: SideCarry
) -> tuple[NDArray[np.bool_], SideCarry]:
    if side is not None:
        return np.full(len(poses), side is Side.RIGHT), carry
    return stance.worked_right(poses, exercise.posture, carry)


def signals_of(
    poses: PoseSeries, exercise: Exercise, side: Side | None, carry: Carry, filter_name: str
) -> tuple[Signals, Carry]:
    """Measure a chunk.

    Parameters
    ----------
    poses : PoseSeries (T)
        As the pose model gave them.
    exercise : Exercise
    side : Side or None
        The worked leg; None finds it.
    carry : Carry
        What the call for the frames before returned. The zero-phase filter carries nothing: give
        it the whole recording.
    filter_name : str
        ``smoothing.CAUSAL`` or ``smoothing.ZERO_PHASE``.

    Returns
    -------
    Signals (T), Carry
    """
    poses = _upright(poses)
    swapped, swaps = stance.find_swaps(poses, carry.swaps)
    kept = poses.without(swapped) if swapped.any() else poses
    if filter_name == smoothing.CAUSAL:
        smooth, points = smoothing.causal(kept, carry.points)
    else:
        smooth, points = smoothing.zero_phase(kept), None
    right, side_carry = _right(smooth, exercise, side, carry.side)
    measures = measures_of(exercise)
    as_right = _estimates(smooth, measures) if side is not Side.LEFT else None
    as_left = _estimates(smooth.mirrored(), measures) if side is not Side.RIGHT else None
    speed, recent = baseline.speed(smooth, carry.recent)
    signals = Signals(
        time_s=poses.time_s,
        speed=speed,
        right=right,
        swapped=swapped,
        as_right=as_right or as_left or {},
        as_left=as_left or as_right or {},
    )
    return signals, Carry(swaps, points, side_carry, recent)
