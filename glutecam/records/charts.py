"""Signals over time as Plotly figures: one for each signal, all with the same time axis.

A figure is data for the plotly.js that the report carries: colours are those of the light page,
and ``DARK_OF`` says which colour takes the place of each on a dark one. Text from outside is
escaped, because Plotly reads a little HTML in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from plotly import graph_objects as go

from glutecam.core.assessment import Assessment, Finding, Rep, Verdict
from glutecam.core.measures import HIP_LINE, Estimate
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise, FrameRule, RepRule, Rule
from glutecam.core.wording import BAND_SIGNS, Vocabulary, close_unit, plus_minus, vocabulary
from glutecam.records import marks
from glutecam.records.plot import ZERO_LINE, Plot, chart_layout, light, plain, small_print

__all__ = ["Chart", "charts"]

_AIR = 0.12
_NAME = 0.25
"""Above an edge, in shares of the range: there its name stands, on paper too below those of the repetitions."""
_HEIGHT_PX = 196
_POINTS = 1200


@dataclass(frozen=True)
class Chart:
    """One figure and the words around it, which are plain text.

    Attributes
    ----------
    title : str
    note : str
        How the curve is read.
    words : str
        The curve in a sentence, for whoever cannot see it.
    figure : dict
        ``data`` and ``layout`` for plotly.js.
    """

    title: str
    note: str
    words: str
    figure: dict[str, Any]


def charts(
    assessment: Assessment, exercise: Exercise, words: Vocabulary | None = None
) -> list[Chart]:
    """Return one chart for each signal that was seen, those of the rules first.

    The raw hip line joins the pelvic drop. A recording that could not be assessed has no edges.

    Parameters
    ----------
    assessment : Assessment
    exercise : Exercise
        Its rules give the edges that are drawn.
    words : Vocabulary, optional
        Those of the coach where None.
    """
    if len(assessment.time_s) < 2:
        return []
    # What a rule reads beside its own quantity, such as where in the picture a knee is, tells nobody anything.
    ordered = [rule.needs[0].name for rule in exercise.rules]
    ordered += [exercise.cycle.measure.name, *(m.name for m in exercise.also), HIP_LINE.name]
    names = [name for name in dict.fromkeys(ordered) if name in assessment.signals]
    with_drop = PELVIC_DROP.name in names
    shown = [name for name in names if not (with_drop and name == HIP_LINE.name)]
    plots = [_plot(assessment, exercise, name, words or vocabulary()) for name in shown]
    return [_chart(plot) for plot in plots if plot.is_seen]


def _plot(assessment: Assessment, exercise: Exercise, name: str, words: Vocabulary) -> Plot:
    raw = assessment.signals.get(HIP_LINE.name) if name == PELVIC_DROP.name else None
    rules = tuple(rule for rule in exercise.rules if _reads(rule, name))
    return Plot(assessment, exercise, assessment.signals[name], raw, rules, words)


def _reads(rule: Rule, name: str) -> bool:
    """Say whether the rule's value is a level of this signal, so that its edges can be drawn."""
    first = rule.needs[0]
    return first.name == name and first.unit == rule.unit


def _chart(plot: Plot) -> Chart:
    low, high = _range(plot)
    figure = go.Figure(
        data=[
            *marks.attempts(plot), _ribbon(plot), *marks.edge_lines(plot), *_raw(plot), _line(plot),
            *_judged(plot),
        ],
        layout=_layout(plot, low, high),
    )  # fmt: skip
    unit = plot.signal.unit
    return Chart(f"{plot.label} ({unit})", _note(plot), _words(plot), figure.to_plotly_json())


