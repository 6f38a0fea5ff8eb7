"""A camera made of a local MJPEG stream: the same reader, without the hardware."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import cv2
import numpy as np
import pytest

from glutecam.capture import webcam
from glutecam.capture.video import VideoFile
from glutecam.capture.webcam import Webcam
from glutecam.errors import SourceError

pytestmark = pytest.mark.realtime


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    deadline = time.monotonic() + 30  # a read that hangs ends with its own timeout
    while time.monotonic() < deadline and reading():
        time.sleep(0.05)
    assert not reading()


def reading():
    return [t for t in threading.enumerate() if t.name == "glutecam-frames"]


def test_frames_are_rgb_upright_and_in_order(camera, read_number):
    # So few are asked for that no machine is warned of its camera's rate.
    with Webcam(camera(), fps=3) as cam:
        assert cam.info.live
        assert (cam.info.width_px, cam.info.height_px) == (160, 120)
        frames = [frame for frame, _ in zip(cam, range(15), strict=False)]
    numbers = [read_number(f.image) for f in frames]
    assert numbers == sorted(set(numbers))
    assert all(b.time_s > a.time_s and b.index > a.index for a, b in pairwise(frames))
    for each in frames:
        assert each.image.shape == (120, 160, 3)
        assert each.image.dtype == np.uint8
        assert each.image.flags.c_contiguous
    assert cam.warnings == []


def test_a_slow_reader_gets_the_newest_picture(camera, read_number):
    with Webcam(camera()) as cam:
        ages, indices = [], []
        for frame, _ in zip(cam, range(6), strict=False):
            ages.append(time.monotonic() - frame.captured_s)
            indices.append(frame.index)
            time.sleep(0.25)
    # Whoever took every picture would be 0.65 s behind at the fourth and 1.1 s at the sixth; one of
    # them, and one of the steps, may fall on a moment in which the machine does something else.
    assert min(ages[3:]) < 0.6
    assert np.median(np.diff(indices)) >= 2


@pytest.mark.parametrize("then", ["hang up", "fall silent"])
def test_a_camera_that_vanishes_is_an_error_in_the_consumer(camera, then):
    taken = []
    with Webcam(camera(fps=60, count=60, then=then)) as cam:
        with pytest.raises(SourceError, match="disappeared"):
            for frame in cam:
                taken.append(frame.captured_s)
        # A camera that has fallen silent would be waited for 20 s.
        assert 1.9 < time.monotonic() - taken[-1] < 12
    assert len(taken) > 5


def test_a_camera_at_half_its_rate_is_named_once(camera):
    with Webcam(camera(fps=15)) as cam:
        for frame in cam:
            if frame.time_s > 6:
                break
    assert len(cam.warnings) == 1
    assert "light" in cam.warnings[0]
    assert "30" in cam.warnings[0]


def test_closing_is_quick(camera):
    with Webcam(camera()) as cam:
        next(iter(cam))
        started = time.monotonic()
    # The camera would go on for five minutes.
    assert time.monotonic() - started < 30


def test_a_file_stands_in_for_a_camera(clip, read_number):
    with Webcam(str(clip(ticks=range(40)))) as cam, pytest.raises(SourceError):
        for frame in cam:
            assert read_number(frame.image) < 40


def test_the_rate_is_judged_after_it_has_settled():
    slow, fine, once = webcam._Rate(30), webcam._Rate(30), []
    for i in range(150):
        once.append(slow.slow(i / 15))
        assert fine.slow(i / 25) is None
    assert [rate for rate in once if rate] == [pytest.approx(15, abs=0.6)]


# --- devices that cannot be had here -----------------------------------------------------------


class Device:
    """Stands in for ``cv2.VideoCapture``: cameras 1 and 3 exist, 3 gives no picture."""

    made: list[Device]

    def __init__(self, index, backend=0, params=()):
        self.index, self.backend, self.asked, self.released = index, backend, [], False
        type(self).made.append(self)

    def isOpened(self):  # noqa: N802
        return self.index in (1, 3)

    def set(self, key, value):
        self.asked.append((key, value))

    def read(self):
        if self.index == 3:
            raise cv2.error("the driver is confused")
        time.sleep(0.01)
        return True, np.full((4, 6, 3), (255, 0, 0), dtype=np.uint8)

    def release(self):
        self.released = True


@pytest.fixture
def devices(monkeypatch):
    Device.made = []
    monkeypatch.setattr(cv2, "VideoCapture", Device)
    return Device.made


def test_a_missing_camera_names_those_that_answer(devices):
    with pytest.raises(SourceError, match=r"camera 0 .*can be opened: 1, 3"), Webcam(0):
        pass
    assert all(device.released for device in devices)


def test_windows_falls_back_to_directshow(devices, monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(SourceError), Webcam("2"):
        pass
    assert [d.backend for d in devices[:2]] == [cv2.CAP_ANY, cv2.CAP_DSHOW]


def test_what_is_asked_of_a_camera(devices):
    with Webcam(1) as cam:
        frame = next(iter(cam))
        assert frame.image[0, 0].tolist() == [0, 0, 255]
        assert cam.info.width_px == 6  # what it gives, not what was asked
    keys = [key for key, _ in devices[0].asked]
    assert keys[0] == cv2.CAP_PROP_FOURCC
    assert {cv2.CAP_PROP_BUFFERSIZE, cv2.CAP_PROP_ORIENTATION_AUTO} <= set(keys)
    assert (cv2.CAP_PROP_FPS, 30.0) in devices[0].asked
    assert devices[0].released


def test_a_camera_that_gives_no_picture(devices, monkeypatch):
    monkeypatch.setattr(webcam, "_FIRST_PICTURE_S", 0.1)
    with pytest.raises(SourceError, match="no picture"), Webcam(3):
        pass
    assert devices[0].released


def test_no_camera_here_is_said_quietly(capfd):
    level = cv2.utils.logging.getLogLevel()
    with pytest.raises(SourceError, match="camera 97"), Webcam(97):
        pass
    assert capfd.readouterr().err == ""
    assert cv2.utils.logging.getLogLevel() == level


def test_a_stream_without_times_is_read_on_the_clock_of_this_machine(camera):
    """FFmpeg would stamp 25 frames a second on it, whatever the camera does."""
    with VideoFile(camera(fps=15, count=46)) as video:
        assert video.info.live
        frames = []
        with pytest.raises(SourceError, match="stopped"):
            for frame in video:
                frames.append(frame)
    taken_s = frames[-1].captured_s - frames[0].captured_s
    assert len(frames) > 40
    # FFmpeg's stamps would end at 1.8 s, the camera's pictures at 3 s.
    assert taken_s > 2.5
    assert frames[-1].time_s == pytest.approx(taken_s, abs=0.3)
    assert all(a.time_s < b.time_s for a, b in pairwise(frames))


def test_a_camera_that_changes_its_size_is_fitted_into_the_first_with_one_warning(
    devices, monkeypatch
):
    taken = [0]

    def changing(device):
        taken[0] += 1
        time.sleep(0.01)
        shape = (4, 6, 3) if taken[0] < 4 else (6, 4, 3)
        return True, np.full(shape, 255, dtype=np.uint8)

    monkeypatch.setattr(Device, "read", changing)
    with Webcam(1, fps=3) as cam:
        frames = [frame for frame, _ in zip(cam, range(12), strict=False)]
    assert {frame.image.shape for frame in frames} == {(4, 6, 3)}
    assert frames[-1].image[:, 0].max() == 0  # bars, not distortion
    assert frames[-1].image[:, 3].min() == 255
    assert len(cam.warnings) == 1
    assert "6x4 to 4x6" in cam.warnings[0]
