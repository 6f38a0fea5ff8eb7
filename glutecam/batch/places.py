"""Where footage lies: on this machine's disks, or at any address that fsspec can read.

An address is copied to a temporary file while its clip is judged, a chunk at a time, and is gone
afterwards: decoders want to jump about in a file.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import Any

from glutecam.closing import Closing
from glutecam.errors import GlutecamError, MissingExtraError, SourceError

__all__ = ["Footage", "stamp", "written"]

CHUNK = 1 << 20

CHANGES = (
    "size", "ETag", "etag", "mtime", "LastModified", "Last-Modified", "last_modified", "updated",
    "Content-MD5", "Digest", "CRC",
)  # fmt: skip
"""What a store tells of a file that changes with it, each in words of its own."""

DATES = ("mtime", "LastModified", "Last-Modified", "last_modified", "updated")
"""Those of them that say when it was written."""

STORES = {
    "aiohttp": ("ClientError",),
    "botocore.exceptions": ("BotoCoreError", "ClientError"),
    "google.auth.exceptions": ("GoogleAuthError",),
    "azure.core.exceptions": ("AzureError",),
}
"""How libraries that ask a store fail in words of their own, beside OSError: without credentials, say."""

S3 = frozenset(("s3", "s3a"))
"""The kinds of address for which there is an extra of ours."""


def stamp(path: Path, address: str) -> str:
    """Return what changes when the file does, without reading it; empty where it cannot be told."""
    if address:
        facts = _facts(address)
        told = {name: str(facts[name]) for name in CHANGES if facts.get(name) is not None}
        return json.dumps(told, sort_keys=True) if told else ""
    try:
        found = path.stat()
    except OSError:
        return ""
    # A pipe or a device would be waited for without end; opening it will say what it is.
    return f"{found.st_size} {found.st_mtime_ns}" if path.is_file() else ""


def written(stamp: str) -> datetime | None:
    """Return when a file was last written, by its stamp; None where its store does not say that.

    In UTC: what is made from it is the same on every machine.
    """
    if not stamp.startswith("{"):
        nanoseconds = stamp.partition(" ")[2]
        return _in_utc(int(nanoseconds) / 1e9) if nanoseconds else None
    told = json.loads(stamp)
    return next((when for name in DATES if (when := _said_when(told.get(name, "")))), None)


def _said_when(text: str) -> datetime | None:
    """Return a time as stores write it: seconds, ISO 8601, or as in the heads of a web server."""
    with suppress(ValueError, OverflowError, OSError):
        return _in_utc(float(text))
    with suppress(ValueError):
        return _in_utc(datetime.fromisoformat(text.replace("Z", "+00:00")))
    with suppress(ValueError, TypeError):
        return _in_utc(parsedate_to_datetime(text))
    return None


def _in_utc(when: float | datetime) -> datetime:
    if isinstance(when, datetime):
        known = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
        return known.astimezone(timezone.utc)
    return datetime.fromtimestamp(when, timezone.utc)


class Footage(Closing):
    """The file of a clip, wherever it lies; what has an address is copied here, once, when it is needed.

    Parameters
    ----------
    path : Path
    address : str
        Empty for a file of this machine.
    alive : callable
        Called while it is read.
    """

    def __init__(
        self, path: Path, address: str = "", alive: Callable[[], None] = lambda: None
    ) -> None:
        self._address = address
        self._alive = alive
        self._file = None if address else path
        self._copy = ExitStack()

    def close(self) -> None:
        """Remove the copy."""
        self._copy.close()

    def file(self) -> Path:
        """Return a file that can be opened as often as one likes.

        Raises
        ------
        SourceError
            Where an address cannot be read.
        MissingExtraError
            Where fsspec, or what it needs for this kind of address, is not installed.
        """
        if self._file is None:
            self._file = self._copied()
        return self._file

    def content(self) -> str:
        """Return a digest of the bytes; empty where they cannot be read."""
        digest = hashlib.sha256()
        try:
            with self.file().open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    self._alive()
        except (OSError, GlutecamError):
            return ""
        return digest.hexdigest()

    def _copied(self) -> Path:
        suffix = PurePosixPath(self._address.partition("::")[0]).suffix
        folder = self._copy.enter_context(tempfile.TemporaryDirectory(prefix="glutecam-"))
        copy = Path(folder) / f"clip{suffix}"
        try:
            try:
                self._fetch(copy)
            except ValueError:
                if not self._address.startswith(("http://", "https://")):
                    raise
                # A web server that gives whole files only: in one piece, then.
                self._fetch(copy, block_size=0)
        except _failures() as err:
            raise _unreadable(self._address, err) from err
        return copy

    def _fetch(self, copy: Path, **how: int) -> None:
        opened = _fsspec(self._address).open(self._address, "rb", **how)
        with opened as stream, copy.open("wb") as target:
            while chunk := stream.read(CHUNK):
                target.write(chunk)
                self._alive()


def _failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """Return how a store fails: those that have been asked in words of their libraries, too."""
    found = ((sys.modules.get(library), names) for library, names in STORES.items())
    own = [getattr(library, name) for library, names in found if library for name in names]
    # A web server that gives whole files only, where a part is asked for, is a ValueError.
    return (OSError, ValueError, asyncio.TimeoutError, *own, *more)


def _facts(address: str) -> dict[str, Any]:
    try:
        fsspec = _fsspec(address)
        system, inner = fsspec.core.url_to_fs(address)
        facts: dict[str, Any] = system.info(inner)
    except _failures(KeyError, GlutecamError):
        return {}
    return facts


def _fsspec(address: str) -> Any:
    """Return fsspec, once it is sure that it can read this kind of address."""
    try:
        import fsspec
        import fsspec.core
    except ImportError as err:
        raise MissingExtraError(f"Reading {address} ({err})", "cluster") from err
    for kind in _kinds(address):
        try:
            fsspec.get_filesystem_class(kind)
        except ImportError as err:
            raise _not_installed(address, kind, err) from err
        except ValueError as err:
            raise _unreadable(address, err) from err
    return fsspec


def _kinds(address: str) -> list[str]:
    """Return ``zip`` and ``s3`` of ``zip://clip.mp4::s3://bucket/a.zip``."""
    return [part.partition("://")[0] for part in address.split("::")]


def _not_installed(address: str, kind: str, err: ImportError) -> GlutecamError:
    if kind in S3:
        return MissingExtraError(f"Reading {address}", "s3")
    return SourceError(
        f"{address} cannot be read: a package is missing ({err}). Install it where clips are judged, on a "
        "cluster on every worker."
    )


def _unreadable(address: str, err: Exception) -> SourceError:
    # Of a file that is not there some stores say nothing but its name.
    gone = isinstance(err, FileNotFoundError) and str(err) and str(err) in address
    said = "there is no such file" if gone else f"{err}".rstrip(".") or type(err).__name__
    more = ""
    if S3.intersection(_kinds(address)) and not isinstance(err, FileNotFoundError):
        more = (
            " A store's key, secret and endpoint are told by FSSPEC_S3_KEY, FSSPEC_S3_SECRET and "
            "FSSPEC_S3_ENDPOINT_URL, on a cluster to every worker before it begins (docs/cluster.md)."
        )
    return SourceError(
        f"{address} cannot be read: {said}. Check the address, and that this machine, or the workers of "
        f"the cluster, may read it.{more}"
    )
