"""Signals over time as Plotly figures: one for each signal, all with the same time axis.

A figure is data for the plotly.js that the report carries: colours are those of the light page,
and ``DARK_OF`` says which colour takes the place of each on a dark one. Text from outside is
escaped, because Plotly reads a little HTML in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from plotly import graph_objects as go

from glutecam.core.assessment import Assessment, Band, Finding, Rep, Signal, Verdict
from glutecam.core.measures import HIP_LINE, Estimate
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise, FrameRule, RepRule, Rule
from glutecam.core.wording import BAND_SIGNS, BAND_WORDS, plus_minus
from glutecam.records.limits import Edge, edges_of

__all__ = ["DARK_OF", "PALETTE", "Chart", "charts"]

PALETTE: Mapping[str, tuple[str, str]] = {
    "page": ("#f4f5f7", "#101318"),
    "card": ("#ffffff", "#191e26"),
    "ink": ("#171b22", "#eceff4"),
    "soft": ("#565f6d", "#a4aebc"),
    "line": ("#dfe3e9", "#313946"),
    "ok": ("#00694f", "#5fd6ab"),
    "ok-tint": ("#dff3ec", "#15372d"),
    "watch": ("#8a5a00", "#f5c04d"),
    "watch-tint": ("#fdf0d2", "#3b2f11"),
    "fault": ("#b3341a", "#ff8d70"),
    "fault-tint": ("#fde4dd", "#43211a"),
    "inconclusive": ("#3f5d86", "#a3c0ea"),
    "inconclusive-tint": ("#e4ecf7", "#22304a"),
    "signal": ("#1f4fa3", "#86b1ff"),
    "ribbon": ("rgba(31,79,163,0.16)", "rgba(134,177,255,0.2)"),
    "rep": ("rgba(23,27,34,0.06)", "rgba(255,255,255,0.07)"),
    "raw": ("#7b8595", "#8b97ac"),
}
"""Colours by their role, (on a light page, on a dark page). The bands differ in lightness and each
has a sign, so nothing hangs on telling red from green."""

DARK_OF: Mapping[str, str] = dict(PALETTE.values())

_HEIGHT_PX = 196
_POINTS = 1200
_FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'


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


@dataclass(frozen=True, eq=False)
class _Plot:
    """What one figure shows."""

    assessment: Assessment
    exercise: Exercise
    signal: Signal
    raw: Signal | None
    rules: tuple[Rule, ...]

    @property
    def time_s(self) -> FloatArray:
        return self.assessment.time_s

    @property
    def label(self) -> str:
        return f"{self.signal.label[:1].upper()}{self.signal.label[1:]}"

    @property
    def is_seen(self) -> bool:
        shown = [self.signal, *([self.raw] if self.raw else [])]
        return any(bool(np.isfinite(signal.estimate.value).any()) for signal in shown)

    @property
    def edges(self) -> list[Edge]:
        """What the curve is held against; nothing where nothing is judged."""
        if self.assessment.verdict is Verdict.NOT_ASSESSABLE:
            return []
        strict = self.assessment.provenance.strict
        return [edge for rule in self.rules for edge in edges_of(rule, strict)]

    @property
    def findings(self) -> list[tuple[Rep, Finding]]:
        """What was found by the rules of this figure, where the signal was seen."""
        codes = {rule.code for rule in self.rules}
        seen = np.isfinite(self.signal.estimate.value)
        return [
            (rep, finding)
            for rep in self.assessment.reps
            for finding in rep.findings
            if finding.code in codes and seen[finding.at]
        ]


def charts(assessment: Assessment, exercise: Exercise) -> list[Chart]:
    """Return one chart for each signal that was seen, those of the rules first.

    The raw hip line joins the pelvic drop. A recording that could not be assessed has no edges.

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
    plots = [_plot(assessment, exercise, name) for name in shown]
    return [_chart(plot) for plot in plots if plot.is_seen]


