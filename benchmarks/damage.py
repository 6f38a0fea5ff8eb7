"""Ways to spoil a recording, with real pixels: each takes frames and gives frames.

A damage is a function of a stream of (seconds, picture); those that need a second recording are made
with it. Nothing is drawn by hand that a camera could not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.video import VideoFile
from glutecam.closing import Closing

__all__ = ["Damage", "Damaged", "Image", "Shot", "each", "shots_of"]

Image = NDArray[np.uint8]
Shot = tuple[float, Image]
Damage = Callable[[Iterator[Shot]], Iterator[Shot]]
HALF_S = 2.6
"""When something happens in the middle: after the quiet posture, before the repetition's end."""


@dataclass
class Damaged(Closing):
    """A clip as a source of frames, spoiled on the way."""

    path: Path
    damage: Damage
    seconds: float

    def __post_init__(self) -> None:
        self.warnings: list[str] = []
        self._video = VideoFile(self.path)
        self._shots: Iterator[Shot] = iter(())
        self._size = (0, 0)

    @property
    def info(self) -> SourceInfo:
        """Of the clip it is made from, with the size that comes out."""
        width, height = self._size
        return replace(self._video.info, frame_count=None, width_px=width, height_px=height)

    def __enter__(self) -> Damaged:
        """Open it, and look at the first picture for its size."""
        self._video.__enter__()
        whole = ((f.time_s, f.image) for f in self._video if f.time_s <= self.seconds)
        spoiled = self.damage(whole)
        first = next(spoiled)
        self._size = (first[1].shape[1], first[1].shape[0])
        self._shots = chain([first], spoiled)
        return self

    def close(self) -> None:
        """Close it."""
        self._video.close()

    def __iter__(self) -> Iterator[Frame]:
        """Give the spoiled frames."""
        for index, (time_s, image) in enumerate(self._shots):
            yield Frame(index, time_s, np.ascontiguousarray(image), 0.0)


def shots_of(path: Path) -> Iterator[Shot]:
    """Give a clip's frames."""
    with VideoFile(path) as video:
        yield from ((frame.time_s, frame.image) for frame in video)


def each(change: Callable[[Image, float], Image]) -> Damage:
    """Change every picture by itself."""

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        return ((time_s, change(image, time_s)) for time_s, image in shots)

    return damage


def nothing() -> Damage:
    """Leave it as it is."""
    return each(lambda image, _: image)


def then(*steps: Damage) -> Damage:
    """One damage after the other."""

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        for step in steps:
            shots = step(shots)
        return shots

    return damage


def _warped(image: Image, matrix: NDArray[Any]) -> Image:
    size = (image.shape[1], image.shape[0])
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(image, matrix, size, borderMode=edge), np.uint8)


def turning(angle_deg: Callable[[float], float]) -> Damage:
    """Turn the picture clockwise about its middle, zoomed in so that no edge shows the trick."""

    def change(image: Image, time_s: float) -> Image:
        height, width = image.shape[:2]
        turn = np.radians(abs(angle_deg(time_s)))
        wide = np.cos(turn) + height / width * np.sin(turn)
        high = width / height * np.sin(turn) + np.cos(turn)
        middle, zoom = (width / 2, height / 2), float(max(wide, high))
        return _warped(image, cv2.getRotationMatrix2D(middle, -angle_deg(time_s), zoom))

    return each(change)


def rolled(angle_deg: float) -> Damage:
    """Roll the camera."""
    return turning(lambda _: angle_deg)


def quarter_turns(count: int) -> Damage:
    """Turn the picture by 90° so many times."""
    return each(lambda image, _: np.rot90(image, count))


def cropped(top: float = 0.0, bottom: float = 1.0, left: float = 0.0, right: float = 1.0) -> Damage:
    """Keep a part of the picture, enlarged to what it was."""

    def change(image: Image, _: float) -> Image:
        height, width = image.shape[:2]
        part = image[
            round(top * height) : round(bottom * height), round(left * width) : round(right * width)
        ]
        zoom = height / part.shape[0]
        return np.asarray(cv2.resize(part, None, fx=zoom, fy=zoom), np.uint8)

    return each(change)


def far(scale: float) -> Damage:
    """Make it small, within a plain wall of the picture's own colour."""

    def change(image: Image, _: float) -> Image:
        small = np.asarray(
            cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        )
        out = np.empty_like(image)
        out[:] = small[:2].mean(axis=(0, 1)).astype(np.uint8)
        top, left = (out.shape[0] - small.shape[0]) // 2, (out.shape[1] - small.shape[1]) // 2
        out[top : top + small.shape[0], left : left + small.shape[1]] = small
        return out

    return each(change)


