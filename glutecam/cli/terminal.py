"""Talking to a terminal, or to a pipe: text, errors, progress."""

from __future__ import annotations

import codecs
import io
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

__all__ = [
    "FILES_KEPT",
    "INTERRUPTED",
    "REFUSED",
    "STOPPED",
    "fail",
    "note",
    "progress_bar",
    "stdout_console",
    "stdout_for_any_terminal",
    "terminated_as_interrupted",
]

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it, of work that has an end of its own and did not reach it.

``live`` and ``serve`` go on until somebody ends them: once they have begun, Ctrl-C is how that is done,
as ``q`` is, and no failure."""

REFUSED = 5
"""Exit code of ``score`` where nothing in the recording could be judged: no error, but a script wants to know."""

STOPPED = "Stopped with Ctrl-C."
FILES_KEPT = "Files that were finished before that are kept."
"""Said after it where there may be some."""


def stdout_for_any_terminal(stream: TextIO) -> None:
    """Let a terminal that has no ± or ° show a ? instead of ending the program."""
    if isinstance(stream, io.TextIOWrapper):
        codecs.register_error("glutecam", _nearest_sign)
        stream.reconfigure(errors="glutecam")


def _nearest_sign(error: UnicodeError) -> tuple[str, int]:
    """Keep the minus of a number, which a ? would turn into doubt; show a ? for the rest."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join("-" if sign == "\N{MINUS SIGN}" else "?" for sign in missing), error.end


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Let a polite request to end (SIGTERM: a scheduler, a shutdown) do what Ctrl-C does.

    Outside of the main thread, which alone hears signals, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def note(text: str) -> None:
    """Tell something beside the result."""
    typer.echo(text, err=True)


def fail(text: str) -> None:
    """Tell an error."""
    typer.secho(f"Error: {text}", fg=typer.colors.RED, err=True)


def stdout_console() -> Console:
    """Return where results are printed: colours only in a terminal, no markup in texts."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def progress_bar() -> Progress | None:
    """Return a bar with the time left, on stderr; None where that is not a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        return None
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[more]}"),
        console=console,
        transient=True,
    )