def _plot(assessment: Assessment, exercise: Exercise, name: str) -> _Plot:
    raw = assessment.signals.get(HIP_LINE.name) if name == PELVIC_DROP.name else None
    rules = tuple(rule for rule in exercise.rules if _reads(rule, name))
    return _Plot(assessment, exercise, assessment.signals[name], raw, rules)


def _reads(rule: Rule, name: str) -> bool:
    """Say whether the rule's value is a level of this signal, so that its edges can be drawn."""
    first = rule.needs[0]
    return first.name == name and first.unit == rule.unit


def _chart(plot: _Plot) -> Chart:
    low, high = _range(plot)
    figure = go.Figure(
        data=[*_attempts(plot), _ribbon(plot), *_raw(plot), _line(plot), *_judged(plot)],
        layout=_layout(plot, low, high),
    )
    unit = plot.signal.unit
    return Chart(f"{plot.label} ({unit})", _note(plot), _words(plot), figure.to_plotly_json())


def _range(plot: _Plot) -> tuple[float, float]:
    """Choose the range of values: line, most of the ±, edges and zero, never a lone spike."""
    estimate = plot.signal.estimate
    shown = [estimate.value, *([plot.raw.estimate.value] if plot.raw else [])]
    finite = np.concatenate([v[np.isfinite(v)] for v in shown] + [np.zeros(1)])
    width = estimate.half_width[np.isfinite(estimate.half_width)]
    reach = float(np.median(width)) if len(width) else 0.0
    marks = [edge.value for edge in plot.edges] + [0.0]
    marks += [float(estimate.value[finding.at]) for _, finding in plot.findings]
    low = min(float(np.percentile(finite, 0.2)) - reach, *marks)
    high = max(float(np.percentile(finite, 99.8)) + reach, *marks)
    air = 0.12 * max(high - low, 1e-6)
    return low - air, high + air


def _attempts(plot: _Plot) -> list[go.Scatter]:
    """Hatch what was not counted, on a second axis from 0 to 1."""
    return [
        go.Scatter(
            x=[rep.start_s, rep.start_s, rep.end_s, rep.end_s],
            y=[0, 1, 1, 0],
            yaxis="y2",
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillpattern={"shape": "/", "size": 7, "solidity": 0.12, "fgcolor": _light("raw"),
                         "bgcolor": "rgba(0,0,0,0)"},
            hoverinfo="skip",
        )
        for rep in plot.assessment.attempts
    ]  # fmt: skip


def _ribbon(plot: _Plot) -> go.Scatter:
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
        x=x, y=y, mode="lines", line={"width": 0}, fill="toself", fillcolor=_light("ribbon"),
        hoverinfo="skip",
    )  # fmt: skip


def _line(plot: _Plot) -> go.Scatter:
    x, y, widths = _points(plot.time_s, plot.signal.estimate)
    number, unit = _format(plot.signal.unit)
    return go.Scatter(
        x=x, y=y, customdata=widths, mode="lines", name=_plain(plot.label),
        line={"color": _light("signal"), "width": 2.2},
        hovertemplate=f"{_plain(plot.label)} %{{y:{number}}}{unit} ± "
        f"%{{customdata:{number}}}{unit}<extra></extra>",
    )  # fmt: skip


def _raw(plot: _Plot) -> list[go.Scatter]:
    if plot.raw is None:
        return []
    x, y, _ = _points(plot.time_s, plot.raw.estimate)
    number, unit = _format(plot.raw.unit)
    name = _plain(plot.raw.label)
    return [
        go.Scatter(
            x=x, y=y, mode="lines", name=name,
            line={"color": _light("raw"), "width": 1.5, "dash": "dash"},
            hovertemplate=f"{name} %{{y:{number}}}{unit}<extra></extra>",
        )
    ]  # fmt: skip


