"""One quantity over weeks as a Plotly figure: repetitions, sessions, and the change that can be told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from plotly import graph_objects as go

from glutecam.core.assessment import Band, Side
from glutecam.core.trend import Group, Point, Trend
from glutecam.core.trend_view import Dot, dots_of, range_of, shading_of
from glutecam.core.wording import BAND_WORDS, close_unit, plus_minus
from glutecam.records.limits import Edge
from glutecam.records.plot import (
    COLOUR_OF,
    FONT,
    SYMBOL_OF,
    ZERO_LINE,
    chart_layout,
    light,
    plain,
    small_print,
)

__all__ = ["TrendFigure", "trend_figure"]

_HEIGHT_PX = 300
_TINT = {Side.LEFT: "other-ribbon", Side.RIGHT: "side-ribbon"}
_WAY = {Side.LEFT: -1, Side.RIGHT: 1}
_AIR = 0.06
"""Beside the first and the last session, so that on a phone too their whole marks are seen."""
_DAYS = {"dtickrange": [86_400_000, 2_419_200_000], "value": "%-d %b\n%Y"}
"""Days and weeks, in milliseconds, as the sentences name them; the year below the first."""
_SHARE, _MOST = 0.035, timedelta(hours=10)
"""What is of one session stands around its time: so much of the axis, and never half a day."""


@dataclass(frozen=True)
class TrendFigure:
    """The sides of one rule, and the limits that stand in the figure."""

    trends: Sequence[Trend]
    edges: Sequence[Edge]
    bands: Mapping[Band, str] = field(default_factory=lambda: BAND_WORDS)

    @property
    def unit(self) -> str:
        """Unit of the values."""
        return self.trends[0].rule.unit

    @property
    def times(self) -> tuple[datetime, datetime]:
        """From the first session to the last, with some air."""
        began = [point.began for trend in self.trends for point in trend.points]
        air = max(timedelta(days=2), _AIR * (max(began) - min(began)))
        return min(began) - air, max(began) + air

    def place(self, trend: Trend, time: datetime, along: float = 0.0) -> datetime:
        """Return where something of one side's session is drawn.

        Two sides stand beside each other, and the repetitions of each, ``along`` from -1 to 1, around
        its middle.
        """
        start, end = self.times
        reach = min(_SHARE * (end - start), _MOST)
        if len({one.side for one in self.trends}) < 2:
            return time + along * reach
        return time + (0.52 * _WAY[trend.side] + 0.4 * along) * reach


def trend_figure(
    trends: Sequence[Trend], edges: Sequence[Edge], bands: Mapping[Band, str] = BAND_WORDS
) -> dict[str, Any]:
    """Return ``data`` and ``layout`` for plotly.js.

    Parameters
    ----------
    trends : sequence of Trend
        The sides of one exercise and rule.
    edges : sequence of Edge
        Of the rule, as far as it has some.
    bands : mapping of Band to str
        What the audience calls each.
    """
    shown = TrendFigure(trends, edges, bands)
    data = [trace for trend in trends for trace in _traces(shown, trend)]
    made: dict[str, Any] = go.Figure(data=data, layout=_layout(shown)).to_plotly_json()
    return made


def _traces(shown: TrendFigure, trend: Trend) -> list[go.Scatter]:
    return [*_band(shown, trend), _reps(shown, trend), *_sessions(shown, trend)]


def _band(shown: TrendFigure, trend: Trend) -> list[go.Scatter]:
    """Shade how far a session may lie from the first one without any change being told."""
    shading = shading_of(trend)
    if shading is None:
        return []
    start, end = shown.place(trend, trend.first.began), shown.times[1]
    low, high = shading
    return [
        go.Scatter(
            x=[_when(t) for t in (start, end, end, start)],
            y=[low, low, high, high],
            mode="lines", line={"width": 0}, fill="toself",
            fillcolor=light(_TINT[trend.side]), hoverinfo="skip", showlegend=False,
        )
    ]  # fmt: skip


def _reps(shown: TrendFigure, trend: Trend) -> go.Scatter:
    """Every repetition as a dot of its own; one beyond the limit has a cross in it."""
    dots = [(point, dot) for point in trend.points for dot in dots_of(point)]
    own = light(COLOUR_OF[trend.side])
    colours = [light(Band.FAULT.value) if dot.is_fault else own for _, dot in dots]
    return go.Scatter(
        x=[_when(shown.place(trend, point.began, dot.along)) for point, dot in dots],
        y=[round(dot.value, 3) for _, dot in dots],
        mode="markers",
        marker={"opacity": 1, "size": [10 if dot.is_fault else 6 for _, dot in dots], "color": colours,
                "symbol": [_symbol(trend, point, dot) for point, dot in dots],
                "line": {"color": colours, "width": 1.4}},
        hovertext=[_rep_tip(shown, trend, point, dot) for point, dot in dots],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )  # fmt: skip


def _symbol(trend: Trend, point: Point, dot: Dot) -> str:
    if dot.is_fault:
        return f"{SYMBOL_OF[trend.side]}-x-open"
    return SYMBOL_OF[trend.side] + ("" if point.comparable else "-open")


def _rep_tip(shown: TrendFigure, trend: Trend, point: Point, dot: Dot) -> str:
    value = plus_minus(dot.value, dot.half_width, trend.rule.unit)
    told = f", {shown.bands[Band.FAULT]}" if dot.is_fault else ""
    return plain(f"{point.began:%Y-%m-%d}, {trend.side.value}, one repetition: {value}{told}")


def _sessions(shown: TrendFigure, trend: Trend) -> list[go.Scatter]:
    """Join the medians of the sessions, each with its ±; dotted where measured in another way.

    A session whose repetitions lie in groups has a median for each, and no line leads through it.
    """
    groups = [
        ([point for point in trend.points if not point.comparable], False),
        (list(trend.comparable), True),
    ]
    return [_line(shown, trend, points, alike) for points, alike in groups if points]


def _line(shown: TrendFigure, trend: Trend, points: Sequence[Point], alike: bool) -> go.Scatter:
    colour = light(COLOUR_OF[trend.side])
    marks = [mark for point in points for mark in _marks(point)]
    return go.Scatter(
        x=[_when(shown.place(trend, mark[0].began)) if mark else None for mark in marks],
        y=[round(mark[1].median, 3) if mark else None for mark in marks],
        mode="lines+markers",
        name=trend.side.value,
        line={"color": colour, "width": 2.2, "dash": "solid" if alike else "dot"},
        marker={"size": 17, "symbol": "line-ew-open", "color": colour,
                "line": {"color": colour, "width": 3}},
        error_y={"type": "data", "array": [_known(mark[1].half_width) if mark else None for mark in marks],
                 "color": colour, "thickness": 1.2, "width": 4},
        hovertext=[_tip(trend, *mark) if mark else "" for mark in marks],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )  # fmt: skip


def _marks(point: Point) -> list[tuple[Point, Group] | None]:
    """Return a mark for each group of a session; None is where the line breaks."""
    groups = point.groups
    if len(groups) == 1:
        return [(point, groups[0])]
    return [None, *(each for group in groups for each in ((point, group), None))]


def _tip(trend: Trend, point: Point, group: Group) -> str:
    value = plus_minus(group.median, group.half_width, trend.rule.unit)
    return plain(f"{point.began:%Y-%m-%d}, {trend.side.value}: {value}, median of {group.count}")


def _layout(shown: TrendFigure) -> dict[str, Any]:
    low, high = range_of(shown.trends, [edge.value for edge in shown.edges])
    soft = small_print()
    return chart_layout(
        _HEIGHT_PX,
        margin={"l": 48, "r": 80, "t": 12, "b": 30},
        dragmode="zoom",
        hovermode="closest",
        uirevision="keep",
        xaxis={"range": [_when(t) for t in shown.times], "showgrid": False, "zeroline": False,
               "tickfont": soft, "tickangle": 0, "type": "date", **_ticks(shown)},
        yaxis={"range": [low, high], "gridcolor": light("line"), "nticks": 6, "fixedrange": True,
               "ticksuffix": close_unit(shown.unit), "tickfont": soft, **ZERO_LINE},
        shapes=[_edge_line(edge) for edge in shown.edges],
        annotations=[_edge_name(edge, shown.bands) for edge in shown.edges],
    )  # fmt: skip


def _known(half_width: float) -> float | None:
    return round(half_width, 3) if math.isfinite(half_width) else None


def _ticks(shown: TrendFigure) -> dict[str, Any]:
    """Name the one day there is; days on which nothing was done say nothing."""
    began = sorted(point.began for trend in shown.trends for point in trend.points)
    if began[0].date() != began[-1].date():
        # More would run into each other on a phone.
        return {"nticks": 4, "tickformatstops": [_DAYS]}
    middle = began[0] + (began[-1] - began[0]) / 2
    return {"tickvals": [_when(middle)], "ticktext": [f"{middle.day} {middle:%b %Y}"]}


def _edge_line(edge: Edge) -> dict[str, Any]:
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": edge.value, "y1": edge.value,
        "line": {"color": light(edge.band.value), "width": 1, "dash": "dash"},
    }  # fmt: skip


def _edge_name(edge: Edge, bands: Mapping[Band, str]) -> dict[str, Any]:
    # A unit in words stands above the figure, and does not fit beside it.
    number = edge.number.removesuffix(f" {edge.unit}")
    return {
        "text": plain(f"{bands[edge.band]} {number}"), "showarrow": False, "xref": "paper", "x": 1.005, "y": edge.value,
        "xanchor": "left", "yanchor": "middle",
        "font": {"color": light(edge.band.value), "size": 10.5, "family": FONT},
    }  # fmt: skip


def _when(time: datetime) -> str:
    """Return local time as Plotly reads it."""
    return time.strftime("%Y-%m-%d %H:%M")
