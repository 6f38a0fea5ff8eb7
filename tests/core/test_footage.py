"""The measuring core against real motion and real marker tracks (read where they lie)."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from benchmarks.virtual_camera import core_errors, hips_only
from glutecam.core.events import find_runs
from glutecam.core.measures import hip_line_deg


@pytest.mark.parametrize(("yaw", "limit"), [(0, 0.3), (15, 0.5), (-15, 0.5), (30, 1.2)])
def test_the_core_reads_vicon_s_obliquity_through_a_virtual_camera(footage, yaw, limit):
    errors = core_errors(footage, yaw)
    assert len(errors.error) > 5000
    assert errors.mae <= limit


def columns(path, *names):
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [np.array([float(row[name] or "nan") for row in rows]) for name in names]


def test_a_real_trendelenburg_test_with_markers_on_the_iliac_spines(footage):
    folder = footage / "landmarks"
    time, tx, ty, bx, by = columns(
        folder / "trendelenburg_aruco_debug.csv",
        "time", "hip_test_x", "hip_test_y", "hip_base_x", "hip_base_y",
    )  # fmt: skip
    (expected,) = columns(folder / "trendelenburg_aruco_result.csv", "hip_angle")
    poses = hips_only(np.stack([bx, by], -1), np.stack([tx, ty], -1), time)
    angle = hip_line_deg(poses) - 3.2119
    np.testing.assert_allclose(angle, expected, atol=1e-3)
    lifts = find_runs(angle, time, enter=7.0, leave=4.0)
    peaks = [float(np.max(angle[run.start : run.end])) for run in lifts]
    assert peaks == pytest.approx([9.5, 11.2, 9.7], abs=0.1)
