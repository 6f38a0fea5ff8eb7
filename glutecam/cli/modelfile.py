"""The pose model, fetched the first time it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.cli.terminal import note, progress_bar

if TYPE_CHECKING:
    from rich.progress import TaskID

__all__ = ["ensure_model", "fetched"]


def ensure_model(name: str, offline: bool) -> None:
    """Fetch the model if it is missing, saying so; never where ``offline`` is asked for.

    Raises
    ------
    ModelError
        Where it is unknown, missing and offline, or cannot be fetched.
    """
    from glutecam.capture import weights

    known = {model.name: model for model in weights.list_models()}
    if offline or (name in known and known[name].present):
        weights.model_path(name)
        return
    if name in known:
        note(
            f"The pose model '{name}' is fetched now, once ({known[name].size / 1e6:.0f} MB kept "
            f"in {known[name].path.parent})."
        )
    fetched(name)


def fetched(name: str) -> Path:
    """Return the model's file, fetched with a bar and the time left; with lines outside a terminal.

    Raises
    ------
    ModelError
        Where it is unknown or cannot be fetched.
    """
    from glutecam.capture import weights

    with _Transfer() as transfer:
        watch = transfer.show if transfer.has_bar else None
        return weights.pull(name, transfer.say, progress=watch)


class _Transfer:
    """A bar for bytes in a terminal; what is said stands above it, and alone elsewhere."""

    def __init__(self) -> None:
        self._bar = progress_bar()
        self._task: TaskID | None = None

    @property
    def has_bar(self) -> bool:
        """True in a terminal."""
        return self._bar is not None

    def __enter__(self) -> _Transfer:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def say(self, line: str) -> None:
        """Say what is tried; whatever was on its way before is over."""
        if self._bar is None:
            note(line)
            return
        self._bar.console.print(line, markup=False, highlight=False)
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None

    def show(self, done: int, total: int | None) -> None:
        """Show how many bytes are here."""
        assert self._bar is not None
        if self._task is None:
            self._task = self._bar.add_task("fetching", total=total, more="")
        whole = "" if total is None else f" of {total / 1e6:.0f}"
        self._bar.update(self._task, completed=done, more=f"{done / 1e6:.0f}{whole} MB")
