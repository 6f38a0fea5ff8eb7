"""One batch at a time in a folder of results."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from glutecam.errors import OutputError

__all__ = ["alone_in"]


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Keep the folder for this process; the system lets go of it however the process ends.

    Raises
    ------
    OutputError
        Where another batch is writing there, or nothing can be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        stream = (out / ".lock").open("a+b")
    except OSError as err:
        raise OutputError(
            f"The results folder {out} cannot be written to: {err.strerror}. Choose another one "
            "with --out."
        ) from err
    with stream:
        try:
            _lock(stream)
        except OSError as err:
            raise OutputError(
                f"Another batch is writing to {out}. Wait for it, or choose another folder with "
                "--out."
            ) from err
        yield


def _lock(stream: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
