"""The compact files of landmarks: what is written is read, wherever it lies."""

from __future__ import annotations

import numpy as np
import pytest

from training.landmarks import M_STEP, PX_STEP, _stored, read, write

POINTS = 33


def kept(tmp_path, pixels):
    """Write pictures with one point each at these pixels, and read them."""
    image = np.zeros((len(pixels), POINTS, 2))
    image[:, 0, 0] = pixels
    world = _stored(np.zeros((POINTS, 3)), M_STEP)
    path = tmp_path / "some_0000.npz"
    seen = {"full": [(_stored(each, PX_STEP), world) for each in image]}
    write(path, [{"body": n} for n in range(len(pixels))], seen)
    return path, read([path], "full").image_px["full"][:, 0, 0]


def test_points_come_back_where_they_were_also_in_wide_pictures(tmp_path):
    pixels = np.array([3.03125, -20.5, 1024.0, 1920.25, np.nan])
    _, found = kept(tmp_path, pixels)
    assert found == pytest.approx(pixels, nan_ok=True)


def test_small_pictures_take_two_bytes_a_number(tmp_path):
    path, found = kept(tmp_path, np.array([700.5, np.nan]))
    assert found == pytest.approx([700.5, np.nan], nan_ok=True)
    with np.load(path) as file:
        assert file["full/image"].dtype == np.int16
