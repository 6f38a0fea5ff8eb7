"""A dropped video on its way in: type and size are checked, and its name is never used as a path."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread

from glutecam.errors import InputError

__all__ = ["CONTENT_TYPES", "LARGEST_UPLOAD", "received", "suffix_of"]

LARGEST_UPLOAD = 1_000_000_000
"""Bytes: about ten minutes from a phone."""

CONTENT_TYPES = (
    "video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/matroska",
    "video/x-msvideo", "video/avi", "video/3gpp", "video/x-m4v", "application/octet-stream", "",
)  # fmt: skip
_SNIFFED = 16
_QUICKTIME = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def suffix_of(head: bytes) -> str:
    """Return what kind of video begins with these bytes.

    Only containers that hold their own pictures: a playlist could name other files of this machine.

    Raises
    ------
    InputError
        Where it is none that is taken.
    """
    if not head:
        raise InputError("This file is empty (0 bytes): copy it again.")
    if head[4:8] in _QUICKTIME:
        return ".mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return ".mkv"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return ".avi"
    raise InputError("This file is no video that can be read here: MP4, MOV, WebM, MKV or AVI are.")


async def received(chunks: AsyncIterator[bytes], folder: Path) -> Path:
    """Store an upload under a name of our own.

    Parameters
    ----------
    chunks : async iterator of bytes
    folder : Path
        Where only this program looks; whoever judges the file removes it.

    Raises
    ------
    InputError
        Where it is no video by its first bytes.
    """
    handle, name = tempfile.mkstemp(dir=folder, prefix="upload-")
    store, path, done = _Store(), Path(name), False
    try:
        with os.fdopen(handle, "wb") as file:
            async for chunk in chunks:
                # Writing in another thread: the frames of a live session must not wait for a disk.
                await to_thread.run_sync(store.take, file, chunk)
        suffix = suffix_of(store.head)
        done = True
    finally:
        if not done:
            path.unlink()
    return path.rename(path.with_suffix(suffix))


class _Store:
    """Takes the pieces of a file, and refuses it as soon as its first bytes are known."""

    def __init__(self) -> None:
        self.head = b""

    def take(self, file: BinaryIO, chunk: bytes) -> None:
        if len(self.head) < _SNIFFED:
            self.head += chunk[:_SNIFFED]
            if len(self.head) >= _SNIFFED:
                suffix_of(self.head)
        file.write(chunk)
