"""Who may use a pose model now: a few sessions at once, and none that stands still keeps a seat."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

__all__ = ["IDLE_S", "Seat", "Seats"]

IDLE_S = 15.0
"""Without a picture for so long, a session gives way when somebody else wants its seat."""

_BUSY_S = 2.0


class Seat:
    """One session's right to a pose model.

    Parameters
    ----------
    leave : callable
        Called once, from another thread, where the session must give way.
    """

    def __init__(self, leave: Callable[[], None]) -> None:
        self.leave = leave
        self._used_s = time.monotonic()

    def use(self) -> None:
        """Say that a picture came."""
        self._used_s = time.monotonic()

    @property
    def idle_s(self) -> float:
        """Seconds since the last picture."""
        return time.monotonic() - self._used_s


class Seats:
    """So many sessions at once.

    Parameters
    ----------
    count : int, optional
        Two at least by default: a second tab finds room beside the first.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or max(2, (os.cpu_count() or 2) // 2)
        self._taken: list[Seat] = []
        self._lock = threading.Lock()

    def take(self, leave: Callable[[], None]) -> Seat | None:
        """Return a seat, where need be that of a session that stands still; None where all are busy."""
        seat, gone = Seat(leave), None
        with self._lock:
            if len(self._taken) >= self.count:
                gone = max(self._taken, key=lambda taken: taken.idle_s)
                if gone.idle_s < IDLE_S:
                    return None
                self._taken.remove(gone)
            self._taken.append(seat)
        if gone is not None:
            gone.leave()
        return seat

    def give_back(self, seat: Seat) -> None:
        """Free a seat; twice does no harm."""
        with self._lock:
            if seat in self._taken:
                self._taken.remove(seat)

    @property
    def taken(self) -> int:
        """How many exercise now."""
        with self._lock:
            return len(self._taken)

    @property
    def busy(self) -> bool:
        """True while somebody exercises: whatever is less urgent waits."""
        with self._lock:
            return any(seat.idle_s < _BUSY_S for seat in self._taken)
