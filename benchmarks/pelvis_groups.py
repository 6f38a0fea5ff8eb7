"""Where the error of the pelvis is larger: by exercise, view, clothes, people, pose model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.angle_errors import Errors
from benchmarks.harness import Figure, FloatArray, Table

__all__ = ["group_table", "groups", "joined", "worst_group"]

COLUMNS = ("by", "group", "n", "MAE", "of the whole", "inside 90 %")
MOST_TIMES = 1.3
"""So many times the error of the whole may be that of the worst group."""

Truth = Mapping[str, NDArray[np.generic]]
Row = tuple[str | float | int | None, ...]


def groups(truth: Truth) -> dict[str, Sequence[str]]:
    """Return the groups of each picture or clip, by what tells them apart."""
    number = {key: truth[key].astype(float) for key in truth if truth[key].dtype.kind in "fi"}
    return {
        "exercise": list(truth["family"]),
        "view": list(truth["view"]),
        "yaw": _bands(np.abs(number["yaw_deg"]), (0, 10, 20, 35), "°"),
        "camera above pelvis": _bands(number["camera_above_pelvis_m"], (-0.6, -0.2, 0.2, 0.8), " m"),
        "trousers": list(truth["bottom"]),
        "shirt": list(truth["top"]),
        "shirt ends": _bands(number["hem"], (-0.3, -0.05, 0.15, 0.4), " trunk lengths above the hip"),
        "band about the thighs": ["yes" if band else "no" for band in truth["thigh_band"]],
        "skin": _bands(number["skin"], (0.0, 0.35, 0.6, 1.0), " brightness"),
        "sex": list(truth["sex"]),
        "body mass": _bands(number["weight"], (0.0, 0.4, 0.7, 1.0), " of the body model's scale"),
        "height of the picture": [f"{int(px)} px" for px in number["height_px"]],
    }  # fmt: skip


def _bands(values: FloatArray, edges: Sequence[float], unit: str) -> list[str]:
    """Name the band of each value."""
    names = [f"{a:g} to {b:g}{unit}" for a, b in pairwise(edges)]
    place = np.clip(np.digitize(values, edges[1:-1]), 0, len(names) - 1)
    return [names[i] for i in place]


def group_table(
    title: str,
    truth: Truth,
    parts: Sequence[Errors],
    variants: Mapping[str, Errors],
    least: int = 1,
) -> Table:
    """Return the error in every group, worst first within its kind.

    Parameters
    ----------
    title : str
    truth : mapping
        What is known of each picture or clip, columns (N,).
    parts : (N,) of Errors
        Of each picture or clip.
    variants : mapping
        Errors by pose model; the whole is that of the first.
    least : int
        Smaller groups are left out.
    """
    whole = next(iter(variants.values()))
    rows: list[Row] = []
    for kind, names in groups(truth).items():
        of = {
            name: [p for p, its in zip(parts, names, strict=True) if its == name] for name in names
        }
        rows += _rows(kind, {name: joined(some) for name, some in of.items()}, whole, least)
    rows += _rows("pose model", variants, whole, least)
    return Table(title, COLUMNS, rows)


def _rows(kind: str, groups_of: Mapping[str, Errors], whole: Errors, least: int) -> list[Row]:
    some = [(name, errors) for name, errors in groups_of.items() if len(errors.value) >= least]
    return [
        (kind, name, len(e.value), e.mae, e.mae / whole.mae, e.coverage)
        for name, e in sorted(some, key=lambda pair: (-pair[1].mae, pair[0]))
    ]


def joined(parts: Sequence[Errors]) -> Errors:
    """Return several errors as one."""
    halves = [part.half for part in parts if part.half is not None]
    return Errors(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.truth for part in parts]),
        np.concatenate(halves) if len(halves) == len(parts) else None,
    )


def worst_group(table: Table) -> Figure:
    """Return how much larger the error of the worst group is, and who that is."""
    kind, name, count, _, times, _ = max(table.rows, key=lambda row: float(row[4] or 0.0))
    return Figure(
        f"{table.title}, worst against the whole", float(times or 0.0), "x", at_most=MOST_TIMES,
        note=f"{kind}: {name}, {count}",
    )  # fmt: skip
