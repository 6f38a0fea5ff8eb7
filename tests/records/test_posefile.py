from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import assert_same_bits, noisy

from glutecam.core.poses import PoseSeries
from glutecam.core.sights import SIGHTS
from glutecam.errors import OutputError, PoseFileError
from glutecam.records.posefile import load_poses, save_poses


def save(path: Path, poses: PoseSeries, **changes: object) -> None:
    facts = {"model_name": "m/full", "source_name": "ä.mp4", "fps": 29.97, "warnings": ["cut"]}
    save_poses(path, poses, **(facts | changes))  # type: ignore[arg-type]


def test_what_is_saved_comes_back_bit_by_bit(tmp_path: Path) -> None:
    poses = noisy(40)
    save(tmp_path / "a.npz", poses, reduced_accuracy=True)
    back = load_poses(tmp_path / "a.npz")
    assert_same_bits(back.poses, poses)
    assert (back.model_name, back.source_name, back.fps) == ("m/full", "ä.mp4", 29.97)
    assert back.warnings == ("cut",)
    assert back.reduced_accuracy


def test_the_same_landmarks_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        save(tmp_path / name, noisy(10))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_numpy_alone_can_read_it(tmp_path: Path) -> None:
    save(tmp_path / "a.npz", noisy(10))
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert archive["image_px"].shape == (10, 33, 2)
        assert json.loads(str(archive["about"]))["format"] == "glutecam-poses"


def test_an_empty_recording_is_one(tmp_path: Path) -> None:
    save(tmp_path / "a.npz", PoseSeries.unseen(np.empty(0), 640, 480), fps=None)
    back = load_poses(tmp_path / "a.npz")
    assert len(back.poses) == 0
    assert back.fps is None


def with_about(path: Path, **changes: object) -> None:
    with np.load(path) as archive:
        arrays = dict(archive)
    about = json.loads(str(arrays["about"])) | changes
    np.savez(path, **(arrays | {"about": np.array(json.dumps(about))}))


def test_a_recording_of_version_1_is_read_as_if_nobody_had_looked(tmp_path: Path) -> None:
    poses = noisy(4)
    save(tmp_path / "a.npz", poses)
    with np.load(tmp_path / "a.npz") as archive:
        arrays = {name: archive[name] for name in archive.files if name != "scene"}
    np.savez(tmp_path / "a.npz", **arrays)
    with_about(tmp_path / "a.npz", version=1)
    old = load_poses(tmp_path / "a.npz").poses
    assert np.isnan(old.scene).all()
    assert old.scene.shape == (4, SIGHTS)
    assert_same_bits(replace(poses, scene=old.scene), old)
    with_about(tmp_path / "a.npz", version=2)
    with pytest.raises(PoseFileError, match="damaged"):
        load_poses(tmp_path / "a.npz")


def test_a_newer_version_says_update(tmp_path: Path) -> None:
    save(tmp_path / "a.npz", noisy(5))
    with_about(tmp_path / "a.npz", version=99)
    with pytest.raises(PoseFileError, match=r"newer glutecam.*pip install --upgrade"):
        load_poses(tmp_path / "a.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip at all", b"\x93NUMPY\x01\x00"])
def test_what_is_not_a_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(PoseFileError, match="not a glutecam recording"):
        load_poses(tmp_path / "a.npz")


def test_foreign_arrays_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", time_s=np.arange(3.0))
    with pytest.raises(PoseFileError, match="not a glutecam recording"):
        load_poses(tmp_path / "a.npz")
    np.save(tmp_path / "b.npy", np.arange(3.0))
    with pytest.raises(PoseFileError, match="not a glutecam recording"):
        load_poses(tmp_path / "b.npy")


