"""What the pelvis costs: time of a live frame and of a recording, size of the weights."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.harness import Figure
from glutecam.core.pelvis import PELVIS_MODEL, pelvic_obliquity
from glutecam.core.poses import PoseSeries
from glutecam.shipped import shipped_model

__all__ = ["cost_figures", "shortest_s"]

ROUNDS, LIVE_ROUNDS = 1000, 2000


def shortest_s(work: Callable[[], object], rounds: int) -> float:
    """Return the seconds that the quickest round took: other work on the machine only adds to them."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def cost_figures(poses: PoseSeries) -> list[Figure]:
    """Measure from landmarks to angle and ±, of one frame and of all of these.

    What a series works out once and keeps, as the shape of the body, is worked out anew in each round.
    """
    one = poses[:1]
    pelvic_obliquity(one[:])  # the weights are read once
    live_s = shortest_s(lambda: pelvic_obliquity(one[:]), LIVE_ROUNDS)
    batch_s = shortest_s(lambda: pelvic_obliquity(poses[:]), ROUNDS)
    weights = sum(len(shipped_model(f"{PELVIS_MODEL}.{end}")) for end in ("npz", "json"))
    note = "the quickest of {} rounds"
    return [
        Figure(
            "cost of a live frame", 1000.0 * live_s, "ms", at_most=0.1,
            note=note.format(LIVE_ROUNDS),
        ),
        Figure(
            "speed in recordings", len(poses) / batch_s, "frames/s", at_least=200_000,
            note=f"{len(poses)} frames at once, {note.format(ROUNDS)}",
        ),
        Figure("weights and their card", weights / 1e6, "MB", at_most=1.0),
    ]  # fmt: skip
