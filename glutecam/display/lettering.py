"""Crisp text and panels on pictures, kept as sprites so that a frame pays only for the paste.

OpenCV's own letters lack ° and ±, hence Pillow. The typeface is DejaVu Sans, which comes with a
package that the pose model requires; without it Pillow's built-in typeface is used.
"""

from __future__ import annotations

import importlib.util
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from glutecam.display.view import Image

__all__ = ["Colour", "Lettering", "Sprite", "paste"]

Colour = tuple[int, int, int]
"""RGB, 0 to 255."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_REMEMBER_BYTES = 12_000_000
"""At 720p about four pictures' worth; every repetition brings a new large number of its own."""

_WIDTHS = 4000
"""Widths of words that are remembered: to ask the typeface costs more than to paste the letters."""

_ONE_PICTURE = 40
"""More sprites than any picture has; these stay, however large they are."""


@dataclass(frozen=True, eq=False)
class Sprite:
    """A picture with transparency, ready to paste.

    Attributes
    ----------
    light : (h, w, 3) uint8
        Colour times opacity.
    shade : (h, w, 3) uint8
        255 minus opacity.
    """

    light: NDArray[np.uint8]
    shade: NDArray[np.uint8]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.light.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.light.shape[0])

    @property
    def nbytes(self) -> int:
        """Memory it occupies."""
        return self.light.nbytes + self.shade.nbytes


def paste(canvas: Image, sprite: Sprite, x: float, y: float) -> None:
    """Lay the sprite with its top left corner at (x, y) pixels; what lies outside is cut off."""
    left, top = round(x), round(y)
    x0, y0 = max(left, 0), max(top, 0)
    x1 = min(left + sprite.width, canvas.shape[1])
    y1 = min(top + sprite.height, canvas.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    under = canvas[y0:y1, x0:x1]
    dimmed = cv2.multiply(under, sprite.shade[part], scale=1.0 / 255.0)
    canvas[y0:y1, x0:x1] = cv2.add(dimmed, sprite.light[part])


def _sprite(opacity: NDArray[np.uint8], colour: Colour) -> Sprite:
    """Colour an opacity mask (h, w)."""
    share = opacity[..., None].astype(np.float32) / 255.0
    light = np.round(share * np.array(colour, dtype=np.float32)).astype(np.uint8)
    shade = np.repeat((255 - opacity)[..., None], 3, axis=2)
    return Sprite(np.ascontiguousarray(light), np.ascontiguousarray(shade))


def _font_file(bold: bool) -> Path | None:
    """Return DejaVu Sans where it is installed, found without importing (slow) its package."""
    found = importlib.util.find_spec("matplotlib")
    for folder in (found.submodule_search_locations or []) if found else []:
        name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
        path = Path(folder) / "mpl-data" / "fonts" / "ttf" / name
        if path.is_file():
            return path
    return None


class Lettering:
    """Makes text and panel sprites and remembers those used last.

    Parameters
    ----------
    remember_bytes : int
        Beyond this the sprites not used for longest are forgotten.
    at_least : int
        So many are remembered, whatever their size.
    """

    def __init__(self, remember_bytes: int = _REMEMBER_BYTES, at_least: int = _ONE_PICTURE) -> None:
        self._remember_bytes = remember_bytes
        self._at_least = at_least
        self._fonts: dict[tuple[int, bool], Font] = {}
        self._widths: dict[tuple[str, int, bool], int] = {}
        self._sprites: OrderedDict[tuple[object, ...], Sprite] = OrderedDict()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Memory that the remembered sprites occupy."""
        return self._bytes

    def text(self, words: str, size: int, colour: Colour, bold: bool = False) -> Sprite:
        """Return one line of text; its height is that of the typeface, not of the letters.

        Parameters
        ----------
        words : str
            One line.
        size : int
            Letter size in pixels.
        colour : Colour
        bold : bool
        """
        key = ("text", words, size, colour, bold)
        return self._kept(key, lambda: _sprite(self._mask(words, size, bold), colour))

    def panel(self, width: int, height: int, colour: Colour, opacity: float, radius: int) -> Sprite:
        """Return a rectangle with round corners, ``width`` x ``height`` pixels.

        Parameters
        ----------
        width, height, radius : int
            Pixels.
        colour : Colour
        opacity : float
            0 to 1.
        """
        key = ("panel", width, height, colour, opacity, radius)
        return self._kept(key, lambda: _sprite(_rounded(width, height, opacity, radius), colour))

    def width(self, words: str, size: int, bold: bool = False) -> int:
        """Return how wide the text will be, in pixels."""
        key = (words, size, bold)
        if key not in self._widths:
            if len(self._widths) >= _WIDTHS:
                self._widths.clear()
            self._widths[key] = max(1, int(np.ceil(self._font(size, bold).getlength(words))))
        return self._widths[key]

    def wrap(self, words: str, size: int, width: int, bold: bool = False) -> list[str]:
        """Break the text into lines no wider than ``width`` pixels, at spaces only."""
        lines: list[str] = []
        for word in words.split():
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(joined, size, bold) <= width:
                lines[-1] = joined
            else:
                lines.append(word)
        return lines

    def _kept(self, key: tuple[object, ...], make: Callable[[], Sprite]) -> Sprite:
        sprite = self._sprites.get(key)
        if sprite is None:
            sprite = self._sprites[key] = make()
            self._bytes += sprite.nbytes
            while self._bytes > self._remember_bytes and len(self._sprites) > self._at_least:
                _, oldest = self._sprites.popitem(last=False)
                self._bytes -= oldest.nbytes
        self._sprites.move_to_end(key)
        return sprite

    def _font(self, size: int, bold: bool) -> Font:
        key = (size, bold)
        if key not in self._fonts:
            path = _font_file(bold)
            self._fonts[key] = (
                ImageFont.truetype(str(path), size) if path else ImageFont.load_default(size)
            )
        return self._fonts[key]

    def _mask(self, words: str, size: int, bold: bool) -> NDArray[np.uint8]:
        picture = Picture.new("L", (self.width(words, size, bold), round(size * 1.25)), 0)
        ImageDraw.Draw(picture).text((0, 0), words, font=self._font(size, bold), fill=255)
        return np.asarray(picture, dtype=np.uint8)


def _rounded(width: int, height: int, opacity: float, radius: int) -> NDArray[np.uint8]:
    """Draw four times too large and shrink, for smooth corners."""
    picture = Picture.new("L", (4 * width, 4 * height), 0)
    ImageDraw.Draw(picture).rounded_rectangle(
        (0, 0, 4 * width - 1, 4 * height - 1), 4 * radius, fill=round(255 * opacity)
    )
    return np.asarray(picture.resize((width, height), Picture.Resampling.BOX), dtype=np.uint8)
