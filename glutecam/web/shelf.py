"""Open pose models between two sessions: the next one takes what the last one put back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

__all__ = ["Lendable", "Shelf"]


class Lendable(Protocol):
    """What may lie on a shelf: a pose model."""

    def start_anew(self) -> None:
        """Forget every frame seen."""

    def close(self) -> None:
        """Free what is held."""


_Model = TypeVar("_Model", bound=Lendable)


class Shelf(Generic[_Model]):
    """Lends pose models, and keeps those that come back whole; from any thread.

    A model that is opened in a thread of its own, as every session's is, leaves memory behind when
    it is closed, and takes a second to open.

    Parameters
    ----------
    most : int
        So many are kept at most while nobody uses them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: list[tuple[Hashable, _Model]] = []
        self._closed = False
        self._lock = threading.Lock()

    @property
    def idle(self) -> int:
        """How many wait for somebody."""
        with self._lock:
            return len(self._idle)

    @contextmanager
    def lent(self, kind: Hashable, make: Callable[[], _Model]) -> Iterator[_Model]:
        """Lend a model that has forgotten whatever it saw before.

        Parameters
        ----------
        kind : hashable
            Which one; another kind is never lent in its place.
        make : callable
            Opens one, where none of this kind waits.

        Raises
        ------
        GlutecamError
            Whatever opening raises. What is raised while it is lent goes through, and the model is
            closed: nobody knows what is left of it.
        """
        model, whole = self._taken(kind), False
        if model is None:
            model = make()
        try:
            model.start_anew()
            yield model
            whole = True
        finally:
            self._put_back(kind, model, whole)

    def close(self) -> None:
        """Free what waits; what is lent still is freed when it comes back."""
        with self._lock:
            self._closed = True
            waiting, self._idle = self._idle, []
        for _, model in waiting:
            model.close()

    def _taken(self, kind: Hashable) -> _Model | None:
        """Return the model of this kind that was used last, None where there is none."""
        with self._lock:
            for at in range(len(self._idle) - 1, -1, -1):
                if self._idle[at][0] == kind:
                    return self._idle.pop(at)[1]
        return None

    def _put_back(self, kind: Hashable, model: _Model, whole: bool) -> None:
        """Keep a model, in place of the one that has waited longest where there are too many."""
        surplus = [model]
        with self._lock:
            if whole and not self._closed:
                self._idle.append((kind, model))
                surplus = [old for _, old in self._idle[: -self._most]]
                self._idle = self._idle[-self._most :]
        for old in surplus:
            old.close()
