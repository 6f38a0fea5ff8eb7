"""Landmarks -> signals, for any chunk of frames: the stages in order, and what they carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from glutecam.core import baseline, smoothing, stance
from glutecam.core.assessment import Side
from glutecam.core.either_leg import count_through, of_legs
from glutecam.core.landmarks import LANDMARK_COUNT, MIRROR, Landmark
from glutecam.core.level import LevelCarry, upright
from glutecam.core.measures import HIP_LINE, Estimate, Formula, Measure
from glutecam.core.poses import FloatArray, PoseSeries, blocks
from glutecam.core.rules import Exercise, Posture, Start
from glutecam.core.stance import SideCarry, SwapCarry
from glutecam.core.validity import visible_points

__all__ = ["Carry", "Recipe", "Signals", "also_of", "measures_of", "reported_of", "signals_of"]


SET_UP_SHAKE = 0.75
"""In set-up positions the pose model shakes more: up to 0.14 trunk lengths a second on rendered people
who lie still, where 0.12 counts as quiet."""


@dataclass(frozen=True, eq=False)
class Carry:
    """What the stages remember from one chunk to the next."""

    swaps: SwapCarry = field(default_factory=SwapCarry)
    points: smoothing.FilterCarry | None = None
    side: SideCarry = field(default_factory=SideCarry)
    recent: baseline.SpeedCarry | None = None
    level: LevelCarry = field(default_factory=LevelCarry)


@dataclass(frozen=True, eq=False)
class Signals:
    """Absolute signals of T frames.

    Attributes
    ----------
    time_s, speed : (T,)
        Seconds; trunk lengths per second of the fastest large joint, infinite on one leg, where
        there is no quiet posture to count from.
    right, swapped : (T,) bool
        The worked leg is the right one; left and right were mixed up.
    told : (T,) int8
        Which leg works by what is seen, whichever was asked for: +1 right, -1 left, 0 not known yet.
    value, sd : (T, 2, M)
        M measures and their standard deviations, the worked leg taken to be the right one ([:, 0])
        and the left one ([:, 1]): the quiet posture is on two legs, and its values are needed for
        whichever works later. Where the side is given, both are those of that side. Where a point
        is hidden the value is NaN; that of the cycle's measure is then a guess, to count by, and
        only its deviation is NaN.
    points_px : (T, K, 2)
        The smoothed points from which ``reported_of`` reads the rest at the end.
    """

    time_s: FloatArray
    speed: FloatArray
    right: NDArray[np.bool_]
    told: NDArray[np.int8]
    swapped: NDArray[np.bool_]
    value: FloatArray
    sd: FloatArray
    points_px: FloatArray

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, key: slice) -> Signals:
        return Signals(
            self.time_s[key],
            self.speed[key],
            self.right[key],
            self.told[key],
            self.swapped[key],
            self.value[key],
            self.sd[key],
            self.points_px[key],
        )

    @property
    def worked(self) -> FloatArray:
        """(T, M) values for the leg that works."""
        return self._of_worked(self.value)

    def _of_worked(self, both: FloatArray) -> FloatArray:
        """Return what belongs to the leg that works, (T, 2, M) -> (T, M); a view where it stays."""
        if self.right.all():
            return both[:, 0]
        if not self.right.any():
            return both[:, 1]
        return np.where(self.right[:, None], both[:, 0], both[:, 1])

    def relative(self, measures: tuple[Measure, ...], zero: FloatArray) -> dict[str, Estimate]:
        """Return each signal for the leg that works, counted from the quiet posture where it is so.

        Parameters
        ----------
        measures : tuple of Measure
            The M measures, in order.
        zero : (2, M)
            Values in the quiet posture, for either leg; NaN where they are not known.
        """
        value, sd = self.worked, self._of_worked(self.sd)
        quiet = self._of_worked(np.broadcast_to(zero, self.value.shape))
        out = {}
        for column, measure in enumerate(measures):
            one = value[:, column]
            if measure.against is not None:
                one = measure.against(one, quiet[:, column])
            out[measure.name] = Estimate(one, sd[:, column])
        return out


def measures_of(exercise: Exercise) -> tuple[Measure, ...]:
    """Return the exercise's measures, with the raw hip line beside them."""
    return tuple(dict.fromkeys((*exercise.measures, HIP_LINE)))


