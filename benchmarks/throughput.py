"""A batch against as many independent bare MediaPipe loops as it has workers, on the same clips.

The bare loops (``bare_loop.py``) are processes of their own that share the clips out beforehand and
know nothing of each other. The batch is ``glutecam batch`` into an empty folder. Both begin with
starting Python and loading their model; they take turns, so that a change of the machine's load
hits both. The batch's start, its workers after its parent, is a second or two more: of six clips instead
of all fourteen, in three rounds on the same quiet machine, 0.83 was left for 0.91.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import harness
from benchmarks.harness import ROOT, Figure, Report, Sample, Table
from benchmarks.processes import environment

FRAMES_AN_HOUR = 108_000
"""At 30 pictures a second."""


def manifest(samples: list[Sample], path: Path) -> Path:
    """Write the list of clips that a batch is given."""
    lines = [f"{s.path},{s.exercise.name},{s.side.value},{s.name}" for s in samples]
    path.write_text("\n".join(["file,exercise,side,subject", *lines, ""]), "utf-8")
    return path


def seconds(*commands: list[str]) -> float:
    """Run commands at the same time, and return how long it took until the last one ended."""
    start_s = time.perf_counter()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for command in commands
    ]  # fmt: skip
    for process in running:
        _, said = process.communicate()
        if process.returncode:
            raise RuntimeError(said.decode(errors="replace"))
    return time.perf_counter() - start_s


def loops(samples: list[Sample], count: int) -> float:
    """Run so many bare loops; the clips are dealt out to them in turn."""
    shares = [[str(s.path) for s in samples[n::count]] for n in range(count)]
    return seconds(*(["benchmarks.bare_loop", *share] for share in shares if share))


def batch(samples: list[Sample], workers: int, folder: Path) -> float:
    """Run the batch."""
    listed = manifest(samples, folder / "clips.csv")
    out = folder / f"out-{time.monotonic_ns()}"
    return seconds(["glutecam", "batch", str(listed), "-o", str(out), "--workers", str(workers)])


def throughput(arguments: argparse.Namespace) -> Report:
    """Let both take turns."""
    samples = harness.sample_clips(arguments.only)[: arguments.clips]
    frames = sum(len(sample.truth["time_s"]) for sample in samples)
    took: dict[str, list[float]] = {"bare loops": [], "batch": []}
    with tempfile.TemporaryDirectory() as name:
        for _ in range(arguments.rounds):
            took["bare loops"].append(loops(samples, arguments.workers))
            took["batch"].append(batch(samples, arguments.workers, Path(name)))
    rates = {who: frames * len(times) / sum(times) for who, times in took.items()}
    report = Report("throughput", "what does a batch cost beyond the pose model?")
    report.figures += [
        Figure(
            f"batch of {arguments.workers} workers against {arguments.workers} bare loops",
            rates["batch"] / rates["bare loops"], "x", at_least=0.9,
        ),
        Figure("bare loops", rates["bare loops"], "frames/s"),
        Figure("batch", rates["batch"], "frames/s"),
        Figure(
            "worker-hours for an hour of footage at 30 frames/s",
            FRAMES_AN_HOUR / rates["batch"] / 3600 * arguments.workers, "h",
        ),
    ]  # fmt: skip
    rows = [
        (number, len(samples), frames, a, b, a / b)
        for number, (a, b) in enumerate(zip(took["bare loops"], took["batch"], strict=True), 1)
    ]
    columns = ("round", "clips", "frames", "bare loops", "batch", "batch against loops")
    report.tables.append(Table("seconds", columns, list(rows)))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--clips", type=int, default=14, help="so many of the sample clips")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    raise SystemExit(harness.main(parser, throughput))
