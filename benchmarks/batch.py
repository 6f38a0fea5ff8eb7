"""A batch with two workers against one, the same clips, real processes, in one run.

Both runs are what ``glutecam batch`` does: a manifest of sample clips, an empty results folder,
workers that load the model themselves, tables at the end. The tables must be equal to the byte.
"""

from __future__ import annotations

import argparse
import filecmp
import tempfile
import time
from pathlib import Path

from benchmarks import harness
from benchmarks.harness import Figure, Report, Sample, Table
from glutecam.batch import REPS, SUMMARY, Clip, Job, run_batch


def clips_of(samples: list[Sample]) -> tuple[Clip, ...]:
    """Return the clips as a manifest would name them."""
    return tuple(Clip(s.path.name, s.path, s.exercise.name, s.side.value, s.name) for s in samples)


def timed(clips: tuple[Clip, ...], out: Path, workers: int) -> float:
    """Run a batch into an empty folder and return how long it took, in seconds."""
    start_s = time.perf_counter()
    totals = run_batch(clips, Job(out), workers, lambda *_: None)
    took_s = time.perf_counter() - start_s
    if totals.new != len(clips):
        raise RuntimeError(f"only {totals.new} of {len(clips)} clips were judged")
    return took_s


def same_tables(one: Path, other: Path) -> bool:
    """Tell whether two folders of results have the same tables, to the byte."""
    return all(filecmp.cmp(one / name, other / name, shallow=False) for name in (REPS, SUMMARY))


def time_table(took: dict[int, list[float]], samples: list[Sample]) -> Table:
    """Return the times of some rounds, in seconds, by the number of workers."""
    frames = sum(len(sample.truth["time_s"]) for sample in samples)
    rows: list[tuple[str | float | int | None, ...]] = [
        (workers, len(samples), sum(times), frames * len(times) / sum(times))
        for workers, times in took.items()
    ]
    return Table("time", ("workers", "clips", "seconds", "frames/s"), rows)


def batch(arguments: argparse.Namespace) -> Report:
    """Run the batch with two workers and with one, in turn."""
    samples = harness.sample_clips(arguments.only)[: arguments.clips]
    clips = clips_of(samples)
    took: dict[int, list[float]] = {1: [], 2: []}
    equal = True
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.rounds):
            outs = {workers: Path(folder) / f"{number}-{workers}" for workers in took}
            for workers in (2, 1):
                took[workers].append(timed(clips, outs[workers], workers))
            equal &= same_tables(outs[1], outs[2])
    report = Report("batch", "how much faster are two workers than one?")
    report.figures += [
        Figure("two workers against one", sum(took[1]) / sum(took[2]), "x", at_least=1.6),
        Figure("tables that differ", float(not equal), at_most=0),
    ]
    report.tables.append(time_table(took, samples))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--clips", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=1)
    raise SystemExit(harness.main(parser, batch))
