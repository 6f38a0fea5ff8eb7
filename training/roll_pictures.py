"""Pictures of people on their side, and changes between them, as numbers with the roll of the pelvis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glutecam.core.landmarks import BODY_POINTS, Landmark
from glutecam.core.poses import PoseSeries
from training.examples import sighted
from training.kept_clips import METRIC
from training.rotations import Array

#: Farther than this from the true hips, in sizes of the body, somebody else or nobody was found.
LOST_SIZES = 0.4
BESIDE = ("knee_opening_deg", "trunk_roll_deg")
#: So many of the numbers are of the picture, the others metres.
IN_PICTURE = 2 * len(BODY_POINTS)
_POINTS = np.array(BODY_POINTS, dtype=np.intp)
_METRIC = np.array(METRIC, dtype=np.intp)
_HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]


@dataclass(frozen=True)
class Lying:
    """N pictures of people on their side, mirrored so that the upper leg is the right one; or N changes.

    Attributes
    ----------
    numbers : (N, F)
        What is seen of them.
    roll_deg : (N,)
        Pelvis.
    beside_deg : (N, 2)
        What moves with it: angle between the thighs, roll of the trunk.
    body, camera : (N,)
        Who, and before which camera in which dress.
    """

    numbers: Array
    roll_deg: Array
    beside_deg: Array
    body: NDArray[np.int64]
    camera: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.body)

    def where(self, chosen: NDArray[np.bool_]) -> Lying:
        """Return some of the pictures."""
        return self.rows(np.flatnonzero(chosen))

    def rows(self, rows: NDArray[np.intp]) -> Lying:
        """Return the pictures of these rows, in this order."""
        return Lying(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def changes(self) -> Lying:
        """Return the change from each picture to the next by the same camera, and back again."""
        order = np.argsort(self.camera, kind="stable")
        _, first, count = np.unique(self.camera[order], return_index=True, return_counts=True)
        steps = [
            (order[start + i], order[start + (i + 1) % many])
            for start, many in zip(first, count, strict=True)
            for i in range(many if many > 2 else many - 1)
        ]
        one, other = (self.rows(np.array(side, dtype=np.intp)) for side in zip(*steps, strict=True))
        forth, back = _change(one, other), _change(other, one)
        return Lying(
            *(
                np.concatenate([getattr(forth, name), getattr(back, name)])
                for name in self.__dataclass_fields__
            )
        )


def between(seen: Array, quiet: Array) -> Array:
    """Return what a change is told from: how the numbers (N, F) differ, and where about, (N, 2 F)."""
    return np.concatenate([seen - quiet, (seen + quiet) / 2.0], axis=1)


def _change(one: Lying, other: Lying) -> Lying:
    return replace(
        one,
        numbers=between(one.numbers, other.numbers),
        roll_deg=one.roll_deg - other.roll_deg,
        beside_deg=one.beside_deg - other.beside_deg,
    )


def numbers(poses: PoseSeries) -> Array:
    """Return what a model sees of each pose, (N, F).

    Points about the hips in sizes of the body, and the metres that kept clips have as well.
    """
    middle, size = _place(poses)
    about = (poses.image_px[:, _POINTS] - middle[:, None]) / size[:, None, None]
    metres = poses.world_m[:, _METRIC]
    return np.concatenate([part.reshape(len(poses), -1) for part in (about, metres)], axis=1)


def pictures(truth: dict[str, NDArray[np.generic]], seen: Array) -> Lying:
    """Bring what is known and what is seen (N, F) of pictures together."""
    names = zip(truth["body"], truth["view"], truth["yaw_deg"], strict=True)
    return Lying(
        seen,
        truth["roll_deg"].astype(np.float64),
        np.stack([truth[name].astype(np.float64) for name in BESIDE], axis=1),
        truth["body"].astype(np.int64),
        np.array([f"{body} {view} {yaw:.3f}" for body, view, yaw in names]),
    )


def lying(paths: Sequence[Path], variant: str, view: str) -> tuple[Lying, float]:
    """Return the pictures from one view in which the person was found, and their share of all."""
    seen, _ = sighted(paths, variant)
    truth, poses = seen.truth, seen.poses
    hips = np.stack(
        [(truth[f"left_hip_{a}_px"] + truth[f"right_hip_{a}_px"]) / 2.0 for a in "xy"], axis=1
    )
    # As the poses were mirrored, whose width is 1.
    hips[:, 0] = np.where(truth["top"] == "L", 1.0 - hips[:, 0], hips[:, 0])
    middle, size = _place(poses)
    offered = np.asarray(truth["view"] == view)
    found = offered & (np.linalg.norm(middle - hips, axis=1) < LOST_SIZES * size)
    every = pictures(truth, numbers(poses))
    return every.where(found), float(found.sum() / max(offered.sum(), 1))


def _place(poses: PoseSeries) -> tuple[Array, Array]:
    """Return the middle of the hips (N, 2) and the size of the body (N,) in pixels."""
    middle = poses.image_px[:, _HIPS].mean(axis=1)
    spread = poses.image_px[:, _POINTS] - middle[:, None]
    return middle, np.sqrt((spread**2).sum(axis=2).mean(axis=1))


@dataclass(frozen=True)
class Score:
    """How well a roll is told.

    Attributes
    ----------
    r, slope : float
    apart : float
        Correlation that is left when thighs and trunk move alike: their part is taken out of both.
    error_deg, guess_deg, within_deg : float
        Mean absolute error, that of no answer, and what nine of ten errors are within.
    held : float
        How often a ± that holds nine of ten errors of half of the bodies holds those of the rest.
    """

    r: float
    slope: float
    apart: float
    error_deg: float
    guess_deg: float
    within_deg: float
    held: float

    @classmethod
    def of(cls, told: Array, every: Lying) -> Score:
        """Compare."""
        true, error = every.roll_deg, np.abs(told - every.roll_deg)
        beside = np.column_stack([np.ones(len(every)), every.beside_deg])
        left = [v - beside @ np.linalg.lstsq(beside, v, rcond=None)[0] for v in (told, true)]
        half = every.body % 2 == 0
        held = [error[a] < np.quantile(error[b], 0.9) for a, b in ((half, ~half), (~half, half))]
        return cls(
            r=float(np.corrcoef(told, true)[0, 1]),
            slope=float(np.polyfit(true, told, 1)[0]),
            apart=float(np.corrcoef(*left)[0, 1]),
            error_deg=float(error.mean()),
            guess_deg=float(np.abs(true - np.median(true)).mean()),
            within_deg=float(np.quantile(error, 0.9)),
            held=float(np.concatenate(held).mean()),
        )

    def __str__(self) -> str:
        return (
            f"r {self.r:.2f} ({self.apart:.2f} where thighs and trunk move alike), slope {self.slope:.2f}, "
            f"error {self.error_deg:.1f}° (no answer: {self.guess_deg:.1f}°), 90 % within "
            f"{self.within_deg:.0f}°, which held {self.held:.0%} of other bodies"
        )
