"""Where footage lies: on this machine's disks, or at any address that fsspec can read.

An address is copied to a temporary file while its clip is judged, a chunk at a time, and is gone
afterwards: decoders want to jump about in a file.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from glutecam.errors import MissingExtraError, SourceError

__all__ = ["as_file", "content", "is_address", "stamp"]

CHUNK = 1 << 20


def is_address(file: str) -> bool:
    """Tell ``s3://bucket/clip.mp4`` from a path."""
    return "://" in file


def stamp(path: Path, address: str) -> str:
    """Return what changes when the file does, without reading it; empty where it cannot be told."""
    if address:
        facts = _facts(address)
        known = ("size", "ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "CRC")
        told = {name: str(facts[name]) for name in known if facts.get(name) is not None}
        return json.dumps(told, sort_keys=True) if told else ""
    try:
        found = path.stat()
    except OSError:
        return ""
    # A pipe or a device would be waited for without end; opening it will say what it is.
    return f"{found.st_size} {found.st_mtime_ns}" if path.is_file() else ""


def content(path: Path, address: str, alive: Callable[[], None] = lambda: None) -> str:
    """Return a digest of the bytes; empty where they cannot be read. ``alive`` is called as it goes."""
    digest = hashlib.sha256()
    try:
        with _opened(path, address) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                alive()
    except (OSError, SourceError):
        return ""
    return digest.hexdigest()


@contextmanager
def as_file(path: Path, address: str, alive: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """Give a file that can be opened as often as one likes; ``alive`` is called while it is copied.

    Raises
    ------
    SourceError
        Where an address cannot be read.
    MissingExtraError
        Where fsspec, or what it needs for this kind of address, is not installed.
    """
    if not address:
        yield path
        return
    suffix = PurePosixPath(address.partition("::")[0]).suffix
    with tempfile.TemporaryDirectory(prefix="glutecam-") as folder:
        copy = Path(folder) / f"clip{suffix}"
        try:
            with _opened(path, address) as stream, copy.open("wb") as target:
                while chunk := stream.read(CHUNK):
                    target.write(chunk)
                    alive()
        except OSError as err:
            raise _unreadable(address, err) from err
        yield copy


def _opened(path: Path, address: str) -> Any:
    if not address:
        return path.open("rb")
    opened: IO[bytes] = _fsspec(address).open(address, "rb")
    return opened


def _facts(address: str) -> dict[str, Any]:
    fsspec = _fsspec(address)
    try:
        system, inner = fsspec.core.url_to_fs(address)
        facts: dict[str, Any] = system.info(inner)
    except (OSError, ValueError, KeyError):
        return {}
    return facts


def _fsspec(address: str) -> Any:
    try:
        import fsspec
        import fsspec.core

        fsspec.get_filesystem_class(address.partition("://")[0])
    except ImportError as err:
        raise MissingExtraError(f"Reading {address} ({err})", "cluster") from err
    except ValueError as err:
        raise _unreadable(address, err) from err
    return fsspec


def _unreadable(address: str, err: Exception) -> SourceError:
    return SourceError(
        f"{address} cannot be read: {err}. Check the address, and that this machine, or the workers of "
        "the cluster, may read it."
    )
