"""The program in a process of its own, and its workers looked at from outside.

Needs Linux, whose ``/proc`` tells which processes there are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.harness import ROOT

__all__ = ["environment", "started", "wait_for", "workers_of"]

SPAWNED = b"spawn_main"
"""Stands in the command line of a worker process of Python's, and not in its helpers'."""


def environment(**more: str) -> dict[str, str]:
    """Return the environment in which this copy of the project is the one that is imported."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **more}


def started(log: Path, *words: object, module: str = "glutecam") -> subprocess.Popen[bytes]:
    """Start a module of Python's with everything that it says in ``log``."""
    with log.open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", module, *map(str, words)],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=ROOT, env=environment(),
        )  # fmt: skip


def workers_of(pid: int) -> list[int]:
    """Return the worker processes of a batch."""
    return [child for child, parent in _parents() if parent == pid and SPAWNED in _words(child)]


def wait_for(happened: Callable[[], object], seconds: float) -> None:
    """Wait until it is so.

    Raises
    ------
    TimeoutError
        Where it takes too long.
    """
    give_up_s = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > give_up_s:
            raise TimeoutError(f"it did not happen within {seconds:.0f} s")
        time.sleep(0.05)


def _parents() -> list[tuple[int, int]]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            parent = _field(folder / "status", "PPid:")
            if parent is not None:
                found.append((int(folder.name), parent))
    return found


def _field(status: Path, name: str) -> int | None:
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return None  # it has ended by now
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), None)


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
