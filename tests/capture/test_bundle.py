"""The bundle is the same everywhere, and the description it adds can be read by others."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema

from glutecam.capture.bundle import assemble, describe_input
from glutecam.capture.flatbuffer import Blob, Floats, Number, Table, Text, Vector, pack
from glutecam.errors import ModelError

GOLDEN = "6075e077c159efe808068b3786961633da1ca83a4b576d6f69643179be736cab"


def network(weights: bytes = b"weights") -> bytes:
    """A network of no layers, with one buffer of weights and one entry of metadata."""
    entry = Table({0: Text("min_runtime_version"), 1: Number("I", 1)})
    buffers = Vector([Table({}), Table({0: Blob(weights)})])
    fields = {0: Number("I", 3), 2: Vector([Table({})]), 3: Text("made up")}
    return pack(Table({**fields, 4: buffers, 6: Vector([entry])}), b"TFL3")


def read(data: bytes) -> model_schema.Model:
    return model_schema.Model.GetRootAsModel(data, 0)


def test_everything_in_the_old_file_is_still_there() -> None:
    model = read(describe_input(network()))
    assert (model.Version(), model.Description(), model.SubgraphsLength()) == (3, b"made up", 1)
    assert model.Buffers(1).DataAsNumpy().tobytes() == b"weights"
    assert model.Metadata(0).Name() == b"min_runtime_version"
    assert model.OperatorCodesLength() == model.SignatureDefsLength() == 0


def test_input_is_described_as_rgb_divided_by_255() -> None:
    model = read(describe_input(network()))
    entry = model.Metadata(1)
    assert entry.Name() == b"TFLITE_METADATA"
    data = model.Buffers(entry.Buffer()).DataAsNumpy().tobytes()
    assert data[4:8] == b"M001"
    subgraph = metadata_schema.ModelMetadataT.InitFromObj(
        metadata_schema.ModelMetadata.GetRootAsModelMetadata(data, 0)
    ).subgraphMetadata[0]
    picture = subgraph.inputTensorMetadata[0]
    scaling = picture.processUnits[0].options
    assert isinstance(scaling, metadata_schema.NormalizationOptionsT)
    assert (list(scaling.mean), list(scaling.std)) == ([0.0], [255.0])
    assert picture.content.contentProperties.colorSpace == metadata_schema.ColorSpaceType.RGB
    assert (list(picture.stats.min), list(picture.stats.max)) == ([0.0], [1.0])
    assert len(subgraph.outputTensorMetadata) == 5


@pytest.mark.parametrize("size", range(1, 40))
def test_weights_stay_aligned(size: int) -> None:
    weights = b"\xab" * size
    data = describe_input(network(weights))
    assert data.index(weights) % 16 == 0
    assert read(data).Buffers(1).DataAsNumpy().tobytes() == weights


def test_numbers_survive() -> None:
    data = pack(Table({0: Floats([0.5, -2.0])}), b"TEST")
    unit = metadata_schema.NormalizationOptions.GetRootAsNormalizationOptions(data, 0)
    np.testing.assert_array_equal(unit.MeanAsNumpy(), [0.5, -2.0])


def test_bundle_is_equal_byte_for_byte(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assemble(b"detector", network(), tmp_path / name)
    a, b = ((tmp_path / name).read_bytes() for name in "ab")
    assert a == b
    # A change of this number changes the checksums in models/manifest.toml.
    assert hashlib.sha256(a).hexdigest() == GOLDEN


def test_bundle_is_an_uncompressed_zip_of_the_two(tmp_path: Path) -> None:
    assemble(b"detector", network(), tmp_path / "x.task")
    with zipfile.ZipFile(tmp_path / "x.task") as bundle:
        assert bundle.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        assert bundle.read("pose_detector.tflite") == b"detector"
        for entry in bundle.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_something_else_is_refused() -> None:
    with pytest.raises(ModelError, match=r"not a TensorFlow Lite model.*pull"):
        describe_input(b"<html>not found</html>")
