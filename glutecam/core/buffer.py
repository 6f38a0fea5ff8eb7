"""Arrays that grow at the end: what a live session keeps, in one piece."""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import PoseSeries
from glutecam.core.signals import Signals

__all__ = ["Growing", "PoseBuffer", "SignalBuffer"]

_ROOM = 18_000
"""Rows of ten minutes at 30 a second, made at once: memory that was never written to is not occupied,
whereas arrays outgrown one after another leave holes between those that stay."""


def _room(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Return an array that occupies nothing yet, in memory of its own.

    In the heap it may come to lie where something lay before, and then all of it is occupied; and
    when it is freed, what was put behind it keeps the hole open.
    """
    size = math.prod(shape) * dtype.itemsize
    return np.ndarray(shape, dtype, buffer=mmap.mmap(-1, size)) if size else np.empty(shape, dtype)


class Growing:
    """One array that grows along its first axis; appending costs amortised constant time."""

    def __init__(self) -> None:
        self._data: NDArray[np.generic] | None = None
        self._used = 0

    def append(self, rows: NDArray[np.generic]) -> None:
        """Add rows at the end; the first ones are not copied."""
        if self._data is None:
            self._data, self._used = rows, len(rows)
            return
        needed = self._used + len(rows)
        if needed > len(self._data):
            grown = _room((max(_ROOM, 2 * needed), *rows.shape[1:]), rows.dtype)
            grown[: self._used] = self._data[: self._used]
            self._data = grown
        self._data[self._used : needed] = rows
        self._used = needed

    @property
    def nbytes(self) -> int:
        """Bytes that were written; room left for more is not counted."""
        return self.view().nbytes

    def view(self) -> NDArray[np.generic]:
        """Return everything so far, without a copy."""
        return np.empty(0) if self._data is None else self._data[: self._used]


_WAITING = 32
"""Rows that may wait to be written."""


class _Table:
    """Columns that grow together, filled from objects that hold a piece of each.

    Pieces wait until somebody reads or they are many: live one frame comes after the other, and to
    write each into every column by itself costs more than all of them together.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._columns = {name: Growing() for name in names}
        self._waiting: list[object] = []
        self._rows = self._written = 0

    def __len__(self) -> int:
        return self._rows

    def append(self, piece: object, rows: int) -> None:
        """Add so many rows; the piece must not change any more."""
        self._waiting.append(piece)
        self._rows += rows
        if self._rows - self._written >= _WAITING:
            self._write()

    @property
    def nbytes(self) -> int:
        """Bytes of all rows."""
        self._write()
        return sum(column.nbytes for column in self._columns.values())

    def views(self, start: int = 0) -> dict[str, NDArray[np.generic]]:
        """Return the rows from ``start`` on of every column."""
        self._write()
        return {name: column.view()[start:] for name, column in self._columns.items()}

    def column(self, name: str) -> NDArray[np.generic]:
        """Return all rows of one column."""
        self._write()
        return self._columns[name].view()

    def _write(self) -> None:
        if not self._waiting:
            return
        for name, column in self._columns.items():
            pieces = [getattr(piece, name) for piece in self._waiting]
            column.append(pieces[0] if len(pieces) == 1 else np.concatenate(pieces))
        self._waiting, self._written = [], self._rows


_OF_POSES = ("time_s", "image_px", "world_m", "visibility", "people", "scene")


class PoseBuffer:
    """Every frame of poses that was pushed."""

    def __init__(self) -> None:
        self._frames = _Table(_OF_POSES)
        self._first: PoseSeries | None = None
        # As it came, until another one follows: a recording that is given whole is not copied.
        self._alone: PoseSeries | None = None
        self._last_s: float | None = None

    def append(self, poses: PoseSeries) -> None:
        """Add frames.

        Raises
        ------
        ValueError
            Where the frame size changes, or time does not go on.
        """
        first = self._first or poses
        if (poses.width_px, poses.height_px) != (first.width_px, first.height_px):
            raise ValueError("the frame size changes within the recording")
        if len(poses):
            if self._last_s is not None and not poses.time_s[0] > self._last_s:
                raise ValueError("the pushed frames do not follow those before in time")
            self._last_s = float(poses.time_s[-1])
        if self._first is None:
            self._first = self._alone = poses
            return
        self._join()
        self._frames.append(poses, len(poses))

    def _join(self) -> None:
        if self._alone is not None:
            self._frames.append(self._alone, len(self._alone))
            self._alone = None

    @property
    def nbytes(self) -> int:
        """Bytes that were pushed."""
        if self._alone is None:
            return self._frames.nbytes
        return sum(int(getattr(self._alone, name).nbytes) for name in _OF_POSES)

    def view(self, start: int = 0) -> PoseSeries | None:
        """Return the frames from ``start`` on, or None where nothing was pushed."""
        if self._first is None:
            return None
        if self._alone is not None:
            return self._alone[start:] if start else self._alone
        return replace(self._first, **self._frames.views(start))  # type: ignore[arg-type]

    def since(self, time_s: float) -> PoseSeries:
        """Return the frames from a time on.

        Raises
        ------
        ValueError
            Where nothing was pushed.
        """
        self._join()
        poses = self.view(int(np.searchsorted(self._frames.column("time_s"), time_s)))
        if poses is None:
            raise ValueError("nothing was pushed")
        return poses


class SignalBuffer:
    """Every frame of signals that was measured."""

    def __init__(self, measures: int, points: int = 0) -> None:
        empty = np.empty(0)
        self._none = Signals(
            empty,
            empty,
            np.empty(0, dtype=bool),
            np.empty(0, dtype=np.int8),
            np.empty(0, dtype=bool),
            np.empty((0, 2, measures)),
            np.empty((0, 2, measures)),
            np.empty((0, points, 2)),
        )
        self._frames = _Table(vars(self._none))

    def __len__(self) -> int:
        return len(self._frames)

    def append(self, signals: Signals) -> None:
        """Add frames."""
        self._frames.append(signals, len(signals))

    @property
    def nbytes(self) -> int:
        """Bytes that were measured."""
        return self._frames.nbytes

    def view(self, start: int = 0) -> Signals:
        """Return the frames from ``start`` on."""
        if not len(self):
            return self._none
        return Signals(**self._frames.views(start))  # type: ignore[arg-type]

    def copy(self) -> Signals:
        """Return all frames, for whoever keeps them: a view would keep all of the room."""
        return Signals(**{name: array.copy() for name, array in vars(self.view()).items()})
