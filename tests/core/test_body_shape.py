"""A shape does not know where, how large, or on which side seen a body is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from glutecam.core.body_shape import mirror_of_shapes, shapes
from glutecam.core.landmarks import BODY_POINTS
from glutecam.core.poses import PoseSeries

RNG = np.random.default_rng(5)


def people(count: int = 4) -> PoseSeries:
    """Bodies with the subject's left to the right of the picture, as from the front."""
    image = RNG.uniform(100.0, 500.0, (count, 33, 2))
    image[:, [11, 23], 0] += 600.0
    return PoseSeries(
        time_s=np.arange(count) / 30.0,
        image_px=image,
        world_m=RNG.normal(0.0, 0.4, (count, 33, 3)),
        visibility=np.ones((count, 33)),
        people=np.ones(count, dtype=np.int64),
        width_px=1280,
        height_px=720,
    )


def test_place_and_size_do_not_matter() -> None:
    bodies = people()
    moved = replace(bodies, image_px=1.7 * bodies.image_px + [30.0, -12.0])
    assert shapes(bodies).shape == (4, 2 * len(BODY_POINTS))
    assert_allclose(shapes(moved), shapes(bodies), atol=1e-9)


def test_the_mirror_exchanges_points_and_turns_x() -> None:
    bodies = people()
    order, sign = mirror_of_shapes()
    assert_allclose(shapes(bodies.mirrored()), shapes(bodies)[:, order] * sign, atol=1e-9)


def test_a_body_seen_from_behind_is_turned_to_face_the_camera() -> None:
    bodies = people()
    behind = replace(
        bodies,
        image_px=np.stack([1280.0 - bodies.image_px[..., 0], bodies.image_px[..., 1]], axis=-1),
        world_m=bodies.world_m * [-1.0, 1.0, -1.0],
    )
    assert_allclose(shapes(behind), shapes(bodies), atol=1e-9)


def test_nobody_has_no_shape() -> None:
    nobody = PoseSeries.unseen(np.arange(3) / 30.0, 640, 480)
    assert np.isnan(shapes(nobody)).all()


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_a_frame_has_the_same_shape_in_any_chunk(chunk: int) -> None:
    bodies = people(15)
    parts = [shapes(bodies[start : start + chunk]) for start in range(0, 15, chunk)]
    assert np.array_equal(np.concatenate(parts), shapes(bodies))
