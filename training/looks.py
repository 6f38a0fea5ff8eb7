"""Crops of the pelvis with their truth: a second look at the picture, at its own resolution.

The pose network sees a whole body in 256 pixels; here the pelvis alone fills 128. Crops are made by
`training.collect` beside the landmarks and, unlike those, are not kept in the repository.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.core.pelvis import pelvic_obliquity
from training.examples import Examples, joined, rotated, sighted
from training.landmarks import CROP_PX, CROP_TRUNKS
from training.rotations import Array

Picture = NDArray[np.uint8]

#: The network sees this many pixels, and so many of the crop's; the rest is room for shaking.
SEEN_PX, FIELD_PX = 96, 116


@dataclass(frozen=True)
class Pictures:
    """N examples with their crops, turned to face the camera as the shapes are.

    Attributes
    ----------
    examples : Examples
    crops : (N, CROP_PX, CROP_PX, 3)
    hips : (N, 2, 2)
        Left and right hip-joint centre, x and y from the middle of the crop in crop widths.
    turn_deg : (N,)
        What the model of the landmarks says: crops are turned back by it before they are looked at.
    """

    examples: Examples
    crops: Picture
    hips: Array
    turn_deg: Array

    def __len__(self) -> int:
        return len(self.crops)

    def where(self, chosen: NDArray[np.bool_]) -> Pictures:
        """Return some of them."""
        return Pictures(
            self.examples.where(chosen),
            self.crops[chosen],
            self.hips[chosen],
            self.turn_deg[chosen],
        )

    @cached_property
    def level_shape(self) -> Array:
        """Shapes (N, F), turned back as the crops are."""
        return rotated(self.examples.shape, -self.turn_deg)

    @property
    def residual_deg(self) -> Array:
        """What is left to find (N,)."""
        return self.examples.target_deg - self.turn_deg


def read_crops(path: Path) -> Picture:
    """Read the crops (N, CROP_PX, CROP_PX, 3) of one file, RGB."""
    with np.load(path) as file:
        coded = np.split(file["jpeg"], file["ends"][:-1])
    return np.stack([cv2.imdecode(one, cv2.IMREAD_COLOR)[:, :, ::-1] for one in coded])


def load_pictures(kinds: Sequence[str], folder: Path, at_most: int | None = None) -> Pictures:
    """Read all pictures of these kinds that have a crop and in which the person was found.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    paths = [
        path
        for kind in kinds
        for path in sorted(folder.glob(f"{kind}_*.npz"))
        if path.with_name(f"crops_{path.name}").is_file()
    ]
    if not paths:
        raise FileNotFoundError(f"no crops of {kinds} in {folder}: run training.collect")
    parts = [_of_file(path) for path in paths]
    chosen = Pictures(
        joined([part.examples for part in parts]),
        np.concatenate([part.crops for part in parts]),
        np.concatenate([part.hips for part in parts]),
        np.concatenate([part.turn_deg for part in parts]),
    )
    return chosen if at_most is None else chosen.where(_spread(len(chosen), at_most))


