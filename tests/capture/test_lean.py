"""The outline is left out, and nothing else changes by a bit."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import mediapipe as mp
import numpy as np
import pytest
from mediapipe.tasks.metadata import schema_py_generated as model_schema
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

from glutecam.capture.flatbuffer import Integers, Number, Table, Text, Vector, pack
from glutecam.capture.lean import lean, read_lean, without_outline
from glutecam.capture.mediapipe_pose import HARMLESS, STRETCH
from glutecam.capture.quiet import without_lines
from glutecam.capture.video import VideoFile
from glutecam.capture.weights import model_path, pull
from glutecam.errors import ModelError

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
OUTLINE = 2


def opened(bundle: bytes) -> PoseLandmarker:
    options = PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=bundle), running_mode=RunningMode.VIDEO
    )
    with without_lines(HARMLESS):
        return PoseLandmarker.create_from_options(options)


def answers(bundle: bytes, clip: Path, frames: int) -> list[Any]:
    found = []
    with opened(bundle) as model, VideoFile(clip) as video:
        for frame in islice(video, frames):
            picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.image)
            answer = model.detect_for_video(picture, round(frame.time_s * STRETCH))
            found.append((answer.pose_landmarks, answer.pose_world_landmarks))
    return found


def path_of(variant: str) -> Path:
    if variant == "full":
        return pull("full")  # the product needs it, so a failure is a failure
    try:
        return model_path(variant)
    except ModelError as err:
        pytest.skip(f"not on this machine: {err}")


@pytest.mark.parametrize("variant", ["lite", "full", "heavy"])
@pytest.mark.parametrize("clip", ["step_down_drop_left", "clamshell_roll_right"])
def test_landmarks_are_equal_to_the_bit(variant: str, clip: str) -> None:
    path = path_of(variant)
    frames = 5 if variant == "heavy" else 20
    whole, less = (
        answers(bundle, SAMPLES / f"{clip}.mp4", frames)
        for bundle in (path.read_bytes(), read_lean(path))
    )
    assert whole == less
    assert all(people for people, _ in whole), "nobody was seen: nothing was compared"


def graph_of(network: bytes) -> Any:
    return model_schema.Model.GetRootAsModel(network, 0).Subgraphs(0)


def test_the_outline_is_what_is_left_out() -> None:
    bundle = pull("full").read_bytes()
    name = "pose_landmarks_detector.tflite"
    whole, less = (
        graph_of(zipfile.ZipFile(BytesIO(data)).read(name)) for data in (bundle, lean(bundle))
    )
    shape = whole.Tensors(whole.Outputs(OUTLINE)).ShapeAsNumpy()
    np.testing.assert_array_equal(shape, [1, 256, 256, 1])
    assert less.OperatorsLength() < whole.OperatorsLength()
    written = {
        tensor
        for row in range(less.OperatorsLength())
        for tensor in less.Operators(row).OutputsAsNumpy()
    }
    assert whole.Outputs(OUTLINE) not in written
    others = [at for at in range(5) if at != OUTLINE]
    assert [less.Outputs(at) for at in others] == [whole.Outputs(at) for at in others]
    assert {less.Outputs(at) for at in range(5)} <= written


def network(steps: Sequence[tuple[list[int], list[int]]], outputs: list[int]) -> bytes:
    """A network of steps (tensors read, tensors written), with what a real one has beside them."""
    operators = Vector(
        [Table({0: Number("I", 0), 1: Integers(a), 2: Integers(b)}) for a, b in steps]
    )
    graph = Table({1: Integers([0]), 2: Integers(outputs), 3: operators, 4: Text("main")})
    signature = Table({1: Text("outline")})
    fields = {0: Number("I", 3), 2: Vector([graph]), 3: Text("made up"), 7: Vector([signature])}
    return pack(Table(fields), b"TFL3")


STEPS = (
    ([0], [1]),  # the trunk, which all need
    ([1], [10]),  # the outline alone ...
    ([10, 1], [11]),
    ([11], [12]),
    ([1], [2]),
    ([2], [3]),  # landmarks
    ([2], [4]),
    ([4], [5]),  # presence
    ([1], [6]),  # heat maps
    ([2], [7]),  # in metres
)


def test_only_what_the_outline_alone_needs_goes() -> None:
    data = without_outline(network(STEPS, [3, 5, 12, 6, 7]))
    model = model_schema.Model.GetRootAsModel(data, 0)
    graph = model.Subgraphs(0)
    steps = [graph.Operators(row) for row in range(graph.OperatorsLength())]
    kept = [(step.InputsAsNumpy().tolist(), step.OutputsAsNumpy().tolist()) for step in steps]
    assert kept == [step for step in STEPS if step[1][0] < 10]
    # One step before the presence stands where the outline was.
    assert graph.OutputsAsNumpy().tolist() == [3, 5, 4, 6, 7]
    assert graph.InputsAsNumpy().tolist() == [0]
    assert (graph.Name(), model.Description(), model.Version()) == (b"main", b"made up", 3)
    assert model.SignatureDefsLength() == 0


@pytest.mark.parametrize(
    "other",
    [
        network(STEPS, [3, 5, 12, 6]),
        network(STEPS, [3, 5, 12, 6, 99]),
        pack(Table({0: Number("I", 3), 2: Vector([Table({}), Table({})])}), b"TFL3"),
        b"\x10\x00\x00\x00NOPE and so on",
        b"",
    ],
    ids=["four-answers", "an-answer-nobody-makes", "two-graphs", "another-format", "empty"],
)
def test_another_network_stays_as_it_is(other: bytes) -> None:
    assert without_outline(other) == other


def test_what_cannot_be_read_is_handed_on(tmp_path: Path) -> None:
    torn = tmp_path / "torn.task"
    torn.write_bytes(pull("full").read_bytes()[:4096])
    assert read_lean(torn) == torn.read_bytes()


def test_everything_else_in_the_bundle_is_the_same() -> None:
    old, new = pull("full").read_bytes(), read_lean(pull("full"))
    before, after = zipfile.ZipFile(BytesIO(old)), zipfile.ZipFile(BytesIO(new))
    assert before.namelist() == after.namelist()
    assert before.read("pose_detector.tflite") == after.read("pose_detector.tflite")
    # MediaPipe reads the networks where they lie in the file.
    assert {entry.compress_type for entry in after.infolist()} == {zipfile.ZIP_STORED}
