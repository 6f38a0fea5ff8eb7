"""Landmarks with their truth, ready for training and for testing; bodies are never split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glutecam.core.body_shape import shapes
from glutecam.core.poses import PoseSeries
from training.landmarks import Sightings, read
from training.rotations import Array

LANDMARKS = Path(__file__).with_name("landmarks")
#: What the pelvis model learns from.
KINDS = ("standing", "recorded", "paired", "leaning", "planted")
#: Farther than this from the true hips, in trunk lengths, somebody else or nobody was found.
LOST_TRUNKS = 0.5
#: Bodies whose number ends in these are held out for the test, and for calibration.
TEST_DIGIT, CALIBRATION_DIGIT = 0, 1


@dataclass(frozen=True)
class Examples:
    """N pictures: shapes (N, F), target (N,), body (N,), and every column of truth (N,)."""

    shape: Array
    target_deg: Array
    body: NDArray[np.int64]
    truth: dict[str, NDArray[np.generic]]
    poses: PoseSeries

    def __len__(self) -> int:
        return len(self.body)

    def where(self, chosen: NDArray[np.bool_]) -> Examples:
        """Return some of the pictures."""
        return self.where_rows(np.flatnonzero(chosen))

    def where_rows(self, rows: NDArray[np.intp]) -> Examples:
        """Return the pictures of these rows, in this order."""
        return Examples(
            self.shape[rows],
            self.target_deg[rows],
            self.body[rows],
            {key: column[rows] for key, column in self.truth.items()},
            _as_series(self.poses.image_px[rows], self.poses.world_m[rows]),
        )

    @property
    def held_out(self) -> NDArray[np.bool_]:
        """Which pictures (N,) show a body that is kept for the test."""
        return np.asarray(self.body % 10 == TEST_DIGIT)

    @property
    def for_calibration(self) -> NDArray[np.bool_]:
        """Which pictures (N,) show a body that is kept for calibration."""
        return np.asarray(self.body % 10 == CALIBRATION_DIGIT)


def _as_series(image_px: Array, world_m: Array) -> PoseSeries:
    """Pictures one after the other, as if they were a film."""
    count = len(image_px)
    return PoseSeries(
        np.arange(count, dtype=np.float64),
        image_px,
        world_m,
        np.ones(image_px.shape[:2]),
        np.ones(count, dtype=np.int64),
        1,
        1,
    )


def _found(seen: Sightings, poses: PoseSeries) -> NDArray[np.bool_]:
    """Whether the right person was found at all; who is lost is no example of anything."""
    true = [
        (seen.truth[f"left_hip_{axis}_px"] + seen.truth[f"right_hip_{axis}_px"]) / 2.0
        for axis in "xy"
    ]
    away = np.linalg.norm(poses.mid_hip - np.stack(true, axis=1), axis=1)
    return np.asarray(poses.seen & (away < LOST_TRUNKS * poses.trunk_px))


def load(kinds: Sequence[str], variant: str, folder: Path = LANDMARKS) -> Examples:
    """Read all pictures of these kinds in which the person was found.

    Standing people get their obliquity as the camera sees it for a target; lying people are
    mirrored so that the top leg is the right one, and get the roll of the pelvis.

    Raises
    ------
    FileNotFoundError
        Where there is no file.
    """
    paths = sorted(path for kind in kinds for path in folder.glob(f"{kind}_*.npz"))
    if not paths:
        raise FileNotFoundError(f"no landmarks of {kinds} in {folder}: run training.collect")
    everything, found = sighted(paths, variant)
    return everything.where(found)


def sighted(paths: Sequence[Path], variant: str) -> tuple[Examples, NDArray[np.bool_]]:
    """Return all pictures of these files, and in which of them (N,) the right person was found."""
    seen = read(paths, variant)
    poses = _as_series(seen.image_px[variant], seen.world_m[variant])
    lying = "roll_deg" in seen.truth
    found = _found(seen, poses)
    if lying:
        poses = poses.mirrored(np.asarray(seen.truth["top"] == "L"))
    everything = Examples(
        shapes(poses),
        seen.truth["roll_deg" if lying else "seen_obliquity_deg"].astype(np.float64),
        seen.truth["body"].astype(np.int64),
        seen.truth,
        poses,
    )
    return everything, found


def joined(parts: Sequence[Examples]) -> Examples:
    """Return all pictures of several loads, one after the other."""
    keys = set.intersection(*(set(part.truth) for part in parts))
    return Examples(
        np.concatenate([part.shape for part in parts]),
        np.concatenate([part.target_deg for part in parts]),
        np.concatenate([part.body for part in parts]),
        {key: np.concatenate([part.truth[key] for part in parts]) for key in sorted(keys)},
        _as_series(
            np.concatenate([part.poses.image_px for part in parts]),
            np.concatenate([part.poses.world_m for part in parts]),
        ),
    )


def twins(one: Examples, other: Examples) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows (P,) of either that show the same body in the same pose before the same camera."""
    poses = [list(zip(each.body, each.target_deg, strict=True)) for each in (one, other)]
    place = {pose: row for row, pose in enumerate(poses[0])}
    found = [(place[pose], row) for row, pose in enumerate(poses[1]) if pose in place]
    rows = np.array(found, dtype=np.intp).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def rotated(shape: Array, angle_deg: Array) -> Array:
    """Return shapes (N, F) as a camera rolled by `angle_deg` (N,) would see them."""
    cos, sin = np.cos(np.radians(angle_deg))[:, None], np.sin(np.radians(angle_deg))[:, None]
    x, y = shape[:, 0::2], shape[:, 1::2]
    turned = np.stack([cos * x - sin * y, sin * x + cos * y], axis=2)
    return turned.reshape(len(shape), -1)
