"""A real Dask cluster on this machine: a scheduler and workers in processes of their own, over TCP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from glutecam.capture import weights
from tests.program import environment

SOONER_GIVEN_UP = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
"""A worker that dies is started again, which takes seconds: after two deaths a clip is given up, not after four."""


class Cluster:
    """A scheduler and its workers; each worker is a group of processes that can be killed.

    Parameters
    ----------
    folder : Path
        In which its logs and its workers' own folders are.
    **more : str
        Environment of all of them.
    """

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder = folder
        self._more = {**SOONER_GIVEN_UP, **more}
        self._file = folder / "scheduler.json"
        self._all = [self._begun("scheduler", "--host", "127.0.0.1", "--port", "0",
                                 "--no-dashboard", "--scheduler-file", self._file)]  # fmt: skip
        # It is there before it is written.
        wait_for(lambda: self._file.is_file() and self._file.stat().st_size > 0)
        self.address = json.loads(self._file.read_text())["address"]

    def worker(self, *, is_up: bool = True) -> subprocess.Popen[bytes]:
        """Start a worker with one thread, and the nanny that would start it again.

        ``is_up`` waits until the scheduler knows it: a busy machine needs longer than a batch waits.
        """
        self._all.append(self._begun("worker", self.address, "--nworkers", "1", "--nthreads", "1",
                                     "--no-dashboard", "--local-directory", self.folder))  # fmt: skip
        if is_up:
            self._wait_for(workers=sum(process.poll() is None for process in self._all[1:]))
        return self._all[-1]

    def _wait_for(self, workers: int) -> None:
        from distributed import Client

        with Client(self.address, set_as_default=False, timeout=120) as client:
            wait_for(lambda: len(client.nthreads()) == workers)

    def _begun(self, *words: object) -> subprocess.Popen[bytes]:
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + str(words[0]), *map(str, words[1:])],
                env=environment(GLUTECAM_CACHE=str(weights.cache_folder()), **self._more),
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def dismiss(self) -> None:
        """Kill all workers, and wait until the scheduler knows it."""
        while len(self._all) > 1:
            kill(self._all.pop())
        self._wait_for(workers=0)

    def close(self) -> None:
        for process in reversed(self._all):
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker with its nanny, as a power cut does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(true: Callable[[], bool], seconds: float = 300.0) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)
