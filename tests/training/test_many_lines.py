"""Pictures of many lines and the same in half as many."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.angle_errors import Errors
from benchmarks.pelvis_lines import KIND, gain, halves
from training.examples import load


def test_every_picture_of_many_lines_has_its_half():
    fine, coarse = halves(load((KIND,), "full"))
    assert len(fine) >= 150
    assert np.array_equal(fine.target_deg, coarse.target_deg)
    assert np.array_equal(fine.truth["left_hip_x_px"], 2.0 * coarse.truth["left_hip_x_px"])
    # The same people in the same place, found twice.
    apart = np.abs(fine.poses.mid_hip - 2.0 * coarse.poses.mid_hip).max(axis=1)
    assert np.median(apart / fine.poses.trunk_px) < 0.03


def test_what_half_the_lines_lose_is_told_with_its_doubt():
    body, rng = np.repeat(np.arange(30), 10), np.random.default_rng(5)
    truth = np.zeros(300)
    fine = np.abs(rng.normal(0.0, 2.0, 300))
    less, (low, high) = gain(Errors(fine, truth), Errors(fine + 0.5, truth), body)
    assert less == pytest.approx(0.5)
    assert (low, high) == pytest.approx((0.5, 0.5))
    shaken = fine + 0.5 + rng.normal(0.0, 0.3, 300)
    less, (low, high) = gain(Errors(fine, truth), Errors(shaken, truth), body)
    assert low < less < high
    assert high - low < 0.3


def test_half_of_a_picture_has_half_the_pixels_everywhere():
    pytest.importorskip("pyrender", reason="rendering needs the extra [training]")
    pytest.importorskip("anny", reason="rendering needs the extra [training]")
    from training.many_lines_set import halved
    from training.standing_set import Photograph

    row = {"left_hip_x_px": 101.0, "height_px": 6, "width_px": 8, "yaw_deg": 4.0}
    half = halved(Photograph(np.full((6, 8, 3), 7, np.uint8), row))
    assert half.image.shape == (3, 4, 3)
    assert half.row == {"left_hip_x_px": 50.5, "height_px": 3, "width_px": 4, "yaw_deg": 4.0}