def test_a_parsers_own_words_are_not_told(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", about=np.array("hello world"))
    with pytest.raises(PoseFileError, match="what it says about itself is another program's"):
        load_poses(tmp_path / "a.npz")
    (tmp_path / "b.npz").write_bytes(b"PK and then nothing that an archive would hold")
    with pytest.raises(PoseFileError, match="its parts cannot be unpacked"):
        load_poses(tmp_path / "b.npz")


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", about=np.array([print], dtype=object))
    with pytest.raises(PoseFileError):
        load_poses(tmp_path / "a.npz")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    save(tmp_path / "a.npz", noisy(50))
    content = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(content[: int(share * len(content))])
    with pytest.raises(PoseFileError, match="damaged"):
        load_poses(tmp_path / "a.npz")


@pytest.mark.parametrize("mask", [0xFF, 0x01, 0x20])
def test_a_flipped_byte_never_escapes_as_another_error(tmp_path: Path, mask: int) -> None:
    save(tmp_path / "a.npz", noisy(4))
    whole = (tmp_path / "a.npz").read_bytes()
    ends = {*range(200), *range(len(whole) - 200, len(whole))}
    refused = 0
    for place in sorted(ends | set(range(0, len(whole), 97))):
        content = bytearray(whole)
        content[place] ^= mask
        (tmp_path / "a.npz").write_bytes(bytes(content))
        try:
            load_poses(tmp_path / "a.npz")
        except PoseFileError as err:
            assert "--record" in str(err) or "newer" in str(err)
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("length", range(0, 128, 9))
def test_a_flipped_byte_in_an_array_that_is_not_packed(tmp_path: Path, length: int) -> None:
    """Here it reaches NumPy's own header, which the archive's checksum guards only afterwards."""
    save(tmp_path / "a.npz", noisy(4))
    with np.load(tmp_path / "a.npz") as archive:
        np.savez(tmp_path / "b.npz", **dict(archive))
    whole = (tmp_path / "b.npz").read_bytes()
    header = whole.index(b"\x93NUMPY", whole.index(b"image_px"))
    for mask in (0xFF, 0x08):
        content = bytearray(whole)
        content[header + length] ^= mask
        (tmp_path / "b.npz").write_bytes(bytes(content))
        with pytest.raises(PoseFileError, match="damaged"):
            load_poses(tmp_path / "b.npz")


def test_a_single_array_under_the_name_of_a_recording_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.npz").open("wb") as stream:
        np.save(stream, np.arange(3.0))
    with pytest.raises(PoseFileError, match="not a glutecam recording"):
        load_poses(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("image_px", np.zeros((5, 32, 2))),
        ("visibility", np.zeros((4, 33))),
        ("time_s", np.zeros(5)),
        ("people", np.array(["one"] * 5)),
        ("scene", np.zeros((5, 3))),
    ],
)
def test_wrong_shapes_and_kinds_are_refused(tmp_path: Path, name: str, array: np.ndarray) -> None:
    save(tmp_path / "a.npz", noisy(5))
    with np.load(tmp_path / "a.npz") as archive:
        arrays = dict(archive)
    np.savez(tmp_path / "a.npz", **(arrays | {name: array}))
    with pytest.raises(PoseFileError, match="not a glutecam recording, or it is damaged"):
        load_poses(tmp_path / "a.npz")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(PoseFileError, match=r"cannot be read.*Check the path"):
        load_poses(tmp_path / "none.npz")


def test_a_missing_folder_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"was not written.*Make the folder"):
        save(tmp_path / "none" / "a.npz", noisy(5))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from builders import make_poses
from glutecam.errors import OutputError
from glutecam.records.posefile import save_poses
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    save_poses(Path(sys.argv[1]), make_poses(500), model_name="m", source_name="s", fps=None)
except OutputError as err:
    sys.exit(7 if "free some space" in str(err) else 8)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no RLIMIT_FSIZE on Windows")
def test_a_full_disk_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "a.npz"
    save(target, noisy(5))
    before = target.read_bytes()
    script = FULL_DISK.format(tests=str(Path(__file__).parents[1]))
    done = subprocess.run([sys.executable, "-c", script, str(target)], check=False, timeout=240)
    assert done.returncode == 7
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("content", [b"just words", b""])
def test_what_is_no_archive_is_told_without_unsafe_advice(tmp_path, content):
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    with pytest.raises(PoseFileError, match="not a glutecam recording") as told:
        load_poses(path)
    assert "pickle" not in str(told.value) and "unsafe" not in str(told.value)
