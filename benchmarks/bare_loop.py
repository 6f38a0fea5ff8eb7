"""The bare MediaPipe loop: decode, detect, nothing else. What every other program is held against.

    python -m benchmarks.bare_loop CLIP [CLIP ...]

No rotation, no checks, no count of people, nothing kept. Same model, mode and times as glutecam's.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["bare"]


def bare(clip: Path, threads: bool = True) -> int:
    """Decode and detect with a model of its own; return how many frames there were.

    Parameters
    ----------
    clip : Path
    threads : bool
        Decode in as many threads as PyAV likes; else in one, which leaves the cores to others.
    """
    import av
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    from glutecam.capture.mediapipe_pose import STRETCH
    from glutecam.capture.weights import model_path

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model_path("full"))),
        running_mode=vision.RunningMode.VIDEO,
    )
    frames = 0
    with av.open(str(clip)) as video, vision.PoseLandmarker.create_from_options(options) as model:
        video.streams.video[0].thread_type = "AUTO" if threads else "NONE"
        for frame in video.decode(video=0):
            picture = mp.Image(
                image_format=mp.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24")
            )
            model.detect_for_video(picture, round(float(frame.time or 0.0) * STRETCH))
            frames += 1
    return frames


if __name__ == "__main__":
    print(sum(bare(Path(clip), threads=False) for clip in sys.argv[1:]))
