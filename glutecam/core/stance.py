"""Which leg works, and which side of the body is which: asked here and nowhere else.

The core works on canonical poses in which the worked leg (stance leg, or top leg when lying on
the side) is the right one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Side
from glutecam.core.geometry import cross2, ratio
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Posture

__all__ = [
    "SideCarry",
    "SwapCarry",
    "canonical",
    "find_swaps",
    "side_of",
    "swap_tally",
    "worked_right",
]

_L = Landmark

# Sideways distance of mid-hip to both ankles must differ by this share of the trunk before the
# side changes: in two-leg stance the difference is noise.
_CLEAR = 0.12
# Hips or shoulders closer together than this share of the trunk do not tell left from right.
_NARROW = 0.12


@dataclass(frozen=True)
class SideCarry:
    """The side last decided: +1 right, -1 left, 0 none yet."""

    side: int = 0


@dataclass(frozen=True)
class SwapCarry:
    """How many frames so far had their left points on each side of the trunk."""

    one_way: int = 0
    other_way: int = 0


def side_of(right: bool) -> Side:
    """Return the side for ``worked_right``'s answer."""
    return Side.RIGHT if right else Side.LEFT


def _standing_evidence(poses: PoseSeries) -> FloatArray:
    """Return how much nearer mid-hip is to the right ankle than to the left, in trunk lengths.

    Whoever stands on one leg has the body over that foot, whatever the free leg does.
    """
    middle = poses.mid_hip[:, 0]
    left = np.abs(middle - poses.point(_L.LEFT_ANKLE)[:, 0])
    right = np.abs(middle - poses.point(_L.RIGHT_ANKLE)[:, 0])
    return ratio(left - right, poses.trunk_px)


def _lying_evidence(poses: PoseSeries) -> FloatArray:
    """Return how much higher the right shoulder and hip are than the left, in trunk lengths."""
    hips = poses.point(_L.LEFT_HIP) - poses.point(_L.RIGHT_HIP)
    shoulders = poses.point(_L.LEFT_SHOULDER) - poses.point(_L.RIGHT_SHOULDER)
    return ratio(hips[:, 1] + shoulders[:, 1], poses.trunk_px)


def worked_right(
    poses: PoseSeries, posture: Posture, carry: SideCarry
) -> tuple[NDArray[np.bool_], SideCarry]:
    """Tell for every frame whether the worked leg is the right one.

    Parameters
    ----------
    poses : PoseSeries (T)
        Not canonical.
    posture : Posture
    carry : SideCarry
        What the call for the frames before returned.

    Returns
    -------
    (T,) bool, SideCarry
        The side changes only on clear evidence and is kept in between.
    """
    evidence = (
        _lying_evidence(poses) if posture is Posture.SIDE_LYING else _standing_evidence(poses)
    )
    # An evidence that is not known is not clear: a comparison with NaN is False.
    clear = np.where(np.abs(evidence) > _CLEAR, np.sign(evidence), 0.0)
    sides = np.concatenate([[carry.side], clear]).astype(np.int64)
    last = np.maximum.accumulate(np.where(sides != 0, np.arange(len(sides)), 0))
    held = sides[last]
    return held[1:] >= 0, SideCarry(int(held[-1]))


def canonical(poses: PoseSeries, right: bool) -> PoseSeries:
    """Return the poses with the worked leg on the right: mirrored where it is the left one."""
    return poses if right else poses.mirrored()


def _order(poses: PoseSeries) -> NDArray[np.int64]:
    """Return on which side of the trunk the left points lie: +1, -1, 0 unclear, 2 contradictory."""
    hips = poses.point(_L.LEFT_HIP) - poses.point(_L.RIGHT_HIP)
    shoulders = poses.point(_L.LEFT_SHOULDER) - poses.point(_L.RIGHT_SHOULDER)
    up = poses.mid_shoulder - poses.mid_hip
    square = poses.trunk_px * poses.trunk_px
    signs = []
    for across in (hips, shoulders):
        width = ratio(cross2(across, up), square)
        signs.append(np.where(np.abs(width) > _NARROW, np.sign(width), 0.0))
    total = (signs[0] + signs[1]).astype(np.int64)
    contradictory = signs[0] * signs[1] < 0
    return np.asarray(np.where(contradictory, 2, np.sign(total)), dtype=np.int64)


def swap_tally(poses: PoseSeries) -> SwapCarry:
    """Count a whole recording, so that ``find_swaps`` judges it by its majority."""
    order = _order(poses)
    return SwapCarry(int(np.sum(order == 1)) * 1000, int(np.sum(order == -1)) * 1000)


def find_swaps(poses: PoseSeries, carry: SwapCarry) -> tuple[NDArray[np.bool_], SwapCarry]:
    """Find the frames in which the pose model exchanged left and right.

    A person in front of the camera does not turn round during a set, so the order that most
    frames so far have is the true one; hips and shoulders in opposite orders are a mix-up too.

    Returns
    -------
    (T,) bool, SwapCarry
    """
    order = _order(poses)
    one_way = carry.one_way + np.cumsum(order == 1)
    other_way = carry.other_way + np.cumsum(order == -1)
    majority = np.where(one_way >= other_way, 1, -1)
    swapped = (order == 2) | ((order != 0) & (order != majority))
    if not len(order):
        return swapped, carry
    return swapped, SwapCarry(int(one_way[-1]), int(other_way[-1]))
