from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from glutecam import pipeline, tracking
from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.video import VideoFile
from glutecam.closing import Closing
from glutecam.core.assessment import Phase, Update
from glutecam.core.poses import PoseSeries
from glutecam.errors import ModelError, SourceError

SIZE = (8, 6)


class Source(Closing):
    """Frames made to measure; ``before`` is called with each number before it is given out."""

    def __init__(
        self, frames: int, *, live: bool = False, before: Callable[[int], None] | None = None
    ) -> None:
        self.warnings: list[str] = []
        self.info = SourceInfo("made.mp4", *SIZE, fps=30.0, frame_count=frames, live=live)
        self.given = 0
        self._before = before

    def close(self) -> None:
        return None

    def __iter__(self) -> Iterator[Frame]:
        for n in range(self.info.frame_count or 0):
            if self._before:
                self._before(n)
            self.given += 1
            image = np.full((SIZE[1], SIZE[0], 3), n, dtype=np.uint8)
            yield Frame(n, n / 30, image, time.monotonic())


class Estimator:
    model_name = "made"
    reduced_accuracy = False

    def __init__(self, took_s: float = 0.0) -> None:
        self.took_s = took_s
        self.threads: set[str] = set()

    def estimate(self, frame: Frame) -> PoseSeries:
        time.sleep(self.took_s)
        self.threads.add(threading.current_thread().name)
        poses = PoseSeries.unseen(np.array([frame.time_s]), *SIZE)
        poses.image_px[:] = frame.index
        return poses

    def close(self) -> None:
        return None


class Watcher:
    def __init__(self, stop_at: int | None = None) -> None:
        self.seen: list[tuple[int, float]] = []
        self._stop_at = stop_at

    @property
    def wants_stop(self) -> bool:
        return self._stop_at is not None and len(self.seen) > self._stop_at

    def show(self, image: np.ndarray, poses: PoseSeries, update: Update, time_s: float) -> None:
        assert int(image[0, 0, 0]) == int(poses.image_px[0, 0, 0])
        self.seen.append((int(image[0, 0, 0]), time_s))

    def close(self) -> None:
        return None


def threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name == "glutecam-track"]


def keeper() -> pipeline.Keeper:
    return pipeline.Keeper(*SIZE)


def test_every_frame_comes_once_in_order_with_its_own_landmarks() -> None:
    estimator = Estimator()
    tracked = list(pipeline.track(Source(20), estimator))
    assert [frame.index for frame, _ in tracked] == list(range(20))
    assert [int(poses.image_px[0, 0, 0]) for _, poses in tracked] == list(range(20))
    assert estimator.threads == {"glutecam-track"}
    assert threads() == []


def test_a_result_does_not_wait_for_a_further_frame() -> None:
    came = threading.Event()

    def hold(n: int) -> None:
        assert n == 0 or came.wait(60), "the first result was held back"

    with closing(pipeline.track(Source(2, live=True, before=hold), Estimator())) as tracked:
        next(tracked)
        came.set()
        assert next(tracked)[0].index == 1


def test_a_file_is_not_read_far_ahead_of_what_is_shown() -> None:
    source = Source(50)
    with closing(pipeline.track(source, Estimator())) as tracked:
        for shown, _ in enumerate(tracked, start=1):
            time.sleep(0.005)
            # Two wait, one is in the worker's hand, one is read.
            assert source.given <= shown + tracking.FILE_QUEUE + 2
    assert shown == 50


def test_drawing_overlaps_with_finding() -> None:
    looked_at = [threading.Event() for _ in range(20)]

    class Noted(Estimator):
        def estimate(self, frame: Frame) -> PoseSeries:
            looked_at[frame.index].set()
            return super().estimate(frame)

    class Patient(Watcher):
        """Shows a frame for as long as nobody looks at the next one."""

        def show(self, image: np.ndarray, poses: PoseSeries, update: Update, time_s: float) -> None:
            assert all(event.wait(120) for event in looked_at[: int(image[0, 0, 0]) + 2])
            super().show(image, poses, update, time_s)

    watcher = Patient()
    pipeline.run(Source(20), Noted(), keeper(), [watcher])
    assert len(watcher.seen) == 20


def fail(n: int) -> None:
    if n == 3:
        raise SourceError("the cable was pulled")


def test_an_error_of_the_source_reaches_the_caller_after_the_frames_before_it() -> None:
    watcher = Watcher()
    with pytest.raises(SourceError, match="cable"):
        pipeline.run(Source(9, before=fail), Estimator(), keeper(), [watcher])
    assert [number for number, _ in watcher.seen] == [0, 1, 2]
    assert threads() == []


