"""Markers over time for OpenSim and its relatives (``.trc``), with the true time of every frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from glutecam.core.poses import FloatArray
from glutecam.errors import InputError
from glutecam.records.exports.markers import MARKERS, markers_mm, rate_hz
from glutecam.records.files import write_whole
from glutecam.records.posefile import Recording

__all__ = ["write_trc"]


def write_trc(path: Path, recording: Recording) -> list[str]:
    """Write the landmarks as markers, and return what their reader should know.

    Raises
    ------
    InputError
        Where there is no frame.
    OutputError
        Where it cannot be written.
    """
    poses = recording.poses
    if not len(poses):
        raise InputError("The recording holds no frame: nothing was written.")
    points = markers_mm(poses)
    rows = [
        f"{number}\t{time:.6f}\t{_cells(frame)}"
        for number, (time, frame) in enumerate(zip(poses.time_s, points, strict=True), start=1)
    ]
    text = "\n".join([*_head(path, len(poses), rate_hz(recording)), *rows]) + "\n"
    write_whole(path, text.encode())
    return ["Lengths are those of a statistical body, and the pelvis stays in its place."]


def _head(path: Path, frames: int, rate: float) -> list[str]:
    facts = (f"{rate:.6g}", f"{rate:.6g}", frames, len(MARKERS), "mm", f"{rate:.6g}", 1, frames)
    axes = "\t".join(f"X{n}\tY{n}\tZ{n}" for n in range(1, len(MARKERS) + 1))
    return [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        "\t".join(map(str, facts)),
        "Frame#\tTime\t" + "\t\t\t".join(MARKERS) + "\t\t",
        f"\t\t{axes}",
        "",
    ]


def _cells(points: FloatArray) -> str:
    """Return the coordinates of one frame, NaN where a marker was not seen.

    Empty cells mean the same in other programs' files, but OpenSim 4.6 refuses a row of nothing else.
    """
    return "\t".join("NaN" if np.isnan(value) else f"{value:.3f}" for value in points.ravel())
