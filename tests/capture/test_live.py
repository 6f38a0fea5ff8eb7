"""The newest picture wins, errors reach the reader, and no thread stays behind."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.live import FrameThread, NewestFrame, Paced
from glutecam.capture.video import VideoFile
from glutecam.errors import SourceError

IMAGE = np.zeros((4, 4, 3), dtype=np.uint8)
pytestmark = pytest.mark.realtime
SOON_S = 20.0
"""Far more than is needed, so that a busy machine passes, and far less than was not waited for."""


def frame(index, time_s=None):
    return Frame(index, index / 30 if time_s is None else time_s, IMAGE, time.monotonic())


def threads():
    return [t for t in threading.enumerate() if t.name == "glutecam-frames"]


def all_end():
    """Tell whether the threads are gone, soon."""
    deadline = time.monotonic() + SOON_S
    while threads() and time.monotonic() < deadline:
        time.sleep(0.01)
    return threads() == []


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert all_end()


class Source:
    """A source in memory that fails where it is told to."""

    def __init__(self, frames, error=None, live=False):
        self.warnings = []
        self.closed = 0
        self.frames, self.error, self.live = frames, error, live

    @property
    def info(self):
        return SourceInfo("memory", 4, 4, 30.0, len(self.frames), self.live)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed += 1

    def __iter__(self):
        yield from self.frames
        if self.error is not None:
            raise self.error


def test_the_newest_frame_replaces_one_that_nobody_took():
    mailbox = NewestFrame()
    for index in range(5):
        mailbox.put(frame(index))
    assert mailbox.get().index == 4
    assert mailbox.replaced == 4


def test_an_empty_mailbox_says_so_in_time():
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        NewestFrame().get(0.05)
    assert time.monotonic() - started < SOON_S


def test_the_last_frame_comes_before_the_end_and_before_an_error():
    mailbox = NewestFrame()
    with mailbox:
        mailbox.put(frame(7))
        raise SourceError("unplugged")
    assert mailbox.get().index == 7
    with pytest.raises(SourceError, match="unplugged"):
        mailbox.get()
    ended = NewestFrame()
    with ended:
        pass
    assert ended.get() is None


def test_who_asks_again_after_the_end_is_told_again():
    mailbox = NewestFrame()
    with mailbox:
        mailbox.put(frame(3))
    mailbox.put(frame(4))
    assert mailbox.get().index == 4
    assert mailbox.get() is None
    assert mailbox.get() is None
    assert mailbox.replaced == 1


def test_a_waiting_reader_wakes_at_once():
    mailbox = NewestFrame()
    threading.Timer(0.05, mailbox.put, [frame(1)]).start()
    started = time.monotonic()
    assert mailbox.get(60).index == 1
    assert time.monotonic() - started < SOON_S


@pytest.mark.parametrize("error", [SourceError("gone"), KeyError("a bug"), MemoryError()])
def test_any_exception_is_raised_again_in_the_consumer(error):
    source = Source([frame(0)], error)
    with Paced(source) as paced, pytest.raises(type(error)):
        list(paced)
    assert source.closed == 1


def test_a_clip_is_played_at_its_own_pace(clip, read_number):
    path = clip(ticks=[0, 3, 6, 12, 15, 18, 30], size=(64, 48))
    frames, late_s = [], []
    started = time.monotonic()
    with Paced(VideoFile(path)) as paced:
        assert paced.info.live
        for each in paced:
            late_s.append(time.monotonic() - started - each.time_s)
            frames.append(each)
    assert [read_number(f.image) for f in frames] == [f.index for f in frames]
    assert len(frames) + paced.dropped == 7
    # Never before its time; after it only where the machine was busy with something else. At half
    # its pace the frame in the middle would be 0.4 s late.
    assert min(late_s) > 0.0
    assert np.median(late_s) - min(late_s) < 0.3


def test_a_slow_reader_gets_the_newest_frame_and_never_falls_behind():
    with Paced(Source([frame(i) for i in range(31)])) as paced:
        taken, delays = [], []
        for each in paced:
            delays.append(time.monotonic() - each.captured_s)
            taken.append(each.index)
            time.sleep(0.12)
    assert taken == sorted(set(taken))
    assert 2 <= len(taken) <= 12
    assert taken[-1] == 30
    # Whoever took every frame would be 1.3 s behind in the middle, and 2.7 s at the last one.
    assert np.median(delays) < 0.5
    assert paced.dropped == 31 - len(taken)


def test_a_live_source_is_not_held_up():
    frames = [frame(0, 0.0), frame(1, 60.0)]
    started = time.monotonic()
    with Paced(Source(frames, live=True)) as paced:
        assert list(paced)[-1].index == 1
    assert time.monotonic() - started < SOON_S


def test_closing_in_the_middle_of_a_long_wait_is_quick():
    source = Source([frame(0, 0.0), frame(1, 3600.0)])
    with Paced(source) as paced:
        assert next(iter(paced)).index == 0
        started = time.monotonic()
    assert time.monotonic() - started < SOON_S
    assert source.closed == 1
    assert list(paced) == []


def test_ctrl_c_in_the_consumer_leaves_nothing(clip):
    def interrupted():
        with Paced(VideoFile(clip(ticks=range(300), size=(64, 48)))) as paced:
            for _ in paced:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert all_end()


def test_a_source_that_cannot_be_opened_says_so_at_once(tmp_path):
    with pytest.raises(SourceError, match="no file"), Paced(VideoFile(tmp_path / "x.mp4")):
        pass


def test_warnings_are_those_of_the_source():
    source = Source([frame(0)])
    with Paced(source) as paced:
        source.warnings.append("dark")
        list(paced)
    assert paced.warnings == ["dark"]


def test_a_reader_that_hangs_does_not_hold_up_the_end():
    release = threading.Event()

    def hanging(stop):
        release.wait(60)
        yield frame(0)

    closed = threading.Event()
    reader = FrameThread(hanging, closed.set)
    reader.start()
    started = time.monotonic()
    reader.stop()
    assert time.monotonic() - started < SOON_S
    assert not closed.is_set()  # not under the feet of the read that hangs
    release.set()
    assert closed.wait(SOON_S)
    reader.stop()
