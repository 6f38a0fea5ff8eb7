"""Landmarks on a disk while they are judged: however long a recording, some seconds of it are in memory.

An hour at 30 pictures a second has 190 MB of landmarks. Here each array of a PoseSeries has a temporary
file, which is made only once it is larger than a megabyte and is gone when it is closed, or when the
process ends, however that ends. Times alone, and whether somebody was seen, stay in memory.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glutecam.closing import Closing
from glutecam.core.buffer import Growing
from glutecam.core.landmarks import LANDMARK_COUNT, Landmark
from glutecam.core.poses import FloatArray, PoseSeries, blocks
from glutecam.core.sights import SIGHTS, Sight
from glutecam.errors import OutputError

__all__ = ["PoseStore"]

SHAPES: dict[str, tuple[int, ...]] = {
    "time_s": (),
    "image_px": (LANDMARK_COUNT, 2),
    "world_m": (LANDMARK_COUNT, 3),
    "visibility": (LANDMARK_COUNT,),
    "people": (),
    "scene": (SIGHTS,),
}
"""The arrays of a PoseSeries, of one frame each."""

IN_MEMORY = 1 << 20
"""Bytes of an array from which on it is on the disk: a clip of half a minute never is."""


class _Column:
    """One array that grows along its first axis, in a temporary file."""

    def __init__(self, name: str, folder: Path | None) -> None:
        self.shape = SHAPES[name]
        self.dtype = np.dtype(np.int64 if name == "people" else np.float64)
        self.row_bytes = self.dtype.itemsize * math.prod(self.shape)
        self.rows = 0
        self._at_end = True
        # Closed by the store, as long as which it lives.
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115
            IN_MEMORY, prefix=".glutecam-", dir=None if folder is None else str(folder)
        )

    def append(self, rows: NDArray[Any]) -> None:
        if not self._at_end:
            self._file.seek(self.rows * self.row_bytes)
            self._at_end = True
        self._file.write(np.ascontiguousarray(rows, dtype=self.dtype).data)
        self.rows += len(rows)

    def read(self, start: int, end: int) -> NDArray[Any]:
        self._at_end = False
        self._file.seek(start * self.row_bytes)
        data = self._file.read((end - start) * self.row_bytes)
        return np.frombuffer(data, self.dtype).reshape(end - start, *self.shape)

    def close(self) -> None:
        self._file.close()


class PoseStore(Closing):
    """T frames of one person on a disk, of which stretches are read; a ``LongPoses``.

    Parameters
    ----------
    width_px, height_px : int
        Size of the frame.
    camera_roll_deg : float
        As in PoseSeries.
    folder : Path or None
        Where the temporary files are made; None for the system's own place.
    """

    def __init__(
        self,
        width_px: int,
        height_px: int,
        *,
        camera_roll_deg: float = 0.0,
        folder: Path | None = None,
    ) -> None:
        self.width_px, self.height_px = width_px, height_px
        self.camera_roll_deg = camera_roll_deg
        self._folder = folder
        self._columns = {name: _Column(name, folder) for name in SHAPES}
        self._time_s, self._seen = Growing(), Growing()

    def close(self) -> None:
        """Remove the temporary files; nothing can be read any more."""
        for column in self._columns.values():
            column.close()

    def __len__(self) -> int:
        return self._columns["time_s"].rows

    @property
    def time_s(self) -> FloatArray:
        """(T,) seconds."""
        return np.asarray(self._time_s.view(), dtype=np.float64)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(T,) True where a person was found."""
        return np.asarray(self._seen.view(), dtype=bool)

    def append(self, poses: PoseSeries) -> None:
        """Add frames.

        Raises
        ------
        ValueError
            Where the frame size changes, or time does not go on.
        OutputError
            Where the disk is full.
        """
        if (poses.width_px, poses.height_px) != (self.width_px, self.height_px):
            raise ValueError("the frame size changes within the recording")
        for name in SHAPES:
            self.add(name, getattr(poses, name))

    def add(self, name: str, rows: NDArray[Any]) -> None:
        """Add rows of one array; ``whole`` tells whether all arrays have as many.

        Raises
        ------
        ValueError
            Where time does not go on, or the rows have another shape.
        OutputError
            Where the disk is full.
        """
        if rows.shape[1:] != SHAPES[name]:
            raise ValueError(f"{name} has the shape {rows.shape}")
        if name == "time_s":
            self._add_times(rows)
        if name == "image_px":
            self._seen.append(np.isfinite(rows[:, Landmark.LEFT_HIP, 0]))
        try:
            self._columns[name].append(rows)
        except OSError as err:
            place = self._folder or tempfile.gettempdir()
            raise OutputError(
                f"A long recording does not fit into {place} while it is judged: "
                f"{err.strerror or err}. Free some space there: an hour needs 200 MB."
            ) from err

    def _add_times(self, times: FloatArray) -> None:
        known = self._time_s.view()
        joined = np.concatenate([known[-1:], times])
        if len(joined) > 1 and not bool(np.all(joined[1:] > joined[:-1])):
            raise ValueError("time_s must increase from frame to frame")
        self._time_s.append(times)

    def whole(self) -> PoseStore:
        """Return this store, once every array has as many rows as there are times.

        Raises
        ------
        ValueError
            Where one has fewer or more.
        """
        rows = {name: column.rows for name, column in self._columns.items()}
        if len(set(rows.values())) > 1:
            told = ", ".join(f"{name} {count}" for name, count in rows.items())
            raise ValueError(f"the arrays disagree: {told}")
        return self

    def __getitem__(self, key: slice) -> PoseSeries:
        start, stop, step = key.indices(len(self))
        if step != 1:
            raise ValueError("a stretch has no steps")
        end = max(start, stop)
        return PoseSeries(
            width_px=self.width_px,
            height_px=self.height_px,
            camera_roll_deg=self.camera_roll_deg,
            **{name: column.read(start, end) for name, column in self._columns.items()},
        )

    def pieces(self, name: str) -> Iterator[NDArray[Any]]:
        """Yield an array, some frames at a time."""
        for part in blocks(max(1, len(self))):
            yield self._columns[name].read(part.start, min(part.stop, len(self)))

    def sight(self, sight: Sight) -> FloatArray:
        """(T,) one column of ``scene``."""
        # Copies: of what is only looked at, the whole piece would stay in memory.
        return np.concatenate([piece[:, sight].copy() for piece in self.pieces("scene")])
