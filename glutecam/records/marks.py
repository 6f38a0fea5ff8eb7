"""What is drawn around a curve: repetitions, attempts, edges with words, faults."""

from __future__ import annotations

from typing import Any

from plotly import graph_objects as go

from glutecam.core.assessment import Band, Rep
from glutecam.core.wording import BAND_SIGNS, Vocabulary, close_unit
from glutecam.records.limits import Edge
from glutecam.records.plot import Plot, light, plain

__all__ = [
    "attempts",
    "edge_lines",
    "edge_names",
    "edge_words",
    "fault_bars",
    "rep_boxes",
    "rep_names",
]


def attempts(plot: Plot) -> list[go.Scatter]:
    """Hatch what was not counted, on a second axis from 0 to 1."""
    return [
        go.Scatter(
            x=[rep.start_s, rep.start_s, rep.end_s, rep.end_s],
            y=[0, 1, 1, 0],
            yaxis="y2",
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillpattern={"shape": "/", "size": 7, "solidity": 0.12, "fgcolor": light("raw"),
                         "bgcolor": "rgba(0,0,0,0)"},
            hoverinfo="skip",
        )
        for rep in plot.assessment.attempts
    ]  # fmt: skip


def rep_boxes(plot: Plot) -> list[dict[str, Any]]:
    """Shade the repetitions."""
    return [
        {"type": "rect", "layer": "below", "x0": rep.start_s, "x1": rep.end_s, "yref": "paper",
         "y0": 0, "y1": 1, "line": {"width": 0}, "fillcolor": light("rep")}
        for rep in plot.assessment.reps
    ]  # fmt: skip


def rep_names(plot: Plot) -> list[dict[str, Any]]:
    """Write the numbers of the repetitions above the figure; each has the sign of all its rules together."""
    whole = plot.assessment
    named = [(rep, *_rep_name(rep)) for rep in (*whole.reps, *whole.attempts)]
    return [
        {"x": (rep.start_s + rep.end_s) / 2, "yref": "paper", "y": 1, "yanchor": "bottom",
         "showarrow": False, "text": name, "hovertext": plain(_rep_tip(rep, plot.words)),
         "font": {"size": 12, "color": light(colour)}}
        for rep, name, colour in named
    ]  # fmt: skip


def _rep_name(rep: Rep) -> tuple[str, str]:
    if not rep.complete:
        return "–", "soft"
    if not rep.findings:
        return f"<b>{rep.number}</b>", "soft"
    return f"<b>{rep.number} {BAND_SIGNS[rep.band]}</b>", rep.band.value


def _rep_tip(rep: Rep, words: Vocabulary) -> str:
    if rep.reason:
        return f"Not counted: {rep.reason}"
    judged = words.bands[rep.band] if rep.findings else "not judged"
    return f"Repetition {rep.number}: {judged}"


def edge_lines(plot: Plot) -> list[go.Scatter]:
    """Draw where good ends, dashed, and where a fault begins, dotted."""
    lines = [
        _level(plot, edge.value, edge.band.value, "dash" if edge.band is Band.OK else "dot")
        for edge in plot.edges
    ]
    counted = _counted_from(plot)
    return lines if counted is None else [*lines, _level(plot, counted, "soft", "dot")]


def _level(plot: Plot, value: float, colour: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=[float(plot.time_s[0]), float(plot.time_s[-1])], y=[value, value], mode="lines",
        line={"color": light(colour), "width": 1.5, "dash": dash}, hoverinfo="skip",
    )  # fmt: skip


def edge_names(plot: Plot) -> list[dict[str, Any]]:
    """Name each edge on the side of it that the word is about.

    Those that guard against too much stand at the left, against too little at the right: there
    they cannot meet.
    """
    names = [
        {**_beside(edge.value, edge.is_upwards), **(_AT_RIGHT if edge.is_lower else _AT_LEFT),
         "text": plain(edge_words(edge, plot.words)), "font": {"color": light(edge.band.value)}}
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
    # A curve that runs through the words stays to be seen, and does not make them hard to read.
    return {"y": value, "yanchor": "bottom" if above else "top", "showarrow": False,
            "borderpad": 0, "bgcolor": light("veil")}  # fmt: skip


def edge_words(edge: Edge, words: Vocabulary) -> str:
    """Return ``good up to 7.5°``; a unit in words stands in the title already."""
    text = edge.in_words(words.bands)
    return text if close_unit(edge.unit) else text.removesuffix(f" {edge.unit}")


def _counted_from(plot: Plot) -> float | None:
    """Return what makes a repetition, where this figure has no edges that it could be mixed with."""
    cycle = plot.exercise.cycle
    return cycle.enter if cycle.measure.name == plot.signal.name and not plot.edges else None


def fault_bars(plot: Plot) -> list[dict[str, Any]]:
    """Mark the frames in which a rule is broken by a bar along the time axis."""
    codes = {rule.code for rule in plot.rules}
    return [
        {"type": "rect", "x0": fault.start_s, "x1": fault.end_s, "yref": "paper", "y0": 0,
         "y1": 0.04, "line": {"width": 0}, "fillcolor": light("fault")}
        for fault in plot.assessment.faults
        if fault.code in codes
    ]  # fmt: skip