def also_of(exercise: Exercise) -> tuple[Measure, ...]:
    """Return the measures that are worked out at the end, beside those of ``measures_of``."""
    known = {measure.name for measure in measures_of(exercise)}
    asked = [measure for rule in exercise.noted for measure in rule.needs]
    beside = dict.fromkeys((*exercise.also, *asked))
    return tuple(measure for measure in beside if measure.name not in known)


def _looked_up(exercise: Exercise) -> tuple[Measure, ...]:
    """Return those of ``also_of`` that cannot be made of others."""
    also = also_of(exercise)
    known = {*measures_of(exercise), *(measure for measure in also if measure.made is None)}
    return tuple(m for m in also if m.made is None or not known.issuperset(m.parts))


@dataclass(frozen=True, eq=False)
class Recipe:
    """How one set is measured: worked out once, because live it is used for every frame.

    Attributes
    ----------
    exercise : Exercise
    side : Side or None
        The worked leg; None finds it, and is the only way where the legs take turns.
    filter_name : str
        ``smoothing.CAUSAL`` or ``smoothing.ZERO_PHASE``.
    measures : tuple of Measure
        M measures, in the order of the columns.
    legs : tuple of bool
        The L legs that are measured, True the right one.
    points : (P,) int
        Points that must be visible for one of the measures.
    needs : (P, L M) float32
        1 where a measure reads a point.
    sd : (L, M)
        Standard deviations that are the same in all frames; NaN elsewhere.
    metric : bool
        Whether a measure reads the points in metres.
    kept : (K,) int
        Points that are kept for what is reported at the end.
    counted : int
        Column of the cycle's measure; how many there are where it is none of them.
    """

    exercise: Exercise
    side: Side | None
    filter_name: str
    measures: tuple[Measure, ...]
    legs: tuple[bool, ...]
    points: NDArray[np.intp]
    needs: NDArray[np.float32]
    sd: FloatArray
    metric: bool
    kept: NDArray[np.intp]
    counted: int

    @classmethod
    def of(
        cls,
        exercise: Exercise,
        side: Side | None,
        filter_name: str,
        measures: tuple[Measure, ...] | None = None,
    ) -> Recipe:
        """Work it out; for the measures of the exercise where no others are named."""
        measures = measures_of(exercise) if measures is None else measures
        side = None if exercise.leg.alternates else side
        legs = (True, False) if side is None else (side is Side.RIGHT,)
        deviations = [m.of.sd if isinstance(m.of, Formula) else np.nan for m in measures]
        needs = _needs(measures, legs)
        points = np.flatnonzero(needs.any(axis=1))
        return cls(
            exercise=exercise,
            side=side,
            filter_name=filter_name,
            measures=measures,
            legs=legs,
            points=points,
            needs=needs[points],
            sd=np.tile(deviations, (len(legs), 1)),
            metric=any(measure.metric for measure in measures),
            kept=_points(_looked_up(exercise)),
            counted=_place(exercise.cycle.measure, measures),
        )


def _columns(poses: PoseSeries, recipe: Recipe) -> tuple[FloatArray, FloatArray]:
    """Return values and standard deviations, (T, 2, M) each."""
    if len(poses) == 1:
        return _columns_of_block(poses, recipe)
    value = np.empty((len(poses), 2, len(recipe.measures)))
    sd = np.empty_like(value)
    for part in blocks(len(poses)):
        value[part], sd[part] = _columns_of_block(poses[part], recipe)
    return value, sd


