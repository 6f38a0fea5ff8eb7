"""The measuring core without a pose model: real people's hips before a virtual camera.

Hurdle steps of six people (UI-PRMD, in the folder of footage): hip centres from the markers on the pelvis,
seen by a pinhole camera 3 m in front, and the hip line in its picture beside the obliquity that the motion
capture gives; both counted from the beginning of each trial.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, FloatArray, Table
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import hip_line_deg
from glutecam.core.poses import PoseSeries

__all__ = ["core_errors", "core_figures", "core_table", "hips_only"]

MOTION = Path("mocap") / "uiprmd_subjects_01_06.npz"
HURDLE_STEP, FPS, QUIET = "m02", 50.0, 10
CAMERA_M, FOCAL_PX, WIDTH_PX, HEIGHT_PX = 3.0, 1000.0, 1280, 720
TURNED_DEG = (0.0, 15.0, -15.0, 30.0, 45.0)


def hips_only(left_px: FloatArray, right_px: FloatArray, time_s: FloatArray) -> PoseSeries:
    """Return poses of which nothing but the hips is seen."""
    poses = PoseSeries.unseen(np.asarray(time_s, dtype=float), WIDTH_PX, HEIGHT_PX)
    image = poses.image_px.copy()
    image[:, Landmark.LEFT_HIP], image[:, Landmark.RIGHT_HIP] = left_px, right_px
    return replace(poses, image_px=image)


def hip_centres(markers: FloatArray, names: list[str]) -> tuple[FloatArray, FloatArray]:
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


def seen_by(points: FloatArray, centre: FloatArray, yaw_deg: float) -> FloatArray:
    """Pixels of lab points (x forward, y left, z up) for a pinhole camera 3 m in front."""
    turn = np.radians(yaw_deg)
    x, y, z = (points - centre).T
    depth = CAMERA_M - (np.cos(turn) * x + np.sin(turn) * y)
    sideways = -np.sin(turn) * x + np.cos(turn) * y
    middle = WIDTH_PX / 2.0, HEIGHT_PX / 2.0
    columns = [middle[0] + FOCAL_PX * sideways / depth, middle[1] - FOCAL_PX * z / depth]
    return np.stack(columns, axis=-1)


def core_errors(footage: Path, yaw_deg: float) -> Errors:
    """Return the errors over every trial of the hurdle step, beginnings left out."""
    with np.load(footage / MOTION) as stored:
        # Read once: it unpacks an array each time it is asked for it.
        data = dict(stored)
    names = [str(name) for name in data["marker_names"]]
    value: list[FloatArray] = []
    truth: list[FloatArray] = []
    trials = zip(data["offsets"][:-1], data["offsets"][1:], data["movement"], strict=True)
    for start, end, movement in trials:
        if movement != HURDLE_STEP:
            continue
        markers = data["markers_0p2mm"][start:end].astype(float) * 0.2e-3
        sides = hip_centres(markers, names)
        centre = 0.5 * (sides[0][0] + sides[1][0])
        left, right = (seen_by(side, centre, yaw_deg) for side in sides)
        measured = hip_line_deg(hips_only(left, right, np.arange(end - start) / FPS))
        true = -data["pelvis_obliquity_tilt_rotation_deg"][start:end, 0]
        for series, kept in ((measured, value), (true, truth)):
            kept.append((series - np.median(series[:QUIET]))[QUIET:])
    told, true = np.concatenate(value), np.concatenate(truth)
    known = np.isfinite(true)
    return Errors(told[known], true[known])


def core_table(errors: dict[float, Errors]) -> Table:
    """Return the errors by how far the camera is turned."""
    rows = [of.row(f"turned {yaw:g}°", "exact hips") for yaw, of in errors.items()]
    return Table("measuring core, real motion before a virtual camera", COLUMNS, rows)


def core_figures(errors: dict[float, Errors]) -> list[Figure]:
    """Return the largest error of cameras turned by up to 15°."""
    worst = max(of.mae for yaw, of in errors.items() if abs(yaw) <= 15.0)
    return [Figure("measuring core, camera turned up to 15°, MAE", worst, "°", at_most=0.5)]
