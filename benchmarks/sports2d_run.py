"""Runs Sports2D over clips, within its own environment; prints what it took as JSON.

    PYTHON_OF_SPORTS2D sports2d_run.py FOLDER own CLIP [CLIP ...]
    PYTHON_OF_SPORTS2D sports2d_run.py FOLDER pose_landmarker_full.task CLIP [CLIP ...]

``own`` leaves it the pose model that it chooses itself; with a MediaPipe bundle in its place,
that model finds the points and everything else is Sports2D's. Imports nothing of glutecam.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

HALPE_26 = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28,
            (7, 8), (11, 12), (23, 24), 31, 32, 31, 32, 29, 30)  # fmt: skip
"""MediaPipe's points in the order that Sports2D expects; a pair stands for its middle."""
STRETCH_MS = 33_000
"""Between two frames, as glutecam has it: MediaPipe's hidden filter then does nothing."""


class MediaPipeTracker:
    """What Sports2D calls with a picture: (1, 26, 2) pixels and (1, 26) scores come back."""

    def __init__(self, bundle: str, counted: Counter[str]) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=bundle),
            running_mode=vision.RunningMode.VIDEO,
        )
        self._model = vision.PoseLandmarker.create_from_options(options)
        self._counted = counted
        self._stamp = 0

    def __call__(self, picture: Any) -> tuple[Any, Any]:
        """Return the points and scores of a BGR picture."""
        import cv2
        import mediapipe as mp

        height, width = picture.shape[:2]
        rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        self._stamp += STRETCH_MS
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
        found = self._model.detect_for_video(image, self._stamp).pose_landmarks
        self._counted["frames"] += 1
        if not found:
            return np.full((1, len(HALPE_26), 2), np.nan), np.zeros((1, len(HALPE_26)))
        self._counted["seen"] += 1
        points = np.array([(p.x * width, p.y * height, p.visibility) for p in found[0]])
        rows = np.array([points[[each]].mean(axis=0) if isinstance(each, int)
                         else points[list(each)].mean(axis=0) for each in HALPE_26])  # fmt: skip
        return rows[None, :, :2], rows[None, :, 2]


def settings(folder: Path, clips: list[Path]) -> dict[str, Any]:
    """Return the least that Sports2D can do beside its poses and angles: no pictures, no plots."""
    return {
        "base": {
            "video_input": [clip.name for clip in clips],
            "video_dir": str(clips[0].parent),
            "result_dir": str(folder),
            # The default asks somebody to click at a person.
            "person_ordering_method": "highest_likelihood",
            "nb_persons_to_detect": 1,
            "show_realtime_results": False,
            "save_vid": False,
            "save_img": False,
        },
        "px_to_meters_conversion": {"to_meters": False, "make_c3d": False, "save_calib": False},
        "post-processing": {"show_graphs": False, "save_graphs": False},
    }


def main(folder: Path, model: str, clips: list[Path]) -> dict[str, Any]:
    """Run it, and return seconds without its start, frames, and what it wrote."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    import Sports2D.process as process
    from Sports2D import Sports2D

    counted: Counter[str] = Counter()
    if model != "own":
        process.setup_pose_tracker = lambda *_, **__: MediaPipeTracker(model, counted)
    start_s = time.perf_counter()
    Sports2D.process(settings(folder, clips))
    took_s = time.perf_counter() - start_s
    return {
        "seconds": took_s,
        "version": process.__version__,
        "frames": counted["frames"],
        "seen": counted["seen"],
        "poses": len(list(folder.rglob("*.trc"))),
        "angles": len(list(folder.rglob("*.mot"))),
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], [Path(c) for c in sys.argv[3:]])))
