"""The drawing of an exercise as SVG: for the report, the pages and the browser.

Lines have the colour of the text around them, so that it is read in light and in dark; a file of
its own says which colour that is, as nothing surrounds it.
"""

from __future__ import annotations

from html import escape

from glutecam.core.drawing import Drawing, Figure, Line, Place

__all__ = ["ACCENT", "sketch"]

ACCENT = "#d9622b"
"""The worked leg and the arrows: 3:1 or more against white and against black."""

_ALONE = "svg{color:#24292f}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}"
_PANEL = 100
_GAP = 16
_HEAD = 5.5
_EDGE = 3.0


def sketch(drawing: Drawing, *, alone: bool = False) -> str:
    """Return the drawing as one ``<svg>`` element.

    Parameters
    ----------
    drawing : Drawing
    alone : bool
        It is a file of its own: then it brings its colours with it.
    """
    top = _top(drawing)
    box = f"0 {top:g} {2 * _PANEL + _GAP} {_PANEL - top:g}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
        f'role="img" aria-label="{escape(drawing.says)}" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    )
    style = f"<style>{_ALONE}</style>" if alone else ""
    first = _panel(drawing.start, drawing.props, (), 0)
    second = _panel(
        drawing.end, (*drawing.props, *drawing.end_props), drawing.arrows, _PANEL + _GAP
    )
    return f"{head}<title>{escape(drawing.says)}</title>{style}{first}{second}</svg>"


def _top(drawing: Drawing) -> float:
    """Return where the picture begins, so that somebody who lies has no empty room above."""
    lines = [*drawing.props, *drawing.end_props, *drawing.arrows]
    for figure in (drawing.start, drawing.end):
        lines += [figure.trunk, figure.shoulders, *figure.legs, *figure.arms]
        lines.append(((figure.head[0], figure.head[1] - _HEAD),))
    return min(y for line in lines for _, y in line) - _EDGE


def _panel(figure: Figure, props: tuple[Line, ...], arrows: tuple[Line, ...], x: int) -> str:
    things = "".join(_line(prop) for prop in props)
    pointing = "".join(_arrow(arrow) for arrow in arrows)
    return (
        f'<g transform="translate({x})"><g opacity=".45" stroke-width="1.4">{things}</g>'
        f"{_body(figure)}{pointing}</g>"
    )


def _body(figure: Figure) -> str:
    x, y = figure.head
    parts = [f'<circle cx="{x:g}" cy="{y:g}" r="{_HEAD}"/>']
    lines = (figure.trunk, figure.shoulders, figure.hips, *figure.arms, *figure.legs[1:])
    parts += [_line(line) for line in lines if line]
    parts.append(f'<g stroke="{ACCENT}" stroke-width="3">{_line(figure.legs[0])}</g>')
    return "".join(parts)


def _line(places: Line) -> str:
    return f'<polyline points="{" ".join(f"{x:g},{y:g}" for x, y in places)}"/>'


def _arrow(places: Line) -> str:
    """Return a line with a tip at its end."""
    (x0, y0), (x, y) = places[-2], places[-1]
    way = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
    along: Place = ((x - x0) / way, (y - y0) / way)
    wings = [
        (x - 5 * along[0] + turn * 3 * along[1], y - 5 * along[1] - turn * 3 * along[0])
        for turn in (-1, 1)
    ]
    tip = (wings[0], (x, y), wings[1])
    return f'<g stroke="{ACCENT}" stroke-width="1.6">{_line(places)}{_line(tip)}</g>'
