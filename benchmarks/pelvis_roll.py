"""The roll of the pelvis of people on their side, as it can be read without learning.

From the front and from behind as the product reads it, from the depth of the hip points; from the feet
and the head as the direction of the hip points in the picture, which the product does not read. Changes
between pictures of one person by one camera, as rules count from a quiet start. What learning adds is
told by ``training.roll_models`` (docs/adr/0020), which takes minutes; here only what kernels that learned from
all these people tell of those whom another renderer drew.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, Report, Table
from training.landmarks import Sightings, read
from training.roll_pictures import lying
from training.roll_views import VIEWS, changes, hips, in_depth, in_the_picture

__all__ = ["add_roll", "roll_errors", "roll_figures", "roll_table"]

USUAL, ANOTHER = "lying", "other-lying"
TITLE = "roll of the pelvis on the side, change between two pictures"
ANOTHER_TITLE = "roll of the pelvis on the side in another look, change between two pictures"
LEAST = 10
"""Of fewer changes from one view nothing is told."""
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
        pairs = changes(told[rows], roll[rows], groups[rows])
        if len(pairs[0]) >= LEAST:
            errors[view] = Errors(*pairs)
    return errors


def learned_errors(folder: Path) -> dict[str, Errors]:
    """Return what kernels tell of the other look after all the people of the usual one, by view.

    Raises
    ------
    ImportError
        Where scikit-learn is not installed.
    """
    from training.roll_models import kernels

    known, asked = (sorted(folder.glob(f"{kind}_*.npz")) for kind in (USUAL, ANOTHER))
    errors = {}
    for view in VIEWS:
        changed = lying(known, VARIANT, view)[0].changes()
        of, _ = lying(asked, VARIANT, view)
        if len(of) >= LEAST:
            of = of.changes()
            told = kernels().fit(changed.numbers, changed.roll_deg).predict(of.numbers)
            errors[view] = Errors(np.asarray(told), of.roll_deg)
    return errors


def _rows(errors: dict[str, Errors], way: str = "") -> list[tuple[str | float | int | None, ...]]:
    ways = {True: "hip points in the picture", False: "depth of the hips"}
    return [told.row(view, way or ways[VIEWS[view]]) for view, told in errors.items()]


def roll_table(errors: dict[str, Errors]) -> Table:
    """Return the errors by view."""
    return Table(TITLE, COLUMNS, _rows(errors))


def add_roll(report: Report, folder: Path) -> None:
    """Add the roll of people who lie, and of those whom another renderer drew."""
    errors = of_folder(folder)
    report.figures += roll_figures(errors)
    report.tables.append(roll_table(errors))
    if not any(folder.glob(f"{ANOTHER}_*.npz")):
        report.notes.append("nobody on the side in another look: training.collect other-lying")
        return
    rows = _rows(of_folder(folder, ANOTHER))
    try:
        learned = learned_errors(folder)
        rows += _rows(learned, "learned from the usual look")
        report.figures += [_another_figure(folder, learned["front"])]
    except ImportError:
        report.notes.append(
            "what is learned of the roll is left out: it needs the extra [training]"
        )
    report.tables.append(Table(ANOTHER_TITLE, COLUMNS, rows))


def roll_figures(errors: dict[str, Errors]) -> list[Figure]:
    """Return what the targets are about: seen from the front, and from the feet."""
    front, feet = errors["front"], errors["foot end"]
    return [
        Figure("roll on the side, from the front, MAE", front.mae, "°", at_most=4.0),
        Figure("roll on the side, from the front, slope", front.slope, "", at_least=0.85),
        Figure("roll on the side, from the feet, MAE", feet.mae, "°", at_most=3.0),
    ]


def _another_figure(folder: Path, learned: Errors) -> Figure:
    truth = read(sorted(folder.glob(f"{ANOTHER}_*.npz")), VARIANT).truth
    front = truth["view"] == "front"
    of = f"{front.sum()} pictures of {len(np.unique(truth['body'][front]))} bodies"
    return Figure(
        "roll on the side in another look, from the front, learned, MAE", learned.mae, "°", note=of
    )


def of_folder(folder: Path, kind: str = USUAL) -> dict[str, Errors]:
    """Return the errors of every picture of people on their side that is kept here.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    paths = sorted(folder.glob(f"{kind}_*.npz"))
    if not paths:
        raise FileNotFoundError(f"nobody on the side in {folder}: run training.collect {kind}")
    return roll_errors(read(paths, VARIANT))
