"""Files of a clip on their way between this process and a worker of a cluster.

Few bytes travel with the task and with its result. More, such as an hour of landmarks, lie in a folder of
the worker and go a piece at a time, so that neither worker, scheduler nor this process holds all of them
in memory.
"""

from __future__ import annotations

import asyncio
import importlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from glutecam.batch.record import POSES, RECORD, cleared, files_in
from glutecam.records.files import whole_file

__all__ = ["Lost", "Parcel", "fetched", "packed", "sent", "this_worker", "unpacked"]

WITH_THE_TASK = 8 << 20
"""So many bytes of a clip's files, reports among them, travel with the task: a clip of a minute or two."""
PIECE = 4 << 20
"""So many bytes at a time, where there are more."""

Answer = TypeVar("Answer")


class Lost(Exception):
    """A worker is gone, or has no longer what it had."""


@dataclass(frozen=True)
class Parcel:
    """Files of a clip: their bytes by name, or the folder of a worker in which they lie."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    folder: str = ""
    worker: str = ""

    @property
    def names(self) -> list[str]:
        """What is in it, the record last: a folder in which that stands is complete."""
        return sorted([*self.files, *self.sizes], key=lambda name: (name == RECORD, name))


# On a worker


def packed(folder: Path, at_most: int) -> Parcel:
    """Return a clip's files; where they are more bytes than that, they stay here until they are fetched."""
    sizes = {path.name: path.stat().st_size for path in files_in(folder)}
    if sum(sizes.values()) <= at_most:
        return Parcel({name: (folder / name).read_bytes() for name in sizes})
    worker = this_worker()
    place = _new_place(worker)
    for name in sizes:
        shutil.move(folder / name, Path(place) / name)
    return Parcel(sizes=sizes, folder=place, worker=worker.address)


def unpacked(parcel: Parcel, folder: Path) -> None:
    """Put the files where they belong; on another worker than they were sent to, there are none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in parcel.names:
        if parcel.sizes:
            with suppress(FileNotFoundError):
                shutil.move(Path(parcel.folder) / name, folder / name)
        else:
            (folder / name).write_bytes(parcel.files[name])
    if parcel.folder:
        _thrown_away(parcel.folder)


def this_worker() -> Any:
    """Return the Dask worker within which this runs."""
    return importlib.import_module("distributed").get_worker()


# Run there for this process


def _new_place(dask_worker: Any) -> str:
    """Make a folder, which Dask removes with the worker's own where nobody else has done so."""
    return tempfile.mkdtemp(prefix="glutecam-", dir=dask_worker.local_directory)


def _piece(path: str, start: int, size: int) -> bytes:
    with Path(path).open("rb") as stream:
        stream.seek(start)
        return stream.read(size)


def _put(path: str, piece: bytes) -> None:
    with Path(path).open("ab") as stream:
        stream.write(piece)


def _thrown_away(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)


# Here


def fetched(client: Any, parcel: Parcel, folder: Path) -> None:
    """Write a clip's files into its folder, the record last.

    Raises
    ------
    OutputError
        Where they cannot be written.
    Lost
        Where the worker is gone; the folder is then without a record.
    """
    cleared(folder, keep_landmarks=POSES in parcel.names)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name in parcel.names:
            with whole_file(folder / name) as stream:
                for piece in _pieces(client, parcel, name):
                    stream.write(piece)
    finally:
        if parcel.worker:
            with suppress(Lost):
                _asked(client, parcel.worker, _thrown_away, parcel.folder)


def _pieces(client: Any, parcel: Parcel, name: str) -> Iterator[bytes]:
    if name in parcel.files:
        yield parcel.files[name]
        return
    path = f"{parcel.folder}/{name}"
    for start in range(0, parcel.sizes[name], PIECE):
        size = min(PIECE, parcel.sizes[name] - start)
        piece = _asked(client, parcel.worker, _piece, path, start, size)
        if len(piece) != size:
            raise Lost(f"{parcel.worker} has lost a part of {name}")
        yield piece


def sent(client: Any, folder: Path) -> Parcel:
    """Send what a worker needs of an earlier run: the record, and the landmarks.

    Where the worker goes away meanwhile, the landmarks stay here: they are found once more.
    """
    paths = [path for path in (folder / POSES, folder / RECORD) if path.is_file()]
    sizes = {path.name: path.stat().st_size for path in paths}
    if sum(sizes.values()) <= WITH_THE_TASK:
        return Parcel({path.name: path.read_bytes() for path in paths})
    try:
        return _sent_in_pieces(client, paths, sizes)
    except Lost:
        return Parcel({path.name: path.read_bytes() for path in paths if path.name == RECORD})


def _sent_in_pieces(client: Any, paths: list[Path], sizes: Mapping[str, int]) -> Parcel:
    working = client.processing()
    if not working:
        raise Lost("there is no worker")
    worker = min(working, key=lambda address: len(working[address]))
    place = _asked(client, worker, _new_place)
    for path in paths:
        with path.open("rb") as stream:
            while piece := stream.read(PIECE):
                _asked(client, worker, _put, f"{place}/{path.name}", piece)
    return Parcel(sizes=sizes, folder=place, worker=worker)


def _asked(client: Any, worker: str, what: Callable[..., Answer], *about: Any) -> Answer:
    """Let a worker do something beside its clip, and return what it says."""
    try:
        told: dict[str, Answer] = client.run(what, *about, workers=[worker])
    except (OSError, asyncio.TimeoutError) as err:
        raise Lost(f"the worker {worker} has not what it had: {err}") from err
    return told[worker]
