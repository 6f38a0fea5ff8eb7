"""Write a file whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from glutecam.errors import OutputError

__all__ = ["locked", "not_written", "whole_file", "write_whole"]


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Give a temporary file beside ``path`` that takes its place at the end, if all went well.

    Parameters
    ----------
    path : Path
    private : bool
        For its owner alone, from the first byte on.

    Raises
    ------
    OutputError
        Where the folder is missing or read-only, or the disk is full; ``path`` is then as before.
    """
    if path.exists() and not path.is_file():
        # A folder, or a device such as /dev/null, which a replacing rename would destroy.
        raise OutputError(
            f"'{path}' was not written: it is not an ordinary file. Choose another name for it."
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        # Exclusively, so that nobody else's file or link is written through.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600 if private else 0o666), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as err:
        raise not_written(path, err) from err
    finally:
        _remove(temporary)


def _remove(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        # Its folder is unusable, which is what is already being told.
        return


def write_whole(path: Path, content: bytes) -> None:
    """Write the bytes whole or not at all.

    Raises
    ------
    OutputError
        Where they cannot be written; ``path`` is then as before.
    """
    with whole_file(path) as stream:
        stream.write(content)


def not_written(path: Path, err: OSError) -> OutputError:
    """Say what to do about a file that could not be written."""
    reason = err.strerror or str(err)
    return OutputError(
        f"'{path}' was not written: {reason}. Nothing is left half written there. Make the folder "
        "first, free some space, or name another place, then run again."
    )


@contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep others out of what a file stands for; the system lets go however the process ends.

    Parameters
    ----------
    path : Path
        Made where it is not there, and left.
    wait : bool
        Wait for whoever holds it.

    Raises
    ------
    OSError
        Where it cannot be made, or another process holds it.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as stream:
        _lock(stream, wait)
        yield


def _lock(stream: IO[bytes], wait: bool) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
