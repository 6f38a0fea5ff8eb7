"""What lines are worth: pictures of 1080 lines, and the very same ones in half as many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, FloatArray, Report, Table
from glutecam.core.measures import hip_line_deg
from glutecam.core.pelvis import PELVIS_MODEL, pelvic_obliquity
from training.examples import Examples, load, twins

__all__ = ["KIND", "add_lines", "gain"]

KIND = "many-lines"
TITLE = "1080 lines, and the very same pictures in 540"
MANY = 1080


def halves(examples: Examples) -> tuple[Examples, Examples]:
    """Return the pictures of many lines and the same ones in half as many, row by row."""
    many = examples.truth["height_px"].astype(int) == MANY
    fine, coarse = examples.where(many), examples.where(~many)
    first, second = twins(fine, coarse)
    return fine.where_rows(first), coarse.where_rows(second)


def errors(examples: Examples) -> dict[str, Errors]:
    """Return the errors of hip line and model."""
    found, truth = pelvic_obliquity(examples.poses), examples.target_deg
    return {
        "raw hip line": Errors(hip_line_deg(examples.poses), truth),
        PELVIS_MODEL: Errors(found.value, truth, found.half_width),
    }


def gain(fine: Errors, coarse: Errors, body: NDArray[np.int64]) -> tuple[float, FloatArray]:
    """Return by how much the mean error of half the lines is larger, and its 95 % interval over bodies, (2,)."""
    more = np.abs(coarse.signed) - np.abs(fine.signed)
    of_body = np.array([np.nanmean(more[body == one]) for one in np.unique(body)])
    half = 1.96 * of_body.std(ddof=1) / np.sqrt(len(of_body))
    return float(np.nanmean(more)), of_body.mean() + half * np.array([-1.0, 1.0])


def add_lines(report: Report, folder: Path, variants: tuple[str, ...]) -> None:
    """Add the errors by number of lines, for every pose model, where the set has been made."""
    if not any(folder.glob(f"{KIND}_*.npz")):
        report.notes.append(f"no pictures of {MANY} lines: python -m training.collect {KIND}")
        return
    rows = []
    for variant in variants:
        fine, coarse = halves(load((KIND,), variant, folder))
        both = errors(fine), errors(coarse)
        for lines, of in zip((MANY, MANY // 2), both, strict=True):
            rows += [each.row(f"{lines} lines, {variant}", name) for name, each in of.items()]
        if variant == variants[0]:
            ours = [of[PELVIS_MODEL] for of in both]
            report.figures.append(_figure(ours[0], ours[1], fine.body))
    report.tables.append(Table(TITLE, COLUMNS, rows))


def _figure(fine: Errors, coarse: Errors, body: NDArray[np.int64]) -> Figure:
    less, (low, high) = gain(fine, coarse, body)
    return Figure(
        "1080 lines err less than 540, by", less, "°",
        note=f"{low:.2f} to {high:.2f}° over {len(np.unique(body))} bodies, {len(body)} pictures",
    )  # fmt: skip
