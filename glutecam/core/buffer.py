"""Arrays that grow at the end: what a live session keeps, in one piece."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glutecam.core.measures import Estimate
from glutecam.core.poses import PoseSeries
from glutecam.core.signals import Signals

__all__ = ["Growing", "PoseBuffer", "SignalBuffer"]


class Growing:
    """One array that grows along its first axis; appending costs amortised constant time."""

    def __init__(self) -> None:
        self._data: NDArray[np.generic] | None = None
        self._used = 0

    def append(self, rows: NDArray[np.generic]) -> None:
        """Add rows at the end."""
        needed = self._used + len(rows)
        if self._data is None or needed > len(self._data):
            grown = np.empty((max(256, 2 * needed), *rows.shape[1:]), dtype=rows.dtype)
            if self._data is not None:
                grown[: self._used] = self._data[: self._used]
            self._data = grown
        self._data[self._used : needed] = rows
        self._used = needed

    def view(self) -> NDArray[np.generic]:
        """Return everything so far, without a copy."""
        return np.empty(0) if self._data is None else self._data[: self._used]


_FIELDS = ("time_s", "image_px", "world_m", "visibility", "people")


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

    def view(self, start: int = 0) -> PoseSeries | None:
        """Return the frames from ``start`` on, or None where nothing was pushed."""
        if self._first is None:
            return None
        arrays = {name: column.view()[start:] for name, column in self._columns.items()}
        return replace(self._first, **arrays)  # type: ignore[arg-type]


class SignalBuffer:
    """Every frame of signals that was measured."""

    def __init__(self) -> None:
        self._columns: dict[str, Growing] = {}

    def append(self, signals: Signals) -> None:
        """Add frames."""
        for name, rows in _flatten(signals).items():
            self._columns.setdefault(name, Growing()).append(rows)

    def view(self, start: int = 0) -> Signals:
        """Return the frames from ``start`` on."""
        arrays = {name: column.view()[start:] for name, column in self._columns.items()}
        return _unflatten(arrays)


def _flatten(signals: Signals) -> dict[str, NDArray[np.generic]]:
    flat: dict[str, NDArray[np.generic]] = {
        "time_s": signals.time_s,
        "speed": signals.speed,
        "right": signals.right,
        "swapped": signals.swapped,
    }
    for side, estimates in (("R", signals.as_right), ("L", signals.as_left)):
        for name, estimate in estimates.items():
            flat[f"{side}v{name}"] = estimate.value
            flat[f"{side}s{name}"] = estimate.sd
    return flat


def _unflatten(flat: dict[str, NDArray[np.generic]]) -> Signals:
    def estimates(side: str) -> dict[str, Estimate]:
        names = [key[2:] for key in flat if key.startswith(f"{side}v")]
        return {n: Estimate(flat[f"{side}v{n}"], flat[f"{side}s{n}"]) for n in names}  # type: ignore[arg-type]

    return Signals(
        flat["time_s"],  # type: ignore[arg-type]
        flat["speed"],  # type: ignore[arg-type]
        flat["right"],  # type: ignore[arg-type]
        flat["swapped"],  # type: ignore[arg-type]
        estimates("R"),
        estimates("L"),
    )
