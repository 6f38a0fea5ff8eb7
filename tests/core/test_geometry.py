from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from glutecam.core import geometry


def row(*values):
    return np.array([values], dtype=float)


@given(angle=st.floats(-180, 180))
def test_turning_there_and_back(angle):
    points = np.random.default_rng(0).normal(size=(4, 3, 3))
    centre = np.array([1.0, -2.0])
    there = geometry.rotate2(points, angle, centre)
    np.testing.assert_allclose(geometry.rotate2(there, -angle, centre), points, atol=1e-9)
    np.testing.assert_array_equal(there[..., 2], points[..., 2])


def test_a_ratio_to_nothing_is_not_known():
    np.testing.assert_array_equal(geometry.ratio(row(6, 1), row(2, 0)), row(3, np.nan))


def test_units_and_lengths():
    assert geometry.length(row(3, 4))[0] == 5.0
    np.testing.assert_allclose(geometry.unit(row(0, 5, 0)), row(0, 1, 0))
    assert np.isnan(geometry.unit(row(0, 0))).all()
    np.testing.assert_array_equal(geometry.midpoint(row(0, 2), row(2, 4)), row(1, 3))
