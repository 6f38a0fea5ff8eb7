"""A live session: 720p offered at 30 frames a second, model ``full``, overlay drawn.

The sample clips of the standing exercises are chained to one endless film with times that go on,
and played at their own pace, as ``live --source`` does: a frame that is not taken before the next is
due is lost, as with a camera. The real pipeline tracks, judges with the causal filter and draws the
mirrored overlay; the picture is converted for the screen but no window shows it.

Latency is counted for every frame from the moment it became available to the end of drawing.
Memory is what the process occupies (RSS), sampled every second. What is kept on purpose is counted
at the same moments and taken off: landmarks and signals of the whole session, for the assessment at
the end, and the figures that this benchmark notes of every frame. Caches are not taken off. Growth
is judged after two minutes, when libraries, threads and caches have what they need.
"""

from __future__ import annotations

import argparse
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.harness import Figure, FloatArray, Report, Table, evenly, milliseconds
from glutecam import exercises, pipeline
from glutecam.capture.frames import Frame, PoseEstimator, SourceInfo
from glutecam.closing import Closing
from glutecam.core.assessment import Update
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise

LONG_MIN = 6.0
"""Slopes over less than this tell nothing and are not held against their targets."""

SETTLED_S = 10.0
WARM_S = 120.0
"""Memory is judged from here on."""


class Endless(Closing):
    """Clips one after another until the time is over, with times that go on."""

    def __init__(self, clips: Sequence[Path], seconds: float) -> None:
        self.warnings: list[str] = []
        self._clips, self._seconds = clips, seconds

    @property
    def info(self) -> SourceInfo:
        """Size and rate of the sample clips."""
        return SourceInfo("sample clips", 1280, 720, 30.0, None)

    def close(self) -> None:
        """Hold nothing."""

    def __iter__(self) -> Iterator[Frame]:
        """Give the frames of all clips, again and again."""
        from glutecam.capture.video import VideoFile

        index, start_s, last_s = 0, 0.0, 0.0
        while True:
            for clip in self._clips:
                with VideoFile(clip) as video:
                    for frame in video:
                        last_s = start_s + frame.time_s
                        if last_s >= self._seconds:
                            return
                        yield replace(frame, index=index, time_s=last_s)
                        index += 1
                start_s = last_s + 1 / 30


class Stamped:
    """A pose model that remembers when each frame became available."""

    def __init__(self, estimator: PoseEstimator) -> None:
        self._estimator = estimator
        self.captured_s: dict[float, float] = {}
        self.inference_ms = array("d")
        self.model_name = estimator.model_name
        self.reduced_accuracy = estimator.reduced_accuracy

    def estimate(self, frame: Frame) -> PoseSeries:
        """Pass the frame on."""
        self.captured_s[frame.time_s] = frame.captured_s
        start_s = time.monotonic()
        poses = self._estimator.estimate(frame)
        self.inference_ms.append(1000 * (time.monotonic() - start_s))
        return poses

    def close(self) -> None:
        """Close the model."""
        self._estimator.close()


class NullWindow:
    """Draws the overlay and shows it to nobody, and notes how old each picture is then."""

    wants_stop = False

    def __init__(
        self, exercise: Exercise, stamps: dict[float, float], kept_bytes: Callable[[], int]
    ) -> None:
        from glutecam.display.overlay import Overlay

        self._overlay = Overlay(exercise, mirror=True)
        self._stamps = stamps
        self._kept_bytes = kept_bytes
        self.done_s, self.latency_ms, self.drawing_ms = array("d"), array("d"), array("d")
        self.memory: list[tuple[float, float, float]] = []
        """Time in s, RSS in MB, of it kept on purpose in MB."""

    def show(
        self,
        image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
        poses: PoseSeries,
        update: Update,
        time_s: float,
    ) -> None:
        """Draw as the window does."""
        import cv2

        start_s = time.monotonic()
        cv2.cvtColor(self._overlay.draw(image, poses, update), cv2.COLOR_RGB2BGR)
        now_s = time.monotonic()
        self.done_s.append(now_s)
        self.drawing_ms.append(1000 * (now_s - start_s))
        self.latency_ms.append(1000 * (now_s - self._stamps.pop(time_s)))
        if not self.memory or now_s - self.memory[-1][0] >= 1.0:
            # Time and stages of every frame: three numbers here, one beside the model.
            own = 4 * self.done_s.itemsize * len(self.done_s)
            self.memory.append((now_s, resident_mb(), (self._kept_bytes() + own) / 1e6))

    def close(self) -> None:
        """Hold nothing."""


