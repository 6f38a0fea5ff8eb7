"""``glutecam score`` against the bare MediaPipe loop on the same file.

The bare loop decodes with PyAV (its fastest threads) and calls ``detect_for_video`` with the same
model, mode and times, and does nothing else: no rotation, no checks, no count of people, nothing
kept. ``score`` is the command itself, called in the same process, with a JSON file as output.
Both make their own model. They take turns, so that a change of the machine's load hits both.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.bare_loop import bare
from benchmarks.harness import Figure, Report, Sample, Table

CLIP = "step_down_drop_right"


def scored(sample: Sample, folder: Path) -> None:
    """Run the command and keep what it prints to itself."""
    from glutecam.cli.app import app

    words = [
        "score", str(sample.path), "--exercise", sample.exercise.name,
        "--side", sample.side.value, "--json", str(folder / "r.json"), "--force",
    ]  # fmt: skip
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        app(words, standalone_mode=False)
    if not (folder / "r.json").is_file():
        raise RuntimeError(said.getvalue())


def score_ratio(arguments: argparse.Namespace) -> Report:
    """Let both take turns."""
    sample = harness.sample_clips(CLIP)[0]
    took: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Imports and the first use of libraries are neither's work.
        scored(sample, folder)
        frames = bare(sample.path)
        for _ in range(arguments.rounds):
            start_s = time.perf_counter()
            bare(sample.path)
            middle_s = time.perf_counter()
            scored(sample, folder)
            took.append((middle_s - start_s, time.perf_counter() - middle_s))
    loop, score = np.array(took).T
    report = Report("score_ratio", "what does `score` cost beyond the pose model?")
    report.figures += [
        Figure(
            "score against the bare loop", float(np.sum(score) / np.sum(loop)), "x", at_most=1.15
        ),
        Figure("bare loop", frames * len(loop) / float(np.sum(loop)), "frames/s"),
        Figure("score", frames * len(loop) / float(np.sum(score)), "frames/s"),
    ]
    rows = [(n, float(a), float(b), float(b / a)) for n, (a, b) in enumerate(took, 1)]
    report.tables.append(Table("seconds", ("round", "bare loop", "score", "ratio"), list(rows)))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    raise SystemExit(harness.main(parser, score_ratio))
