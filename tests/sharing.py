"""What the processes of one test run share: work that is done once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

try:
    import fcntl
except ImportError:  # Windows: every process does its own work
    fcntl = None  # type: ignore[assignment]

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ and fcntl is not None


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a file. It is given up when it is closed, be it by the death of the process."""
    with file.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that is filled by the first process that asks; the others wait for it.

    Nobody may write into it afterwards.
    """
    base = factory.getbasetemp()
    if not IS_WORKER:
        return _filled(base / name, make)
    with locked(base.parent / f"{name}.lock"):
        return _filled(base.parent / name, make)


def _filled(folder: Path, make: Callable[[Path], None]) -> Path:
    """Fill a folder that is not there yet; under another name, so that one that is there is whole."""
    if not folder.exists():
        half = folder.with_name(f"{folder.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        make(half)
        half.rename(folder)
    return folder
