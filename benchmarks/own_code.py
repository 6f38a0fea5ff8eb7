"""What glutecam itself costs in each live frame: everything but decoding, inference and drawing.

Three measurements on recorded landmarks of a sample clip:

``in the pipeline``
    The real threads, a frame every 15 ms: a camera thread puts a picture into the mailbox, the
    worker takes it, SubjectPose turns the model's answer into poses and looks at the picture around
    the person, the queue hands them over, the session judges them and the view is called. Only the
    model is replaced, by its recorded answers, and the copy of the picture that MediaPipe makes for
    itself is left out. Counted from the mailbox to the model, plus from the model's answer, which
    lies in the memory of MediaPipe's C library, to the view: conversion, a look (three times a
    second), two changes of thread, judging.
``after a real inference``
    The same, a frame every 60 ms, but the model really looks at a picture of the clip before it is
    answered for: it leaves the caches of the processor full of its own numbers, and nothing of ours.
    Its time does not count.
``CPU time``
    The same two once more, by the clocks of the threads instead of the one on the wall: everything
    that the threads do for a frame, from camera to view, whether or not the view waits for it.
    Not in it is how long a core takes to wake up, and a thread to get its turn.
``in a loop``
    ``Session.push``, and within it ``Analyzer.push``, frame after frame without threads.
"""

from __future__ import annotations

import argparse
import ctypes
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import harness
from benchmarks.harness import Figure, FloatArray, Report, Sample, Table
from glutecam import pipeline
from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.live import FrameThread
from glutecam.closing import Closing
from glutecam.core.analyzer import Analyzer
from glutecam.core.assessment import Side, Update
from glutecam.core.coaching import SessionPlan, Start
from glutecam.core.landmarks import LANDMARK_COUNT
from glutecam.core.poses import PoseSeries
from glutecam.core.session import Session

CLIP = "step_down_clean_right"
EVERY_S = 0.015
UNHURRIED_S = 0.06
"""Twice as long as an inference takes: waiting for the model to be free is no cost of ours."""
WARM_UP = 30
MIDDLE = 150
"""Number of the first of the two pictures that the camera shows in turns."""

Picture = NDArray[np.uint8]


class Answers:
    """Stands in for the landmarker: gives back recorded landmarks as MediaPipe's C library would.

    With an ``inference``, that runs first.
    """

    def __init__(self, poses: PoseSeries, inference: Callable[[], object] | None = None) -> None:
        self._inference = inference
        self._next = 0
        self._answers = _answers(poses)
        self._lib, self._handle = self, None
        self.asked_s: list[float] = []
        self.answered_s: list[float] = []
        self.worked_s: list[float] = []
        self._answered_cpu_s: float | None = None

    def MpPoseLandmarkerDetectForVideo(  # noqa: N802
        self, handle: None, picture: None, options: None, stamp: int, answer: Any
    ) -> None:
        """Fill in the next answer, as the C function of this name does."""
        self.asked_s.append(time.monotonic())
        if self._answered_cpu_s is not None:
            self.worked_s.append(time.thread_time() - self._answered_cpu_s)
        if self._inference is not None:
            self._inference()
        found = self._answers[self._next % len(self._answers)]
        self._next += 1
        ctypes.memmove(answer, ctypes.byref(found), ctypes.sizeof(found))
        self._answered_cpu_s = time.thread_time()
        self.answered_s.append(time.monotonic())

    def MpPoseLandmarkerCloseResult(self, answer: Any) -> None:  # noqa: N802
        """Free nothing: the answers are used again."""

    def close(self) -> None:
        """Hold nothing."""


def _answers(poses: PoseSeries) -> list[ctypes.Structure]:
    """Return the results of MediaPipe's C library that say what these poses do."""
    from mediapipe.tasks.python.components.containers import landmark_c
    from mediapipe.tasks.python.vision.pose_landmarker import PoseLandmarkerResultC

    size = (poses.width_px, poses.height_px)
    nothing = np.zeros((len(poses), LANDMARK_COUNT, 1))
    flat = np.concatenate([poses.image_px / size, nothing], axis=2)
    low_passed, answers = poses.visibility[0], []
    for image, world, seen in zip(flat, poses.world_m, poses.visibility, strict=True):
        # MediaPipe's visibility is low-passed; the adapter undoes that.
        low_passed = 0.9 * low_passed + 0.1 * seen
        found = landmark_c.NormalizedLandmarksC(
            _points(landmark_c.NormalizedLandmarkC, image, low_passed), LANDMARK_COUNT
        )
        metric = landmark_c.LandmarksC(
            _points(landmark_c.LandmarkC, world, low_passed), LANDMARK_COUNT
        )
        answers.append(
            PoseLandmarkerResultC(
                pose_landmarks=(landmark_c.NormalizedLandmarksC * 1)(found),
                pose_landmarks_count=1,
                pose_world_landmarks=(landmark_c.LandmarksC * 1)(metric),
                pose_world_landmarks_count=1,
            )
        )
    return answers


