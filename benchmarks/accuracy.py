"""How far the pelvis is from the truth: raw hip line, metric landmarks, and our model.

Kinds of truth. *Stills*: rendered people whose bodies the model never saw, one picture at a
time, in the poses and views of training. *Odd look*: some of them again, the same poses before the
same cameras, in prints, skirts and loose cloth, odd light, busy rooms and grain; stills and clips.
*Another look*: stills from another renderer, with other clothes and rooms. *Lines*: pictures of 1080 lines,
and the same in half as many. *Clips*: short films of people of every kind, and the sample videos through the
whole product; the peak of each repetition counted from the quiet posture. *On the side*: the roll of the
pelvis as it can be read without learning. *Real people*: frames in which two raters marked the pelvis, and
recorded motion before a virtual camera. Everything rendered comes from the landmarks kept in
``training/landmarks``; ``--render FOLDER`` makes all of those anew from their seeds, into that folder, and
measures them instead, which takes a day and the [training] extra.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import harness
from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, Report, Table
from benchmarks.pelvis_cost import cost_figures
from benchmarks.pelvis_groups import group_table, joined, worst_group
from benchmarks.pelvis_lines import add_lines
from benchmarks.pelvis_peaks import add_clips, clip_peaks, world_line_deg
from benchmarks.pelvis_people import add_people
from benchmarks.pelvis_roll import add_roll
from benchmarks.virtual_camera import TURNED_DEG, core_errors, core_figures, core_table
from glutecam.core.measures import hip_line_deg
from glutecam.core.pelvis import METHODS, PELVIS_MODEL, pelvic_obliquity
from glutecam.core.poses import PoseSeries
from training.examples import KINDS, LANDMARKS, Examples, load, twins
from training.films import films

VARIANTS = ("full", "lite", "heavy")
ANOTHER_RENDERER = ("other-standing",)
NEED_BLENDER = (*ANOTHER_RENDERER, "other-lying")
"""Needs Blender as a Python module, which nothing else does."""
RAISED_DEG, STANDING_DEG, LEVEL_DEG = 40.0, 30.0, 2.0
"""From when on a thigh is raised, below what the other is not, and what is a level pelvis."""
COST_FRAMES = 1000
"""Half a minute: on a busy machine a longer round is never left alone."""
SHOWN_DEG = 20.0
"""Errors of stills are of obliquities within ±20° and turns within ±30°, as people do and stand."""


def still_errors(examples: Examples) -> dict[str, Errors]:
    """Return the errors of each method on standing stills."""
    found, truth = pelvic_obliquity(examples.poses), examples.target_deg
    return {
        "raw hip line": Errors(hip_line_deg(examples.poses), truth),
        "metric hip line": Errors(world_line_deg(examples.poses), truth),
        PELVIS_MODEL: Errors(found.value, truth, found.half_width),
    }


def usual(examples: Examples) -> NDArray[np.bool_]:
    """Which stills are within what the targets are about."""
    within = np.abs(examples.target_deg) <= SHOWN_DEG
    return np.asarray(within & (np.abs(examples.truth["yaw_deg"].astype(float)) <= 30.0))


def _stills(report: Report, folder: Path) -> None:
    """Add held-out bodies, for every pose model."""
    rows, ours = [], {}
    for variant in VARIANTS:
        examples = load(("standing", "recorded"), variant, folder)
        every = examples.where(examples.held_out)
        test = every.where(usual(every))
        for method, errors in still_errors(test).items():
            rows.append(errors.row(f"held-out bodies, {variant}", method))
        ours[variant] = still_errors(test)[PELVIS_MODEL]
        if variant == VARIANTS[0]:
            full, steep = test, every.where(np.abs(every.target_deg) > SHOWN_DEG)
    by_group = group_table("subgroups", full.truth, ours[VARIANTS[0]].each(), ours)
    report.figures += [*_still_figures(ours[VARIANTS[0]]), worst_group(by_group)]
    report.figures += [_steep_figure(steep), *_raised_figures(full), *cost_figures(_many(full))]
    report.tables += [Table("stills, one picture at a time", COLUMNS, rows), by_group]


def _steep_figure(steep: Examples) -> Figure:
    """Return by how much the model falls short where the pelvis is tilted farther than people do."""
    short = -still_errors(steep)[PELVIS_MODEL].signed * np.sign(steep.target_deg)
    name = f"held-out bodies, obliquity beyond {SHOWN_DEG:.0f}°, falls short by"
    return Figure(name, float(np.nanmean(short)), "°", note=f"{len(steep)} pictures")


def _many(test: Examples) -> PoseSeries:
    """Return these poses again and again, as a long recording."""
    return test.where_rows(np.resize(np.arange(len(test)), COST_FRAMES)).poses


def _raised_figures(test: Examples) -> list[Figure]:
    """Return how far a raised free leg pulls a level pelvis up on its side.

    Real hip lines do so; a rendering without it would be too kind.
    """
    truth = test.truth
    raised = truth["free_thigh_deg"].astype(float) > RAISED_DEG
    raised &= truth["stance_thigh_deg"].astype(float) < STANDING_DEG
    some = test.where(raised & (np.abs(test.target_deg) < LEVEL_DEG))
    side = np.where(some.truth["stance"] == "R", -1.0, 1.0)
    return [
        Figure(
            f"level pelvis under a raised leg, {name}, towards the leg",
            float(np.nanmean(errors.signed * side)), "°", note=f"{len(some)} pictures",
        )
        for name, errors in still_errors(some).items() if name in ("raw hip line", PELVIS_MODEL)
    ]  # fmt: skip


def _still_figures(errors: Errors) -> list[Figure]:
    bias = abs(float(errors.error.mean()))
    return [
        Figure("held-out bodies, MAE", errors.mae, "°", at_most=2.0),
        Figure("held-out bodies, slope, lower bound", errors.slope, "", at_least=0.92),
        Figure("held-out bodies, slope, upper bound", errors.slope, "", at_most=1.08),
        Figure("held-out bodies, bias", bias, "°", at_most=0.3),
        Figure("held-out bodies, inside 90 %, at least", errors.coverage, "", at_least=0.87),
        Figure("held-out bodies, inside 90 %, at most", errors.coverage, "", at_most=0.93),
    ]


def _odd_look(report: Report, folder: Path) -> None:
    """Add pictures and clips in odd clothes, light and rooms, beside their twins in the usual look."""
    rows = []
    for variant in VARIANTS:
        odd, plain = load(("odd",), variant, folder), load(KINDS, variant, folder)
        odd = odd.where((odd.held_out | odd.for_calibration) & usual(odd))
        same, again = twins(plain, odd)
        for look, pictures in (("odd", odd.where_rows(again)), ("usual", plain.where_rows(same))):
            for method, errors in still_errors(pictures).items():
                if method in (PELVIS_MODEL, "raw hip line"):
                    rows.append(errors.row(f"{look} look, {variant}", method))
                if (variant, look, method) == ("full", "odd", PELVIS_MODEL):
                    of = f"{len(errors.value)} pictures of {len(np.unique(pictures.body))} bodies"
                    report.figures += _odd_figures(errors, of)
    odd_clips = films(folder=folder, kind="odd-clips")
    names = {film.name for film in odd_clips}
    same_clips = [film for film in films(folder=folder) if film.name in names]
    for look, clips in (("odd", odd_clips), ("usual", same_clips)):
        for method in METHODS:
            peaks = joined(clip_peaks(method, clips))
            rows.append(peaks.row(f"{look} look, peaks in clips", method))
    report.tables.append(Table("odd look, and the same poses in the usual look", COLUMNS, rows))


def _odd_figures(ours: Errors, note: str) -> list[Figure]:
    return [
        Figure("odd look, MAE", ours.mae, "°", note=note),
        Figure("odd look, slope", ours.slope, "", note=note),
        Figure("odd look, inside 90 %", ours.coverage, "", note=note),
    ]


def _other_look(report: Report, folder: Path) -> None:
    """Add the set of another renderer, where it has been made."""
    try:
        examples = load(ANOTHER_RENDERER, "full", folder)
    except FileNotFoundError:
        report.notes.append("no set of another look: python -m training.collect other-standing")
        return
    test = examples.where(usual(examples))
    rows = [errors.row("another look", name) for name, errors in still_errors(test).items()]
    ours = still_errors(test)[PELVIS_MODEL]
    of = f"{len(test)} pictures of {len(np.unique(test.body))} bodies"
    report.figures += [
        Figure("another look, MAE", ours.mae, "°", at_most=2.5, note=of),
        Figure("another look, slope, lower bound", ours.slope, "", at_least=0.9, note=of),
        Figure("another look, slope, upper bound", ours.slope, "", at_most=1.1, note=of),
    ]
    report.tables.append(Table("another look", COLUMNS, rows))


def _core(report: Report, footage: Path) -> None:
    """Add real motion before a virtual camera, which checks the arithmetic and no pose model."""
    errors = {yaw: core_errors(footage, yaw) for yaw in TURNED_DEG}
    report.figures += core_figures(errors)
    report.tables.append(core_table(errors))


def kinds_kept() -> list[str]:
    """Return the sets of which landmarks are kept."""
    return sorted({path.stem.rsplit("_", 1)[0] for path in LANDMARKS.glob("*_[0-9]*.npz")})


def _render(folder: Path) -> None:
    """Make every file that is kept once more, from its seeds; those that are in the folder stay."""
    for kind in kinds_kept():
        if kind in NEED_BLENDER and importlib.util.find_spec("bpy") is None:
            continue
        words = ["-m", "training.collect", kind, "--as-kept", "--out", str(folder.resolve())]
        subprocess.run([sys.executable, *words], cwd=harness.ROOT, check=True)


def accuracy(chosen: argparse.Namespace) -> Report:
    """Measure everything."""
    folder = LANDMARKS if chosen.render is None else chosen.render
    if chosen.render is not None:
        _render(folder)
    report = Report("accuracy", "How far is the pelvis from the truth?")
    _stills(report, folder)
    _odd_look(report, folder)
    _other_look(report, folder)
    add_clips(report, chosen.cache, folder, VARIANTS)
    add_lines(report, folder, VARIANTS)
    add_roll(report, folder)
    if chosen.footage.is_dir():
        add_people(report, chosen.footage, chosen.cache)
        _core(report, chosen.footage)
    else:
        report.notes.append("no footage of real people here: that part is left out")
    return report


def _parser() -> argparse.ArgumentParser:
    parser = harness.options(__doc__)
    parser.add_argument(
        "--render", type=Path, metavar="FOLDER", help="make everything anew, from seeds, in here"
    )
    harness.add_footage(parser, inside="")
    return parser


if __name__ == "__main__":
    raise SystemExit(harness.main(_parser(), accuracy))
