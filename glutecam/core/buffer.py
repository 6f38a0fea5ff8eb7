"""Arrays that grow at the end: what a live session keeps, in one piece."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import PoseSeries
from glutecam.core.signals import Signals

__all__ = ["Growing", "PoseBuffer", "SignalBuffer"]

_ROOM = 18_000
"""Rows of ten minutes at 30 a second, made at once: memory that was never written to is not occupied,
whereas arrays outgrown one after another leave holes between those that stay."""


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
            grown = np.empty((max(_ROOM, 2 * needed), *rows.shape[1:]), dtype=rows.dtype)
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


_FIELDS = ("time_s", "image_px", "world_m", "visibility", "people", "scene")


class PoseBuffer:
    """Every frame of poses that was pushed."""

    def __init__(self) -> None:
        self._columns = {name: Growing() for name in _FIELDS}
        self._first: PoseSeries | None = None

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
        times = self._columns["time_s"].view()
        if len(times) and len(poses) and not poses.time_s[0] > times[-1]:
            raise ValueError("the pushed frames do not follow those before in time")
        self._first = first
        for name, column in self._columns.items():
            column.append(getattr(poses, name))

    @property
    def nbytes(self) -> int:
        """Bytes that were pushed."""
        return sum(column.nbytes for column in self._columns.values())

    def view(self, start: int = 0) -> PoseSeries | None:
        """Return the frames from ``start`` on, or None where nothing was pushed."""
        if self._first is None:
            return None
        arrays = {name: column.view()[start:] for name, column in self._columns.items()}
        return replace(self._first, **arrays)  # type: ignore[arg-type]

    def since(self, time_s: float) -> PoseSeries:
        """Return the frames from a time on.

        Raises
        ------
        ValueError
            Where nothing was pushed.
        """
        poses = self.view(int(np.searchsorted(self._columns["time_s"].view(), time_s)))
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
        self._columns = {name: Growing() for name in vars(self._none)}

    def __len__(self) -> int:
        return len(self._columns["time_s"].view())

    def append(self, signals: Signals) -> None:
        """Add frames."""
        for name, column in self._columns.items():
            column.append(getattr(signals, name))

    @property
    def nbytes(self) -> int:
        """Bytes that were measured."""
        return sum(column.nbytes for column in self._columns.values())

    def view(self, start: int = 0) -> Signals:
        """Return the frames from ``start`` on."""
        if not len(self._columns["time_s"].view()):
            return self._none
        arrays = {name: column.view()[start:] for name, column in self._columns.items()}
        return Signals(**arrays)  # type: ignore[arg-type]
