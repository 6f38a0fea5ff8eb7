"""The roll of the pelvis of people on their side, as it can be read without learning.

From the front and from behind as the product reads it, from the depth of the hip points; from the feet
and the head as the direction of the hip points in the picture, which the product does not read. Changes
between pictures of one person by one camera, as rules count from a quiet start. What learning adds is
told by ``training.roll_models`` (docs/adr/0020), which takes minutes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, Table
from training.landmarks import Sightings, read
from training.roll_views import VIEWS, changes, hips, in_depth, in_the_picture

__all__ = ["roll_errors", "roll_figures", "roll_table"]

TITLE = "roll of the pelvis on the side, change between two pictures"
VARIANT = "full"


def roll_errors(found: Sightings, variant: str = VARIANT) -> dict[str, Errors]:
    """Return the errors of the change of the roll, by view."""
    truth = found.truth
    seen, _ = hips(found, variant)
    cameras = zip(truth["body"], truth["yaw_deg"], strict=True)
    groups = np.array([f"{body} {yaw:.3f}" for body, yaw in cameras])
    depth, roll = in_depth(found, variant), truth["roll_deg"].astype(float)
    left_up = truth["top"] == "L"
    errors = {}
    for view, in_picture in VIEWS.items():
        told = in_the_picture(seen, left_up, view == "foot end") if in_picture else depth
        rows = (truth["view"] == view) & np.isfinite(told)
        errors[view] = Errors(*changes(told[rows], roll[rows], groups[rows]))
    return errors


def roll_table(errors: dict[str, Errors]) -> Table:
    """Return the errors by view, and of guessing no change."""
    rows = []
    for view, told in errors.items():
        way = "hip points in the picture" if VIEWS[view] else "depth of the hips"
        rows.append(told.row(view, way))
    return Table(TITLE, COLUMNS, rows)


def roll_figures(errors: dict[str, Errors]) -> list[Figure]:
    """Return what the targets are about: seen from the front, and from the feet."""
    front, feet = errors["front"], errors["foot end"]
    return [
        Figure("roll on the side, from the front, MAE", front.mae, "°", at_most=4.0),
        Figure("roll on the side, from the front, slope", front.slope, "", at_least=0.85),
        Figure("roll on the side, from the feet, MAE", feet.mae, "°", at_most=3.0),
    ]


def of_folder(folder: Path) -> dict[str, Errors]:
    """Return the errors of every picture of people on their side that is kept here.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    paths = sorted(folder.glob("lying_*.npz"))
    if not paths:
        raise FileNotFoundError(f"nobody on the side in {folder}: run training.collect lying")
    return roll_errors(read(paths, VARIANT))