def resident_mb() -> float:
    """Return the memory that this process occupies, in MB; NaN where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError):
        return float("nan")
    import resource

    return pages * resource.getpagesize() / 1e6


def slope_per_min(times_s: FloatArray, values: FloatArray, after_s: float = SETTLED_S) -> float:
    """Return how fast values grow, per minute, once the session has settled."""
    settled = times_s - times_s[0] >= after_s
    if settled.sum() < 10 or not np.isfinite(values[settled]).all():
        return float("nan")
    return float(np.polyfit((times_s[settled] - times_s[0]) / 60, values[settled], 1)[0])


def session(minutes: float) -> tuple[NullWindow, Stamped, int]:
    """Hold a session, and return what was measured and how many frames were lost."""
    from glutecam.capture.live import Paced
    from glutecam.core.analyzer import Analyzer

    clips = [clip.path for clip in harness.sample_clips() if "clamshell" not in clip.name]
    exercise = exercises.get("step-down")
    with pipeline.open_model("full", live=True) as model:
        estimator = Stamped(model)
        analyzer = Analyzer(exercise, smoothing="causal")
        window = NullWindow(exercise, estimator.captured_s, lambda: analyzer.nbytes)
        with Paced(Endless(clips, 60 * minutes)) as source:
            pipeline.run(source, estimator, analyzer, [window])
            return window, estimator, source.dropped


def _figures(window: NullWindow, dropped: int, minutes: float) -> list[Figure]:
    done, latency = np.array(window.done_s), np.array(window.latency_ms)
    rate = (len(done) - 1) / (done[-1] - done[0])
    when, memory, kept = np.array(window.memory).T
    growth = slope_per_min(when, memory - kept, WARM_S)
    long = minutes >= LONG_MIN
    note = "" if long else f"too short to judge: --minutes {LONG_MIN:.0f} or more"
    return [
        Figure("processed", float(rate), "frames/s", at_least=28),
        Figure("lost", 100 * dropped / (dropped + len(done)), "%"),
        Figure("capture to overlay, p50", float(np.quantile(latency, 0.50)), "ms"),
        Figure("capture to overlay, p95", float(np.quantile(latency, 0.95)), "ms", at_most=80),
        Figure("capture to overlay, p99", float(np.quantile(latency, 0.99)), "ms"),
        Figure(
            "growth of latency", slope_per_min(done, latency), "ms/min",
            at_most=1.0 if long else None, note=note,
        ),
        Figure(
            "growth of memory beyond what is kept", growth, "MB/min",
            at_most=1.0 if long else None,
            note=note or f"kept on purpose: {slope_per_min(when, kept, WARM_S):.1f} MB/min",
        ),
        Figure("memory at the end", float(memory[-1]), "MB"),
    ]  # fmt: skip


def live(arguments: argparse.Namespace) -> Report:
    """Hold a session and look at its figures."""
    window, estimator, dropped = session(arguments.minutes)
    report = Report("live", "does the live picture keep up with the camera?")
    report.figures += _figures(window, dropped, arguments.minutes)
    began_s = window.memory[0][0]
    report.tables += [
        milliseconds([
            ("model and count of people", estimator.inference_ms),
            ("drawing", window.drawing_ms),
            ("capture to overlay", window.latency_ms),
        ]),
        Table(
            "memory over time",
            ("second", "MB", "of it kept on purpose"),
            [(when_s - began_s, mb, kept_mb) for when_s, mb, kept_mb in evenly(window.memory)],
        ),
    ]  # fmt: skip
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    raise SystemExit(harness.main(parser, live))
