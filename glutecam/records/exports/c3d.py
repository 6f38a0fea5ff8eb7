"""Markers as C3D, through ezc3d: residual -1 where a point was not seen.

C3D knows a rate and no times, so each frame takes the nearest place on an even grid; a place that no
frame took is empty, not interpolated.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import FloatArray
from glutecam.errors import InputError, MissingExtraError
from glutecam.records.exports.markers import MARKERS, markers_mm, rate_hz
from glutecam.records.files import write_whole
from glutecam.records.posefile import Recording

__all__ = ["places", "write_c3d"]

NOT_SEEN = -1.0
MOST_FRAMES = 65_535
"""The header counts frames in sixteen bits."""


def write_c3d(path: Path, recording: Recording) -> list[str]:
    """Write the landmarks as C3D, and return what their reader should know.

    Raises
    ------
    MissingExtraError
        Where ezc3d is not installed.
    InputError
        Where there is no frame, or more than C3D can count.
    OutputError
        Where it cannot be written.
    """
    try:
        import ezc3d
    except ImportError as err:
        raise MissingExtraError("Writing C3D", "c3d") from err
    poses, rate = recording.poses, rate_hz(recording)
    at = places(poses.time_s, rate)
    if not len(poses) or at[-1] >= MOST_FRAMES:
        raise InputError(
            f"C3D holds 1 to {MOST_FRAMES} frames, and this would be {int(at[-1]) + 1 if len(at) else 0}. "
            "Cut the recording, or export TRC."
        )
    points = np.full((int(at[-1]) + 1, len(MARKERS), 3), np.nan)
    points[at] = markers_mm(poses)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "markers.c3d"
        _filled(ezc3d.c3d(), points, rate).write(str(made))
        write_whole(path, made.read_bytes())
    return _notes(at)


def places(time_s: FloatArray, rate: float) -> NDArray[np.int64]:
    """Return the place of each frame on a grid of this rate, (T,), the first at 0."""
    if not len(time_s):
        return np.empty(0, dtype=np.int64)
    return np.asarray(np.rint((time_s - time_s[0]) * rate), dtype=np.int64)


def _filled(made: Any, points: FloatArray, rate: float) -> Any:
    parameters = made["parameters"]
    parameters["POINT"]["RATE"]["value"] = [rate]
    parameters["POINT"]["LABELS"]["value"] = list(MARKERS)
    parameters["POINT"]["UNITS"]["value"] = ["mm"]
    made.add_parameter("POINT", "X_SCREEN", "+X")
    made.add_parameter("POINT", "Y_SCREEN", "+Y")
    made.add_parameter("MANUFACTURER", "SOFTWARE", "glutecam")
    unseen = np.isnan(points).any(axis=2).T[None]
    coordinates = np.concatenate([points.transpose(2, 1, 0), np.ones_like(unseen, dtype=float)])
    made["data"]["points"] = np.where(unseen, np.nan, coordinates)
    made["data"]["meta_points"]["residuals"] = np.where(unseen, NOT_SEEN, 0.0)
    return made


def _notes(at: NDArray[np.int64]) -> list[str]:
    notes = ["Lengths are those of a statistical body, and the pelvis stays in its place."]
    lost = len(at) - len(np.unique(at))
    empty = int(at[-1]) + 1 - len(np.unique(at))
    if lost or empty:
        notes.append(
            f"C3D knows no times: on its even grid {empty} places are empty and {lost} frames, filmed "
            "closer together, fell away."
        )
    return notes