def lit(gain: float, noise: float = 3.0, lift: float = 0.0) -> Damage:
    """Change the light; what is clipped is lost, and a dark picture has the sensor's noise."""
    rng = np.random.default_rng(5)

    def change(image: Image, _: float) -> Image:
        grains = rng.normal(0.0, noise, image.shape[:2])[..., None]
        return np.clip(image * gain + lift + grains, 0, 255).astype(np.uint8)

    return each(change)


def blurred(sigma_px: float) -> Damage:
    """Put it out of focus."""
    return each(lambda image, _: np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.uint8))


def coarse(lines: int) -> Damage:
    """Film it with so few lines and enlarge that."""

    def change(image: Image, _: float) -> Image:
        height, width = image.shape[:2]
        small = cv2.resize(
            image, (round(width * lines / height), lines), interpolation=cv2.INTER_AREA
        )
        return np.asarray(cv2.resize(small, (width, height)), np.uint8)

    return each(change)


def squeezed(share: float) -> Damage:
    """Squeeze its width, as a wrong aspect ratio does."""
    return each(
        lambda image, _: np.asarray(
            cv2.resize(image, (round(image.shape[1] * share), image.shape[0])), np.uint8
        )
    )


def letterboxed(share: float) -> Damage:
    """Put black bars above and below, without changing the picture's size."""

    def change(image: Image, _: float) -> Image:
        out = np.zeros_like(image)
        height, width = image.shape[:2]
        small = cv2.resize(image, (round(width * share), round(height * share)))
        top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
        out[top : top + small.shape[0], left : left + small.shape[1]] = small
        return out

    return each(change)


def every(step: int, repeat: bool = False) -> Damage:
    """Keep one picture of so many; with ``repeat`` show it again in place of the others."""

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        kept: Image | None = None
        for number, (time_s, image) in enumerate(shots):
            if number % step == 0:
                kept = image
                yield time_s, image
            elif repeat and kept is not None:
                yield time_s, kept

    return damage


def frozen(start_s: float, length_s: float) -> Damage:
    """Show one picture for a while."""

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        kept: Image | None = None
        for time_s, image in shots:
            if kept is None and time_s >= start_s:
                kept = image
            held = kept is not None and time_s < start_s + length_s
            yield time_s, kept if held and kept is not None else image

    return damage


def lasting(seconds: float, start_s: float = 0.0) -> Damage:
    """Cut it short."""

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        return ((t, image) for t, image in shots if start_s <= t < start_s + seconds)

    return damage


def shaken(amplitude_px: float, turn_deg: float, seed: int = 3) -> Damage:
    """Hold the camera in the hand: slow sway and tremor, in place and in roll."""
    rng = np.random.default_rng(seed)
    rates = np.array([0.4, 1.1, 2.3, 5.0, 8.0])
    size = np.array([0.5, 0.3, 0.2, 0.1, 0.05])
    phase = rng.uniform(0, 2 * np.pi, (3, len(rates)))

    def change(image: Image, time_s: float) -> Image:
        wave = (np.sin(2 * np.pi * rates * time_s + phase) * size).sum(axis=1)
        height, width = image.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg * wave[2], 1.06)
        matrix[:, 2] += amplitude_px * wave[:2]
        return _warped(image, matrix)

    return each(change)


def panned(px_per_s: float) -> Damage:
    """Swing the camera slowly to one side."""

    def change(image: Image, time_s: float) -> Image:
        matrix = np.array([[1.15, 0.0, -px_per_s * time_s], [0.0, 1.15, -0.075 * image.shape[0]]])
        return _warped(image, matrix)

    return each(change)


def mirrored_from(start_s: float) -> Damage:
    """Mirror the picture from some time on."""
    return each(lambda image, time_s: image[:, ::-1] if time_s >= start_s else image)


def cut_to(path: Path, start_s: float) -> Damage:
    """Go on with another clip."""

    def damage(shots: Iterator[Shot]) -> Iterator[Shot]:
        other = shots_of(path)
        for time_s, image in shots:
            _, later = next(other)
            yield time_s, later if time_s >= start_s else image

    return damage


def bare() -> Damage:
    """Take everything upright out of the room: only the person's strip and plain colours stay."""

    def change(image: Image, _: float) -> Image:
        width = image.shape[1]
        left, right = round(0.37 * width), round(0.63 * width)
        out = np.asarray(cv2.GaussianBlur(image, (0, 0), 40), np.uint8)
        rows = image[:, [left, right]].mean(axis=1, keepdims=True).astype(np.uint8)
        out[:] = rows
        out[:, left:right] = image[:, left:right]
        return out

    return each(change)


def covered(top: float, bottom: float, left: float, right: float, colour: int = 90) -> Damage:
    """Put something between the camera and a part of the picture."""

    def change(image: Image, _: float) -> Image:
        height, width = image.shape[:2]
        out: Image = image.copy()
        out[
            round(top * height) : round(bottom * height), round(left * width) : round(right * width)
        ] = colour
        return out

    return each(change)
