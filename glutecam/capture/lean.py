"""A pose model without the outline of the person, which nobody here asks for.

The landmark network also paints, in 256 x 256 values, where in its picture the person is. TensorFlow
Lite computes that whether or not it is asked for, and it takes a third of the time of a frame. What
only the outline needs is left out of the list of operations; the landmarks come out of the others as
before, equal to the bit (``benchmarks/lean.py``, decision 24).
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from glutecam.capture.flatbuffer import Existing, Integers, Node, Number, Table, Vector
from glutecam.capture.network import (
    MODEL_IDENTIFIER,
    Field,
    Graph,
    Network,
    Operation,
    with_new_head,
)

__all__ = ["lean", "read_lean", "without_outline"]

_LANDMARKS = "pose_landmarks_detector.tflite"
_OUTPUTS, _PRESENCE, _OUTLINE = 5, 1, 2
"""How many answers the network has, and which of them these are."""


@dataclass(frozen=True)
class _Step:
    """One operation: which tensors it reads and writes."""

    table: Existing
    reads: Sequence[int]
    writes: Sequence[int]


def read_lean(path: Path) -> bytes:
    """Return a ``.task`` bundle that paints no outline; one that cannot be read so, as it is.

    What is wrong with such a one, MediaPipe says.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    bundle = path.read_bytes()
    try:
        return lean(bundle)
    except (zipfile.BadZipFile, struct.error, IndexError):
        return bundle


def lean(bundle: bytes) -> bytes:
    """Return a ``.task`` bundle whose landmark network paints no outline.

    Raises
    ------
    zipfile.BadZipFile
        Where it is no bundle.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(bundle)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, without_outline(data) if name == _LANDMARKS else data)
    return out.getvalue()


def without_outline(network: bytes) -> bytes:
    """Return a landmark network without the operations that only its outline needs.

    MediaPipe asks for as many answers as ever and looks at this one only where masks are wanted, so
    a value that is computed anyway, one step before the presence, stands in its place.

    A network that is not of the known make is returned as it is: slower, and no less right.
    """
    if network[4:8] != MODEL_IDENTIFIER:
        return network
    parts = Network(network)
    graphs = parts.items(parts.root, Field.SUBGRAPHS)
    if len(graphs) != 1:
        return network
    graph = graphs[0].position
    outputs = parts.integers(graph, Graph.OUTPUTS)
    steps = _steps(parts, graph)
    makers = {tensor: step for step in steps for tensor in step.writes}
    if len(outputs) != _OUTPUTS or any(tensor not in makers for tensor in outputs):
        return network
    outputs[_OUTLINE] = makers[outputs[_PRESENCE]].reads[0]
    needed = _needed(makers, outputs)
    fields: dict[int, Number | Node | Existing] = {
        field: found for field in Graph if (found := parts.object(graph, field))
    }
    fields[Graph.OUTPUTS] = Integers(outputs)
    fields[Graph.OPERATORS] = Vector([step.table for step in steps if step.table in needed])
    # A signature would still name the outline; MediaPipe does without one.
    return with_new_head(parts, {Field.SUBGRAPHS: Vector([Table(fields)]), Field.SIGNATURES: None})


def _steps(parts: Network, graph: int) -> list[_Step]:
    return [
        _Step(
            table,
            parts.integers(table.position, Operation.INPUTS),
            parts.integers(table.position, Operation.OUTPUTS),
        )
        for table in parts.items(graph, Graph.OPERATORS)
    ]


def _needed(makers: dict[int, _Step], outputs: Sequence[int]) -> set[Existing]:
    """Return the operations without which one of the outputs could not be computed."""
    needed: set[Existing] = set()
    open_ends = list(outputs)
    while open_ends:
        step = makers.get(open_ends.pop())
        if step is not None and step.table not in needed:
            needed.add(step.table)
            open_ends.extend(step.reads)
    return needed
