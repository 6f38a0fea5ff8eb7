"""Frames of real people in which two raters marked the pelvis."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, Report, Table
from glutecam.core.measures import hip_line_deg
from glutecam.core.pelvis import PELVIS_MODEL, pelvic_obliquity
from glutecam.core.rules import Posture
from glutecam.core.stance import SwapCarry, find_swaps

__all__ = ["add_people", "annotated"]


def annotated(footage: Path, cache: Path | None) -> list[tuple[str, dict[str, Errors]]]:
    """Return the errors of each method on every real clip with marked frames."""
    marks = json.loads((footage / "annotations" / "pelvis_lines.json").read_text("utf-8"))
    found = []
    for clip in dict.fromkeys(mark["clip"] for mark in marks["frames"]):
        poses = harness.recording(footage / "video" / clip, cache).poses
        of = [mark for mark in marks["frames"] if mark["clip"] == clip]
        # Frames in which the pose model exchanges left and right are left out, as in the product.
        swapped, _ = find_swaps(poses, Posture.STANDING, SwapCarry())
        of = [mark for mark in of if not swapped[mark["frame"]]]
        rows = np.array([mark["frame"] for mark in of])
        truth = np.array([mark["obliquity_deg"] for mark in of])
        model = pelvic_obliquity(poses)
        found.append((clip, {
            "raw hip line": Errors(hip_line_deg(poses)[rows], truth),
            PELVIS_MODEL: Errors(model.value[rows], truth, model.half_width[rows]),
        }))  # fmt: skip
    return found


def add_people(report: Report, footage: Path, cache: Path | None) -> None:
    """Add the frames in which people marked the pelvis."""
    rows, every = [], []
    for clip, methods in annotated(footage, cache):
        for name, errors in methods.items():
            rows.append(errors.row(clip, name))
        every.append((methods[PELVIS_MODEL].mae, methods["raw hip line"].mae))
    ours = [model for model, _ in every]
    loss = max(model - raw for model, raw in every)
    report.figures += [
        Figure("real people, MAE of the worst clip", max(ours), "°", at_most=3.0),
        Figure("real people, most lost against raw", loss, "°", at_most=0.5),
    ]
    report.tables.append(Table("real people, marked by two raters", COLUMNS, rows))