def _range(plot: Plot) -> tuple[float, float]:
    """Choose the range of values: line, most of the ±, edges and zero, never a lone spike."""
    estimate = plot.signal.estimate
    shown = [estimate.value, *([plot.raw.estimate.value] if plot.raw else [])]
    finite = np.concatenate([v[np.isfinite(v)] for v in shown] + [np.zeros(1)])
    width = estimate.half_width[np.isfinite(estimate.half_width)]
    reach = float(np.median(width)) if len(width) else 0.0
    levels = [edge.value for edge in plot.edges] + [0.0]
    levels += [
        at + way * finding.half_width
        for (_, finding), at in zip(plot.findings, _judged_at(plot), strict=True)
        for way in (-1.0, 1.0)
        if np.isfinite(finding.half_width)
    ]
    low = min(float(np.percentile(finite, 0.2)) - reach, *levels)
    high = max(float(np.percentile(finite, 99.8)) + reach, *levels)
    span = max(high - low, 1e-6)
    named = max((edge.value for edge in plot.edges if edge.is_upwards), default=-math.inf)
    return low - _AIR * span, max(high + _AIR * span, named + _NAME * span)


def _ribbon(plot: Plot) -> go.Scatter:
    """Shade the 90 % interval around the line."""
    estimate = plot.signal.estimate
    x: list[float | None] = []
    y: list[float | None] = []
    for run in _seen_runs(estimate.value + estimate.half_width):
        above = estimate.value[run] + estimate.half_width[run]
        below = estimate.value[run] - estimate.half_width[run]
        x += [*_numbers(plot.time_s[run]), *_numbers(plot.time_s[run][::-1]), None]
        y += [*_numbers(above), *_numbers(below[::-1]), None]
    return go.Scatter(
        x=x, y=y, mode="lines", line={"width": 0}, fill="toself", fillcolor=light("ribbon"),
        hoverinfo="skip",
    )  # fmt: skip


def _line(plot: Plot) -> go.Scatter:
    x, y, widths = _points(plot.time_s, plot.signal.estimate)
    number, unit = _format(plot.signal.unit)
    return go.Scatter(
        x=x, y=y, customdata=widths, mode="lines", name=plain(plot.label),
        line={"color": light("signal"), "width": 2.2},
        hovertemplate=f"{plain(plot.label)} %{{y:{number}}}{unit} ± "
        f"%{{customdata:{number}}}{unit}<extra></extra>",
    )  # fmt: skip


def _raw(plot: Plot) -> list[go.Scatter]:
    if plot.raw is None:
        return []
    x, y, _ = _points(plot.time_s, plot.raw.estimate)
    number, unit = _format(plot.raw.unit)
    name = plain(plot.raw.label)
    return [
        go.Scatter(
            x=x, y=y, mode="lines", name=name,
            line={"color": light("raw"), "width": 1.5, "dash": "dash"},
            hovertemplate=f"{name} %{{y:{number}}}{unit}<extra></extra>",
        )
    ]  # fmt: skip


def _judged(plot: Plot) -> list[go.Scatter]:
    """Mark the value by which each repetition was judged, with its own ± and the sign of what was found."""
    found = plot.findings
    if not found:
        return []
    colours = [light(finding.band.value) for _, finding in found]
    times, values = [float(plot.time_s[f.at]) for _, f in found], _judged_at(plot)
    widths = [
        go.Scatter(
            x=[time, time], y=[round(value - f.half_width, 3), round(value + f.half_width, 3)],
            mode="lines", line={"color": colour, "width": 1.6}, hoverinfo="skip",
        )
        for time, value, colour, (_, f) in zip(times, values, colours, found, strict=True)
        if np.isfinite(f.half_width)
    ]  # fmt: skip
    return [
        *widths,
        go.Scatter(
            x=times,
            y=[round(value, 3) for value in values],
            mode="markers+text",
            text=[BAND_SIGNS[finding.band] for _, finding in found],
            textposition="middle center",
            textfont={"color": colours, "size": 11, "weight": "bold"},
            marker={"size": 17, "color": light("card"), "line": {"color": colours, "width": 1.6}},
            cliponaxis=False,
            hovertext=[_tip(plot, rep, f) for rep, f in found],
            hovertemplate="<b>%{hovertext}</b><extra></extra>",
        ),
    ]


