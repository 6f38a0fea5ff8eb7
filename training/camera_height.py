"""Can one camera tell how high it stands? ``python -m training.camera_height`` says how well.

A linear model on what the pose model sees, its points in the picture and in metres and where the body
is in the picture, against the true angle at which the camera looks down on the pelvis; the bodies of
the test are others than those it learned from. Whoever guesses the mean is the measure of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glutecam.core.body_shape import shapes
from glutecam.core.landmarks import BODY_POINTS, Landmark
from glutecam.core.poses import PoseSeries
from training.landmarks import Sightings, read

KEPT = Path(__file__).resolve().parent / "landmarks"
SETS = ("standing", "recorded", "paired", "leaning", "clips")
VARIANT, RIDGE, TEST_SHARE = "full", 30.0, 0.2

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Looks:
    """N pictures: what is seen (N, F), the true angle in degrees, whose body, whether at rest."""

    seen: Array
    down_deg: Array
    body: NDArray[np.int64]
    quiet: NDArray[np.bool_]


def looks_of(found: Sightings) -> Looks:
    """Return the pictures of one set in which somebody is seen."""
    image, world = found.image_px[VARIANT], found.world_m[VARIANT]
    known = np.isfinite(image).all(axis=(1, 2)) & np.isfinite(world).all(axis=(1, 2))
    count = len(image)
    poses = PoseSeries(
        np.arange(count, dtype=np.float64), image, world, np.ones(image.shape[:2]),
        np.ones(count, dtype=np.int64), 1280, 720,
    )  # fmt: skip
    truth = {name: np.asarray(found.truth[name], np.float64) for name in (
        "camera_above_pelvis_m", "distance_m", "width_px", "height_px", "body",
    )}  # fmt: skip
    size = np.stack([truth["width_px"], truth["height_px"]], axis=1)
    place = (poses.mid_hip - 0.5 * size) / size[:, 1:]
    seen = np.hstack([shapes(poses), _metric(poses), place, poses.trunk_px[:, None] / size[:, 1:]])
    down = np.degrees(np.arctan2(truth["camera_above_pelvis_m"], truth["distance_m"]))
    quiet = found.truth["family"].astype(str) == "quiet standing"
    return Looks(seen[known], down[known], truth["body"][known].astype(np.int64), quiet[known])


def _metric(poses: PoseSeries) -> Array:
    """Return the points in metres in lengths of the trunk, x as a body that faces the camera, (N, F)."""
    shoulders = poses.world_m[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1)
    points = poses.world_m[:, list(BODY_POINTS)] / np.linalg.norm(shoulders, axis=1)[:, None, None]
    points[..., 0] *= poses.facing[:, None]
    return points.reshape(len(points), -1)


def predicted(looks: Looks, test: NDArray[np.bool_]) -> Array:
    """Return the angle of each test picture, by ridge regression on the others, (N,)."""
    mean, spread = looks.seen[~test].mean(axis=0), looks.seen[~test].std(axis=0) + 1e-6
    columns = np.hstack([(looks.seen - mean) / spread, np.ones((len(test), 1))])
    known = columns[~test]
    weights = np.linalg.solve(
        known.T @ known + RIDGE * np.eye(known.shape[1]), known.T @ looks.down_deg[~test]
    )
    return np.asarray(columns[test] @ weights)


def main() -> None:
    """Read every kept set of standing people and print how well it is told."""
    parts = [looks_of(read(sorted(KEPT.glob(f"{name}_*.npz")), VARIANT)) for name in SETS]
    whole = Looks(*(
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("seen", "down_deg", "body", "quiet")
    ))  # fmt: skip
    bodies = np.unique(whole.body)
    chosen = np.random.default_rng(0).choice(bodies, int(TEST_SHARE * len(bodies)), replace=False)
    test = np.isin(whole.body, chosen)
    told, true = predicted(whole, test), whole.down_deg[test]
    for name, rows in (("all", np.full(len(true), True)), ("quiet standing", whole.quiet[test])):
        guess = np.abs(true[rows] - whole.down_deg[~test].mean()).mean()
        error = np.abs(told[rows] - true[rows])
        r = np.corrcoef(told[rows], true[rows])[0, 1]
        print(
            f"{name}: {rows.sum()} pictures, r {r:.2f}, mean error {error.mean():.1f}°, 90 % within "
            f"{np.quantile(error, 0.9):.1f}°; the mean guessed: {guess:.1f}°"
        )


if __name__ == "__main__":
    main()
