"""One real person before four calibrated cameras: the pelvis of one camera against the geometry of the others.

The hip points that ``heavy`` finds in the other cameras are brought together in space, which gives the line
of the hips without the camera that is asked. Those are points of a pose model, not markers: what they share
in error is not seen, so the reference stands beside the marks of two raters too. The person balances on one
leg and leans far, as nobody in training does; each camera is asked with ``full`` and with ``heavy``.
"""

from __future__ import annotations

import argparse
import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.angle_errors import COLUMNS, Errors
from benchmarks.harness import Figure, FloatArray, Report, Table
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import hip_line_deg
from glutecam.core.pelvis import PELVIS_MODEL, pelvic_obliquity
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Posture
from glutecam.core.stance import SwapCarry, find_swaps

__all__ = ["CalibratedCamera", "calibrated", "crossing", "four_cameras"]

CLIP, CALIBRATION = "single_leg_balance_{}.mp4", "single_leg_balance_calibration.qca.txt"
NEARLY_FRONTAL = "cam02"
REFERENCE, ASKED = "heavy", ("full", "heavy")
#: Focal lengths and centres are kept in 64ths of a pixel.
PER_PX = 64.0
HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class CalibratedCamera:
    """A pinhole camera: ``turn`` (3, 3) takes the room's axes to the camera's (x right, y down, z ahead)."""

    turn: FloatArray
    place: FloatArray
    focal_px: FloatArray
    centre_px: FloatArray

    def rays(self, points_px: FloatArray) -> FloatArray:
        """Return the directions (T, 3) in the room in which points (T, 2) of the picture lie."""
        flat = (points_px - self.centre_px) / self.focal_px
        seen = np.concatenate([flat, np.ones((len(flat), 1))], axis=1)
        return np.asarray(seen / np.linalg.norm(seen, axis=1, keepdims=True) @ self.turn)

    def seen(self, points: FloatArray) -> FloatArray:
        """Return where points (T, 3) of the room lie in the picture, (T, 2)."""
        there = (points - self.place) @ self.turn.T
        return np.asarray(there[:, :2] / there[:, 2:] * self.focal_px + self.centre_px)

    def elevation_deg(self, line: FloatArray) -> FloatArray:
        """Return the elevation of a line (T, 3) above the camera's own horizontal, its pitch taken out."""
        up = self.turn @ UP
        up[0] = 0.0
        along = line @ self.turn.T @ (up / np.linalg.norm(up))
        return np.asarray(np.degrees(np.arcsin(along / np.linalg.norm(line, axis=1))))


def calibrated(path: Path) -> dict[str, CalibratedCamera]:
    """Read the cameras of a Qualisys calibration, lengths in millimetres; what bends the picture is left out."""
    found = {}
    for camera in ET.parse(path).getroot().iter("camera"):
        place, lens = camera.find("transform"), camera.find("intrinsic")
        if place is None or lens is None:
            continue
        axes = [[float(place.attrib[f"r{a}{b}"]) for b in (1, 2, 3)] for a in (1, 2, 3)]
        # Their camera looks backward and has y up.
        turn = np.diag([1.0, -1.0, -1.0]) @ np.array(axes)
        found[camera.attrib["serial"]] = CalibratedCamera(
            turn,
            np.array([float(place.attrib[axis]) for axis in "xyz"]),
            np.array([float(lens.attrib[f"focalLength{axis}"]) for axis in "UV"]) / PER_PX,
            np.array([float(lens.attrib[f"centerPoint{axis}"]) for axis in "UV"]) / PER_PX,
        )
    return found


