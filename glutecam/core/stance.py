"""Which leg works, and which side of the body is which: asked here and nowhere else.

The core works on canonical poses in which the worked leg (stance leg, or top leg when lying on
the side) is the right one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Side
from glutecam.core.columns import Column, Columns, Vector, cross, length, over
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Posture
from glutecam.core.sides import WorkedLeg, nearer_right_foot

__all__ = [
    "SideCarry",
    "SwapCarry",
    "canonical",
    "find_swaps",
    "side_of",
    "speed_on_both_feet",
    "swap_tally",
    "told_leg",
    "wholly_swapped",
]

# Hips or shoulders closer together than this share of the trunk do not tell left from right.
_NARROW = 0.12

# Weight is on both feet while mid-hip is at most this many trunk lengths nearer to one.
_BOTH_FEET = 0.15


@dataclass(frozen=True)
class SideCarry:
    """The side last decided, and the newest evidence: +1 right, -1 left, 0 none yet.

    ``since_s`` is when the newest evidence began.
    """

    side: int = 0
    newest: int = 0
    since_s: float = 0.0


@dataclass(frozen=True)
class SwapCarry:
    """How many frames so far had their left points on each side of the trunk."""

    one_way: int = 0
    other_way: int = 0


def side_of(right: bool) -> Side:
    """Return the side for a worked leg."""
    return Side.RIGHT if right else Side.LEFT


def told_leg(
    poses: PoseSeries, leg: WorkedLeg, carry: SideCarry
) -> tuple[NDArray[np.int8], SideCarry]:
    """Tell for every frame which leg works, as far as the evidence does.

    Parameters
    ----------
    poses : PoseSeries (T)
        Not canonical.
    leg : WorkedLeg
        The evidence.
    carry : SideCarry
        What the call for the frames before returned.

    Returns
    -------
    (T,) int8, SideCarry
        +1 the right one, -1 the left one, 0 before there was clear evidence. It changes only on
        clear evidence and is kept in between.
    """
    if leg.right is None:
        return np.zeros(len(poses), dtype=np.int8), carry
    side, newest, since_s = carry.side, carry.newest, carry.since_s
    sides: list[int] = []
    for clear, time_s in _stretches(poses, leg):
        if clear != newest:
            newest, since_s = clear, float(time_s[0])
        before = len(time_s)
        if clear:
            before = int(time_s.searchsorted(since_s + (leg.switch_s if side else leg.first_s)))
        sides += [side] * before
        side = clear if before < len(time_s) else side
        sides += [side] * (len(time_s) - before)
    return np.array(sides, dtype=np.int8), SideCarry(side, newest, since_s)


def _stretches(poses: PoseSeries, leg: WorkedLeg) -> Iterator[tuple[int, FloatArray]]:
    """Yield the stretches in which the evidence is the same: +1, -1 or 0, and their times."""
    assert leg.right is not None
    value = leg.right(poses.body)
    # An evidence that is not known is not clear: a comparison with NaN is False.
    clear = (value > leg.clear) * 1 - (value < -leg.clear)
    if len(poses) == 1:
        yield int(clear), poses.time_s
    elif len(poses):
        edges = [0, *(np.flatnonzero(clear[1:] != clear[:-1]) + 1).tolist(), len(poses)]
        for start, end in pairwise(edges):
            yield int(clear[start]), poses.time_s[start:end]


def canonical(poses: PoseSeries, right: bool) -> PoseSeries:
    """Return the poses with the worked leg on the right: mirrored where it is the left one."""
    return poses if right else poses.mirror


_CONTRADICTORY = 2


def _order(poses: PoseSeries, posture: Posture) -> Column:
    """Return on which side of the trunk the left points lie: +1, -1, 0 unclear, 2 contradictory."""
    formula = _order_across if posture is Posture.SUPINE else _order_of_pairs
    shoulders, hips = formula(poses.body)
    if len(poses) == 1:
        return _CONTRADICTORY if shoulders * hips < 0 else shoulders or hips
    either = np.where(shoulders == 0, hips, shoulders)
    return np.where(shoulders * hips < 0, _CONTRADICTORY, either)


def _order_of_pairs(body: Columns) -> Vector:
    """Return the order of the shoulders and of the hips: +1, -1, 0 unclear or not known."""
    square = body.trunk * body.trunk
    shoulders, hips = (over(cross(a, body.up), square) for a in (body.shoulders, body.hips))
    return _side(shoulders), _side(hips)


def _order_across(body: Columns) -> Vector:
    """Return the same for somebody who lies along the line of sight: the order in the picture."""
    width = length(body.shoulders)
    return _side(over(body.shoulders[0], width)), _side(over(body.hips[0], width))


def _side(width: Column) -> Column:
    return (width > _NARROW) * 1 - (width < -_NARROW)


def swap_tally(poses: PoseSeries, posture: Posture) -> SwapCarry:
    """Count a whole recording, so that ``find_swaps`` judges it by its majority."""
    order = _order(poses, posture)
    return SwapCarry(*(1000 * int(np.count_nonzero(order == way)) for way in (1, -1)))


def find_swaps(
    poses: PoseSeries, posture: Posture, carry: SwapCarry
) -> tuple[NDArray[np.bool_], SwapCarry]:
    """Find the frames in which the pose model exchanged left and right.

    A person in front of the camera does not turn round during a set, so the order that most
    frames so far have is the true one; hips and shoulders in opposite orders are a mix-up too.

    Returns
    -------
    (T,) bool, SwapCarry
    """
    order = _order(poses, posture)
    one_way = carry.one_way + _so_far(order == 1)
    other_way = carry.other_way + _so_far(order == -1)
    majority = 1 - 2 * (one_way < other_way)
    swapped = (order != 0) & (order != majority)
    if len(poses) == 1:
        return np.array([swapped]), SwapCarry(one_way, other_way)
    if not len(poses):
        return swapped, carry
    return swapped, SwapCarry(int(one_way[-1]), int(other_way[-1]))


def wholly_swapped(
    poses: PoseSeries, posture: Posture, swapped: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return in which of the exchanged frames shoulders and hips are exchanged alike, (T,)."""
    return np.asarray(swapped & (np.atleast_1d(_order(poses, posture)) != _CONTRADICTORY))


def _so_far(where: Column) -> Column:
    """Return in how many frames up to each it was so."""
    return int(where) if isinstance(where, bool) else np.cumsum(where)


def speed_on_both_feet(speed: FloatArray, poses: PoseSeries) -> FloatArray:
    """Return the speed; infinite on one leg, where quiet would hide a drop that is already there."""
    on_one = abs(nearer_right_foot(poses.body)) > _BOTH_FEET
    if len(poses) == 1:
        return np.array([np.inf]) if on_one else speed
    return np.where(on_one, np.inf, speed)
