"""How far the pelvis is from the truth: raw hip line, metric landmarks, and our model.

Five kinds of truth. *Stills*: rendered people whose bodies the model never saw, one picture at a
time, in the poses and views of training. *Odd look*: some of them again, the same poses before the
same cameras, in prints, skirts and loose cloth, odd light, busy rooms and grain; stills and clips.
*Another look*: stills from another renderer, with other clothes and rooms. *Clips*: short films of people of every kind, and the sample videos through the
whole product; the peak of each repetition counted from the quiet posture. *Real people*: frames in which two raters marked the pelvis. Stills
come from the landmarks kept in ``training/landmarks``; ``--render`` makes those anew from their
seeds first, which takes hours and the [training] extra.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, FloatArray, Report, Table
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Side
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import Z90, hip_line_deg
from glutecam.core.pelvis import (
    PELVIC_DROP,
    PELVIS_MODEL,
    RAW_DROP,
    measured_by,
    pelvic_obliquity,
)
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Posture
from glutecam.core.smoothing import zero_phase
from glutecam.core.stance import SwapCarry, find_swaps
from glutecam.core.trained import trained
from training.examples import KINDS, Examples, load, twins
from training.films import Film, films

KEPT = {
    "standing": 1040, "recorded": 160, "paired": 120, "leaning": 100, "planted": 100, "clips": 60,
    "odd": 80, "odd-clips": 12,
}  # fmt: skip
"""How many bodies there are of each set."""
SHOWN_DEG = 20.0
"""Errors of stills are of obliquities within ±20° and turns within ±30°, as people do and stand."""


def world_line_deg(poses: PoseSeries) -> FloatArray:
    """Elevation of the metric hip line, + = right side up."""
    line = poses.world(Landmark.RIGHT_HIP) - poses.world(Landmark.LEFT_HIP)
    return np.asarray(np.degrees(np.arctan2(-line[:, 1], np.hypot(line[:, 0], line[:, 2]))))


def still_errors(examples: Examples) -> dict[str, Errors]:
    """Return the errors of each method on standing stills."""
    found, truth = pelvic_obliquity(examples.poses), examples.target_deg
    return {
        "raw hip line": Errors(hip_line_deg(examples.poses), truth),
        "metric hip line": Errors(world_line_deg(examples.poses), truth),
        PELVIS_MODEL: Errors(found.value, truth, found.half_width),
    }


def usual(examples: Examples) -> FloatArray:
    """Which stills are within what the targets are about."""
    within = np.abs(examples.target_deg) <= SHOWN_DEG
    return np.asarray(within & (np.abs(examples.truth["yaw_deg"].astype(float)) <= 30.0))


def _bands(values: FloatArray, edges: Sequence[float], unit: str) -> list[str]:
    """Name the band of each value."""
    names = [f"{a:g} to {b:g}{unit}" for a, b in pairwise(edges)]
    place = np.clip(np.digitize(values, edges[1:-1]), 0, len(names) - 1)
    return [names[i] for i in place]


def groups(examples: Examples) -> dict[str, Sequence[str]]:
    """Return the subgroups of each picture, by what tells them apart."""
    truth = examples.truth
    number = {key: truth[key].astype(float) for key in truth if truth[key].dtype.kind in "fi"}
    return {
        "exercise": list(truth["family"]),
        "view": list(truth["view"]),
        "yaw": _bands(np.abs(number["yaw_deg"]), (0, 10, 20, 35), "°"),
        "camera above pelvis": _bands(number["camera_above_pelvis_m"], (-0.6, -0.2, 0.2, 0.8), " m"),
        "trousers": list(truth["bottom"]),
        "shirt": list(truth["top"]),
        "shirt ends": _bands(number["hem"], (-0.3, -0.05, 0.15, 0.4), " trunk lengths above the hip"),
        "skin": _bands(number["skin"], (0.0, 0.35, 0.6, 1.0), " brightness"),
        "sex": list(truth["sex"]),
        "body mass": _bands(number["weight"], (0.0, 0.4, 0.7, 1.0), " of the body model's scale"),
        "height of the picture": [f"{int(px)} px" for px in number["height_px"]],
    }  # fmt: skip


def group_table(examples: Examples, errors: Errors) -> Table:
    """Return the error in every subgroup, worst first within its kind."""
    rows: list[tuple[str | float | int | None, ...]] = []
    for kind, names in groups(examples).items():
        of = np.array(names)
        part = [(name, errors.where(of == name)) for name in sorted(set(names))]
        for name, some in sorted(part, key=lambda pair: -pair[1].mae):
            ratio = some.mae / errors.mae
            rows.append((kind, name, len(some.value), some.mae, ratio, some.coverage))
    return Table("subgroups", ("by", "group", "n", "MAE", "of the whole", "inside 90 %"), rows)


def clip_peaks(method: str, clips: Sequence[Film]) -> Errors:
    """Return the peak drop per repetition of rendered clips, counted from the quiet posture.

    Landmarks through filter and estimator as in the product; the bodies are those that neither
    trained nor calibrated the model.
    """
    value, truth, half = [], [], []
    for film in clips:
        if film.for_calibration:
            continue
        poses = zero_phase(film.poses)
        found = (pelvic_obliquity if method == "model" else RAW_DROP.of)(poses)
        drop = found.value if film.side is Side.RIGHT else -found.value
        change = drop - np.nanmedian(drop[film.quiet])
        for rep in range(film.rep.max() + 1):
            during = np.flatnonzero((film.rep == rep) & np.isfinite(change))
            if len(during):
                at = during[change[during].argmax()]
                value.append(change[at])
                half.append(Z90 * found.sd[at] * _change_factor(method))
                truth.append(film.change_deg()[film.rep == rep].max())
    return Errors(np.array(value), np.array(truth), np.array(half))


def _change_factor(method: str) -> float:
    return trained(PELVIS_MODEL).change_factor if method == "model" else 1.0


def sample_peaks(method: str, cache: Path | None) -> Errors:
    """Return the peak drop per repetition of the sample clips, through the whole product.

    The highest points of both curves; ``measures.py`` compares what the rule reads, a held level, with its own ±.
    """
    value, truth, half = [], [], []
    for sample in harness.sample_clips():
        if sample.exercise.name == "clamshell":
            continue
        judged = analyze(
            sample.recording(cache).poses, measured_by(sample.exercise, method), side=sample.side
        )
        if judged.baseline is None:
            continue
        signal = judged.signals[PELVIC_DROP.name].estimate
        true = np.interp(judged.time_s, sample.series("time_s"), sample.series("pelvic_drop_deg"))
        true = true - np.median(true[judged.baseline.start : judged.baseline.end])
        for rep in sample.truth["reps"]:
            during = (judged.time_s >= rep["start_s"]) & (judged.time_s < rep["end_s"])
            at = int(np.nanargmax(np.where(during, signal.value, -np.inf)))
            value.append(signal.value[at])
            half.append(signal.half_width[at])
            truth.append(float(true[during].max()))
    return Errors(np.array(value), np.array(truth), np.array(half))


def told_apart(errors: Errors) -> tuple[float, float]:
    """Return sensitivity and specificity of drops above 11° against below 7.5°, cut half-way."""
    fault, fine, called = errors.truth > 11.0, errors.truth < 7.5, errors.value > 9.25
    return float(called[fault].mean()), float((~called[fine]).mean())


def repeatability(errors: Errors) -> tuple[float, float]:
    """Return SEM and MDC95 of the peak: what is left of the error between repetitions."""
    sem = float(errors.error.std())
    return sem, 1.96 * float(np.sqrt(2.0)) * sem


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


def _stills(report: Report, variants: Iterable[str]) -> None:
    """Add held-out bodies, for every pose model."""
    rows = []
    for variant in variants:
        examples = load(("standing", "recorded"), variant)
        test = examples.where(examples.held_out)
        test = test.where(usual(test))
        for method, errors in still_errors(test).items():
            rows.append(errors.row(f"held-out bodies, {variant}", method))
            if variant == "full" and method == PELVIS_MODEL:
                report.figures += _still_figures(errors)
                report.tables.append(group_table(test, errors))
    report.tables.insert(0, Table("stills, one picture at a time", COLUMNS, rows))


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


def _clips(report: Report, cache: Path | None) -> None:
    """Add peaks of repetitions: clips of people of every kind, and the sample clips."""
    rows = []
    for method in ("raw", "model"):
        peaks = clip_peaks(method, films())
        rows.append(peaks.row("clips, people of every kind", method))
        rows.append(sample_peaks(method, cache).row("sample clips, whole product", method))
        if method == "model":
            report.figures += _clip_figures(peaks)
    report.tables.append(Table("peak drop per repetition, from the quiet posture", COLUMNS, rows))


def _clip_figures(peaks: Errors) -> list[Figure]:
    sem, mdc = repeatability(peaks)
    sensitivity, specificity = told_apart(peaks)
    widest = max(abs(limit) for limit in peaks.limits)
    return [
        Figure("clips, peak drop, MAE", peaks.mae, "°", at_most=1.5),
        Figure("clips, peak drop, widest 95 % limit", widest, "°", at_most=4.0),
        Figure("clips, SEM of the peak", sem, "°"),
        Figure("clips, MDC95 of the peak", mdc, "°"),
        Figure("clips, inside 90 %, at least", peaks.coverage, "", at_least=0.87),
        Figure("clips, drops above 11° found", sensitivity, "", at_least=0.95),
        Figure("clips, drops below 7.5° left alone", specificity, "", at_least=0.95),
    ]


def _odd_look(report: Report) -> None:
    """Add pictures and clips in odd clothes, light and rooms, beside their twins in the usual look."""
    rows = []
    for variant in ("full", "lite", "heavy"):
        odd, plain = load(("odd",), variant), load(KINDS, variant)
        odd = odd.where((odd.held_out | odd.for_calibration) & usual(odd))
        same, again = twins(plain, odd)
        for look, pictures in (("odd", odd.where_rows(again)), ("usual", plain.where_rows(same))):
            for method, errors in still_errors(pictures).items():
                if method in (PELVIS_MODEL, "raw hip line"):
                    rows.append(errors.row(f"{look} look, {variant}", method))
                if (variant, look, method) == ("full", "odd", PELVIS_MODEL):
                    of = f"{len(errors.value)} pictures of {len(np.unique(pictures.body))} bodies"
                    report.figures += _odd_figures(errors, of)
    odd_clips = films(kind="odd-clips")
    names = {film.name for film in odd_clips}
    for look, clips in (("odd", odd_clips), ("usual", [f for f in films() if f.name in names])):
        for method in ("raw", "model"):
            rows.append(clip_peaks(method, clips).row(f"{look} look, peaks in clips", method))
    report.tables.append(Table("odd look, and the same poses in the usual look", COLUMNS, rows))


def _odd_figures(ours: Errors, note: str) -> list[Figure]:
    return [
        Figure("odd look, MAE", ours.mae, "°", note=note),
        Figure("odd look, slope", ours.slope, "", note=note),
        Figure("odd look, inside 90 %", ours.coverage, "", note=note),
    ]


def _other_look(report: Report) -> None:
    """Add the set of another renderer, where it has been made."""
    try:
        examples = load(("other-standing",), "full")
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


def _real(report: Report, footage: Path, cache: Path | None) -> None:
    """Add the frames in which people marked the pelvis."""
    if not footage.is_dir():
        report.notes.append("no footage of real people here: that part is left out")
        return
    rows, every = [], []
    for clip, methods in annotated(footage, cache):
        for name, errors in methods.items():
            rows.append(errors.row(clip, name))
        every.append((methods[PELVIS_MODEL].mae, methods["raw hip line"].mae, len(rows)))
    ours = [one[0] for one in every]
    loss = max(ours_mae - raw for ours_mae, raw, _ in every)
    report.figures += [
        Figure("real people, MAE of the worst clip", max(ours), "°", at_most=3.0),
        Figure("real people, most lost against raw", loss, "°", at_most=0.5),
    ]
    report.tables.append(Table("real people, marked by two raters", COLUMNS, rows))


def _render() -> None:
    for kind, bodies in KEPT.items():
        many = ["--bodies", str(bodies)]
        subprocess.run([sys.executable, "-m", "training.collect", kind, *many], check=True)


def accuracy(chosen: argparse.Namespace) -> Report:
    """Measure everything."""
    if chosen.render:
        _render()
    report = Report("accuracy", "How far is the pelvis from the truth?")
    _stills(report, ("full", "lite", "heavy"))
    _odd_look(report)
    _other_look(report)
    _clips(report, chosen.cache)
    _real(report, chosen.footage, chosen.cache)
    return report


def _parser() -> argparse.ArgumentParser:
    parser = harness.options(__doc__)
    parser.add_argument("--render", action="store_true", help="make the stills anew, from seeds")
    harness.add_footage(parser, inside="")
    return parser


if __name__ == "__main__":
    raise SystemExit(harness.main(_parser(), accuracy))
