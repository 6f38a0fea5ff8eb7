"""The pose models without the outline of the person, against MediaPipe's own bundles.

Both look at the same pictures of the sample clips in turns, in VIDEO mode and in one process, and so
share whatever else the machine does. Every number of every landmark is compared, in the picture and
in metres, with visibility and presence: one that differs in its last bit makes the frame differ.
Models that are not on this machine are left out, and said so.
"""

from __future__ import annotations

import argparse
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import harness
from benchmarks.harness import Figure, FloatArray, Report, Table
from glutecam.capture.frames import Frame
from glutecam.errors import ModelError

VARIANTS = ("lite", "full", "heavy")
MOST = 1.0
"""Without the outline no model may be slower."""


def landmarker(bundle: bytes) -> Any:
    """Return MediaPipe's own landmarker of a bundle."""
    from mediapipe.tasks.python import BaseOptions, vision

    from glutecam.capture.mediapipe_pose import HARMLESS
    from glutecam.capture.quiet import without_lines

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=bundle),
        running_mode=vision.RunningMode.VIDEO,
    )
    with without_lines(HARMLESS):
        return vision.PoseLandmarker.create_from_options(options)


def numbers(answer: Any) -> FloatArray:
    """Return everything that was answered, (people * 66, 5); (0, 5) where nobody is seen."""
    bodies = [*answer.pose_landmarks, *answer.pose_world_landmarks]
    rows = [(p.x, p.y, p.z, p.visibility, p.presence) for body in bodies for p in body]
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def in_turns(models: tuple[Any, Any], frame: Frame) -> tuple[list[float], bool, bool]:
    """Return the milliseconds of both, whether their answers differ, and whether nobody is seen."""
    import mediapipe as mp

    from glutecam.capture.mediapipe_pose import STRETCH

    picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.image)
    spent, found = [0.0, 0.0], [np.empty(0), np.empty(0)]
    # Whoever is second finds the picture in the cache: that changes each time.
    for at in (0, 1) if frame.index % 2 else (1, 0):
        start_s = time.perf_counter()
        answer = models[at].detect_for_video(picture, round(frame.time_s * STRETCH))
        spent[at] = 1000 * (time.perf_counter() - start_s)
        found[at] = numbers(answer)
    return spent, not np.array_equal(found[0], found[1]), not found[0].size


def compared(path: Path, frames: int) -> tuple[FloatArray, int, int]:
    """Return milliseconds of (whole, lean) for every frame, how many differ, how many show nobody."""
    from glutecam.capture.lean import read_lean
    from glutecam.capture.video import VideoFile

    bundles = (path.read_bytes(), read_lean(path))
    looks: list[tuple[list[float], bool, bool]] = []
    for sample in harness.sample_clips():
        with (
            landmarker(bundles[0]) as whole,
            landmarker(bundles[1]) as lean,
            VideoFile(sample.path) as video,
        ):
            looks += [in_turns((whole, lean), frame) for frame in islice(video, frames)]
    took, differ, nobody = zip(*looks, strict=True)
    return np.array(took), sum(differ), sum(nobody)


def making_ms(path: Path) -> float:
    """Return what it takes to read a bundle and leave the outline out, median of five."""
    from glutecam.capture.lean import read_lean

    took = []
    for _ in range(5):
        start_s = time.perf_counter()
        read_lean(path)
        took.append(1000 * (time.perf_counter() - start_s))
    return float(np.median(took))


def lean(arguments: argparse.Namespace) -> Report:
    """Compare every model that is there."""
    from glutecam.capture.weights import model_path

    report = Report("lean", "what is saved where the outline of the person is not painted?")
    rows: list[tuple[Any, ...]] = []
    for variant in VARIANTS:
        try:
            path = model_path(variant)
        except ModelError:
            report.notes.append(f"The model {variant} is not on this machine: not measured.")
            continue
        took, differ, nobody = compared(path, arguments.frames)
        ratio = float(np.median(took[:, 1]) / np.median(took[:, 0]))
        report.figures += [
            Figure(f"{variant}, frames that differ", differ, f"of {len(took)}", at_most=0),
            Figure(f"{variant}, time of a frame against the whole model", ratio, "x", at_most=MOST),
        ]
        medians = [float(value) for value in np.median(took, axis=0)]
        rows.append((variant, len(took), nobody, *medians, making_ms(path)))
    columns = ("model", "frames", "nobody seen", "whole, ms", "without, ms", "made once, ms")
    report.tables.append(Table("a frame, median", columns, rows))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--frames", type=int, default=60, help="of every sample clip")
    raise SystemExit(harness.main(parser, lean))
