"""What a set comes to, as two figures: the peak of each repetition, and the drop at each depth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from plotly import graph_objects as go

from glutecam.core.assessment import Assessment, Rep, Side
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise, FrameRule, Rule
from glutecam.core.set_summary import Depth, SetSummary, SideSummary
from glutecam.core.summary_wording import fatigue_in_words
from glutecam.core.wording import Vocabulary, capital, close_unit, plus_minus
from glutecam.records.charts import Chart
from glutecam.records.limits import edges_of
from glutecam.records.marks import edge_words
from glutecam.records.plot import (
    COLOUR_OF,
    SYMBOL_OF,
    ZERO_LINE,
    chart_layout,
    light,
    plain,
    small_print,
)

__all__ = ["set_charts"]

_HEIGHT_PX = 250


def set_charts(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> list[Chart]:
    """Return the figures of the set; none where nothing was judged, or one repetition alone.

    Parameters
    ----------
    assessment : Assessment
    exercise : Exercise
        Gives the edges of the leading rule.
    words : Vocabulary
    """
    summary = assessment.summary
    if summary is None or len(assessment.reps) < 2:
        return []
    drawn = [_peaks(assessment, summary, exercise.leading, words)]
    if any(side.at for side in summary.sides):
        drawn.append(_by_depth(assessment, summary, exercise))
    return drawn


def _peaks(assessment: Assessment, summary: SetSummary, rule: Rule, words: Vocabulary) -> Chart:
    edges = edges_of(rule, assessment.provenance.strict)
    data = [trace for side in summary.sides for trace in _side_peaks(summary, side)]
    layout = _layout("repetition", summary.unit, len(summary.sides) > 1)
    layout["margin"] |= {"r": 114}
    layout["xaxis"] |= {"dtick": 1, "range": [0.5, len(assessment.reps) + 0.5]}
    layout["shapes"] = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": edge.value, "y1": edge.value,
         "line": {"width": 1.2, "dash": "dot", "color": light(edge.band.value)}}
        for edge in edges
    ]  # fmt: skip
    layout["annotations"] = [
        {"xref": "paper", "x": 1.01, "xanchor": "left", "y": edge.value, "showarrow": False,
         "yanchor": "bottom" if edge.is_upwards else "top", "text": plain(edge_words(edge, words)),
         "font": {"size": 11, "color": light(edge.band.value)}}
        for edge in edges
    ]  # fmt: skip
    said = " ".join(
        f"{side.side.value.capitalize()} leg: {fatigue_in_words(summary, side)}"
        for side in summary.sides
    )
    held = "highest in" if isinstance(rule, FrameRule) else "in"
    title = f"{capital(summary.name)}, {held} each repetition ({summary.unit})"
    return Chart(title, said, f"{title}. {said}", _figure(data, layout))


def _side_peaks(summary: SetSummary, side: SideSummary) -> list[go.Scatter]:
    colour = light(COLOUR_OF[side.side])
    seen = [
        (number, peak)
        for number, peak in zip(side.reps, side.peaks, strict=True)
        if math.isfinite(peak.value)
    ]
    tips = [
        f"Repetition {n}, {side.side.value}: {plus_minus(p.value, p.half_width, summary.unit)}"
        for n, p in seen
    ]
    dots = go.Scatter(
        x=[number for number, _ in seen], y=[round(peak.value, 3) for _, peak in seen],
        mode="markers", name=side.side.value, hovertext=[plain(tip) for tip in tips],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"size": 9, "color": colour, "symbol": SYMBOL_OF[side.side]},
        error_y={"type": "data", "array": [round(peak.half_width, 3) for _, peak in seen],
                 "color": colour, "thickness": 1.4, "width": 4},
    )  # fmt: skip
    return [*_line(side, colour), dots]


def _line(side: SideSummary, colour: str) -> list[go.Scatter]:
    """Draw the fatigue line, unbroken only where it exceeds its ±."""
    if side.fatigue is None:
        return []
    last, slope = len(side.reps) - 1, side.fatigue.per_rep
    ends = [side.fatigue.start, side.fatigue.start + slope.value * last]
    return [
        go.Scatter(
            x=[side.reps[0], side.reps[-1]], y=[round(end, 3) for end in ends], mode="lines",
            showlegend=False, hoverinfo="skip",
            line={"color": colour, "width": 1.8, "dash": "solid" if slope.exceeds else "dot"},
        )
    ]  # fmt: skip


def _by_depth(assessment: Assessment, summary: SetSummary, exercise: Exercise) -> Chart:
    data = []
    shown: set[Side] = set()
    for rep in assessment.reps:
        data.append(_way_down(assessment, exercise, rep, rep.side not in shown))
        shown.add(rep.side)
    layout = _layout(
        f"{summary.depth_name} ({summary.depth_unit})", summary.unit, len(summary.sides) > 1
    )
    levels = {
        round(at.level, 3): at.depth
        for side in summary.sides
        for at in side.at
        if at.depth is not Depth.DEEPEST
    }
    layout["shapes"] = [
        {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": level, "x1": level,
         "line": {"width": 1.2, "dash": "dot", "color": light("soft")}}
        for level in levels
    ]  # fmt: skip
    layout["annotations"] = [
        {"yref": "paper", "y": 1, "yanchor": "bottom", "x": level, "showarrow": False,
         "xanchor": "right" if level == min(levels) else "left",
         "text": plain(_level_name(level, depth, summary)), "font": {"size": 11, "color": light("soft")}}
        for level, depth in levels.items()
    ]  # fmt: skip
    title = f"{capital(summary.name)} on the way down, by {summary.depth_name} ({summary.unit})"
    note = (
        "Repetitions are compared at the same depth, because a shallow one hides what a deep one "
        "shows. “All”: every repetition gets that far."
    )
    return Chart(title, note, f"{title}, one curve for each repetition.", _figure(data, layout))


def _level_name(level: float, depth: Depth, summary: SetSummary) -> str:
    shown = plus_minus(level, 0.0, summary.depth_unit)
    return f"{shown} all" if depth is Depth.COMMON else shown


def _way_down(assessment: Assessment, exercise: Exercise, rep: Rep, is_first: bool) -> go.Scatter:
    leading = exercise.leading
    assert isinstance(leading, FrameRule)
    depth = assessment.signals[exercise.cycle.measure.name].estimate.value[rep.start : rep.end]
    value = assessment.signals[leading.measure.name].estimate.value[rep.start : rep.end]
    until = int(np.nanargmax(depth)) + 1 if np.isfinite(depth).any() else 0
    return go.Scatter(
        x=_numbers(depth[:until]), y=_numbers(value[:until]), mode="lines", name=rep.side.value,
        legendgroup=rep.side.value, showlegend=is_first, opacity=0.75,
        line={"color": light(COLOUR_OF[rep.side]), "width": 1.6},
        hovertemplate=f"Repetition {rep.number}<extra></extra>",
    )  # fmt: skip


def _numbers(values: FloatArray) -> list[float | None]:
    return [round(float(v), 2) if np.isfinite(v) else None for v in values]


def _layout(x_title: str, unit: str, two_sides: bool) -> dict[str, Any]:
    soft = small_print()
    axis = {"fixedrange": True, "tickfont": soft, "zeroline": False}
    return chart_layout(
        _HEIGHT_PX,
        meta="set",
        margin={"l": 44, "r": 12, "t": 26, "b": 42},
        showlegend=two_sides,
        legend={"orientation": "h", "x": 0, "y": 1.14, "font": soft},
        dragmode=False,
        hovermode="closest",
        xaxis={**axis, "showgrid": False, "title": {"text": plain(x_title), "font": soft}},
        yaxis={**axis, "gridcolor": light("line"), "nticks": 6, "ticksuffix": close_unit(unit),
               **ZERO_LINE},
    )  # fmt: skip


def _figure(data: list[go.Scatter], layout: dict[str, Any]) -> dict[str, Any]:
    figure: dict[str, Any] = go.Figure(data=data, layout=layout).to_plotly_json()
    return figure