def _judged(plot: _Plot) -> list[go.Scatter]:
    """Mark on the line where each repetition was judged, with the sign of what was found."""
    found = plot.findings
    if not found:
        return []
    colours = [_light(finding.band.value) for _, finding in found]
    return [
        go.Scatter(
            x=[float(plot.time_s[finding.at]) for _, finding in found],
            y=_numbers(plot.signal.estimate.value[[finding.at for _, finding in found]]),
            mode="markers+text",
            text=[BAND_SIGNS[finding.band] for _, finding in found],
            textposition="middle center",
            textfont={"color": colours, "size": 11, "weight": "bold"},
            marker={"size": 17, "color": _light("card"), "line": {"color": colours, "width": 1.6}},
            cliponaxis=False,
            hovertext=[_tip(plot.exercise.rule(f.code), rep, f) for rep, f in found],
            hovertemplate="<b>%{hovertext}</b><extra></extra>",
        )
    ]


def _tip(rule: Rule, rep: Rep, finding: Finding) -> str:
    value = plus_minus(finding.value, finding.half_width, rule.unit)
    return _plain(f"Repetition {rep.number}: {rule.name} {value}, {BAND_WORDS[finding.band]}")


def _layout(plot: _Plot, low: float, high: float) -> go.Layout:
    soft = {"color": _light("soft"), "size": 11, "family": _FONT}
    unit = plot.signal.unit if plot.signal.unit in ("°", "%") else ""
    axis = {"fixedrange": True, "zeroline": False, "tickfont": soft, "ticklabelstandoff": 4}
    return go.Layout(
        template="none",
        height=_HEIGHT_PX,
        autosize=True,
        margin={"l": 44, "r": 10, "t": 24, "b": 24},
        paper_bgcolor=_light("card"),
        plot_bgcolor=_light("card"),
        font={"family": _FONT, "color": _light("soft"), "size": 11},
        showlegend=False,
        dragmode="zoom",
        hovermode="x unified",
        hoverlabel={"bgcolor": _light("card"), "bordercolor": _light("line"), "align": "left",
                    "font": {"color": _light("ink"), "size": 12, "family": _FONT}},
        uirevision="keep",
        xaxis={"range": [float(plot.time_s[0]), float(plot.time_s[-1])], "showgrid": False,
               "ticksuffix": " s", "hoverformat": ".2f", "zeroline": False, "tickfont": soft,
               "nticks": 9},
        yaxis={**axis, "range": [low, high], "gridcolor": _light("line"), "nticks": 5,
               "ticksuffix": unit},
        yaxis2={**axis, "range": [0, 1], "overlaying": "y", "visible": False},
        shapes=[*_rep_boxes(plot), _level(0.0, "soft", "solid"), *_edge_lines(plot),
                *_fault_bars(plot)],
        annotations=[*_rep_names(plot), *_edge_names(plot)],
    )  # fmt: skip


def _rep_boxes(plot: _Plot) -> list[dict[str, Any]]:
    return [
        {"type": "rect", "layer": "below", "x0": rep.start_s, "x1": rep.end_s, "yref": "paper",
         "y0": 0, "y1": 1, "line": {"width": 0}, "fillcolor": _light("rep")}
        for rep in plot.assessment.reps
    ]  # fmt: skip


def _rep_names(plot: _Plot) -> list[dict[str, Any]]:
    """Write the numbers of the repetitions above the figure; each has the sign of all its rules together."""
    whole = plot.assessment
    named = [(rep, *_rep_name(rep)) for rep in (*whole.reps, *whole.attempts)]
    return [
        {"x": (rep.start_s + rep.end_s) / 2, "yref": "paper", "y": 1, "yanchor": "bottom",
         "showarrow": False, "text": name, "hovertext": _plain(_rep_tip(rep)),
         "font": {"size": 12, "color": _light(colour)}}
        for rep, name, colour in named
    ]  # fmt: skip


