"""Is each ± as wide as its errors: what it holds, and what a ± from other bodies would hold.

The factor on the stated ± that holds 90 % of the errors is taken from all bodies but one, and tried on
that one; so is done for each of them. Where it is far from 1 in every turn, the ± is not honest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Figure, Table
from benchmarks.planted import Judgement

__all__ = ["calibration_figures", "calibration_table", "left_out"]

HELD = 0.90
CALIBRATED = (0.87, 0.93)
FEWEST_BODIES = 3

FloatArray = NDArray[np.float64]


def left_out(
    error: FloatArray, half_width: FloatArray, body: NDArray[np.int64]
) -> tuple[float, float] | None:
    """Return the largest factor, and the share of left-out values that it holds; None for too few.

    Parameters
    ----------
    error, half_width, body : (N,)
        Errors, the ± stated with them, and whose they are.
    """
    bodies = np.unique(body)
    if len(bodies) < FEWEST_BODIES:
        return None
    size, factors, held = np.abs(error) / half_width, [], []
    for one in bodies:
        others = size[body != one]
        # Of N values that one beyond which a tenth of further ones lies is a little further out.
        rank = min(1.0, HELD * (len(others) + 1) / len(others))
        factors.append(float(np.quantile(others, rank, method="higher")))
        held += (size[body == one] <= factors[-1]).tolist()
    return max(factors), float(np.mean(held))


def _errors(found: Sequence[Judgement]) -> dict[tuple[str, str], FloatArray]:
    """Return rows of (error, half-width, body) by exercise and rule."""
    rows: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for judgement in found:
        for one in judgement.said():
            if math.isfinite(one.error) and one.half_width > 0:
                each = (one.error, one.half_width, float(one.body))
                rows.setdefault((one.exercise, one.code), []).append(each)
    return {key: np.array(values) for key, values in sorted(rows.items())}


def calibration_table(found: Sequence[Judgement]) -> Table:
    """Return for every rule what its ± holds, and by how much that of other bodies differs."""
    rows: list[tuple[str | float | int | None, ...]] = []
    for (exercise, code), each in _errors(found).items():
        error, half_width, body = each.T
        tried = left_out(error, half_width, body.astype(np.int64))
        rows.append((
            exercise, code, len(np.unique(body)), len(each), float(np.mean(half_width)),
            float(np.mean(np.abs(error) <= half_width)), *(tried or (None, None)),
        ))  # fmt: skip
    columns = (
        "exercise", "rule", "bodies", "values", "± that is stated", "inside it",
        "largest factor from other bodies", "inside that, left out",
    )  # fmt: skip
    return Table("calibration of the ±, one body left out at a time", columns, rows)


def calibration_figures(found: Sequence[Judgement]) -> list[Figure]:
    """Return how many values lie within their ±, over all rules."""
    every = list(_errors(found).values())
    held = [float(np.mean(np.abs(each[:, 0]) <= each[:, 1])) for each in every]
    low, _ = CALIBRATED
    return [
        Figure("values within their ±, mean over the rules", float(np.mean(held)) if held else None),
        Figure(
            "rules whose ± holds less than 87 % of the values",
            float(sum(one < low for one in held)), f"of {len(held)}",
        ),
    ]  # fmt: skip