def _spread(count: int, at_most: int) -> NDArray[np.bool_]:
    """Choose whole stretches, so that bodies of every file are among them."""
    order = np.random.default_rng(11).permutation(-(-count // 10))
    chosen = np.isin(np.arange(count) // 10, order[: -(-at_most // 10)])
    return np.asarray(chosen)


def _of_file(path: Path) -> Pictures:
    examples, found = sighted([path], "full")
    crops = read_crops(path.with_name(f"crops_{path.name}"))
    if len(crops) != len(examples):
        raise ValueError(f"{path.name} and its crops do not belong together")
    lying = "roll_deg" in examples.truth
    turned = np.asarray(examples.truth["top"] == "L") if lying else examples.poses.facing < 0.0
    crops[turned] = crops[turned, :, ::-1]
    # Where the hips of lying people lie is not asked.
    hips = np.zeros((len(crops), 2, 2)) if lying else _hips(examples, turned)
    # Roll about the trunk is no turn of the picture.
    turn = np.zeros(len(crops)) if lying else pelvic_obliquity(examples.poses).value
    return Pictures(examples, crops, hips, turn).where(found)


def _hips(examples: Examples, turned: NDArray[np.bool_]) -> Array:
    """Where the true hip centres (N, 2, 2) lie in the crop, from its middle, in crop widths."""
    truth, points = examples.truth, examples.poses.image_px
    middle, top = points[:, [23, 24]].mean(axis=1), points[:, [11, 12]].mean(axis=1)
    width = CROP_TRUNKS * np.linalg.norm(top - middle, axis=1)
    left, right = (
        np.stack([truth[f"{side}_hip_{axis}_px"] for axis in "xy"], axis=1).astype(np.float64)
        for side in ("left", "right")
    )
    hips = (np.stack([left, right], axis=1) - middle[:, None]) / width[:, None, None]
    hips[turned, :, 0] *= -1.0
    return np.asarray(hips)


@dataclass(frozen=True)
class Shaking:
    """How a picture is moved, and what a camera may have done to it."""

    roll_deg: float = 5.0
    zoom: float = 0.10
    shift_px: float = 3.5
    gray: float = 0.25
    inverted: float = 0.05
    blurred: float = 0.3
    jpeg: float = 0.15
    covered: float = 0.3
    noise: float = 9.0


@dataclass(frozen=True)
class Move:
    """Of one picture: rolled about its middle, enlarged, shifted, and mirrored before."""

    roll_deg: float = 0.0
    zoom: float = 1.0
    shift_px: tuple[float, float] = (0.0, 0.0)
    mirrored: bool = False

    @classmethod
    def drawn(cls, rng: np.random.Generator, shaking: Shaking, mirrors: bool) -> Move:
        """Draw one."""
        dx, dy = rng.normal(0.0, shaking.shift_px, 2)
        return cls(
            float(rng.normal(0.0, shaking.roll_deg)),
            float(np.exp(rng.normal(0.0, shaking.zoom))),
            (float(dx), float(dy)),
            mirrors and bool(rng.random() < 0.5),
        )

    def turned_back(self, turn_deg: float) -> Move:
        """Return the same after a turn of the picture back by `turn_deg`, as it stood unmirrored."""
        back = turn_deg if self.mirrored else -turn_deg
        return replace(self, roll_deg=self.roll_deg + back)

    @property
    def matrix(self) -> Array:
        """(2, 2) from the crop's pixels to the network's; a mirror is not in it."""
        size = self.zoom * SEEN_PX / FIELD_PX
        cos, sin = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        return size * np.array([[cos, -sin], [sin, cos]])

    def picture(self, crop: Picture) -> Picture:
        """Return what the network sees (SEEN_PX, SEEN_PX, 3)."""
        if self.mirrored:
            crop = np.ascontiguousarray(crop[:, ::-1])
        middle = np.full(2, (CROP_PX - 1) / 2.0)
        shift = (SEEN_PX - 1) / 2.0 + np.array(self.shift_px) - self.matrix @ middle
        place = np.column_stack([self.matrix, shift])
        size = (SEEN_PX, SEEN_PX)
        return np.asarray(
            cv2.warpAffine(crop, place, size, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )

    def points(self, hips: Array) -> Array:
        """Hip centres (2, 2), left and right, where the network sees them, in widths of its view."""
        if self.mirrored:
            hips = hips[::-1] * [-1.0, 1.0]
        return np.asarray((CROP_PX * hips @ self.matrix.T + self.shift_px) / SEEN_PX)


def disguised(picture: Picture, rng: np.random.Generator, shaking: Shaking) -> Picture:
    """Return it with other colours, contrast, blur, noise and holes: the drawn look taken away."""
    seen = _recoloured(picture, rng, shaking)
    if rng.random() < shaking.blurred:
        seen = cv2.GaussianBlur(seen, (0, 0), float(rng.uniform(0.4, 1.6)))
    if rng.random() < shaking.jpeg:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(12, 60))]
        seen = cv2.imdecode(cv2.imencode(".jpg", seen, quality)[1], cv2.IMREAD_COLOR)
    if rng.random() < shaking.covered:
        seen = _covered(seen, rng)
    grain = rng.integers(-128, 128, seen.shape, dtype=np.int16)
    amount = abs(rng.normal(0.0, shaking.noise)) / 74.0
    return np.asarray(np.clip(seen + grain * amount, 0, 255), np.uint8)


def _recoloured(picture: Picture, rng: np.random.Generator, shaking: Shaking) -> Picture:
    if rng.random() < shaking.gray:
        gray = picture @ rng.dirichlet(np.ones(3))
        picture = np.dstack([gray] * 3).astype(np.uint8)
    else:
        picture = picture[:, :, rng.permutation(3)]
    levels = np.linspace(0.0, 1.0, 256)[:, None] ** np.exp(rng.normal(0.0, 0.25, 3))
    if rng.random() < shaking.inverted:
        levels = 1.0 - levels
    levels = 0.5 + (levels - 0.5) * np.exp(rng.normal(0.0, 0.25)) + rng.normal(0.0, 0.08, 3)
    table = np.clip(255.0 * levels, 0.0, 255.0).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(np.ascontiguousarray(picture), table), np.uint8)


def _covered(picture: Picture, rng: np.random.Generator) -> Picture:
    """Lay one to three patches of one colour over it."""
    seen = np.ascontiguousarray(picture).copy()
    for _ in range(int(rng.integers(1, 4))):
        low = rng.integers(0, SEEN_PX, 2)
        high = low + rng.integers(6, SEEN_PX // 3, 2)
        seen[low[1] : high[1], low[0] : high[0]] = rng.integers(0, 256, 3)
    return seen
