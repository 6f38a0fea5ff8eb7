"""Landmarks as markers: millimetres, y up, right-handed, and NaN where a point was not seen.

The pose model gives metres about the middle of the hips, in the scale of a statistical body. So the
pelvis stands still in these files, and no length in them is the person's own.
"""

from __future__ import annotations

import numpy as np

from glutecam.core.geometry import rotate2
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.validity import visible_points
from glutecam.records.posefile import Recording

__all__ = ["MARKERS", "markers_mm", "rate_hz"]

MARKERS = tuple(landmark.name for landmark in Landmark)
MM_PER_M = 1000.0
KEEPS_TO = 0.35
"""Times may be off the grid by this share of a frame: cameras and milliseconds are not exact."""
USUAL_RATE_HZ = 30.0
"""Of a recording with a single frame, whose rate nobody can tell."""


def markers_mm(poses: PoseSeries) -> FloatArray:
    """Return the points in millimetres, (T, 33, 3): x right in the picture, y up, z to the camera.

    A point that is hidden or outside the picture is the model's guess, not a measurement: NaN.
    """
    metres = rotate2(poses.world_m, poses.camera_roll_deg, np.zeros(2))
    points = metres * np.array([1.0, -1.0, -1.0]) * MM_PER_M
    points[~visible_points(poses)] = np.nan
    return np.asarray(points)


def rate_hz(recording: Recording) -> float:
    """Return the frame rate in 1/s: the nominal one where the times keep to it, else the usual step."""
    times = recording.poses.time_s
    if len(times) < 2:
        return recording.fps or USUAL_RATE_HZ
    if recording.fps and _keeps_to(times - times[0], recording.fps):
        return recording.fps
    return float(1.0 / np.median(np.diff(times)))


def _keeps_to(times: FloatArray, rate: float) -> bool:
    """Tell whether the times lie near a grid of this rate and take most of its places."""
    at = times * rate
    places = np.rint(at)
    near = float(np.abs(at - places).max()) < KEEPS_TO
    return near and float(np.median(np.diff(places))) == 1.0