def test_an_error_of_the_model_reaches_the_caller() -> None:
    class Broken(Estimator):
        def estimate(self, frame: Frame) -> PoseSeries:
            raise ModelError("no model")

    with pytest.raises(ModelError, match="no model"):
        pipeline.run(Source(9), Broken(), keeper())
    assert threads() == []


def test_closing_ends_the_worker_soon_and_closes_the_source() -> None:
    source = Source(10_000)
    tracked = pipeline.track(source, Estimator(took_s=0.01))
    next(tracked)
    start_s = time.perf_counter()
    tracked.close()
    # The rest of the file would take 100 s.
    assert time.perf_counter() - start_s < 30
    assert threads() == []
    assert source.given < 10


def test_a_view_that_wants_to_stop_ends_the_session_and_keeps_what_is_done() -> None:
    source = Source(1000)
    poses = pipeline.run(source, Estimator(), keeper(), [Watcher(), Watcher(stop_at=4)])
    assert len(poses) == 5
    assert source.given < 15
    assert threads() == []


def test_an_interrupt_while_showing_leaves_no_thread() -> None:
    class Pressed(Watcher):
        def show(self, *_: object) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.run(Source(1000), Estimator(), keeper(), [Pressed()])
    assert threads() == []


def test_a_source_without_frames_gives_landmarks_without_rows() -> None:
    assert len(pipeline.run(Source(0), Estimator(), keeper())) == 0


def test_a_keeper_judges_nothing() -> None:
    kept = keeper()
    update = kept.push(PoseSeries.unseen(np.array([0.5]), *SIZE))
    assert (update.time_s, update.phase, update.reps) == (0.5, Phase.LOOKING, 0)


def test_recorded_landmarks_stand_in_for_the_model() -> None:
    poses = pipeline.run(Source(6), Estimator(), keeper())
    again = pipeline.run(Source(8), pipeline.Recorded(poses), keeper())
    assert np.array_equal(again.image_px[:6], poses.image_px)
    assert np.isnan(again.image_px[6:]).all()


def test_what_a_recording_says_of_itself_includes_the_warnings_of_the_end() -> None:
    source = Source(4)

    def warn(n: int) -> None:
        if n == 3:
            source.warnings.append("the file ends in the middle of a frame")

    source._before = warn
    recording = pipeline.record(source, Estimator())
    assert recording.warnings == ("the file ends in the middle of a frame",)
    assert (recording.model_name, recording.source_name) == ("made", "made.mp4")
    assert len(recording.poses) == 4


def test_a_real_file_is_scored_and_its_video_replayed_by_the_same_loop(
    tracked_clip: Path, sample_videos: Path
) -> None:
    from glutecam import exercises
    from glutecam.api import score_file
    from glutecam.core.analyzer import Replay
    from glutecam.records.posefile import load_poses

    assessment = score_file(tracked_clip, "step_down")
    assert len(assessment.reps) == 4
    assert [side.value for side in assessment.sides] == ["left"]
    recording = load_poses(tracked_clip)
    watcher = Watcher()
    watcher.show = lambda image, poses, update, time_s: watcher.seen.append((update.reps, time_s))  # type: ignore[method-assign]
    with VideoFile(sample_videos / "step_down_drop_left.mp4") as source:
        replayed = pipeline.run(
            source,
            pipeline.Recorded(recording.poses),
            Replay(assessment, exercises.get("step-down")),
            [watcher],
        )
    assert replayed is assessment
    assert np.allclose([time_s for _, time_s in watcher.seen], recording.poses.time_s)
    assert watcher.seen[-1][0] == 4


def test_a_worker_that_hangs_keeps_its_video_and_a_warning_says_so(
    sample_videos: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tracking, "JOIN_S", 0.1)
    let_go = threading.Event()
    video = VideoFile(sample_videos / "step_down_clean_left.mp4")
    with video as source:
        decoder = video._decoder
        assert decoder is not None
        convert = video._convert

        def hang(*frame: object) -> object:
            assert let_go.wait(120)
            return convert(*frame)  # type: ignore[arg-type]

        monkeypatch.setattr(video, "_convert", hang)
        with closing(pipeline.track(source, Estimator())) as tracked:
            next(tracked)
    # Closed under the worker it would have crashed; it still reads.
    assert "left open" in caplog.text
    assert threads() == ["glutecam-track"]
    assert decoder.container.streams.video
    let_go.set()
    until_s = time.monotonic() + 60
    while threads() and time.monotonic() < until_s:
        time.sleep(0.02)
    assert threads() == []
