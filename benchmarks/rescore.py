"""How fast recorded landmarks are judged again.

One sample clip's landmarks are repeated to a long recording (every copy later than the one before)
and judged as ``score x.npz`` does, many times over; the best and the median run are given, with
loading of the .npz file and without. Short recordings are measured too: there, what does not
depend on the length counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.harness import Figure, Report, Sample, Table
from glutecam import pipeline
from glutecam.core.analyzer import analyze
from glutecam.core.poses import PoseSeries
from glutecam.records.posefile import save_poses

CLIP = "step_down_clean_right"
TARGET = 100_000.0


def repeated(poses: PoseSeries, frames: int) -> PoseSeries:
    """Return at least so many frames, the clip again and again."""
    step_s = float(poses.time_s[-1] + np.median(np.diff(poses.time_s)))
    copies = -(-frames // len(poses))
    return PoseSeries.concatenate(
        [replace(poses, time_s=poses.time_s + number * step_s) for number in range(copies)]
    )


def seconds(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the median and the shortest duration in seconds."""
    took = []
    for _ in range(rounds):
        start_s = time.perf_counter()
        call()
        took.append(time.perf_counter() - start_s)
    return float(np.median(took)), float(np.min(took))


def _ways(sample: Sample, poses: PoseSeries, file: Path) -> dict[str, Callable[[], object]]:
    def landmarks(smoothing: str) -> Callable[[], object]:
        return lambda: analyze(poses, sample.exercise, side=sample.side, smoothing=smoothing)

    def from_file(smoothing: str) -> Callable[[], object]:
        return lambda: pipeline.judge(
            pipeline.read(file), sample.exercise, side=sample.side, smoothing=smoothing
        )

    return {
        "zero-phase, landmarks in memory": landmarks("zero-phase"),
        "zero-phase, .npz loaded": from_file("zero-phase"),
        "causal, landmarks in memory": landmarks("causal"),
        "causal, .npz loaded": from_file("causal"),
        ".npz loaded, not judged": lambda: pipeline.read(file),
    }


def rescore(arguments: argparse.Namespace) -> Report:
    """Judge recordings of several lengths."""
    sample = harness.sample_clips(CLIP)[0]
    poses = sample.recording(arguments.cache).poses
    report = Report("rescore", "how fast are recorded landmarks judged again?")
    rows: list[tuple[str | float | int | None, ...]] = []
    fastest: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for frames in (len(poses), arguments.frames):
            long = repeated(poses, frames)
            file = Path(folder) / f"{frames}.npz"
            save_poses(file, long, model_name="", source_name=CLIP, fps=30.0)
            for way, call in _ways(sample, long, file).items():
                median_s, best_s = seconds(call, arguments.rounds)
                fastest[way] = len(long) / median_s
                rows.append((way, len(long), len(long) / median_s, len(long) / best_s))
    for way, rate in fastest.items():
        asked = "memory" in way
        report.figures.append(
            Figure(
                f"{way}, {arguments.frames:,} frames", rate, "frames/s",
                at_least=TARGET if asked else None,
            )
        )  # fmt: skip
    report.tables.append(Table("frames/s", ("way", "frames", "median", "best"), rows))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--frames", type=int, default=36_000, help="20 minutes at 30 fps")
    parser.add_argument("--rounds", type=int, default=7)
    raise SystemExit(harness.main(parser, rescore))
