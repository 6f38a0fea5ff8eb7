"""Arrays of an ``.npz`` archive, written a piece at a time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["member_of", "write_array"]


def member_of(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open the place of an array in an archive that is written."""
    # A fixed date: the same landmarks give the same file, byte for byte.
    entry = zipfile.ZipInfo(f"{name}.npy")
    entry.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(entry, "w", force_zip64=True)


def write_array(member: IO[bytes], rows: int, pieces: Iterator[NDArray[Any]]) -> None:
    """Write an array as NumPy does, without having more than a piece of it."""
    for number, piece in enumerate(pieces):
        if not number:
            kind = np.lib.format.dtype_to_descr(piece.dtype)
            shape = (rows, *piece.shape[1:])
            header = {"descr": kind, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(member, header)
        member.write(np.ascontiguousarray(piece).tobytes())
