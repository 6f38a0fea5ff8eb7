"""The clips of `clip_set` as recordings with truth: landmarks over time, as the product gets them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Side
from glutecam.core.poses import PoseSeries
from training.examples import LANDMARKS
from training.landmarks import Sightings, read
from training.rotations import Array

#: When everybody stands quietly on both feet, seconds.
QUIET_S = (0.3, 1.6)


@dataclass(frozen=True)
class Film:
    """One clip: T frames, the contralateral drop (T,) as the camera sees it, and the repetitions."""

    name: str
    exercise: str
    side: Side
    poses: PoseSeries
    drop_deg: Array
    rep: NDArray[np.int64]
    truth: dict[str, NDArray[np.generic]]

    @property
    def quiet(self) -> NDArray[np.bool_]:
        """Frames (T,) of the quiet posture."""
        time_s = self.poses.time_s
        return np.asarray((time_s >= QUIET_S[0]) & (time_s < QUIET_S[1]))

    @property
    def for_calibration(self) -> bool:
        """Whether this body sets the ±; the others test it."""
        return bool(int(self.truth["body"][0]) % 2)

    def change_deg(self) -> Array:
        """Drop (T,) counted from the quiet posture."""
        return np.asarray(self.drop_deg - np.median(self.drop_deg[self.quiet]))


def _film(seen: Sightings, rows: NDArray[np.bool_], variant: str) -> Film:
    truth = {key: column[rows] for key, column in seen.truth.items()}
    right = str(truth["stance"][0]) == "R"
    family = str(truth["family"][0])
    points = seen.image_px[variant][rows]
    poses = PoseSeries(
        truth["time_s"].astype(np.float64),
        points,
        seen.world_m[variant][rows],
        np.where(np.isfinite(points[..., 0]), 1.0, np.nan),
        np.ones(len(points), dtype=np.int64),
        int(truth["width_px"][0]),
        int(truth["height_px"][0]),
    )
    return Film(
        name=f"clip {int(truth['body'][0])}",
        exercise="step-down" if family == "step-down" else "single-leg-squat",
        side=Side.RIGHT if right else Side.LEFT,
        poses=poses,
        # Right side up is the drop of somebody who stands on the right leg.
        drop_deg=truth["seen_obliquity_deg"].astype(np.float64) * (1.0 if right else -1.0),
        rep=truth["rep"].astype(np.int64),
        truth=truth,
    )


def films(variant: str = "full", folder: Path = LANDMARKS, kind: str = "clips") -> list[Film]:
    """Read every clip of this kind.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    paths = sorted(folder.glob(f"{kind}_*.npz"))
    if not paths:
        raise FileNotFoundError(f"no {kind} in {folder}: run training.collect {kind}")
    seen = read(paths, variant)
    bodies = seen.truth["body"]
    return [_film(seen, np.asarray(bodies == body), variant) for body in np.unique(bodies)]
