"""Whom to follow, told by points alone."""

from __future__ import annotations

import numpy as np
import pytest
from builders import make_poses

from glutecam.capture.follow import Follow, middle_of_hips, mover, nearest
from glutecam.capture.subject import cut_out, grown
from glutecam.errors import InputError


def body(x: float, scale: float = 1.0, lift: float = 0.0) -> np.ndarray:
    points = make_poses(1).image_px[0]
    middle = middle_of_hips(points)
    return (points - middle) * scale + np.array([x, 300.0 - lift])


SMALL, LARGE, MIDDLE = body(100.0, 0.7), body(900.0, 1.2), body(500.0)


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("largest", LARGE),
        ("left", SMALL),
        ("right", LARGE),
        ("480, 310", MIDDLE),
        (" LEFT ", SMALL),
    ],
)
def test_the_one_who_is_meant(words, who):
    assert Follow.of(words).pick([MIDDLE, SMALL, LARGE]) is who


@pytest.mark.parametrize("words", ["tallest", "12", "1,2,3", "-5,3", ""])
def test_what_cannot_be_meant_lists_what_can(words):
    with pytest.raises(InputError, match=r"largest, left, right .*640,300"):
        Follow.of(words)


def test_a_place_outside_the_picture_is_refused_with_the_size_of_the_picture():
    with pytest.raises(InputError, match="at 1300,300: the picture is 1280 x 720 pixels"):
        Follow.of("1300,300").check(1280, 720)
    with pytest.raises(InputError, match="at 640,721"):
        Follow.of("640,721").check(1280, 720)
    Follow.of("1280,720").check(1280, 720)
    Follow.of("left").check(1280, 720)


def test_the_one_who_moves_is_not_the_one_who_walks_through():
    looks = []
    for n in range(12):
        watching, squatting = body(200.0 + 0.5 * (n % 2)), body(700.0, lift=30.0 * np.sin(n))
        passing = [body(100.0 + 300.0 * n)] if n in (4, 5, 6) else []
        looks.append([watching, *passing, squatting])
    track = mover(looks)
    assert len(track) == 12
    assert middle_of_hips(track[0])[0] == pytest.approx(700.0)


def test_nobody_moves_where_nobody_is():
    assert len(mover([[], []])) == 0


def test_the_nearest_is_told_by_the_trunk():
    assert nearest([SMALL, LARGE], np.array([880.0, 250.0])) is LARGE


def test_what_is_cut_out_keeps_size_and_place():
    image = np.arange(90 * 120 * 3, dtype=np.uint32).reshape(90, 120, 3).astype(np.uint8)
    out = cut_out(image, (-5.0, 10.0, 60.0, 200.0))
    assert out.shape == image.shape and out.flags.c_contiguous
    np.testing.assert_array_equal(out[10:, :60], image[10:, :60])
    assert (out[:10] == 114).all() and (out[:, 60:] == 114).all()


def test_the_surroundings_grow_at_once_and_shrink_slowly():
    box = grown((10.0, 10.0, 100.0, 100.0), (0.0, 20.0, 120.0, 60.0))
    assert box == pytest.approx((0.0, 10.5, 120.0, 98.0))
