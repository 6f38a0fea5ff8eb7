"""People on their side as exact joints in the picture: what no pose model could tell better from points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from training.bodies import Body, build
from training.kept_clips import POINT_BONES
from training.landmarks import Row
from training.lying import lie
from training.lying_set import (
    POSES_PER_CAMERA,
    VIEWS,
    _camera,
    _measured,
    draw_lying,
)
from training.rotations import Array
from training.scene import MAT_HEIGHT_M
from training.seeds import LYING
from training.wardrobe import draw_body


def _before_one_camera(
    body: Body, seed: int, view: str, rng: np.random.Generator
) -> Iterator[tuple[Row, Array]]:
    top, straight = ("L", "R")[int(rng.integers(2))], bool(rng.random() < 0.35)
    first = lie(body, draw_lying(rng, top, straight), MAT_HEIGHT_M)
    camera = _camera(rng, first, view, top)
    for _ in range(POSES_PER_CAMERA):
        pose = draw_lying(rng, top, straight)
        posed = lie(body, pose, MAT_HEIGHT_M)
        known: Row = {"body": seed, "view": view, "yaw_deg": camera.yaw_deg}
        joints = np.stack([posed.joint(bone) for bone in POINT_BONES])
        yield known | _measured(body, posed, pose, camera), camera.project(joints)


def joints(bodies: int) -> tuple[dict[str, NDArray[np.generic]], Array]:
    """Return truth by name (N,) and the 33 points (N, 33, 2) in pixels, from every view of each body.

    Poses and cameras are drawn as for the pictures, not the same ones.
    """
    found = []
    for seed in LYING[:bodies]:
        body, rng = build(draw_body(seed)), np.random.default_rng([seed, 271])
        for view in VIEWS:
            found.extend(_before_one_camera(body, seed, view, rng))
    rows = [row for row, _ in found]
    truth = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    return truth, np.stack([points for _, points in found])