def _points(kind: Any, rows: FloatArray, seen: FloatArray) -> Any:
    """Return a C array of landmarks."""
    points = (kind * len(rows))()
    for point, row, visibility in zip(points, rows.tolist(), seen.tolist(), strict=True):
        point.x, point.y, point.z = row
        point.has_visibility, point.visibility = True, visibility
        point.has_presence, point.presence = True, 1.0
    return points


class Camera(Closing):
    """Gives a few pictures in turns every few milliseconds, from a thread of its own."""

    def __init__(self, times_s: FloatArray, every_s: float, pictures: Sequence[Picture]) -> None:
        self.warnings: list[str] = []
        self.put_s: dict[float, float] = {}
        self.cpu_s: list[float] = []
        self._times_s, self._every_s, self._pictures = times_s, every_s, pictures
        self._thread = FrameThread(self._frames, lambda: None)

    @property
    def info(self) -> SourceInfo:
        """What is known of it."""
        return SourceInfo("recorded landmarks", 1280, 720, 30.0, None, live=True)

    def __enter__(self) -> Camera:
        """Begin."""
        self._thread.start()
        return self

    def close(self) -> None:
        """End."""
        self._thread.stop()

    def __iter__(self) -> Iterator[Frame]:
        """Give the newest frame each time."""
        while (frame := self._thread.newest.get()) is not None:
            yield frame

    def _frames(self, stop: threading.Event) -> Iterator[Frame]:
        for index, time_s in enumerate(self._times_s):
            stop.wait(self._every_s)
            self.cpu_s.append(time.thread_time())
            now_s = self.put_s[float(time_s)] = time.monotonic()
            image = self._pictures[index % len(self._pictures)]
            yield Frame(index, float(time_s), image, now_s)


class Shown:
    """A view that only looks at the clock."""

    wants_stop = False

    def __init__(self) -> None:
        self.shown_s: list[float] = []
        self.cpu_s: list[float] = []
        self.times_s: list[float] = []

    def show(self, image: object, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Take the time."""
        self.shown_s.append(time.monotonic())
        self.cpu_s.append(time.thread_time())
        self.times_s.append(time_s)

    def close(self) -> None:
        """Hold nothing."""


def _adapter(answers: Answers) -> Any:
    """Return the pose model of a live session, but for the model itself: the recorded answers."""
    from glutecam.capture.mediapipe_pose import MediaPipePose
    from glutecam.capture.subject import SubjectPose
    from glutecam.capture.weights import model_path

    model: Any = MediaPipePose(model_path("full"), "full", None)
    model.close()
    model._tracker = answers
    return SubjectPose(model)


@contextmanager
def _without_copies() -> Iterator[None]:
    """Let pictures be handed over as they are: the copy of each is MediaPipe's own work."""
    from glutecam.capture import mediapipe_pose

    room: Any = mediapipe_pose
    package = room.mp
    room.mp = SimpleNamespace(
        Image=lambda image_format, data: SimpleNamespace(_image_ptr=None),
        ImageFormat=package.ImageFormat,
    )
    try:
        yield
    finally:
        room.mp = package


@contextmanager
def _inference(sample: Sample) -> Iterator[Callable[[], object]]:
    """Give a call in which the real model looks at a picture of the clip once more."""
    import mediapipe

    picture = pictures_of(sample)[0]
    middle = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture)
    stamps = count(step=33_000)
    with pipeline.open_model("full", count_people=False) as model:
        opened: Any = model
        tracker = opened._model._tracker
        yield lambda: tracker.detect_for_video(middle, next(stamps))


def pictures_of(sample: Sample) -> list[Picture]:
    """Return two pictures of the clip, one after the other."""
    from glutecam.capture.video import VideoFile

    with VideoFile(sample.path) as video:
        return [frame.image for frame in islice(video, MIDDLE, MIDDLE + 2)]


def _analyzer(sample: Sample, side: Side | None) -> Analyzer:
    return Analyzer(sample.exercise, side=side, smoothing="causal")


def _session(sample: Sample, side: Side | None) -> Session:
    """Return what judges and coaches live; the set begins at once."""
    return Session(sample.exercise, SessionPlan(sides=(side,), start=Start.NOW))


def after_inference(sample: Sample, poses: PoseSeries, side: Side | None) -> dict[str, FloatArray]:
    """Return what ``in_the_pipeline`` does, with the real model at work between the frames."""
    with _inference(sample) as inference:
        shown = pictures_of(sample)
        return in_the_pipeline(sample, poses, side, shown, UNHURRIED_S, inference)


