"""Crops for the second look: the truth must move with the picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training.landmarks import CROP_PX, write_crops
from training.looks import SEEN_PX, Move, Shaking, disguised, read_crops

#: Left and right hip, as in a subject who faces the camera: left lies to the right.
HIPS = np.array([[0.16, 0.03], [-0.14, -0.02]])


def dotted() -> np.ndarray:
    """A crop with a red dot on the left hip and a blue one on the right."""
    crop = np.full((CROP_PX, CROP_PX, 3), 90, np.uint8)
    for hip, colour in zip(HIPS, ((255, 0, 0), (0, 0, 255)), strict=True):
        place = np.rint((CROP_PX - 1) / 2.0 + CROP_PX * hip).astype(int)
        cv2.circle(crop, tuple(int(v) for v in place), 3, colour, -1)
    return crop


def found(picture: np.ndarray, channel: int) -> np.ndarray:
    """Where a dot is, from the middle of what the network sees, in its widths."""
    other = 2 - channel
    weight = np.clip(picture[..., channel].astype(float) - picture[..., other] - 60.0, 0.0, None)
    y, x = np.indices(weight.shape)
    place = np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum()
    return (place - (SEEN_PX - 1) / 2.0) / SEEN_PX


@pytest.mark.parametrize(
    "move",
    [
        Move(),
        Move(roll_deg=9.0),
        Move(zoom=1.2, shift_px=(3.0, -2.0)),
        Move(mirrored=True),
        Move(-7.0, 0.9, (-2.0, 4.0), mirrored=True),
    ],
)
def test_hips_lie_where_the_picture_shows_them(move):
    picture = move.picture(dotted())
    left, right = move.points(HIPS)
    # A mirrored left hip is a right one.
    red, blue = (right, left) if move.mirrored else (left, right)
    assert found(picture, 0) == pytest.approx(red, abs=0.008)
    assert found(picture, 2) == pytest.approx(blue, abs=0.008)


def test_a_roll_adds_to_the_obliquity_and_a_mirror_turns_its_sign():
    def obliquity(hips):
        (x, y) = hips[0] - hips[1]
        return np.degrees(np.arctan2(y, x))

    level = obliquity(HIPS)
    assert obliquity(Move(roll_deg=6.0).points(HIPS)) == pytest.approx(level + 6.0)
    assert obliquity(Move(mirrored=True).points(HIPS)) == pytest.approx(-level)


def test_a_disguise_keeps_size_and_seed_and_changes_colours():
    picture = Move().picture(dotted())
    one, same, other = (disguised(picture, np.random.default_rng(s), Shaking()) for s in (3, 3, 4))
    assert one.shape == picture.shape
    assert one.dtype == np.uint8
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_crops_come_back_from_their_file(tmp_path):
    crops = [dotted(), np.ascontiguousarray(dotted()[::-1])]
    write_crops(tmp_path / "crops_standing_0000.npz", crops)
    back = read_crops(tmp_path / "crops_standing_0000.npz")
    assert back.shape == (2, CROP_PX, CROP_PX, 3)
    assert np.abs(back.astype(int) - np.stack(crops)).mean() < 3.0


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_crop_turned_back_by_its_obliquity_is_level(mirrored):
    (x, y) = HIPS[0] - HIPS[1]
    obliquity = float(np.degrees(np.arctan2(y, x)))
    left, right = Move(mirrored=mirrored).turned_back(obliquity).points(HIPS)
    assert left[1] == pytest.approx(right[1])
    assert left[0] > right[0]
