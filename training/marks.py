"""Feet anywhere: beside, behind and above each other, flat or on their toes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.bodies import Body
from training.limbs import OUTWARD
from training.posing import Footing, StandingPose
from training.rotations import LEFT, Array, about


@dataclass(frozen=True)
class Mark:
    """Where one ankle stands, metres: `x` to the subject's left, `back`, `up` of a flat foot.

    `toes_down_deg` turns the foot about its ankle, as on the toes or with the laces on a bench.
    """

    x_m: float
    back_m: float = 0.0
    up_m: float = 0.0
    toes_down_deg: float = 0.0

    def towards(self, other: Mark, share: float) -> Mark:
        """Return the mark `share` of the way to `other`."""
        pairs = zip(_numbers(self), _numbers(other), strict=True)
        return Mark(*((1.0 - share) * a + share * b for a, b in pairs))


def _numbers(mark: Mark) -> tuple[float, float, float, float]:
    return mark.x_m, mark.back_m, mark.up_m, mark.toes_down_deg


@dataclass(frozen=True)
class Marks(Footing):
    """A footing whose two marks are anywhere; `support_m` is where the weight is, if not between."""

    left: Mark = Mark(0.08)
    right: Mark = Mark(-0.08)
    support_m: tuple[float, float] | None = None

    def of(self, side: str) -> Mark:
        """Return the mark of one foot."""
        return self.left if side == "L" else self.right

    def sole(self, side: str) -> Array:
        """Rotation (3, 3) of a foot on its mark."""
        return super().sole(side) @ about(LEFT, self.of(side).toes_down_deg)

    def ankle(self, body: Body, side: str) -> Array:
        """Ankle centre (3,) of a foot on its mark."""
        mark = self.of(side)
        flat = super().ankle(body, side)
        return np.array([mark.x_m, mark.back_m, flat[2] + mark.up_m])

    def balance(self, body: Body, pose: StandingPose) -> Array:
        """Ground point (2,) under the centre of mass."""
        if self.support_m is None:
            return super().balance(body, pose)
        return np.asarray(self.support_m) + np.asarray(pose.sway_m)


def marks(
    stance: str, carrying: Mark, other: Mark, *, ground_m: float = 0.0, sole_m: float = 0.0
) -> Marks:
    """Return the footing of a stance leg and the other, each given outward of its own side."""
    placed = {}
    for side, mark in ((stance, carrying), ("L" if stance == "R" else "R", other)):
        placed[side] = Mark(OUTWARD[side] * mark.x_m, mark.back_m, mark.up_m, mark.toes_down_deg)
    return Marks(ground_m, sole_m=sole_m, left=placed["L"], right=placed["R"])