def _columns_of_block(poses: PoseSeries, recipe: Recipe) -> tuple[FloatArray, FloatArray]:
    sd = recipe.sd[None].repeat(len(poses), axis=0)
    value = np.empty_like(sd)
    for column, measure in enumerate(recipe.measures):
        for leg, found in enumerate(of_legs(measure, poses, recipe.legs)):
            if isinstance(found, Estimate):
                value[:, leg, column], sd[:, leg, column] = found.value, found.sd
            else:
                value[:, leg, column] = found
    hidden = ~visible_points(poses, recipe.points)
    if np.count_nonzero(hidden):
        # As numbers, because numpy multiplies truths one by one.
        unseen = hidden.astype(np.float32) @ recipe.needs > 0
        _hide(value, sd, unseen.reshape(value.shape), recipe.counted)
    if len(recipe.legs) == 1:
        return value.repeat(2, axis=1), sd.repeat(2, axis=1)
    return value, sd


def _hide(value: FloatArray, sd: FloatArray, unseen: NDArray[np.bool_], counted: int) -> None:
    """Take away what was not seen, (T, L, M); of the cycle's measure the deviation.

    The pose model places hidden points too. That is too unsure to judge by, but whoever bends a knee
    behind the other one still bends it, and the movement is counted.
    """
    kept = value[..., counted].copy() if counted < value.shape[-1] else None
    np.copyto(value, np.nan, where=unseen)
    if kept is not None:
        value[..., counted] = kept
        np.copyto(sd[..., counted], np.nan, where=unseen[..., counted])


def _place(measure: Measure, measures: tuple[Measure, ...]) -> int:
    return measures.index(measure) if measure in measures else len(measures)


def _needs(measures: tuple[Measure, ...], legs: tuple[bool, ...]) -> NDArray[np.float32]:
    """Return 1 where a measure reads a point, (33, L M)."""
    needs = np.zeros((LANDMARK_COUNT, len(legs), len(measures)), dtype=np.float32)
    for column, measure in enumerate(measures):
        for leg, right in enumerate(legs):
            points = np.array(measure.needs)
            needs[points if right else MIRROR[points], leg, column] = 1.0
    return needs.reshape(LANDMARK_COUNT, -1)


def _points(measures: tuple[Measure, ...]) -> NDArray[np.intp]:
    """Return what these measures read of either leg, with the hips and shoulders that tell the front.

    A measure of the left leg reads the right one's points in the mirror.
    """
    read = [point for measure in measures for point in (*measure.needs, *measure.reads)]
    read += [Landmark.LEFT_HIP, Landmark.LEFT_SHOULDER] if read else []
    return np.union1d(read, MIRROR[read]).astype(np.intp)


def _right(
    poses: PoseSeries, recipe: Recipe, carry: SideCarry
) -> tuple[NDArray[np.bool_], NDArray[np.int8], SideCarry]:
    """Return whether the right leg is taken to work, what is seen of that, and the carry."""
    told, carry = stance.told_leg(poses, recipe.exercise.leg, carry)
    if recipe.side is None:
        return told >= 0, told, carry
    return np.full(len(poses), recipe.side is Side.RIGHT), told, carry


