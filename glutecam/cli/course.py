"""How a verb's work went: what it wrote, and what went wrong without costing the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import typer

from glutecam.cli.terminal import FILES_KEPT, INTERRUPTED, STOPPED, fail
from glutecam.errors import GlutecamError

if TYPE_CHECKING:
    from glutecam.cli.saving import Saving
    from glutecam.core.assessment import Assessment
    from glutecam.core.rules import Exercise
    from glutecam.records.origin import Origin

__all__ = ["Course"]


@dataclass
class Course:
    """What was written, and the troubles on the way, the first one first.

    ``began`` once pictures are taken: before that there is nothing that could have been kept.
    """

    interrupted: bool = False
    began: bool = False
    errors: list[GlutecamError] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    @contextmanager
    def telling_ctrl_c(self) -> Iterator[Course]:
        """Say, where Ctrl-C breaks off what is done in this, whether anything can have been kept.

        Raises
        ------
        typer.Exit
            With the exit code of Ctrl-C.
        """
        try:
            yield self
        except KeyboardInterrupt as err:
            what = (
                FILES_KEPT
                if self.began
                else "It was still starting: nothing had been recorded yet."
            )
            fail(f"{STOPPED} {what}")
            raise typer.Exit(INTERRUPTED) from err

    def tried(self, write: Callable[[], list[Path]]) -> None:
        """Write something; trouble with it must not cost the rest."""
        try:
            self.written += write()
        except GlutecamError as err:
            self.errors.append(err)

    def kept(
        self,
        saving: Saving,
        assessment: Assessment,
        exercise: Exercise,
        file: Path | None = None,
        *,
        ago_s: float = 0.0,
        ask: bool = True,
        number: int = 1,
        origin: Origin | None = None,
    ) -> None:
        """Keep the set in the history; trouble with it must not cost the rest."""
        try:
            saving.keep(
                assessment, exercise, file, ago_s=ago_s, ask=ask, number=number, origin=origin
            )
        except GlutecamError as err:
            self.errors.append(err)

    def closes(self, stack: ExitStack, file: AbstractContextManager[object], path: Path) -> None:
        """Let the stack close a file that is written on the way, and note what became of it."""
        before = _stamp(path)

        def leave(
            kind: type[BaseException] | None,
            error: BaseException | None,
            trace: TracebackType | None,
        ) -> None:
            try:
                file.__exit__(kind, error, trace)
            except GlutecamError as err:
                self.errors.append(err)
            if _stamp(path) not in (None, before):
                self.written.append(path)

        stack.push(leave)

    def tell_errors(self) -> None:
        """Tell what went wrong, each trouble once, and end with the exit code of the first.

        Raises
        ------
        typer.Exit
            Where anything went wrong.
        """
        for text in dict.fromkeys(map(str, self.errors)):
            fail(f"{text} What could be done is above.")
        if self.errors:
            raise typer.Exit(self.errors[0].exit_code)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Tell one file under this name from the next; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