def crossing(places: Sequence[FloatArray], rays: Sequence[FloatArray]) -> FloatArray:
    """Return the points (T, 3) nearest to all rays; NaN where fewer than two cameras see it."""
    count = len(rays[0])
    left, right, cameras = np.zeros((count, 3, 3)), np.zeros((count, 3)), np.zeros(count)
    for place, ray in zip(places, rays, strict=True):
        known = np.isfinite(ray).all(axis=1)
        across = np.eye(3) - ray[:, :, None] * ray[:, None, :]
        left[known] += across[known]
        right[known] += across[known] @ place
        cameras += known
    points = np.full((count, 3), np.nan)
    enough = cameras >= 2
    points[enough] = np.linalg.solve(left[enough], right[enough][..., None])[..., 0]
    return points


def _hips_px(poses: PoseSeries) -> FloatArray:
    """Return left and right hip (2, T, 2) in pixels, NaN where the pose model exchanges the sides."""
    swapped, _ = find_swaps(poses, Posture.STANDING, SwapCarry())
    found = np.stack([poses.image_px[:, hip] for hip in HIPS])
    found[:, swapped] = np.nan
    return found


Seen = dict[str, PoseSeries]
Cameras = dict[str, CalibratedCamera]


def reference_deg(asked: str, seen: Seen, cameras: Cameras) -> FloatArray:
    """Return the obliquity (T,) as camera `asked` would see the hips that the others find."""
    others = [name for name in seen if name != asked]
    hips = {name: _hips_px(seen[name]) for name in others}
    places = [cameras[name].place for name in others]
    left, right = (
        crossing(places, [cameras[name].rays(hips[name][side]) for name in others])
        for side in range(len(HIPS))
    )
    return cameras[asked].elevation_deg(right - left)


def errors_of(poses: PoseSeries, truth: FloatArray) -> dict[str, Errors]:
    """Return the errors of hip line and model, frames with exchanged sides left out."""
    known = np.isfinite(truth) & np.isfinite(_hips_px(poses)[0, :, 0])
    found = pelvic_obliquity(poses)
    return {
        "raw hip line": Errors(hip_line_deg(poses)[known], truth[known]),
        PELVIS_MODEL: Errors(found.value[known], truth[known], found.half_width[known]),
    }


def _beside_marks(footage: Path, truth: dict[str, FloatArray]) -> Table:
    """Return how far the reference is from what two raters marked."""
    marks = json.loads((footage / "annotations" / "pelvis_lines.json").read_text("utf-8"))["frames"]
    rows = []
    for name, angles in truth.items():
        of = [mark for mark in marks if mark["clip"] == CLIP.format(name)]
        if of:
            told = np.array([angles[mark["frame"]] for mark in of])
            marked = np.array([mark["obliquity_deg"] for mark in of])
            rows.append(Errors(told, marked).row(name, "reference"))
    return Table("the reference beside the marks of two raters", COLUMNS, rows)


def four_cameras(chosen: argparse.Namespace) -> Report:
    """Measure."""
    report = Report(
        "four_cameras", "How far is the pelvis of one camera from that of three others?"
    )
    video = chosen.footage / "video"
    if not video.is_dir():
        report.notes.append("no footage of real people here")
        return report
    cameras = calibrated(video / CALIBRATION)
    seen = {
        variant: {
            name: harness.recording(video / CLIP.format(name), chosen.cache, variant).poses
            for name in cameras
        }
        for variant in ASKED
    }
    truth = {name: reference_deg(name, seen[REFERENCE], cameras) for name in cameras}
    rows = []
    for name in cameras:
        for variant in ASKED:
            for method, errors in errors_of(seen[variant][name], truth[name]).items():
                rows.append(errors.row(f"{name}, {variant}", method))
                if name == NEARLY_FRONTAL:
                    report.figures.append(
                        Figure(f"{name}, nearly frontal, {variant}, {method}, MAE", errors.mae, "°")
                    )
    report.tables.append(Table("one real person before four cameras", COLUMNS, rows))
    report.tables.append(_beside_marks(chosen.footage, truth))
    return report


def _parser() -> argparse.ArgumentParser:
    parser = harness.options(__doc__)
    harness.add_footage(parser, inside="")
    return parser


if __name__ == "__main__":
    raise SystemExit(harness.main(_parser(), four_cameras))
