"""What MEDIAPIPE and OpenCV were found to do, on the versions that are pinned.

Each of these is why something in ``capture/`` or ``display/`` is as it is; when one fails after an
update, that something has to be thought over.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
import pytest
from builders import make_exercise, make_update
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode
from numpy.typing import NDArray

from glutecam.capture import mediapipe_pose
from glutecam.capture.frames import Frame
from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.quiet import without_lines
from glutecam.capture.video import VideoFile
from glutecam.capture.webcam import Webcam
from glutecam.capture.weights import pull
from glutecam.core.landmarks import Landmark
from glutecam.display.overlay import Overlay

Image = NDArray[np.uint8]


@pytest.fixture(scope="module")
def full() -> Path:
    return pull("full")


@pytest.fixture(scope="module")
def person(sample_videos: Path) -> list[Image]:
    """Somebody who stands still and begins to move."""
    with VideoFile(sample_videos / "step_down_drop_left.mp4") as source:
        return [frame.image for frame, _ in zip(source, range(100), strict=False)][::10]


@pytest.fixture
def vendor(full: Path) -> Iterator[PoseLandmarker]:
    with landmarker(full) as opened:
        yield opened


def landmarker(full: Path) -> PoseLandmarker:
    base = BaseOptions(model_asset_path=str(full))
    return PoseLandmarker.create_from_options(
        PoseLandmarkerOptions(base_options=base, running_mode=RunningMode.VIDEO)
    )


def raw(image: Image) -> mp.Image:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=image)


@pytest.mark.parametrize("stamp", [5000, 4999, 0])
def test_a_timestamp_that_does_not_rise_is_refused_and_the_model_stays_usable(
    vendor: PoseLandmarker, person: list[Image], stamp: int
) -> None:
    vendor.detect_for_video(raw(person[0]), 5000)
    with pytest.raises(ValueError, match="monotonically increasing"):
        vendor.detect_for_video(raw(person[0]), stamp)
    assert vendor.detect_for_video(raw(person[0]), 5001).pose_landmarks


def test_timestamps_are_whole_numbers_and_may_begin_below_zero_and_leap(
    vendor: PoseLandmarker, person: list[Image]
) -> None:
    with pytest.raises((TypeError, ctypes.ArgumentError)):
        vendor.detect_for_video(raw(person[0]), 0.5)  # type: ignore[arg-type]
    for stamp in (-7000, 0, 10**9):
        assert vendor.detect_for_video(raw(person[0]), stamp).pose_landmarks


def test_after_closing_the_vendor_never_finds_anybody(full: Path, person: list[Image]) -> None:
    """Why ``MediaPipePose`` raises: an empty result would pass for an empty room."""
    opened = landmarker(full)
    assert opened.detect_for_video(raw(person[0]), 0).pose_landmarks
    opened.close()
    opened.close()
    assert not opened.detect_for_video(raw(person[0]), 33_000).pose_landmarks


def test_a_picture_is_copied_when_it_is_made(person: list[Image]) -> None:
    """So that a camera may write into its own buffer again."""
    mine = person[0].copy()
    picture = raw(mine)
    mine[:] = 0
    assert np.array_equal(picture.numpy_view(), person[0])


def test_a_fourth_channel_is_not_noticed_by_the_vendor(person: list[Image]) -> None:
    """Why ``MediaPipePose`` looks at the shape: what is taken for RGB here is sheared."""
    four = np.dstack([person[0], np.full(person[0].shape[:2], 255, np.uint8)])
    try:
        picture = raw(np.ascontiguousarray(four))
    except (ValueError, RuntimeError):
        pytest.fail("the vendor refuses it now: the check of ours may go")
    assert not np.array_equal(picture.numpy_view()[..., :3], person[0])


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_body_is_found_however_it_lies(full: Path, person: list[Image], turns: int) -> None:
    """Why a clamshell needs no turned picture."""
    upright, turned = (points_of(full, image) for image in (person[0], np.rot90(person[0], turns)))
    height, width = person[0].shape[:2]
    back = turned
    size = (width, height) if turns == 2 else (height, width)
    for _ in range(turns):
        # One quarter clockwise undoes one of rot90, which turns the other way.
        back = np.stack([size[1] - back[:, 1], back[:, 0]], axis=1)
        size = size[::-1]
    body = [int(point) for point in Landmark if point >= Landmark.LEFT_SHOULDER]
    tall = np.linalg.norm(upright[Landmark.LEFT_SHOULDER] - upright[Landmark.LEFT_ANKLE])
    off = np.linalg.norm(back[body] - upright[body], axis=1) / tall
    assert np.median(off) < 0.02


def points_of(full: Path, image: Image) -> NDArray[np.float64]:
    with MediaPipePose(full, "full", None) as model:
        poses = model.estimate(Frame(0, 0.0, np.ascontiguousarray(image), 0.0))
    assert poses.seen.all()
    return np.asarray(poses.image_px[0])


def test_a_mirrored_display_changes_nothing_that_is_measured(
    full: Path, person: list[Image]
) -> None:
    frames = [Frame(i, i / 30, image, 0.0) for i, image in enumerate(person)]
    mirror, shown = Overlay(make_exercise(), mirror=True), []
    with MediaPipePose(full, "full", None) as model:
        plain = [model.estimate(frame) for frame in frames]
    with MediaPipePose(full, "full", None) as model:
        seen = []
        for frame in frames:
            seen.append(model.estimate(frame))
            shown.append(mirror.draw(frame.image, seen[-1], make_update()))
    for before, after in zip(plain, seen, strict=True):
        np.testing.assert_array_equal(before.image_px, after.image_px)
        # The person faces the camera: their left is at the right of the picture that is measured ...
        left, right = (after.image_px[0, hip, 0] for hip in (23, 24))
        assert left > right
    # ... and the display alone shows them the other way round.
    wall = person[0][300:340, :60]
    assert np.array_equal(shown[0][300:340, -60:][:, ::-1], wall)
    assert not np.array_equal(shown[0][300:340, :60], wall)


def test_opencv_cannot_write_what_a_browser_plays(tmp_path: Path) -> None:
    """Why videos are written through PyAV."""
    with without_lines(["OpenCV", "[ERROR", "[ WARN", "[libx264", "Could not find", "[h264"]):
        writer = cv2.VideoWriter(
            str(tmp_path / "v.mp4"), cv2.VideoWriter.fourcc(*"avc1"), 30, (64, 48)
        )
        opened = writer.isOpened()
        writer.release()
    assert not opened


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_turned_file_that_stands_in_for_a_camera_is_shown_upright(clip, degrees: int) -> None:
    """OpenCV's own default differs between its versions, so it is always asked to turn."""
    stored = np.zeros((64, 96, 3), dtype=np.uint8)
    stored[:32, :48] = 255
    path = clip(images=[stored] * 20, ticks=range(20), size=(96, 64), rotate_deg=degrees)
    with Webcam(str(path)) as camera:
        first = next(iter(camera))
    expected = np.rot90(stored, degrees // 90)
    assert first.image.shape == expected.shape
    assert np.abs(first.image.astype(int) - expected).mean() < 12


def test_what_the_library_left_in_memory_is_what_mediapipe_makes_objects_of(
    full: Path, person: list[Image]
) -> None:
    with landmarker(full) as vendor, landmarker(full) as other:
        for i, image in enumerate(person[:4]):
            result = vendor.detect_for_video(raw(image), 33 * i)
            found = mediapipe_pose._detected(other, raw(image), 33 * i)
            assert (found is not None) == bool(result.pose_landmarks)
            made = [*result.pose_landmarks, *result.pose_world_landmarks]
            for numbers, points in zip(found or (), made, strict=True):
                columns = numbers[:, [0, 1, 2, mediapipe_pose._VISIBILITY]]
                wanted = [[p.x, p.y, p.z, p.visibility] for p in points]
                assert np.array_equal(columns.astype(np.float64), wanted)
    assert found is not None


def test_conversion_is_quick(vendor: PoseLandmarker, person: list[Image]) -> None:
    picture, answer = raw(person[0]), mediapipe_pose.PoseLandmarkerResultC()
    vendor._lib.MpPoseLandmarkerDetectForVideo(
        vendor._handle, picture._image_ptr, None, 0, ctypes.byref(answer)
    )
    begin = time.thread_time()
    for _ in range(200):
        mediapipe_pose._read(answer.pose_landmarks[0])
    assert (time.thread_time() - begin) / 200 < 5e-5
    vendor._lib.MpPoseLandmarkerCloseResult(ctypes.byref(answer))
