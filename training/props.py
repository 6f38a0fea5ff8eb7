"""What stands in the room for an exercise, and how high; no renderer is needed to know it."""

from __future__ import annotations

from dataclasses import dataclass

STEP_HEIGHT_M = 0.20
MAT_HEIGHT_M = 0.012
#: How far a shoe lifts the sole of the foot off the ground.
SOLE_M = 0.008

#: Metres to the subject's left, backward and up.
Corner = tuple[float, float, float]


@dataclass(frozen=True)
class Props:
    """What stands in the room for the exercise; `step_edges_x_m` are the step's side edges.

    `boxes` are further steps and benches, each from its lowest to its highest corner.
    """

    step_edges_x_m: tuple[float, float] | None = None
    mat: bool = False
    boxes: tuple[tuple[Corner, Corner], ...] = ()


EMPTY = Props()
