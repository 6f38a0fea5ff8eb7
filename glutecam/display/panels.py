"""Panels with words, as every picture of a session uses them; sizes are those of a 720p picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glutecam.core.assessment import Band
from glutecam.display.lettering import Colour, Lettering, Sprite, paste
from glutecam.display.view import Image

__all__ = [
    "BAND_COLOURS",
    "INK",
    "SOFT",
    "TO_DO",
    "WHITE",
    "Row",
    "banner",
    "card",
    "fitted",
    "unit_of",
]

WHITE: Colour = (255, 255, 255)
SOFT: Colour = (200, 209, 220)
INK: Colour = (14, 18, 24)
TO_DO: Colour = (158, 186, 222)
"""Of an instruction, which is no result and so has the colour of none."""

BAND_COLOURS: Mapping[Band, Colour] = {
    Band.OK: (64, 214, 160),
    Band.NO_FAULT: (111, 203, 224),
    Band.WATCH: (255, 196, 61),
    Band.FAULT: (255, 107, 74),
    Band.INCONCLUSIVE: (171, 143, 210),
}
"""Each has a sign beside it; what could not be told is far from the others for colour-blind eyes too."""

_EDGE, _PAD = 20, 24
_LINE = 1.26
"""Height of a line in letter sizes."""
_OPACITY = 0.78


@dataclass(frozen=True)
class Row:
    """A line of a card: words, size in a 720p picture, colour; ``sign`` stands in a disc before it."""

    words: str
    size: float
    colour: Colour = WHITE
    bold: bool = False
    sign: str = ""
    sign_colour: Colour = SOFT


def unit_of(canvas: Image) -> float:
    """Return the size of the picture in units of a 720p one."""
    return float(min(canvas.shape[:2])) / 720.0


def fitted(
    letters: Lettering, words: str, width: int, largest: float, height: float = math.inf
) -> tuple[int, list[str]]:
    """Return a size in pixels and the lines: one large line, else two, else three.

    Parameters
    ----------
    letters : Lettering
    words : str
    width : int
        Pixels.
    largest : float
        Letter size in pixels.
    height : float
        Pixels that there are for the lines: letters become smaller rather than reach beyond.
    """
    for most, scales in ((1, (64, 60, 56, 52)), (2, (54, 50, 46)), (3, (46, 42, 38, 34, 30))):
        for size in (round(scale * largest / 64) for scale in scales):
            lines = letters.wrap(words, size, width, bold=True)
            longest = max(letters.width(line, size, bold=True) for line in lines)
            fits = longest <= width and len(lines) * _LINE * size <= height
            if len(lines) <= most and fits:
                return size, lines
    return size, lines


def banner(
    letters: Lettering,
    canvas: Image,
    words: str,
    colour: Colour,
    *,
    largest: float = 64.0,
    share: float | None = None,
    unit: float | None = None,
    room: float = math.inf,
) -> float:
    """Write the one thing to do now across the bottom, and return the y of its upper edge.

    Parameters
    ----------
    largest : float
        Letter size in a 720p picture; less where the words would not fit.
    share : float, optional
        Of something that fills up while one waits: a bar along the lower edge, 0 to 1.
    unit : float, optional
        Scale of everything; by default that of the picture.
    room : float
        Pixels above the lower edge of the picture that it may take.
    """
    unit = unit or unit_of(canvas)
    edge, pad = round(_EDGE * unit), round(_PAD * unit)
    bottom = float(canvas.shape[0] - edge)
    if not words:
        return bottom + edge * 0.7
    inner, left = canvas.shape[1] - 2 * edge - 2 * pad, room - edge - 1.1 * pad
    size, lines = fitted(letters, words, inner, largest * unit, left)
    sprites = [letters.text(line, size, INK, bold=True) for line in lines]
    height = sum(sprite.height for sprite in sprites) + round(1.1 * pad)
    top = bottom - height
    width = canvas.shape[1] - 2 * edge
    paste(canvas, letters.panel(width, height, colour, 0.94, round(18 * unit)), edge, top)
    _stack(canvas, sprites, top + 0.5 * pad)
    if share is not None:
        _bar(canvas, edge + pad, round(bottom - 0.55 * pad), width - 2 * pad, share, unit)
    return top


def _stack(canvas: Image, sprites: list[Sprite], y: float) -> None:
    for sprite in sprites:
        paste(canvas, sprite, (canvas.shape[1] - sprite.width) / 2, y)
        y += sprite.height


def _bar(canvas: Image, left: int, top: int, width: int, share: float, unit: float) -> None:
    """Fill a bar; plain pixels, because every share would be a sprite of its own."""
    thick = max(2, round(8 * unit))
    place = canvas[top : top + thick, left : left + width]
    np.multiply(place, 0.72, out=place, casting="unsafe")
    canvas[top : top + thick, left : left + round(width * min(1.0, max(0.0, share)))] = INK


def card(
    letters: Lettering,
    canvas: Image,
    rows: list[Row],
    *,
    at: tuple[float, float],
    unit: float,
) -> None:
    """Write lines into one dark panel.

    Parameters
    ----------
    at : tuple
        Where the panel lies: 0 to 1 of the room that is left beside it, from left and from above.
    unit : float
        Scale of everything.
    """
    pad, edge, gap = round(22 * unit), round(_EDGE * unit), round(14 * unit)
    made = [(row, letters.text(row.words or " ", *_style(row, unit))) for row in rows]
    disc = max([round(1.25 * row.size * unit) for row in rows if row.sign], default=0)
    indent = disc + gap if disc else 0
    width = max(indent * bool(row.sign) + sprite.width for row, sprite in made) + 2 * pad
    height = sum(
        max(sprite.height, round(1.15 * disc)) if row.sign else sprite.height
        for row, sprite in made
    )
    height += round(1.2 * pad)
    left = edge + at[0] * (canvas.shape[1] - width - 2 * edge)
    top = edge + at[1] * (canvas.shape[0] - height - 2 * edge)
    paste(canvas, letters.panel(width, height, INK, _OPACITY, round(16 * unit)), left, top)
    y = top + 0.6 * pad
    for row, sprite in made:
        high = max(sprite.height, round(1.15 * disc)) if row.sign else sprite.height
        if row.sign:
            _disc(letters, canvas, row, (left + pad, y + 0.5 * (high - disc)), disc)
        paste(
            canvas, sprite, left + pad + indent * bool(row.sign), y + 0.5 * (high - sprite.height)
        )
        y += high


def _style(row: Row, unit: float) -> tuple[int, Colour, bool]:
    return max(8, round(row.size * unit)), row.colour, row.bold


def _disc(letters: Lettering, canvas: Image, row: Row, at: tuple[float, float], size: int) -> None:
    """Set a sign in a coloured disc: form and colour say the same."""
    paste(canvas, letters.panel(size, size, row.sign_colour, 1.0, size // 2), *at)
    sign = letters.text(row.sign, round(0.72 * size), INK, bold=True)
    paste(canvas, sign, at[0] + 0.5 * (size - sign.width), at[1] + 0.5 * (size - sign.height))
