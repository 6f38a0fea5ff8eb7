from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from builders import assert_same_bits, make_poses, noisy

from glutecam.errors import OutputError, PoseFileError
from glutecam.records.posefile import load_poses, part_path, parts_of
from glutecam.records.recorder import PoseRecorder

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


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


def fed(path: Path, seconds: int) -> PoseRecorder:
    """A recorder in the middle of a session, fed frame by frame."""
    poses = noisy(30 * seconds)
    recording = recorder(path)
    for index in range(len(poses)):
        recording.append(poses[index : index + 1])
    return recording


def test_a_crash_costs_at_most_ten_seconds(tmp_path: Path) -> None:
    poses = noisy(30 * 35)
    recording = fed(tmp_path / "live.npz", 35)
    assert len(parts_of(tmp_path / "live.npz")) == 3
    survived = load_poses(recording.partial)
    assert poses.time_s[-1] - survived.poses.time_s[-1] <= 10.0
    assert_same_bits(survived.poses, poses[: len(survived.poses)])
    assert survived.source_name == "camera 0"
    assert "cut short" in survived.warnings[-1]


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_the_parts_before_a_damaged_one_are_read(tmp_path: Path, damage: str) -> None:
    target = tmp_path / "live.npz"
    fed(target, 45)
    before = load_poses(part_path(target, 1)).poses
    third = part_path(target, 3)
    if damage == "cut":
        third.write_bytes(third.read_bytes()[:1000])
    else:
        third.unlink()
    left = load_poses(part_path(target, 2)).poses
    assert 0 < len(left) < len(before)
    assert_same_bits(left, before[: len(left)])


def test_who_asks_for_the_recording_that_was_never_finished_is_told_of_its_parts(
    tmp_path: Path,
) -> None:
    fed(tmp_path / "live.npz", 15)
    with pytest.raises(PoseFileError, match=r"give .*live\.partial-0001\.npz"):
        load_poses(tmp_path / "live.npz")
    with pytest.raises(PoseFileError, match="cannot be read"):
        load_poses(tmp_path / "other.partial-0001.npz")


def test_parts_of_an_earlier_session_are_never_mixed_in(tmp_path: Path) -> None:
    fed(tmp_path / "live.npz", 55)
    fed(tmp_path / "live.npz", 15)
    assert len(parts_of(tmp_path / "live.npz")) == 1


RECORDS = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from builders import assert_same_bits, make_poses, noisy
from glutecam.errors import OutputError
from glutecam.records.recorder import PoseRecorder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
recorder = PoseRecorder(Path(sys.argv[1]), model_name="m", source_name="s", fps=30.0)
"""

FOR_EVER = (
    RECORDS
    + """
poses = make_poses(30 * 4000)
for start in range(0, len(poses), 15):
    recorder.append(poses[start : start + 15])
    print(start, flush=True)
"""
)

FULL_DISK = (
    RECORDS
    + """
poses = make_poses(30 * 80)
for start in range(0, 30 * 35, 15):
    recorder.append(poses[start : start + 15])
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
for act in (lambda: recorder.append(poses[30 * 35 :]), recorder.close):
    try:
        act()
    except OutputError as err:
        print(err)
"""
)


def script(text: str, target: Path, **more: object) -> list[str]:
    text = text.format(tests=str(Path(__file__).parents[1]), **more)
    return [sys.executable, "-c", text, str(target)]


@posix_only
@pytest.mark.realtime
@pytest.mark.parametrize("wait", [70, 90, 111])
def test_a_killed_session_leaves_its_parts(tmp_path: Path, wait: int) -> None:
    """It is killed at no particular moment; much of its time it is writing a part."""
    target = tmp_path / "live.npz"
    process = subprocess.Popen(script(FOR_EVER, target), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        for line, _ in zip(process.stdout, range(wait), strict=False):
            last_s = int(line) / 30
        process.kill()
        process.stdout.read()
    assert process.returncode == -signal.SIGKILL
    assert not target.exists()
    survived = load_poses(part_path(target, 1)).poses
    assert survived.time_s[-1] > last_s - 11.0
    assert_same_bits(survived, make_poses(30 * 4000)[: len(survived)])


@posix_only
def test_a_disk_that_fills_up_within_a_part_harms_none_before_it(tmp_path: Path) -> None:
    target = tmp_path / "live.npz"
    first = tmp_path / "one.npz"
    with recorder(first) as recording:
        recording.append(make_poses(30 * 11))
        limit = part_path(first, 1).stat().st_size // 2
    for path in tmp_path.iterdir():
        path.unlink()
    done = subprocess.run(
        script(FULL_DISK, target, limit=limit), capture_output=True, text=True, check=True, timeout=240
    )  # fmt: skip
    going, closing = done.stdout.splitlines()
    assert "part" in going and "Free some space" in going
    assert "live.npz' was not written" in closing
    assert str(part_path(target, 1)) in closing
    survived = load_poses(part_path(target, 1)).poses
    assert survived.time_s[-1] >= 30.0
    assert_same_bits(survived, make_poses(30 * 80)[: len(survived)])
    assert all(".partial-" in path.name for path in tmp_path.iterdir())
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@posix_only
def test_a_target_that_cannot_be_written_leaves_everything_in_parts(tmp_path: Path) -> None:
    recording = fed(tmp_path / "live.npz", 25)
    (tmp_path / "live.npz").mkdir()
    with pytest.raises(OutputError, match=r"kept in parts.*live\.partial-0001\.npz"):
        recording.close()
    assert_same_bits(load_poses(recording.partial).poses, noisy(30 * 25))


def test_a_recorder_that_saw_nothing_writes_nothing(tmp_path: Path) -> None:
    with recorder(tmp_path / "live.npz") as recording:
        recording.append(make_poses(1)[:0])
    assert list(tmp_path.iterdir()) == []


def test_what_a_slow_machine_left_out_is_in_the_file(tmp_path: Path) -> None:
    with PoseRecorder(
        tmp_path / "a.npz", model_name="m", source_name="s", fps=30.0, faster=["use a faster one"]
    ) as recording:
        recording.append(make_poses(2), 0.9)
        recording.append(make_poses(3)[2:], 0.6)
    assert load_poses(tmp_path / "a.npz").about.slowness == (0.6, ("use a faster one",))
    with recorder(tmp_path / "b.npz") as recording:
        recording.append(make_poses(2))
    assert load_poses(tmp_path / "b.npz").about.slowness == (0.0, ())


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
