"""From where can one camera tell the roll of the pelvis? ``python -m training.roll_views`` says how well.

Pictures of people who lie on their side, with their exact joints. From front and back the roll is along
the line of sight and is read as the product does, from the pose model's depth; from the feet and the
head it lies in the picture, as the direction from the lower hip point to the upper one. What counts is
the change between two pictures of one person by one camera.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glutecam.core.landmarks import Landmark
from glutecam.core.pelvis import PELVIC_ROLL
from glutecam.core.poses import PoseSeries
from training.landmarks import Sightings, read

KEPT = Path(__file__).resolve().parent / "landmarks"
VARIANTS = ("full", "heavy")
VIEWS = {"front": False, "back": False, "head end": True, "foot end": True}
"""Whether the roll lies in the picture."""

Array = NDArray[np.float64]


def hips(found: Sightings, variant: str) -> tuple[Array, Array]:
    """Return the hip points of the pose model and the hip joints, upper then lower, (N, 2, 2) each."""
    image, truth = found.image_px[variant], found.truth
    seen = image[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    columns = [[truth[f"{side}_hip_{axis}_px"] for axis in "xy"] for side in ("left", "right")]
    true = np.moveaxis(np.asarray(columns, dtype=np.float64), -1, 0)
    left_up = (truth["top"] == "L")[:, None, None]
    return tuple(np.where(left_up, each, each[:, ::-1]) for each in (seen, true))  # type: ignore[return-value]


def in_the_picture(points: Array, left_up: NDArray[np.bool_], foot_end: bool) -> Array:
    """Return the direction from lower to upper hip in degrees, + = backward, (N,)."""
    way = points[:, 0] - points[:, 1]
    backward = np.where(left_up, 1.0, -1.0) * (1.0 if foot_end else -1.0)
    return np.degrees(np.arctan2(way[:, 0] * backward, -way[:, 1]))


def in_depth(found: Sightings, variant: str) -> Array:
    """Return the roll as the product reads it from the pose model's metres, (N,)."""
    count = len(found)
    poses = PoseSeries(
        np.arange(count) / 30.0, found.image_px[variant], found.world_m[variant],
        np.ones((count, 33)), np.ones(count, dtype=np.int64), 1280, 720,
    )  # fmt: skip
    other = PELVIC_ROLL.of(poses.mirrored()).value
    return np.where(found.truth["top"] == "L", other, PELVIC_ROLL.of(poses).value)


def changes(values: Array, roll_deg: Array, groups: NDArray[np.str_]) -> tuple[Array, Array]:
    """Return the change of a value and the true one, for every two pictures of one group."""
    pairs = [
        (values[a] - values[b], roll_deg[a] - roll_deg[b])
        for group in np.unique(groups)
        for a, b in combinations(np.flatnonzero(groups == group), 2)
    ]
    told, true = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return (told + 180.0) % 360.0 - 180.0, true


def line(found: Sightings, variant: str, view: str) -> str:
    """Return how well the roll is told from one view, in words."""
    truth, across = found.truth, VIEWS[view]
    seen, true = hips(found, variant)
    rows = (truth["view"] == view) & np.isfinite(seen).all(axis=(1, 2))
    off = np.linalg.norm(seen - true, axis=2).mean(axis=1) / np.linalg.norm(
        true[:, 0] - true[:, 1], axis=1
    )
    left_up = truth["top"] == "L"
    told = in_the_picture(seen, left_up, view == "foot end") if across else in_depth(found, variant)
    cameras = zip(truth["body"], truth["yaw_deg"], strict=True)
    groups = np.array([f"{body} {yaw:.3f}" for body, yaw in cameras])
    roll = truth["roll_deg"].astype(np.float64)
    change, real = changes(told[rows], roll[rows], groups[rows])
    exact = ""
    if across:
        joints = in_the_picture(true, left_up, view == "foot end")
        best, _ = changes(joints[rows], roll[rows], groups[rows])
        exact = f"; from the exact joints within {np.quantile(np.abs(best - real), 0.9):.0f}°"
    return (
        f"{variant}, {view}: {rows.sum()} pictures, hip points {np.median(off[rows]):.2f} hip widths off; "
        f"change of the roll in {len(real)} pairs: r {np.corrcoef(change, real)[0, 1]:.2f}, slope "
        f"{np.polyfit(real, change, 1)[0]:.2f}, 90 % within {np.quantile(np.abs(change - real), 0.9):.0f}° "
        f"(no change guessed: {np.quantile(np.abs(real), 0.9):.0f}°)" + exact
    )


def main() -> None:
    """Read every kept picture of people on their side and print how well each view tells the roll."""
    for variant in VARIANTS:
        found = read(sorted(KEPT.glob("lying_*.npz")), variant)
        for view in VIEWS:
            print(line(found, variant, view))


if __name__ == "__main__":
    main()
