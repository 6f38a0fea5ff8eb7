"""Walking: clean, with faults in single steps, and with faults of the whole walk."""

from __future__ import annotations

import numpy as np

from training.acts_one_leg import CLEAN, PLANTED
from training.bodies import Body
from training.stepping import Gait, Steps, Walk

#: Where each fault begins: one step, the mean of all, the difference of the sides (CLINICAL 3.3).
STEP_EDGE_DEG, MEAN_EDGE_DEG, UNEVEN_EDGE_DEG, LEAN_EDGE_DEG = 15.0, 8.0, 4.0, 10.0
#: The mean of a step over the time in which one leg carries, of its peak.
MEAN_OF_PEAK = 0.72
#: A peak of a tenth of a second is higher than the level that is held so long.
SHORTLY = 1.07


def _walk(body: Body, side: str, seed: int, faults: tuple[str, ...]) -> Walk:
    """Fifteen steps, each foot in turn, with these faults one after the other, over and over."""
    rng = np.random.default_rng([seed, 401])
    leg = float(body.head("upperleg01.L")[2] - body.head("foot.L")[2])
    mean = float(rng.uniform(0.2, CLEAN)) * MEAN_EDGE_DEG
    planted = PLANTED * MEAN_EDGE_DEG / MEAN_OF_PEAK
    uneven = 1.15 * PLANTED * UNEVEN_EDGE_DEG / MEAN_OF_PEAK
    gait = Gait(
        half_step_m=float(rng.uniform(0.30, 0.36)) * leg,
        half_width_m=float(rng.uniform(0.045, 0.065)),
        drop_deg={
            "": mean / MEAN_OF_PEAK,
            "pelvic_drop": SHORTLY * PLANTED * STEP_EDGE_DEG,
            "drop_on_average": planted,
            "even": 0.3 * mean / MEAN_OF_PEAK,
            "uneven": 0.3 * mean / MEAN_OF_PEAK + uneven,
        },
        lean_deg={"": float(rng.uniform(0.0, CLEAN)) * 0.6 * LEAN_EDGE_DEG,
                  "trunk_lean": SHORTLY * PLANTED * LEAN_EDGE_DEG},
    )  # fmt: skip
    sides = [("L", "R")[(index + (side == "R")) % 2] for index in range(16)]
    steps = tuple((s, faults[i % len(faults)]) for i, s in enumerate(sides))
    return Walk(body, side, Steps(steps), gait, seed, yaw_deg=180.0 if seed % 3 == 2 else 0.0)


def walking(body: Body, side: str, seed: int) -> Walk:
    """Sixteen clean steps."""
    return _walk(body, side, seed, ("",))


def walking_badly(body: Body, side: str, seed: int) -> Walk:
    """Single steps with a drop or a lean among clean ones, each on both legs."""
    return _walk(body, side, seed, ("", "", "", "pelvic_drop", "", "", "trunk_lean", "", ""))


def walking_dropping(body: Body, side: str, seed: int) -> Walk:
    """Every step drops: what counts is the mean, a single step is at most near its own limit."""
    return _walk(body, side, seed, ("drop_on_average",))


def walking_unevenly(body: Body, side: str, seed: int) -> Walk:
    """One leg drops more than the other."""
    return _walk(body, side, seed, ("uneven", "even"))
