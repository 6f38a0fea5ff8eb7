"""A small writer of FlatBuffers, enough to describe a tensor.

The bytes depend on the input alone, not on the version of a library, because the checksum of what
is written is published in ``models/manifest.toml``. Objects are laid out parents first, since a
FlatBuffers reference only points forward.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = [
    "Blob",
    "Existing",
    "Floats",
    "Integers",
    "Node",
    "Number",
    "Table",
    "Text",
    "Vector",
    "pack",
]

ALIGNMENT = 16
"""Bytes; TensorFlow Lite asks no table or buffer for more."""


@dataclass(frozen=True)
class Number:
    """A scalar kept inside its table: ``code`` is a struct format of at most four bytes."""

    code: str
    value: int


@dataclass(frozen=True)
class Existing:
    """An object of the body, by its position there, referred to and not copied."""

    position: int


class Node(Protocol):
    """An object that another one refers to."""

    def write(self, out: bytearray) -> tuple[int, list[tuple[int, Node | Existing]]]:
        """Append it; return where it starts and which places inside refer to which objects."""


@dataclass(frozen=True)
class Table:
    """A table: field number to value; a field that is not given keeps its default."""

    fields: Mapping[int, Number | Node | Existing]

    def write(self, out: bytearray) -> tuple[int, list[tuple[int, Node | Existing]]]:
        """Append the table behind its list of field offsets."""
        count = max(self.fields, default=-1) + 1
        order = {number: 4 + 4 * row for row, number in enumerate(sorted(self.fields))}
        _align(out, 4)
        vtable = len(out)
        size = 4 + 4 * len(order)
        out += struct.pack("<HH", 4 + 2 * count, size)
        out += b"".join(struct.pack("<H", order.get(number, 0)) for number in range(count))
        _align(out, 4)
        start = len(out)
        out += struct.pack("<i", start - vtable) + bytes(size - 4)
        places: list[tuple[int, Node | Existing]] = []
        for number, offset in order.items():
            value = self.fields[number]
            if isinstance(value, Number):
                struct.pack_into("<" + value.code, out, start + offset, value.value)
            else:
                places.append((start + offset, value))
        return start, places


@dataclass(frozen=True)
class Vector:
    """A list of objects."""

    items: Sequence[Node | Existing]

    def write(self, out: bytearray) -> tuple[int, list[tuple[int, Node | Existing]]]:
        """Append the count and one reference for every item."""
        _align(out, 4)
        start = len(out)
        out += struct.pack("<I", len(self.items)) + bytes(4 * len(self.items))
        return start, [(start + 4 + 4 * row, item) for row, item in enumerate(self.items)]


@dataclass(frozen=True)
class Floats:
    """A list of float32."""

    values: Sequence[float]

    def write(self, out: bytearray) -> tuple[int, list[tuple[int, Node | Existing]]]:
        """Append the count and the values."""
        return _listed(out, "f", self.values), []


@dataclass(frozen=True)
class Integers:
    """A list of int32."""

    values: Sequence[int]

    def write(self, out: bytearray) -> tuple[int, list[tuple[int, Node | Existing]]]:
        """Append the count and the values."""
        return _listed(out, "i", self.values), []


@dataclass(frozen=True)
class Text:
    """A string."""

    value: str

    def write(self, out: bytearray) -> tuple[int, list[tuple[int, Node | Existing]]]:
        """Append the length, the UTF-8 bytes and the closing zero."""
        data = self.value.encode()
        _align(out, 4)
        start = len(out)
        out += struct.pack("<I", len(data)) + data + b"\0"
        return start, []


@dataclass(frozen=True)
class Blob:
    """Bytes whose first one lies at a multiple of ``ALIGNMENT``."""

    data: bytes

    def write(self, out: bytearray) -> tuple[int, list[tuple[int, Node | Existing]]]:
        """Append the length and the bytes."""
        out += bytes(-(len(out) + 4) % ALIGNMENT)
        start = len(out)
        out += struct.pack("<I", len(self.data)) + self.data
        return start, []


def pack(root: Node, identifier: bytes, body: bytes = b"") -> bytes:
    """Return a FlatBuffers file that starts at ``root``.

    Parameters
    ----------
    root : Node
        The first object.
    identifier : bytes
        Four bytes that name the kind of file.
    body : bytes
        A whole FlatBuffers file to put behind, to which ``Existing`` refers.
    """
    out = bytearray(4) + identifier
    pending: deque[tuple[int, Node | Existing]] = deque([(0, root)])
    into_body: list[tuple[int, int]] = []
    while pending:
        place, target = pending.popleft()
        if isinstance(target, Existing):
            into_body.append((place, target.position))
            continue
        start, places = target.write(out)
        struct.pack_into("<I", out, place, start - place)
        pending.extend(places)
    _align(out, ALIGNMENT)
    for place, position in into_body:
        struct.pack_into("<I", out, place, len(out) + position - place)
    return bytes(out) + body


def _listed(out: bytearray, code: str, values: Sequence[float]) -> int:
    """Append the count and numbers of one kind, a struct format; return where they start."""
    _align(out, 4)
    start = len(out)
    out += struct.pack(f"<I{len(values)}{code}", len(values), *values)
    return start


def _align(out: bytearray, size: int) -> None:
    out += bytes(-len(out) % size)
