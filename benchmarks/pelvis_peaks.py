"""The peak drop of each repetition, counted from the quiet posture, beside its truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, FloatArray, Report, Table
from benchmarks.pelvis_groups import group_table, joined
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Side
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import Z90
from glutecam.core.pelvis import (
    METHODS,
    PELVIC_DROP,
    PELVIS_MODEL,
    RAW_DROP,
    measured_by,
    pelvic_obliquity,
)
from glutecam.core.poses import PoseSeries
from glutecam.core.smoothing import zero_phase
from glutecam.core.trained import trained
from training.films import Film, films

__all__ = ["add_clips", "clip_peaks", "world_line_deg"]

FEWEST_PEAKS = 8
"""Groups of clips with fewer peaks say little."""


def world_line_deg(poses: PoseSeries) -> FloatArray:
    """Elevation of the metric hip line, + = right side up."""
    line = poses.world(Landmark.RIGHT_HIP) - poses.world(Landmark.LEFT_HIP)
    return np.asarray(np.degrees(np.arctan2(-line[:, 1], np.hypot(line[:, 0], line[:, 2]))))


def clip_peaks(method: str, clips: Sequence[Film]) -> list[Errors]:
    """Return the peak drops of each rendered clip, by repetition, counted from the quiet posture.

    Landmarks through filter and estimator as in the product; the bodies are those that neither
    trained nor calibrated the model.
    """
    return [_peaks_of(method, film) for film in testing(clips)]


def testing(clips: Sequence[Film]) -> list[Film]:
    """Return the clips that do not set the ±."""
    return [film for film in clips if not film.for_calibration]


def _peaks_of(method: str, film: Film) -> Errors:
    value, truth, half = [], [], []
    obliquity, sd = OBLIQUITY[method](zero_phase(film.poses))
    drop = obliquity if film.side is Side.RIGHT else -obliquity
    change = drop - np.nanmedian(drop[film.quiet])
    for rep in range(film.rep.max() + 1):
        during = np.flatnonzero((film.rep == rep) & np.isfinite(change))
        if len(during):
            at = during[change[during].argmax()]
            value.append(change[at])
            truth.append(film.change_deg()[film.rep == rep].max())
            if sd is not None:
                half.append(Z90 * sd[at] * _change_factor(method))
    return Errors(np.array(value), np.array(truth), np.array(half) if sd is not None else None)


def _by_model(poses: PoseSeries) -> tuple[FloatArray, FloatArray | None]:
    found = pelvic_obliquity(poses)
    return found.value, found.sd


def _by_hip_line(poses: PoseSeries) -> tuple[FloatArray, FloatArray | None]:
    found = RAW_DROP.of(poses)
    return found.value, found.sd


def _by_metres(poses: PoseSeries) -> tuple[FloatArray, FloatArray | None]:
    return world_line_deg(poses), None


OBLIQUITY: dict[str, Callable[[PoseSeries], tuple[FloatArray, FloatArray | None]]] = {
    "raw": _by_hip_line,
    "metric": _by_metres,
    "model": _by_model,
}
"""Obliquity, + = right side up, and its deviation, by method."""


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


def add_clips(report: Report, cache: Path | None, folder: Path, variants: Sequence[str]) -> None:
    """Add peaks of repetitions: clips of people of every kind, and the sample clips."""
    rows, kept = [], {variant: films(variant, folder) for variant in variants}
    full = kept[variants[0]]
    for method in OBLIQUITY:
        rows.append(joined(clip_peaks(method, full)).row("clips, people of every kind", method))
        if method in METHODS:
            rows.append(sample_peaks(method, cache).row("sample clips, whole product", method))
    ours = {variant: joined(clip_peaks("model", clips)) for variant, clips in kept.items()}
    report.figures += _clip_figures(ours[variants[0]])
    report.tables.append(Table("peak drop per repetition, from the quiet posture", COLUMNS, rows))
    tested = testing(full)
    truth = {key: np.array([film.truth[key][0] for film in tested]) for key in tested[0].truth}
    parts = clip_peaks("model", full)
    report.tables.append(group_table("subgroups of clips", truth, parts, ours, FEWEST_PEAKS))


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
