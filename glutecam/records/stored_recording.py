"""A recording of any length: its landmarks on a disk, and what is known beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from glutecam.closing import Closing
from glutecam.core.poses import blocks
from glutecam.core.sights import SIGHTS
from glutecam.records.pose_store import SHAPES, PoseStore
from glutecam.records.posefile import (
    About,
    Recording,
    arrays_of,
    is_part,
    load_poses,
    opened,
)

__all__ = ["StoredRecording", "load_stored"]

CHUNK = 1 << 18
"""Bytes of an array that are unpacked at once: a larger piece is hardly faster."""

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


@dataclass(frozen=True, eq=False)
class StoredRecording(Closing):
    """A recording whose landmarks are on a disk until it is closed; as a Recording otherwise."""

    poses: PoseStore
    about: About

    def close(self) -> None:
        """Remove the landmarks from the disk."""
        self.poses.close()

    def part(self, start: int, end: int) -> Recording:
        """Return the frames [start, end) as a recording in memory."""
        return Recording(self.poses[start:end], self.about)


def load_stored(path: Path, folder: Path | None = None) -> StoredRecording:
    """Read a recording as ``load_poses`` does, some seconds of it in memory at a time.

    The parts of a session that was cut short are joined in memory first.

    Parameters
    ----------
    path : Path
    folder : Path, optional
        Where the landmarks lie until the recording is closed; None for the system's own place.

    Raises
    ------
    PoseFileError
        As ``load_poses`` does. All of the file is read here: nothing damaged comes to light later.
    OutputError
        Where the folder is full.
    """
    return _copied(load_poses(path), folder) if is_part(path) else _stored(path, folder)


def _stored(path: Path, folder: Path | None) -> StoredRecording:
    with opened(path) as (archive, facts), ExitStack() as unless_done:
        store = PoseStore(
            int(facts["width_px"]),
            int(facts["height_px"]),
            camera_roll_deg=float(facts["camera_roll_deg"]),
            folder=folder,
        )
        unless_done.callback(store.close)
        _fill(store, archive, facts)
        made = StoredRecording(store.whole(), About.of(facts))
        unless_done.pop_all()
        return made


def _fill(store: PoseStore, archive: np.lib.npyio.NpzFile, facts: dict[str, Any]) -> None:
    names = arrays_of(facts)
    for name in names:
        for rows in _rows(archive, name):
            if rows.dtype.kind != ("i" if name == "people" else "f"):
                raise ValueError("its arrays do not hold numbers of the expected kind")
            store.add(name, rows)
    if "scene" not in names:
        for part in blocks(len(store)):
            count = min(part.stop, len(store)) - part.start
            store.add("scene", np.full((count, SIGHTS), np.nan))


def _rows(archive: np.lib.npyio.NpzFile, name: str) -> Iterator[NDArray[Any]]:
    """Yield an array of an archive, some seconds at a time."""
    packed = archive.zip
    assert packed is not None  # it is open
    with packed.open(f"{name}.npy") as member:
        header = _HEADERS.get(np.lib.format.read_magic(member))
        shape, by_columns, dtype = header(member) if header else ((), True, np.dtype(object))
        if by_columns or dtype.hasobject or shape[1:] != SHAPES[name]:
            # As nobody writes them: NumPy knows what to do, or says why not.
            yield archive[name]
            return
        yield from _read(member, shape, dtype)
        # What follows is not read for itself: at the end its checksum is compared.
        member.read(1)


def _read(
    member: IO[bytes], shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Iterator[NDArray[Any]]:
    row_bytes = dtype.itemsize * math.prod(shape[1:])
    at_once = max(1, CHUNK // row_bytes)
    # One piece at least, so that the kind of an array without rows is looked at as well.
    for start in range(0, max(shape[0], 1), at_once):
        count = min(at_once, shape[0] - start)
        data = member.read(count * row_bytes)
        if len(data) < count * row_bytes:
            raise ValueError("an array ends too early")
        yield np.frombuffer(data, dtype).reshape(count, *shape[1:])


def _copied(recording: Recording, folder: Path | None) -> StoredRecording:
    poses = recording.poses
    store = PoseStore(
        poses.width_px, poses.height_px, camera_roll_deg=poses.camera_roll_deg, folder=folder
    )
    for part in blocks(len(poses)):
        store.append(poses[part])
    return StoredRecording(store, recording.about)
