"""A network camera over RTSP: a real server, H.264 in RTP, both readers."""

from __future__ import annotations

import time
from itertools import islice, pairwise

import numpy as np
import pytest

from glutecam.capture.lasting import Lasting
from glutecam.capture.video import VideoFile
from glutecam.capture.webcam import Webcam
from glutecam.errors import SourceError
from tests.capture.rtsp import rtsp_camera

pytestmark = pytest.mark.realtime
SIZE = (320, 240)


@pytest.mark.parametrize("reader", [Webcam, VideoFile])
def test_a_camera_over_rtsp_is_a_live_source(reader, picture, read_number):
    with rtsp_camera(lambda number: picture(number % 256, SIZE)) as (address, asked):
        with reader(address) as source:
            assert source.info.live and (source.info.width_px, source.info.height_px) == SIZE
            frames = list(islice(source, 20))
        assert "PLAY" in asked
    numbers = [read_number(frame.image) for frame in frames]
    assert numbers == sorted(set(numbers))
    assert all(b.time_s > a.time_s for a, b in pairwise(frames))


def test_the_newest_picture_is_shown_however_slow_the_reader_is(picture, read_number):
    seen = []
    with rtsp_camera(lambda n: picture(n % 256, SIZE)) as (address, _), Webcam(address) as source:
        for frame in islice(source, 5):
            seen.append(read_number(frame.image))
            time.sleep(0.3)
    # Whoever took every picture would be one further each time; a slow machine sends fewer.
    assert np.median(np.diff(seen)) >= 3


def test_a_camera_that_is_switched_off_is_told_and_found_again(picture):
    with rtsp_camera(lambda number: picture(number % 256, SIZE), count=20) as (address, asked):
        with pytest.raises(SourceError), VideoFile(address) as source:
            list(source)
        with Lasting(lambda: Webcam(address)) as source:
            lost, back = False, 0
            for frame in islice(source, 400):
                gone = source.lost_at(frame.time_s)
                lost, back = lost or gone, back + (lost and not gone)
                if back > 3:
                    break
        assert lost and back > 3
        assert asked.count("PLAY") >= 3
