"""The measuring core against real motion and real marker tracks (read where they lie)."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from glutecam.core.events import find_runs
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import hip_line_deg
from glutecam.core.poses import PoseSeries

CAMERA_M, FOCAL_PX = 3.0, 1000.0


def hips_only(left_px, right_px, time_s):
    poses = PoseSeries.unseen(np.asarray(time_s, dtype=float), 1280, 720)
    image = poses.image_px.copy()
    image[:, Landmark.LEFT_HIP], image[:, Landmark.RIGHT_HIP] = left_px, right_px
    return replace(poses, image_px=image)


def hip_centres(markers, names):
    """Hip joint centres from the iliac markers (Bell: 0.36 W lateral, 0.19 W back, 0.30 W down)."""
    lasi, rasi, lpsi, rpsi = (markers[:, names.index(n)] for n in ("LASI", "RASI", "LPSI", "RPSI"))
    across = lasi - rasi
    width = np.linalg.norm(across, axis=1, keepdims=True)
    left = across / width
    front = 0.5 * (lasi + rasi)
    back = front - 0.5 * (lpsi + rpsi)
    back -= np.sum(back * left, axis=1, keepdims=True) * left
    forward = back / np.linalg.norm(back, axis=1, keepdims=True)
    up = np.cross(forward, left)
    middle = front - 0.19 * width * forward - 0.30 * width * up
    return middle + 0.36 * width * left, middle - 0.36 * width * left


def seen_by(points, centre, yaw_deg):
    """Pixels of lab points (x forward, y left, z up) for a pinhole camera 3 m in front."""
    turn = np.radians(yaw_deg)
    x, y, z = (points - centre).T
    depth = CAMERA_M - (np.cos(turn) * x + np.sin(turn) * y)
    sideways = -np.sin(turn) * x + np.cos(turn) * y
    return np.stack([640 + FOCAL_PX * sideways / depth, 360 - FOCAL_PX * z / depth], axis=-1)


@pytest.mark.parametrize(("yaw", "limit"), [(0, 0.3), (15, 0.5), (-15, 0.5), (30, 1.2)])
def test_the_core_reads_vicon_s_obliquity_through_a_virtual_camera(footage, yaw, limit):
    with np.load(footage / "mocap" / "uiprmd_subjects_01_06.npz") as stored:
        # Read once: it unpacks an array each time it is asked for it.
        data = dict(stored)
    names = [str(name) for name in data["marker_names"]]
    errors = []
    trials = zip(data["offsets"][:-1], data["offsets"][1:], data["movement"], strict=True)
    for start, end, movement in trials:
        if movement != "m02":
            continue
        markers = data["markers_0p2mm"][start:end].astype(float) * 0.2e-3
        left, right = hip_centres(markers, names)
        centre = 0.5 * (left[0] + right[0])
        poses = hips_only(
            seen_by(left, centre, yaw), seen_by(right, centre, yaw), np.arange(end - start) / 50
        )
        measured = hip_line_deg(poses)
        truth = -data["pelvis_obliquity_tilt_rotation_deg"][start:end, 0]
        quiet = slice(0, 10)
        error = (measured - np.median(measured[quiet])) - (truth - np.median(truth[quiet]))
        errors.append(np.abs(error[10:]))
    assert len(errors) > 50
    assert np.nanmean(np.concatenate(errors)) <= limit


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