def _judged_at(plot: Plot) -> list[float]:
    """Return the judged values on the axis of the curve: some rules read it with its sign turned."""
    curve = plot.signal.estimate.value
    read = [(float(finding.value), float(curve[finding.at])) for _, finding in plot.findings]
    return [value if abs(value - at) <= abs(value + at) else -value for value, at in read]


def _tip(plot: Plot, rep: Rep, finding: Finding) -> str:
    rule, band = plot.exercise.rule(finding.code), plot.words.bands[finding.band]
    value = plus_minus(finding.value, finding.half_width, rule.unit)
    return plain(f"Repetition {rep.number}: {rule.name} {value}, {band}")


def _layout(plot: Plot, low: float, high: float) -> dict[str, Any]:
    soft = small_print()
    axis = {"fixedrange": True, "tickfont": soft, "ticklabelstandoff": 4}
    layout = chart_layout(
        _HEIGHT_PX,
        margin={"l": 44, "r": 10, "t": 24, "b": 24},
        dragmode="zoom",
        hovermode="x unified",
        uirevision="keep",
        meta="time",
        xaxis={"range": [float(plot.time_s[0]), float(plot.time_s[-1])], "showgrid": False,
               "ticksuffix": " s", "hoverformat": ".2f", "zeroline": False, "tickfont": soft,
               "nticks": 9},
        yaxis={**axis, "range": [low, high], "gridcolor": light("line"), "nticks": 5,
               "ticksuffix": close_unit(plot.signal.unit), **ZERO_LINE},
        yaxis2={**axis, "range": [0, 1], "overlaying": "y", "visible": False},
        shapes=[*marks.rep_boxes(plot), *marks.fault_bars(plot)],
        annotations=[*marks.rep_names(plot), *marks.edge_names(plot)],
    )  # fmt: skip
    layout["hoverlabel"]["align"] = "left"
    return layout


def _note(plot: Plot) -> str:
    """Say how the curve is read."""
    if plot.assessment.verdict is Verdict.NOT_ASSESSABLE:
        return "Not judged in this recording."
    reads: list[str] = []
    for rule in plot.rules:
        if isinstance(rule, FrameRule):
            reads.append(f"“{rule.name}” reads the highest level held for {rule.min_s:g} s")
        elif isinstance(rule, RepRule):
            reads.append(f"“{rule.name}” reads one moment of each repetition")
    if reads:
        return "; ".join(reads) + "."
    if plot.signal.name == plot.exercise.cycle.measure.name:
        return "Counts the repetitions."
    return "Not judged by itself."


def _words(plot: Plot) -> str:
    value = plot.signal.estimate.value
    if not np.isfinite(value).any():
        return f"{plot.label} over time: not seen."
    unit = plot.signal.unit
    at = int(np.nanargmax(value))
    low, high = (plus_minus(float(v), 0.0, unit) for v in (np.nanmin(value), value[at]))
    return f"{plot.label} over time, from {low} to {high}, highest at {plot.time_s[at]:.1f} s."


def _points(
    time_s: FloatArray, estimate: Estimate
) -> tuple[list[float | None], list[float | None], list[float | None]]:
    """Return times, values and ±; between two runs stands an empty point."""
    x: list[float | None] = []
    y: list[float | None] = []
    widths: list[float | None] = []
    for run in _seen_runs(estimate.value):
        x += [*_numbers(time_s[run]), None]
        y += [*_numbers(estimate.value[run]), None]
        widths += [*_numbers(estimate.half_width[run]), None]
    return x[:-1], y[:-1], widths[:-1]


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


def _numbers(values: FloatArray) -> list[float | None]:
    """Round, and write what is not known as nothing: JSON has no NaN."""
    return [round(float(v), 3) if np.isfinite(v) else None for v in values]


def _format(unit: str) -> tuple[str, str]:
    """Return the number format of d3 and the unit as it follows a number."""
    return (".0f", unit) if close_unit(unit) else (".2f", f" {plain(unit)}")
