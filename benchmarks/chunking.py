"""The same landmarks cut into pushes at random: repetitions and faults must be identical.

Every sample clip is judged in one push and then in random partitions, from many single frames to
a few long pieces, with both filters and with the side given and found. Repetitions with all their
findings, attempts, faults, verdict and score must be equal, and the signals equal to the last bit.
"""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks import harness
from benchmarks.harness import Figure, Report, Sample, Table
from glutecam.core.analyzer import Analyzer
from glutecam.core.assessment import Assessment
from glutecam.core.poses import PoseSeries


def judged(
    sample: Sample, poses: PoseSeries, smoothing: str, given: bool, cuts: list[int]
) -> Assessment:
    """Judge the poses pushed in pieces that end at the cuts."""
    side = sample.side if given else None
    analyzer = Analyzer(sample.exercise, side=side, smoothing=smoothing)
    for start, end in zip([0, *cuts], [*cuts, len(poses)], strict=True):
        analyzer.push(poses[start:end])
    return analyzer.finish()


def same(a: Assessment, b: Assessment) -> bool:
    """Return whether two assessments say the same, signals to the last bit."""
    words = all(
        repr(getattr(a, name)) == repr(getattr(b, name))
        for name in (
            "verdict",
            "instruction",
            "reps",
            "attempts",
            "faults",
            "score",
            "sides",
            "gates",
        )
    )
    return words and all(
        np.array_equal(a.signals[name].estimate.value, s.estimate.value, equal_nan=True)
        for name, s in b.signals.items()
    )


def partition(rng: np.random.Generator, frames: int) -> list[int]:
    """Return random cuts; how many is random too, from one to one at every frame."""
    count = int(np.clip(frames ** rng.uniform(0, 1), 1, frames - 1))
    return sorted(rng.choice(np.arange(1, frames), size=count, replace=False).tolist())


def chunk(arguments: argparse.Namespace) -> Report:
    """Cut every clip many times."""
    rng = np.random.default_rng(arguments.seed)
    rows: list[tuple[str | float | int | None, ...]] = []
    for sample in harness.sample_clips(arguments.only):
        poses = sample.recording(arguments.cache).poses
        for smoothing in ("causal", "zero-phase"):
            equal = 0
            for number in range(arguments.partitions):
                given = number % 2 == 0
                whole = judged(sample, poses, smoothing, given, [])
                cuts = partition(rng, len(poses))
                equal += same(whole, judged(sample, poses, smoothing, given, cuts))
            rows.append((sample.name, smoothing, arguments.partitions, equal))
    tried = sum(int(row[2] or 0) for row in rows)
    differ = tried - sum(int(row[3] or 0) for row in rows)
    report = Report("chunking", "does the way of cutting a recording into pushes change anything?")
    report.figures.append(
        Figure("partitions that change anything", float(differ), f"of {tried}", at_most=0)
    )
    report.tables.append(Table("identical", ("clip", "filter", "partitions", "identical"), rows))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--partitions", type=int, default=20, help="for each clip and filter")
    parser.add_argument("--seed", type=int, default=0)
    raise SystemExit(harness.main(parser, chunk))