def in_the_pipeline(
    sample: Sample,
    poses: PoseSeries,
    side: Side | None,
    pictures: Sequence[Picture],
    every_s: float = EVERY_S,
    inference: Callable[[], object] | None = None,
) -> dict[str, FloatArray]:
    """Return milliseconds per frame of each part, through ``pipeline.run``."""
    answers, shown = Answers(poses, inference), Shown()
    judge = Timed(_session(sample, side))
    estimator = _adapter(answers)
    with _without_copies(), Camera(poses.time_s, every_s, pictures) as camera:
        pipeline.run(camera, estimator, judge, [shown])
    taken = [camera.put_s[time_s] for time_s in shown.times_s]
    put, asked, answered, end = (
        np.array(stamps) for stamps in (taken, answers.asked_s, answers.answered_s, shown.shown_s)
    )
    parts = {
        "mailbox, checks": asked - put,
        "conversion, look, queue": np.array(judge.start_s) - answered,
        "Session.push": np.array(judge.end_s) - np.array(judge.start_s),
        "all": asked - put + end - answered,
        "CPU time": _cpu_s(camera, answers, shown),
    }
    return {name: 1000 * column[WARM_UP:] for name, column in parts.items()}


def _cpu_s(camera: Camera, answers: Answers, shown: Shown) -> FloatArray:
    """Return what the three threads worked from one frame to the next, the model left out."""
    threads = (np.diff(camera.cpu_s), np.array(answers.worked_s), np.diff(shown.cpu_s))
    frames = min(map(len, threads))
    return np.asarray(sum(thread[:frames] for thread in threads))


class Timed:
    """A judge that notes when it begins and ends."""

    def __init__(self, judge: Analyzer | Session) -> None:
        self._judge = judge
        self.start_s: list[float] = []
        self.end_s: list[float] = []

    def push(self, poses: PoseSeries) -> Update:
        """Judge the frame."""
        self.start_s.append(time.monotonic())
        update = self._judge.push(poses)
        self.end_s.append(time.monotonic())
        return update

    def finish(self) -> None:
        """Need nothing of what it comes to."""


def in_a_loop(
    judge: Callable[[], Analyzer | Session], poses: PoseSeries, rounds: int
) -> FloatArray:
    """Return milliseconds per frame of ``push``."""
    took = []
    for _ in range(rounds):
        timed = Timed(judge())
        for row in range(len(poses)):
            timed.push(poses[row : row + 1])
        took += list((np.array(timed.end_s) - np.array(timed.start_s))[WARM_UP:])
    return 1000 * np.array(took)


def _row(
    label: str, place: str, part: str, took: FloatArray
) -> tuple[str | float | int | None, ...]:
    return label, place, part, len(took), *harness.quantiles(took)


def _figures(name: str, parts: dict[str, FloatArray]) -> list[Figure]:
    """Return the median, which has a target where all of our own work is in it, and p95."""
    took = parts.get("all")
    if took is None:
        return [
            Figure(f"{part} {name}, median", float(np.median(column)), "ms")
            for part, column in parts.items()
        ]
    return [
        Figure(f"{name}, median", float(np.median(took)), "ms", at_most=0.5),
        Figure(f"{name}, p95", float(np.quantile(took, 0.95)), "ms"),
        Figure(f"{name}, CPU time, median", float(np.median(parts["CPU time"])), "ms"),
    ]


def own_code(arguments: argparse.Namespace) -> Report:
    """Measure with the side found and given."""
    sample = harness.sample_clips(CLIP)[0]
    poses, pictures = sample.recording(arguments.cache).poses, pictures_of(sample)
    report = Report("own_code", "what does glutecam itself cost in each live frame?")
    rows: list[tuple[str | float | int | None, ...]] = []
    for label, side in (("side found", None), ("side given", sample.side)):
        found = {
            "in the pipeline": in_the_pipeline(sample, poses, side, pictures),
            "after a real inference": after_inference(sample, poses, side),
            "in a loop": {
                f"{kind}.push": in_a_loop(partial(judge, sample, side), poses, arguments.rounds)
                for kind, judge in (("Session", _session), ("Analyzer", _analyzer))
            },
        }
        for place, parts in found.items():
            rows += [_row(label, place, name, took) for name, took in parts.items()]
            report.figures += _figures(f"{place}, {label}", parts)
    report.tables.append(
        Table("milliseconds", ("side", "where", "part", "frames", "median", "p95", "p99"), rows)
    )
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    raise SystemExit(harness.main(parser, own_code))
