"""Assemble a pose model bundle from its two networks.

A ``.task`` bundle is an uncompressed zip of a detector and a landmark network. The landmark
networks found in packages do not say how their input picture is scaled, and the pose task then
refuses them ("requires specifying NormalizationOptions metadata"). So they get a new head: a small
FlatBuffers root that refers to everything in the old file and adds that one description.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from glutecam.capture.flatbuffer import Blob, Floats, Number, Table, Text, Vector, pack
from glutecam.capture.network import MODEL_IDENTIFIER, Field, Network, with_new_head
from glutecam.errors import ModelError

__all__ = ["assemble", "describe_input"]

METADATA_IDENTIFIER = b"M001"
METADATA_NAME = "TFLITE_METADATA"
OLDEST_TIMESTAMP = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can hold; a fixed one keeps the bundle the same byte for byte."""

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
    parts = Network(network)
    buffers, entries = (
        parts.items(parts.root, Field.BUFFERS),
        parts.items(parts.root, Field.METADATA),
    )
    entry = Table({0: Text(METADATA_NAME), 1: Number("I", len(buffers))})
    described = {
        Field.BUFFERS: Vector([*buffers, Table({0: Blob(_metadata())})]),
        Field.METADATA: Vector([*entries, entry]),
    }
    return with_new_head(parts, described)


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
