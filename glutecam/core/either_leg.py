"""A measure for either leg, also by points whose names of left and right are exchanged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glutecam.core.columns import Column
from glutecam.core.measures import Estimate, Formula, Measure
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.stance import canonical

__all__ = ["count_through", "of_legs"]


def of_legs(measure: Measure, poses: PoseSeries, legs: tuple[bool, ...]) -> list[Column | Estimate]:
    """Return what each leg gives, True being the right one: of a Formula the values alone.

    Of the mirror image that shows a left leg as a right one only what a measure reads is made.
    """
    if isinstance(measure.of, Formula):
        formula = measure.of.value
        return [formula(poses.body if right else poses.mirrored_body) for right in legs]
    if measure.odd:
        found = measure.of(poses)
        return [found if right else Estimate(-found.value, found.sd) for right in legs]
    return [measure.of(canonical(poses, right)) for right in legs]


def count_through(
    value: FloatArray,
    poses: PoseSeries,
    wholly: NDArray[np.bool_],
    counted: Measure,
    legs: tuple[bool, ...],
    column: int,
) -> None:
    """Give what is counted by a value where left and right are exchanged, in place.

    Whoever lies on the back does not turn round: exchanged back, the points are a guess like hidden
    ones, good enough to count by. The deviation stays unknown, so that no rule judges it.

    Parameters
    ----------
    value : (T, 2, M)
    poses : PoseSeries (T)
        As the pose model gave them.
    wholly : (T,) bool
        Where shoulders and hips are exchanged alike.
    counted : Measure
        That of the cycle.
    legs : tuple of bool
        The legs that are measured, True the right one.
    column : int
        Of ``counted`` among the M; nothing is done where it is none of them.
    """
    if column >= value.shape[-1]:
        return
    rows = np.flatnonzero(wholly)
    found = of_legs(counted, poses.exchanged(), legs)
    for leg in range(2):
        one = found[min(leg, len(found) - 1)]
        guess = one.value if isinstance(one, Estimate) else np.atleast_1d(one)
        value[rows, leg, column] = guess[rows]
