"""The true pelvic shift of a sample clip, from its hip centres in the picture and its camera.

The truth files give the hip-joint centres in pixels, and the camera. The rendered people never turn
the pelvis about the upright axis and their stance ankle never moves, so the rays through the two
hip centres meet a line of constant length that is parallel to the picture's plane of the subject:
that gives their place in metres. One length must be known; mid-hip is taken to be 5 cm ahead of the
ankles while the person stands quietly, where the balance of the renderer puts it (4.3 to 5.5 cm).
Posing the same people again and reading their joints gives the same shift within 0.004 hip
widths, in every tenth of a second of every standing clip.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.harness import FloatArray, Sample

__all__ = ["pelvic_shift"]

ANKLE_M = 0.075
"""Half the distance between the ankles of every standing clip (training/scripts.py)."""

AHEAD_M = 0.05
QUIET_FRAMES = 30


def _rays(camera: dict[str, Any], pixels: FloatArray) -> FloatArray:
    """Return the direction (T, 3) of each pixel: x to the subject's left, y backward, z up."""
    across = (pixels[:, 0] - camera["width_px"] / 2) / camera["focal_px"]
    above = (camera["height_px"] / 2 - pixels[:, 1]) / camera["focal_px"]
    turn = np.radians(camera["yaw_deg"])
    cosine, sine = np.cos(turn), np.sin(turn)
    # The camera of every clip is level and looks along +y, turned about the upright axis.
    return np.stack([cosine * across - sine, sine * across + cosine, above], axis=1)


def _place(camera: dict[str, Any]) -> FloatArray:
    turn = np.radians(camera["yaw_deg"])
    away = camera["distance_m"]
    x, y = away * np.sin(turn) + camera["aim_x_m"], -away * np.cos(turn)
    return np.array([x, y, camera["height_m"]])


def pelvic_shift(sample: Sample) -> FloatArray:
    """Return mid-hip beyond the stance ankle in hip-centre distances, + = outwards, (T,)."""
    camera = sample.truth["camera"]
    place = _place(camera)
    left = _rays(camera, sample.series("left_hip_px"))
    right = _rays(camera, sample.series("right_hip_px"))
    # Both hips are equally far back: how far along each ray, but for one common factor.
    along = np.stack([1.0 / left[:, 1], 1.0 / right[:, 1]], axis=1)
    line = along[:, :1] * left - along[:, 1:] * right
    apart = np.linalg.norm(line, axis=1)
    quiet = slice(0, QUIET_FRAMES)
    width = float(np.median(apart[quiet]) * (-AHEAD_M - place[1]))
    factor = width / apart
    middle = place[0] + 0.5 * factor * (along[:, 0] * left[:, 0] + along[:, 1] * right[:, 0])
    outward = 1.0 if sample.truth["side"] == "left" else -1.0
    return np.asarray(outward * (middle - outward * ANKLE_M) / width)
