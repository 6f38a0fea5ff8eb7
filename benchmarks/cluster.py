"""A batch on two Dask workers against one: a real scheduler and worker processes, over TCP.

Each number of workers gets a cluster of its own, begun as docs/cluster.md says: one thread a worker, without
Dask's profiler. The batch is ``glutecam batch --cluster`` into an empty folder; it is timed from its
start to its end, the cluster's own start is not. The tables of both must be equal to the byte.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import harness
from benchmarks.batch import same_tables, time_table
from benchmarks.harness import ROOT, Figure, Report
from benchmarks.processes import environment, wait_for
from benchmarks.throughput import manifest, seconds

START_S = 60.0


@contextmanager
def running(workers: int, folder: Path, profiler: bool = False) -> Iterator[str]:
    """Start a scheduler and so many workers of one thread, and give the scheduler's address."""
    folder.mkdir()
    file = folder / "scheduler.json"
    begin = partial(_begun, folder, profiler)
    begun = [begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                   "--scheduler-file", str(file))]  # fmt: skip
    try:
        wait_for(file.is_file, START_S)
        address = json.loads(file.read_text())["address"]
        begun += [
            begin("worker", address, "--nworkers", "1", "--nthreads", "1",
                  "--no-dashboard", "--local-directory", str(folder))
            for _ in range(workers)
        ]  # fmt: skip
        wait_for(lambda: _there(address) == workers, START_S)
        yield address
    finally:
        for process in reversed(begun):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _begun(folder: Path, profiler: bool, what: str, *words: str) -> subprocess.Popen[bytes]:
    with (folder / f"{what}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *words],
            cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            env=environment(OMP_NUM_THREADS="1", DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=str(profiler)),
        )  # fmt: skip


def _there(address: str) -> int:
    """Return how many workers have found their scheduler."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        return len(client.nthreads())


def cluster(arguments: argparse.Namespace) -> Report:
    """Run the batch on two workers and on one, in turn."""
    samples = harness.sample_clips(arguments.only)[: arguments.clips]
    took: dict[int, list[float]] = {1: [], 2: []}
    equal = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed = manifest(samples, folder / "clips.csv")
        for number in range(arguments.rounds):
            outs = {workers: folder / f"out-{number}-{workers}" for workers in took}
            for workers in (2, 1):
                place = folder / f"cluster-{time.monotonic_ns()}"
                with running(workers, place, arguments.profiler) as address:
                    words = [str(listed), "-o", str(outs[workers]), "--cluster", address]
                    took[workers].append(seconds(["glutecam", "batch", *words]))
            equal &= same_tables(outs[1], outs[2])
    report = Report("cluster", "how much faster are two Dask workers than one?")
    report.figures += [
        Figure("two Dask workers against one", sum(took[1]) / sum(took[2]), "x", at_least=1.8),
        Figure("tables that differ", float(not equal), at_most=0),
    ]
    report.tables.append(time_table(took, samples))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--clips", type=int, default=14)
    parser.add_argument("--profiler", action="store_true", help="leave Dask's own on")
    parser.add_argument("--rounds", type=int, default=1)
    raise SystemExit(harness.main(parser, cluster))