def _rep_name(rep: Rep) -> tuple[str, str]:
    if not rep.complete:
        return "–", "soft"
    if not rep.findings:
        return f"<b>{rep.number}</b>", "soft"
    return f"<b>{rep.number} {BAND_SIGNS[rep.band]}</b>", rep.band.value


def _rep_tip(rep: Rep) -> str:
    if rep.reason:
        return f"Not counted: {rep.reason}"
    judged = BAND_WORDS[rep.band] if rep.findings else "not judged"
    return f"Repetition {rep.number}: {judged}"


def _level(value: float, colour: str, dash: str) -> dict[str, Any]:
    line = {"color": _light(colour), "width": 1.0 if dash == "solid" else 1.5, "dash": dash}
    return {"type": "line", "layer": "below" if dash == "solid" else "above", "xref": "paper", "x0": 0, "x1": 1, "y0": value,
            "y1": value, "line": line}  # fmt: skip


def _edge_lines(plot: _Plot) -> list[dict[str, Any]]:
    """Draw where good ends, dashed, and where a fault begins, dotted."""
    lines = [
        _level(edge.value, edge.band.value, "dash" if edge.band is Band.OK else "dot")
        for edge in plot.edges
    ]
    counted = _counted_from(plot)
    return lines if counted is None else [*lines, _level(counted, "soft", "dot")]


def _edge_names(plot: _Plot) -> list[dict[str, Any]]:
    """Name each edge on the side of it that the word is about.

    Those that guard against too much stand at the left, against too little at the right: there
    they cannot meet.
    """
    names = [
        {**_beside(edge.value, edge.is_upwards), **(_AT_RIGHT if edge.is_lower else _AT_LEFT),
         "text": _plain(_edge_words(edge)), "font": {"color": _light(edge.band.value)}}
        for edge in plot.edges
    ]  # fmt: skip
    counted = _counted_from(plot)
    if counted is not None:
        unit = "°" if plot.signal.unit == "°" else ""
        words = f"counted above {counted:g}{unit}"
        names.append({**_beside(counted, True), **_AT_LEFT, "text": words})
    return names


_AT_LEFT = {"xref": "paper", "x": 0, "xanchor": "left"}
_AT_RIGHT = {"xref": "paper", "x": 1, "xanchor": "right"}


def _beside(value: float, above: bool) -> dict[str, Any]:
    return {"y": value, "yanchor": "bottom" if above else "top", "showarrow": False,
            "borderpad": 0}  # fmt: skip


def _edge_words(edge: Edge) -> str:
    """Return ``good up to 7.5°``; a unit in words stands in the title already."""
    return edge.words if edge.unit in ("°", "%") else edge.words.removesuffix(f" {edge.unit}")


def _counted_from(plot: _Plot) -> float | None:
    """Return what makes a repetition, where this figure has no edges that it could be mixed with."""
    cycle = plot.exercise.cycle
    return cycle.enter if cycle.measure.name == plot.signal.name and not plot.edges else None


def _fault_bars(plot: _Plot) -> list[dict[str, Any]]:
    """Mark the frames in which a rule is broken by a bar along the time axis."""
    codes = {rule.code for rule in plot.rules}
    return [
        {"type": "rect", "x0": fault.start_s, "x1": fault.end_s, "yref": "paper", "y0": 0,
         "y1": 0.04, "line": {"width": 0}, "fillcolor": _light("fault")}
        for fault in plot.assessment.faults
        if fault.code in codes
    ]  # fmt: skip


def _note(plot: _Plot) -> str:
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


def _words(plot: _Plot) -> str:
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
    return (".0f", unit) if unit in ("°", "%") else (".2f", f" {_plain(unit)}")


def _plain(words: str) -> str:
    """Take away what Plotly would read as HTML or as a placeholder."""
    return escape(words, quote=False).replace("%{", "% {")


def _light(role: str) -> str:
    return PALETTE[role][0]
