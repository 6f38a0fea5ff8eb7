"""What a TensorFlow Lite network says of itself, and how to say it otherwise without a copy of the rest.

A network is a FlatBuffers file. It gets a new head in front: a small root that refers to everything
in the old file but for the fields that are given anew.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import IntEnum

from glutecam.capture.flatbuffer import Existing, Node, Number, Table, pack

__all__ = ["MODEL_IDENTIFIER", "Field", "Graph", "Network", "Operation", "with_new_head"]

MODEL_IDENTIFIER = b"TFL3"


class Field(IntEnum):
    """Numbers of the fields of Model in TensorFlow Lite's schema."""

    VERSION = 0
    OPERATOR_CODES = 1
    SUBGRAPHS = 2
    DESCRIPTION = 3
    BUFFERS = 4
    METADATA_BUFFER = 5
    METADATA = 6
    SIGNATURES = 7


class Graph(IntEnum):
    """Numbers of the fields of SubGraph."""

    TENSORS = 0
    INPUTS = 1
    OUTPUTS = 2
    OPERATORS = 3
    NAME = 4


class Operation(IntEnum):
    """Numbers of the fields of Operator."""

    INPUTS = 1
    OUTPUTS = 2


class Network:
    """The tables of a network and their fields, read where they lie.

    Parameters
    ----------
    data : bytes
        The file; it must begin like one (`MODEL_IDENTIFIER`).
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root = self._follow(0)

    def number(self, table: int, field: int) -> int:
        """Return an unsigned number of four bytes that is kept inside its table."""
        return int(struct.unpack_from("<I", self.data, table + self._slot(table, field))[0])

    def object(self, table: int, field: int) -> Existing | None:
        """Return what a field refers to; None where it is not given."""
        slot = self._slot(table, field)
        return Existing(self._follow(table + slot)) if slot else None

    def items(self, table: int, field: int) -> list[Existing]:
        """Return the tables of a list; none where it is not given."""
        found = self.object(table, field)
        if found is None:
            return []
        places = range(found.position + 4, found.position + 4 + 4 * self._count(found), 4)
        return [Existing(self._follow(place)) for place in places]

    def integers(self, table: int, field: int) -> list[int]:
        """Return the int32 of a list; none where it is not given."""
        found = self.object(table, field)
        if found is None:
            return []
        return list(struct.unpack_from(f"<{self._count(found)}i", self.data, found.position + 4))

    def _count(self, vector: Existing) -> int:
        return int(struct.unpack_from("<I", self.data, vector.position)[0])

    def _follow(self, place: int) -> int:
        """Return the position that the reference at ``place`` points to."""
        return place + int(struct.unpack_from("<I", self.data, place)[0])

    def _slot(self, table: int, field: int) -> int:
        """Return how far into ``table`` a field lies, or 0 where it is not given."""
        vtable = table - struct.unpack_from("<i", self.data, table)[0]
        (size,) = struct.unpack_from("<H", self.data, vtable)
        if 4 + 2 * field >= size:
            return 0
        return int(struct.unpack_from("<H", self.data, vtable + 4 + 2 * field)[0])


def with_new_head(network: Network, anew: Mapping[Field, Node | None]) -> bytes:
    """Return the network with these fields of its Model given anew (None: left out), the others as they were."""
    fields: dict[int, Number | Node | Existing] = {
        Field.VERSION: Number("I", network.number(network.root, Field.VERSION))
    }
    for field in list(Field)[1:]:
        value = anew[field] if field in anew else network.object(network.root, field)
        if value is not None:
            fields[field] = value
    return pack(Table(fields), MODEL_IDENTIFIER, network.data)
