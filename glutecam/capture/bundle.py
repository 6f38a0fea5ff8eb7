"""Assemble a pose model bundle from its two networks.

A ``.task`` bundle is an uncompressed zip of a detector and a landmark network. The landmark
networks found in packages do not say how their input picture is scaled, and the pose task then
refuses them ("requires specifying NormalizationOptions metadata"). So they get a new head: a small
FlatBuffers root that refers to everything in the old file and adds that one description.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from glutecam.capture.flatbuffer import (
    Blob,
    Existing,
    Floats,
    Node,
    Number,
    Table,
    Text,
    Vector,
    pack,
)
from glutecam.errors import ModelError

__all__ = ["assemble", "describe_input"]

MODEL_IDENTIFIER = b"TFL3"
METADATA_IDENTIFIER = b"M001"
METADATA_NAME = "TFLITE_METADATA"
OLDEST_TIMESTAMP = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can hold; a fixed one keeps the bundle the same byte for byte."""

# Numbers of the fields of Model and Buffer in TensorFlow Lite's schema.
_VERSION, _OPERATOR_CODES, _SUBGRAPHS, _DESCRIPTION = range(4)
_BUFFERS, _METADATA_BUFFER, _METADATA, _SIGNATURES = range(4, 8)
_OUTPUTS = ("landmarks", "presence", "segmentation", "heatmap", "world landmarks")


def assemble(detector: bytes, landmarks: bytes, target: Path) -> None:
    """Write the bundle of the two networks; equal input gives an equal file.

    Parameters
    ----------
    detector : bytes
        The person detector, which carries its metadata already.
    landmarks : bytes
        The landmark network, without metadata.
    target : Path
        File to write.

    Raises
    ------
    ModelError
        Where the landmark network is not a TensorFlow Lite model.
    OSError
        Where the file cannot be written.
    """
    members = {
        "pose_detector.tflite": detector,
        "pose_landmarks_detector.tflite": describe_input(landmarks),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, OLDEST_TIMESTAMP)
            # Left alone, this byte tells on which system the bundle was made.
            entry.create_system = 3
            bundle.writestr(entry, data)


def describe_input(network: bytes) -> bytes:
    """Return the network with metadata that says: RGB, every value divided by 255.

    Raises
    ------
    ModelError
        Where ``network`` is not a TensorFlow Lite model.
    """
    if network[4:8] != MODEL_IDENTIFIER:
        raise ModelError(
            "The landmark network is not a TensorFlow Lite model: its file identifier is "
            f"{network[4:8]!r}. The download is damaged; run 'glutecam models pull' again."
        )
    root = _follow(network, 0)
    buffers = _items(network, _field(network, root, _BUFFERS))
    entries = _items(network, _field(network, root, _METADATA))
    description = Table({0: Blob(_metadata())})
    entry = Table({0: Text(METADATA_NAME), 1: Number("I", len(buffers))})
    fields: dict[int, Number | Node | Existing] = {
        _VERSION: Number("I", struct.unpack_from("<I", network, root + _slot(network, root, 0))[0]),
        _BUFFERS: Vector([*buffers, description]),
        _METADATA: Vector([*entries, entry]),
    }
    for number in (_OPERATOR_CODES, _SUBGRAPHS, _DESCRIPTION, _METADATA_BUFFER, _SIGNATURES):
        place = _field(network, root, number)
        if place is not None:
            fields[number] = Existing(_follow(network, place))
    return pack(Table(fields), MODEL_IDENTIFIER, network)


def _metadata() -> bytes:
    """Return the metadata of a landmark network: one picture in, five tensors out."""
    picture = Table({0: Number("B", 2), 1: Table({0: Number("B", 1)})})
    scaling = Table({0: Number("B", 1), 1: Table({0: Floats([0.0]), 1: Floats([255.0])})})
    tensor_in = Table(
        {
            0: Text("image"),
            1: Text("RGB picture of one upright person"),
            3: picture,
            4: Vector([scaling]),
            5: Table({0: Floats([1.0]), 1: Floats([0.0])}),
        }
    )
    feature = Table({0: Number("B", 1), 1: Table({})})
    tensors_out = Vector([Table({0: Text(name), 3: feature}) for name in _OUTPUTS])
    subgraph = Table({2: Vector([tensor_in]), 3: tensors_out})
    model = Table({0: Text("pose landmarks"), 3: Vector([subgraph]), 7: Text("1.0.0")})
    return pack(model, METADATA_IDENTIFIER)


def _follow(data: bytes, place: int) -> int:
    """Return the position that the reference at ``place`` points to."""
    return place + int(struct.unpack_from("<I", data, place)[0])


def _slot(data: bytes, table: int, number: int) -> int:
    """Return how far into ``table`` a field lies, or 0 where it is not given."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    (size,) = struct.unpack_from("<H", data, vtable)
    if 4 + 2 * number >= size:
        return 0
    return int(struct.unpack_from("<H", data, vtable + 4 + 2 * number)[0])


def _field(data: bytes, table: int, number: int) -> int | None:
    slot = _slot(data, table, number)
    return table + slot if slot else None


def _items(data: bytes, place: int | None) -> list[Existing]:
    """Return the tables of the vector that ``place`` refers to; none where it is not given."""
    if place is None:
        return []
    start = _follow(data, place)
    (count,) = struct.unpack_from("<I", data, start)
    return [Existing(_follow(data, start + 4 + 4 * row)) for row in range(count)]
