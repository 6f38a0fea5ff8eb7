"""One batch at a time in a folder of results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from glutecam.errors import OutputError
from glutecam.records.files import locked

__all__ = ["alone_in", "unwritable"]


def unwritable(out: Path, err: OSError) -> OutputError:
    """Return what to say of a results folder that takes nothing."""
    return OutputError(
        f"The results folder {out} cannot be written to: {err.strerror}. Choose another one "
        "with --out."
    )


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Keep the folder for this process; the system lets go of it however the process ends.

    Raises
    ------
    OutputError
        Where another batch is writing there, or nothing can be written.
    """
    lock = out / ".lock"
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock.touch()
    except OSError as err:
        raise unwritable(out, err) from err
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(lock))
        except OSError as err:
            raise OutputError(
                f"Another batch is writing to {out}. Wait for it, or choose another folder with "
                "--out."
            ) from err
        yield