def signals_of(poses: PoseSeries, recipe: Recipe, carry: Carry) -> tuple[Signals, Carry]:
    """Measure a chunk.

    Parameters
    ----------
    poses : PoseSeries (T)
        As the pose model gave them.
    recipe : Recipe
    carry : Carry
        What the call for the frames before returned. The zero-phase filter carries nothing: give
        it the whole recording.

    Returns
    -------
    Signals (T), Carry
    """
    poses, level = upright(poses, carry.level)
    posture, cycle = recipe.exercise.posture, recipe.exercise.cycle
    swapped, swaps = stance.find_swaps(poses, posture, carry.swaps)
    kept = poses.without(swapped) if np.count_nonzero(swapped) else poses
    if recipe.filter_name == smoothing.CAUSAL:
        smooth, points = smoothing.causal(kept, carry.points, metric=recipe.metric)
    else:
        smooth, points = smoothing.zero_phase(kept, metric=recipe.metric), None
    right, told, side_carry = _right(smooth, recipe, carry.side)
    hides = recipe.exercise.leg.hides_other
    slow = cycle.still or posture is not Posture.STANDING
    lag_s = baseline.LAG_LONG_S if slow else baseline.LAG_S
    speed, recent = baseline.speed(smooth, carry.recent, one_leg=hides, lag_s=lag_s)
    if recipe.exercise.start is Start.SET_UP:
        speed = speed * SET_UP_SHAKE
    if recipe.exercise.start is Start.BOTH_FEET:
        speed = stance.speed_on_both_feet(speed, smooth)
    value, sd = _columns(smooth, recipe)
    if cycle.still:
        # To whoever counts holds somebody who moves is not there: a twitch is bridged, more ends the hold.
        value[speed > baseline.QUIET_SPEED, :, recipe.counted] = np.nan
    if posture is Posture.SUPINE and np.count_nonzero(swapped):
        wholly = stance.wholly_swapped(poses, posture, swapped)
        count_through(value, poses, wholly, cycle.measure, recipe.legs, recipe.counted)
    kept_px = smooth.image_px.take(recipe.kept, axis=1)
    signals = Signals(poses.time_s, speed, right, told, swapped, value, sd, kept_px)
    return signals, Carry(swaps, points, side_carry, recent, level)


def reported_of(
    poses: PoseSeries, signals: Signals, exercise: Exercise, side: Side | None
) -> Signals:
    """Measure at the end what is reported beside the judged signals: live nobody sees it.

    Parameters
    ----------
    poses : PoseSeries (T)
        As the pose model gave them; they tell what was visible.
    signals : Signals (T)
        What was measured of them.
    exercise : Exercise
    side : Side or None
        As for ``signals_of``.

    Returns
    -------
    Signals (T)
        With the measures of ``also_of`` in its columns.
    """
    known = _columns_of(measures_of(exercise), signals.value, signals.sd)
    beside = Recipe.of(exercise, side, "", _looked_up(exercise))
    parts = [
        _kept_columns(poses[part], signals.points_px[part], beside) for part in blocks(len(poses))
    ]
    known |= _columns_of(beside.measures, *map(np.concatenate, zip(*parts, strict=True)))
    also = [
        known[measure] if measure in known else _made(measure, known)
        for measure in also_of(exercise)
    ]
    shape = (*signals.value.shape[:2], 0)
    value = np.stack([column.value for column in also], axis=2) if also else np.empty(shape)
    sd = np.stack([column.sd for column in also], axis=2) if also else np.empty(shape)
    return replace(signals, value=value, sd=sd)


def _columns_of(
    measures: Sequence[Measure], value: FloatArray, sd: FloatArray
) -> dict[Measure, Estimate]:
    """Return each measure's (T, 2), for either leg."""
    return {m: Estimate(value[..., i], sd[..., i]) for i, m in enumerate(measures)}


def _kept_columns(
    poses: PoseSeries, points_px: FloatArray, recipe: Recipe
) -> tuple[FloatArray, FloatArray]:
    """Return what the points that were kept tell, (T, 2, M) each."""
    image = np.full_like(poses.image_px, np.nan)
    image[:, recipe.kept] = points_px
    # What was outside the picture may lie within it once that is turned upright.
    seen = np.where(poses.inside, poses.visibility, poses.visibility * 0.0)
    return _columns(poses.with_arrays(image_px=image, visibility=seen), recipe)


def _made(measure: Measure, known: Mapping[Measure, Estimate]) -> Estimate:
    assert measure.made is not None
    return measure.made([known[part] for part in measure.parts])
