from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import make_poses

from glutecam.core.poses import PoseSeries
from glutecam.errors import OutputError, PoseFileError
from glutecam.records.posefile import load_poses, save_poses
from glutecam.records.recorder import PoseRecorder

ARRAYS = ("time_s", "image_px", "world_m", "visibility", "people")


def noisy(frames: int) -> PoseSeries:
    rng = np.random.default_rng(7)
    poses = make_poses(frames)
    image = poses.image_px + rng.normal(size=poses.image_px.shape)
    image[3] = np.nan
    return replace(poses, image_px=image, camera_roll_deg=-1.25)


def save(path: Path, poses: PoseSeries, **changes: object) -> None:
    facts = {"model_name": "m/full", "source_name": "ä.mp4", "fps": 29.97, "warnings": ["cut"]}
    save_poses(path, poses, **(facts | changes))  # type: ignore[arg-type]


def assert_same_bits(a: PoseSeries, b: PoseSeries) -> None:
    for name in ARRAYS:
        assert getattr(a, name).dtype == getattr(b, name).dtype
        assert getattr(a, name).tobytes() == getattr(b, name).tobytes()
    assert (a.width_px, a.height_px, a.camera_roll_deg) == (
        b.width_px, b.height_px, b.camera_roll_deg,
    )  # fmt: skip


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


@pytest.mark.parametrize("place", range(0, 40, 3))
def test_a_flipped_byte_never_escapes_as_another_error(tmp_path: Path, place: int) -> None:
    save(tmp_path / "a.npz", noisy(5))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[place * len(content) // 40] ^= 0xFF
    (tmp_path / "a.npz").write_bytes(bytes(content))
    try:
        load_poses(tmp_path / "a.npz")
    except PoseFileError as err:
        assert "--record" in str(err) or "newer" in str(err)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("image_px", np.zeros((5, 32, 2))),
        ("visibility", np.zeros((4, 33))),
        ("time_s", np.zeros(5)),
        ("people", np.array(["one"] * 5)),
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
    with pytest.raises(OutputError, match=r"was not written.*make the folder"):
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
    done = subprocess.run([sys.executable, "-c", script, str(target)], check=False, timeout=60)
    assert done.returncode == 7
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def recorder(path: Path) -> PoseRecorder:
    return PoseRecorder(path, model_name="m", source_name="camera 0", fps=None)


def test_frames_recorded_one_by_one_equal_the_series(tmp_path: Path) -> None:
    poses = noisy(700)
    with recorder(tmp_path / "live.npz") as recording:
        for index in range(len(poses)):
            recording.append(poses[index : index + 1])
    assert_same_bits(load_poses(tmp_path / "live.npz").poses, poses)
    assert [path.name for path in tmp_path.iterdir()] == ["live.npz"]


def test_ctrl_c_keeps_everything(tmp_path: Path) -> None:
    poses = noisy(20)
    with pytest.raises(KeyboardInterrupt), recorder(tmp_path / "live.npz") as recording:
        recording.append(poses)
        raise KeyboardInterrupt
    assert_same_bits(load_poses(tmp_path / "live.npz").poses, poses)


def test_a_crash_costs_at_most_ten_seconds(tmp_path: Path) -> None:
    poses = noisy(30 * 25)
    recording = recorder(tmp_path / "live.npz")
    for index in range(len(poses)):
        recording.append(poses[index : index + 1])
    survived = load_poses(recording.partial)
    kept = len(survived.poses)
    assert poses.time_s[-1] - survived.poses.time_s[-1] <= 10.0
    assert_same_bits(survived.poses, poses[:kept])
    assert survived.source_name == "camera 0"


def test_a_recorder_that_saw_nothing_writes_nothing(tmp_path: Path) -> None:
    with recorder(tmp_path / "live.npz") as recording:
        recording.append(make_poses(1)[:0])
    assert list(tmp_path.iterdir()) == []


def test_warnings_that_come_late_are_in_the_file(tmp_path: Path) -> None:
    warnings: list[str] = []
    recording = PoseRecorder(
        tmp_path / "a.npz", model_name="m", source_name="s", fps=30.0, warnings=warnings
    )
    recording.append(make_poses(2))
    warnings.append("the camera was unplugged")
    recording.close()
    recording.close()
    assert load_poses(tmp_path / "a.npz").warnings == ("the camera was unplugged",)
