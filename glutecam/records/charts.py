"""Signals over time as plain SVG: no script, sharp in print, coloured by the page's own style.

A chart knows its data and its frame; every colour is a CSS class, so that the same drawing serves
a light page, a dark one and paper.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from glutecam.core.assessment import Assessment, Band, Rep, Signal
from glutecam.core.measures import HIP_LINE
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Bands, Exercise, FrameRule
from glutecam.core.scoring import bands_of
from glutecam.core.wording import BAND_SIGNS, BAND_WORDS

__all__ = ["Chart", "charts"]

_WIDTH = 760.0
_HEIGHT = 168.0
_LEFT = 44.0
_RIGHT = 88.0
_TOP = 24.0
_BOTTOM = 22.0
_POINTS = 1200


@dataclass(frozen=True)
class Chart:
    """One finished drawing; ``svg`` is safe markup, the rest is plain text."""

    title: str
    note: str
    svg: Markup


@dataclass(frozen=True, eq=False)
class _Scale:
    """Seconds and values -> coordinates of the drawing."""

    first_s: float
    last_s: float
    low: float
    high: float

    def x(self, time_s: float) -> float:
        share = (time_s - self.first_s) / max(self.last_s - self.first_s, 1e-9)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.low) / max(self.high - self.low, 1e-9)
        inside = min(max(share, 0.0), 1.0)
        return _HEIGHT - _BOTTOM - inside * (_HEIGHT - _TOP - _BOTTOM)


def charts(assessment: Assessment, exercise: Exercise) -> list[Chart]:
    """Return one chart for each signal, those of the rules first; the raw hip line joins the drop.

    Parameters
    ----------
    assessment : Assessment
    exercise : Exercise
        Its rules give the edges that are drawn.
    """
    if len(assessment.time_s) < 2:
        return []
    ordered = [m.name for rule in exercise.rules for m in rule.needs]
    ordered += [exercise.cycle.measure.name, *assessment.signals]
    names = [name for name in dict.fromkeys(ordered) if name in assessment.signals]
    with_drop = PELVIC_DROP.name in names
    shown = [name for name in names if not (with_drop and name == HIP_LINE.name)]
    return [_chart(assessment, exercise, assessment.signals[name]) for name in shown]


def _chart(assessment: Assessment, exercise: Exercise, signal: Signal) -> Chart:
    raw = assessment.signals.get(HIP_LINE.name) if signal.name == PELVIC_DROP.name else None
    rule = _rule_of(exercise, signal.name)
    bands = _bands(rule, assessment.provenance.strict)
    scale = _fit(assessment.time_s, signal, raw, bands)
    parts = [
        *_reps(scale, assessment.reps, assessment.attempts),
        *_axes(scale, signal.unit),
        *_edges(scale, bands),
        _ribbon(scale, assessment.time_s, signal),
        *([_line(scale, assessment.time_s, raw.estimate.value, "raw")] if raw else []),
        _line(scale, assessment.time_s, signal.estimate.value, "value"),
        *_faults(scale, assessment, rule),
    ]
    title = f"{signal.label[:1].upper()}{signal.label[1:]}"
    head = Markup('<svg viewBox="0 0 {:g} {:g}" role="img" aria-label="{}">').format(
        _WIDTH, _HEIGHT, f"{title} over time in {signal.unit}"
    )
    body = head + Markup("").join(parts) + Markup("</svg>")
    return Chart(f"{title} ({signal.unit})", signal.method, body)


def _rule_of(exercise: Exercise, name: str) -> FrameRule | None:
    rules = (rule for rule in exercise.rules if isinstance(rule, FrameRule))
    return next((rule for rule in rules if rule.measure.name == name), None)


def _bands(rule: FrameRule | None, strict: bool) -> Bands | None:
    if rule is None:
        return None
    return bands_of(rule, strict)


def _fit(time_s: FloatArray, signal: Signal, raw: Signal | None, bands: Bands | None) -> _Scale:
    """Choose the range of values: line, most of the ±, both edges and zero, never a lone spike."""
    values = signal.estimate.value
    shown = [values, *([raw.estimate.value] if raw else [])]
    finite = np.concatenate([v[np.isfinite(v)] for v in shown] + [np.zeros(1)])
    low, high = float(np.percentile(finite, 0.2)), float(np.percentile(finite, 99.8))
    width = signal.estimate.half_width[np.isfinite(signal.estimate.half_width)]
    reach = float(np.median(width)) if len(width) else 0.0
    edge = [1.15 * bands.fault] if bands else []
    low, high = min(low - reach, 0.0), max([high + reach, *edge])
    return _Scale(float(time_s[0]), float(time_s[-1]), low, high)


def _reps(scale: _Scale, reps: Sequence[Rep], attempts: Sequence[Rep]) -> Iterator[Markup]:
    box = Markup('<rect class="{}" x="{:.1f}" y="{:g}" width="{:.1f}" height="{:g}">{}</rect>')
    name = Markup('<text class="rep-name {}" x="{:.1f}" y="16">{}{}</text>')
    for rep in [*reps, *attempts]:
        left, right = scale.x(rep.start_s), scale.x(rep.end_s)
        what = rep.reason or BAND_WORDS[rep.band]
        tip = Markup("<title>{} {}: {}, {:.1f} to {:.1f} s</title>").format(
            "Repetition" if rep.complete else "Attempt", rep.number, what, rep.start_s, rep.end_s
        )
        kind = "rep" if rep.complete else "attempt"
        yield box.format(kind, left, _TOP, right - left, _HEIGHT - _TOP - _BOTTOM, tip)
        sign = f" {BAND_SIGNS[rep.band]}" if rep.complete else ""
        label = str(rep.number) if rep.complete else "–"
        colour = rep.band.value if rep.complete else "none"
        yield name.format(colour, (left + right) / 2, label, sign)


def _axes(scale: _Scale, unit: str) -> Iterator[Markup]:
    close = unit if unit in ("°", "%") else ""
    for value in _ticks(scale.low, scale.high, 4):
        y = scale.y(value)
        kind = "zero" if value == 0 else "grid"
        yield Markup('<line class="{}" x1="{:g}" x2="{:g}" y1="{:.1f}" y2="{:.1f}"/>').format(
            kind, _LEFT, _WIDTH - _RIGHT, y, y
        )
        yield Markup('<text class="tick end" x="{:g}" y="{:.1f}">{:g}{}</text>').format(
            _LEFT - 6, y + 4, value, close
        )
    for second in _ticks(scale.first_s, scale.last_s, 8):
        yield Markup('<text class="tick mid" x="{:.1f}" y="{:g}">{:g} s</text>').format(
            scale.x(second), _HEIGHT - 6, second
        )


def _ticks(low: float, high: float, about: int) -> list[float]:
    """Return round numbers between ``low`` and ``high``."""
    step = 10.0 ** math.floor(math.log10(max(high - low, 1e-6) / about))
    span = (high - low) / about
    step *= next(factor for factor in (1, 2, 5, 10) if factor * step >= span)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 6) + 0.0 for number in range(first, last + 1)]


def _edges(scale: _Scale, bands: Bands | None) -> Iterator[Markup]:
    """Draw where fine ends and where a fault begins, each named at the right."""
    if bands is None:
        return
    gap = scale.y(bands.ok) - scale.y(bands.fault)
    shift = max(0.0, (12.0 - gap) / 2)
    for band, value, lower in (
        (Band.OK, bands.ok, shift), (Band.FAULT, bands.fault, -shift)
    ):  # fmt: skip
        y = scale.y(value)
        word = "good below" if band is Band.OK else "improve above"
        yield Markup('<line class="edge {}" x1="{:g}" x2="{:g}" y1="{:.1f}" y2="{:.1f}"/>').format(
            band.value, _LEFT, _WIDTH - _RIGHT, y, y
        )
        yield Markup('<text class="edge-name {}" x="{:g}" y="{:.1f}">{}</text>').format(
            band.value, _WIDTH - _RIGHT + 4, y + 3.5 + lower, word
        )


def _line(scale: _Scale, time_s: FloatArray, values: FloatArray, kind: str) -> Markup:
    path = "".join(
        "M" + "L".join(f"{scale.x(time_s[i]):.1f} {scale.y(values[i]):.1f}" for i in run)
        for run in _seen_runs(values)
    )
    return Markup('<path class="{}" d="{}"/>').format(kind, path)


def _ribbon(scale: _Scale, time_s: FloatArray, signal: Signal) -> Markup:
    """Draw the 90 % interval around the line."""
    value, width = signal.estimate.value, signal.estimate.half_width
    path = ""
    for run in _seen_runs(value + width):
        above = [f"{scale.x(time_s[i]):.1f} {scale.y(value[i] + width[i]):.1f}" for i in run]
        below = [f"{scale.x(time_s[i]):.1f} {scale.y(value[i] - width[i]):.1f}" for i in run]
        path += "M" + "L".join(above + below[::-1]) + "Z"
    return Markup('<path class="ribbon" d="{}"/>').format(path)


def _seen_runs(values: FloatArray) -> list[list[int]]:
    """Return the frames to draw in unbroken runs: a gap in the data is a gap in the line.

    In a long recording the frame furthest from zero stands for its neighbours, so that no peak is
    lost.
    """
    stride = max(1, len(values) // _POINTS)
    runs: list[list[int]] = []
    open_run = False
    for start in range(0, len(values), stride):
        size = np.abs(values[start : start + stride])
        if not np.isfinite(size).any():
            open_run = False
            continue
        index = start + int(np.nanargmax(size))
        if open_run:
            runs[-1].append(index)
        else:
            runs.append([index])
            open_run = True
    return runs


def _faults(scale: _Scale, assessment: Assessment, rule: FrameRule | None) -> Iterator[Markup]:
    """Mark the frames in which the rule is broken by a bar along the time axis and a sign."""
    bar = Markup(
        '<rect class="fault-bar" x="{:.1f}" y="{:g}" width="{:.1f}" height="5"><title>{}</title>'
        '</rect><text class="fault-sign" x="{:.1f}" y="{:g}">{}</text>'
    )
    base = _HEIGHT - _BOTTOM
    for fault in assessment.faults:
        if rule is None or fault.code != rule.code:
            continue
        left, right = scale.x(fault.start_s), scale.x(fault.end_s)
        tip = f"{rule.name}, repetition {fault.rep}"
        sign = escape(BAND_SIGNS[Band.FAULT])
        yield bar.format(left, base - 5, max(right - left, 2.0), tip, (left + right) / 2,
                         base - 8, sign)  # fmt: skip
