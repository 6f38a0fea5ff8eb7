"""One pose model for many clips, and one that is closed while it works."""

from __future__ import annotations

import threading
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glutecam.capture.frames import Frame
from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.video import VideoFile
from glutecam.capture.weights import model_path
from glutecam.core.poses import PoseSeries
from glutecam.errors import ModelError

Image = NDArray[np.uint8]


@pytest.fixture(scope="module")
def full() -> Path:
    try:
        return model_path("full")
    except ModelError as err:
        pytest.skip(str(err))


@pytest.fixture(scope="module")
def pictures(sample_videos: Path) -> list[Image]:
    with VideoFile(sample_videos / "step_down_clean_left.mp4") as video:
        return [frame.image for frame in islice(video, 30)]


def frames_of(images: list[Image]) -> list[Frame]:
    return [Frame(n, n / 30, image, 0.0) for n, image in enumerate(images)]


def poses_of(estimator: MediaPipePose, images: list[Image]) -> PoseSeries:
    return PoseSeries.concatenate([estimator.estimate(frame) for frame in frames_of(images)])


def test_closing_within_a_frame_of_another_thread_is_harmless(
    full: Path, pictures: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator = MediaPipePose(full, "full", None)
    poses_of(estimator, pictures[:1])
    within, let_go = threading.Event(), threading.Event()
    found, rows = estimator._found, []

    def slow(*of: Any) -> PoseSeries:
        within.set()
        assert let_go.wait(120)
        return found(*of)

    monkeypatch.setattr(estimator, "_found", slow)
    frame = frames_of(pictures[:2])[1]
    thread = threading.Thread(target=lambda: rows.append(estimator.estimate(frame)))
    thread.start()
    assert within.wait(120)
    estimator.close()
    let_go.set()
    thread.join(120)
    assert np.isfinite(rows[0].image_px).all()
    with pytest.raises(ModelError, match="closed"):
        estimator.estimate(frame)


def test_starting_anew_is_as_good_as_a_new_model(full: Path, pictures: list[Image]) -> None:
    with MediaPipePose(full, "full") as new:
        expected = poses_of(new, pictures[:20])
    with MediaPipePose(full, "full") as used:
        poses_of(used, pictures[10:25])
        used.start_anew()
        found = poses_of(used, pictures[:20])
    for name in ("image_px", "world_m", "visibility", "people"):
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes()
