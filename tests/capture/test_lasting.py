"""A camera that disappears and comes back: a real stream that hangs up, and is served again."""

from __future__ import annotations

import itertools
import threading
import time

import numpy as np
import pytest

from glutecam.capture import lasting
from glutecam.capture.fitting import fitted
from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.lasting import Lasting
from glutecam.capture.webcam import Webcam
from glutecam.core.poses import PoseSeries
from glutecam.errors import SourceError
from glutecam.pipeline import Keeper, Recorded, run

pytestmark = pytest.mark.realtime


def test_a_camera_that_hangs_up_is_found_again(camera):
    address = camera(fps=30, count=40)
    lost: list[Frame] = []
    back: list[Frame] = []
    with Lasting(lambda: Webcam(address)) as source:
        for frame in source:
            assert source.lost_at(frame.time_s) is frame.lost
            (lost if frame.lost else back if lost else []).append(frame)
            if len(back) > 10:
                break
        assert any("was gone for" in warning for warning in source.warnings)
    times = [frame.time_s for frame in [*lost, *back]]
    assert all(b > a for a, b in itertools.pairwise(times))
    assert [f.index for f in lost] == list(range(lost[0].index, lost[0].index + len(lost)))
    # Ten a second, so that a window stays alive while nothing is seen.
    steps_s = [b.time_s - a.time_s for a, b in itertools.pairwise(lost)]
    assert 0.05 < np.median(steps_s) < 0.5
    assert lost[0].image.max() < 0.5 * back[0].image.max()


def test_the_clock_goes_on_while_the_camera_is_gone(camera):
    address = camera(fps=30, count=20)
    with Lasting(lambda: Webcam(address)) as source:
        frames = iter(source)
        first = next(frames)
        for frame in frames:
            if frame.lost and frame.time_s > first.time_s + 3.0:
                break
        # Two seconds are waited before a camera counts as gone; they belong to the course of time.
        passed_s = frame.captured_s - first.captured_s
        assert frame.time_s - first.time_s == pytest.approx(passed_s, abs=1.8)


def test_pictures_that_nobody_took_are_counted_over_both_cameras(camera):
    address = camera(fps=30, count=20)
    with Lasting(lambda: Webcam(address)) as source:
        counts: list[int] = []
        when_lost: list[int] = []
        for frame in source:
            if frame.lost:
                when_lost.append(source.dropped)
            else:
                # Six pictures come while one is looked at, and of a slow machine's camera still some.
                time.sleep(0.2)
            counts.append(source.dropped)
            if when_lost and counts[-1] > when_lost[-1]:
                break
    assert when_lost[0] >= 5
    assert counts == sorted(counts)


class Dead:
    """A camera that gives one picture and breaks; it opens once only."""

    opened = 0

    def __init__(self) -> None:
        self.info = SourceInfo("camera 0", 8, 6, 30.0, None, live=True)
        self.warnings: list[str] = []

    def __enter__(self):
        Dead.opened += 1
        if Dead.opened > 1:
            raise SourceError("camera 0 is still gone.")
        return self

    def __exit__(self, *_):
        return None

    def __iter__(self):
        yield Frame(0, 0.0, np.full((6, 8, 3), 90, np.uint8), 0.0)
        raise SourceError("camera 0 was unplugged.")


def test_one_that_stays_away_is_its_own_error_and_leaves_no_thread(monkeypatch):
    monkeypatch.setattr(lasting, "_TRY_AGAIN_S", 0.1)
    Dead.opened = 0
    with Lasting(Dead, give_up_s=1.5) as source:
        frames = []
        with pytest.raises(SourceError, match="unplugged"):
            for frame in source:
                frames.append(frame)
    assert [frame.lost for frame in frames][:2] == [False, True]
    assert Dead.opened >= 2
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and looking():
        time.sleep(0.05)
    assert not looking()


def looking():
    return [t for t in threading.enumerate() if t.name == "glutecam-look-for-camera"]


def test_one_that_is_not_there_in_the_beginning_is_an_error_at_once():
    Dead.opened = 1
    with pytest.raises(SourceError, match="still gone"), Lasting(Dead):
        pass


class NeverAsked(Recorded):
    """A pose model that must not be shown a frame without a picture."""

    def estimate(self, frame: Frame) -> PoseSeries:
        assert not frame.lost
        return super().estimate(frame)


def test_the_pose_model_is_not_shown_what_is_no_picture():
    Dead.opened = 0
    model = NeverAsked(PoseSeries.unseen(np.arange(3) / 30, 8, 6))
    keeper = Keeper(8, 6)
    with Lasting(Dead, give_up_s=0.3) as source, pytest.raises(SourceError):
        run(source, model, keeper)
    kept = keeper.finish()
    # The one picture, and one frame without a picture at least, however late the machine looks.
    assert len(kept) >= 2
    assert not kept.seen.any()


def test_another_size_is_fitted_with_bars():
    image = np.full((40, 20, 3), 200, np.uint8)
    inside = fitted(image, (20, 40))
    assert inside.shape == (20, 40, 3)
    assert inside[:, 20].min() == 200
    assert inside[:, :14].max() == 0
    assert fitted(image, (40, 20)) is image
