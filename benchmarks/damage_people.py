"""Recordings spoiled by other people: cut out of their own clips by their colours, and put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.damage import Damage, Image, Shot, each, shots_of

__all__ = ["leaving", "swapped_person", "with_person"]

CutOut = tuple[Image, NDArray[np.float32]]
"""A person and how much each pixel is theirs, (H, w, 3) and (H, w)."""


def with_person(
    path: Path, place: Callable[[float], float | None], scale: float = 1.0, half_width: float = 0.13
) -> Damage:
    """Let somebody out of another clip stand in the picture, cut out of their room by its colours.

    ``place`` gives where their middle is across the picture, None for not there.
    """

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        for (time_s, image), other in zip(shots, _cut_outs(path, half_width), strict=False):
            at = place(time_s)
            yield time_s, image if at is None else _pasted(image, other, at, scale)

    return damage


def _cut_outs(path: Path, half_width: float) -> Iterator[CutOut]:
    """Cut a person out of the strip in the middle, wherever it differs from wall and floor."""
    for _, whole in shots_of(path):
        middle, reach = whole.shape[1] // 2, round(half_width * whole.shape[1])
        image = whole[:, middle - reach : middle + reach]
        apart = np.abs(image.astype(np.float32) - _room_behind(image)).max(axis=2)
        mask = cv2.GaussianBlur((apart > 22).astype(np.float32), (0, 0), 1.0)
        yield image, np.asarray(mask, np.float32)


def _room_behind(image: Image) -> NDArray[np.float32]:
    """Return the wall and floor behind, from the rim of each row."""
    rim = np.concatenate([image[:, :12], image[:, -12:]], axis=1).astype(np.float32)
    return np.repeat(np.median(rim, axis=1, keepdims=True), image.shape[1], axis=1)


def _pasted(image: Image, cut_out: CutOut, at: float, scale: float) -> Image:
    other, mask = (np.asarray(cv2.resize(part, None, fx=scale, fy=scale)) for part in cut_out)
    height, width = image.shape[:2]
    top = height - other.shape[0] if scale <= 1 else 0
    other, mask = other[: height - top], mask[: height - top]
    left = round(at * width) - other.shape[1] // 2
    low, high = max(0, left), min(width, left + other.shape[1])
    if low >= high:
        return image
    own = slice(low - left, high - left)
    share = mask[:, own, None]
    out: Image = image.copy()
    part = out[top : top + len(other), low:high]
    part[:] = (share * other[:, own] + (1 - share) * part).astype(np.uint8)
    return out


def swapped_person(path: Path, start_s: float) -> Damage:
    """Put somebody out of another clip into the person's place, in the same room."""

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        for (time_s, image), other in zip(shots, _cut_outs(path, 0.13), strict=False):
            empty = without_person(image) if time_s >= start_s else image
            yield time_s, _pasted(empty, other, 0.5, 1.0) if time_s >= start_s else image

    return damage


def without_person(image: Image) -> Image:
    """Return the picture with wall and floor where the person was."""
    width = image.shape[1]
    left, right = round(0.36 * width), round(0.64 * width)
    out: Image = image.copy()
    out[:, left:right] = _room_behind(image[:, left:right]).astype(np.uint8)
    return out


def leaving(start_s: float) -> Damage:
    """Let the person be gone from some time on."""
    return each(lambda image, time_s: without_person(image) if time_s >= start_s else image)
