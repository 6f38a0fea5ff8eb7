"""How much memory a Dask worker needs at most, for one set and for a very long clip.

The recordings are those of ``long_clip.py``: landmarks of a rendered person, a set, a pause, the same
set on the other leg, and so on. Each is ``glutecam batch --cluster`` on a scheduler and one worker of
its own, over TCP. Linux tells the largest resident size (VmHWM) of worker and scheduler, and that of
the program that gives out the clip and writes the results.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from pathlib import Path

from benchmarks import harness
from benchmarks.cluster import running
from benchmarks.harness import Figure, Report, Table
from benchmarks.long_clip import EXERCISE, long_recording
from benchmarks.memory import GROWTH_MB, MOST_MB
from benchmarks.processes import started
from glutecam.records.posefile import save_poses

WHO = ("worker", "scheduler", "program")
ONE_SET = 0.01
"""Minutes: a recording of no more than its first set."""


def largest_mb() -> float:
    """Return the largest resident size that this process has had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def peaks(clip: Path, out: Path) -> tuple[float, float, float, float]:
    """Judge one recording on a cluster; return worker, scheduler and program in MB, and the seconds."""
    from distributed import Client

    listed, told = out.with_suffix(".csv"), out.with_suffix(".peak")
    listed.write_text(f"file,exercise\n{clip},{EXERCISE}\n", "utf-8")
    log = out.with_suffix(".log")
    with running(1, out.with_name(f"cluster-{out.name}")) as address:
        words = ("batch", listed, "-o", out, "--cluster", address)
        start_s = time.monotonic()
        if started(log, told, *words, module="benchmarks.peak_of").wait():
            raise RuntimeError(log.read_text("utf-8"))
        took_s = time.monotonic() - start_s
        with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            (worker,) = client.run(largest_mb).values()
            scheduler = client.run_on_scheduler(largest_mb)
    return worker, scheduler, float(told.read_text("utf-8")), took_s


def judged(out: Path) -> int:
    """Return how many sets have a row."""
    with (out / "summary.csv").open(encoding="utf-8", newline="") as stream:
        return sum(row["status"] == "done" for row in csv.DictReader(stream))


def cluster_memory(arguments: argparse.Namespace) -> Report:
    """Judge one set, and as many as fit into the minutes."""
    rows: list[tuple[str | float | int | None, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        for minutes in (ONE_SET, arguments.minutes):
            poses, sets = long_recording(minutes)
            clip, out = Path(name) / f"{sets}.npz", Path(name) / f"out-{sets}"
            save_poses(clip, poses, model_name="full", source_name="joined", fps=30.0)
            frames = len(poses)
            del poses
            found = peaks(clip, out)
            print(f"{frames} frames, {sets} sets: {found[0]:.0f} MB", flush=True)
            rows.append((frames, sets, judged(out), *found))
    report = Report(
        "cluster_memory", "how much memory does a Dask worker need, however long the clip?"
    )
    (one, long), length = rows, f"{arguments.minutes:g} min of landmarks"
    report.figures.append(
        Figure(
            f"sets of {length} judged on Dask", float(long[2] or 0), at_least=float(long[1] or 0)
        )
    )
    for column, who in enumerate(WHO, start=3):
        short_mb, long_mb = float(one[column] or 0), float(long[column] or 0)
        report.figures += [
            Figure(f"Dask, {who}'s peak, {length}", long_mb, "MB", at_most=MOST_MB),
            Figure(f"Dask, {who}, more for {length} than for one set", long_mb - short_mb, "MB",
                   at_most=GROWTH_MB),
        ]  # fmt: skip
    columns = ("frames", "sets", "judged", *(f"{who}, MB" for who in WHO), "seconds")
    report.tables.append(Table("largest resident size on a cluster", columns, rows))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    raise SystemExit(harness.main(parser, cluster_memory))
