"""Landmarks on a disk: the same bits as in memory, however they come in, and bounded memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import assert_same_bits, make_poses, noisy

from glutecam import exercises
from glutecam.core.cutting import cut
from glutecam.core.poses import PoseSeries
from glutecam.core.sights import Sight
from glutecam.errors import OutputError, PoseFileError
from glutecam.records import pose_store
from glutecam.records.pose_store import PoseStore
from glutecam.records.posefile import About, load_poses, part_path, save_poses
from glutecam.records.stored_recording import StoredRecording, load_stored

LONG = 3000
"""Frames of which every array is on the disk."""


def stored(poses: PoseSeries, folder: Path, *sizes: int) -> PoseStore:
    """Return the poses, added so many frames at a time, again and again."""
    store = PoseStore(
        poses.width_px, poses.height_px, camera_roll_deg=poses.camera_roll_deg, folder=folder
    )
    start, turn = 0, 0
    while start < len(poses):
        size = sizes[turn % len(sizes)]
        store.append(poses[start : start + size])
        start, turn = start + size, turn + 1
    return store


def save(path: Path, poses: PoseSeries) -> Path:
    save_poses(path, poses, model_name="m/full", source_name="a.mp4", fps=30.0, warnings=["cut"])
    return path


@pytest.mark.parametrize("sizes", [(LONG,), (1,), (700, 1, 13)])
def test_what_was_added_comes_back_bit_by_bit(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    poses = noisy(LONG)
    with stored(poses, tmp_path, *sizes) as store:
        assert len(store) == LONG
        for start, end in ((0, LONG), (0, 1), (1, 2), (2999, 3000), (1200, 2600), (40, 40), (9, 3)):
            assert_same_bits(store[start:end], poses[start:end])
        assert store.time_s.tobytes() == poses.time_s.tobytes()
        assert (store.seen == poses.seen).all() and not store.seen.all()
        assert store.sight(Sight.ROLL_DEG).tobytes() == poses.sight(Sight.ROLL_DEG).tobytes()
        # Reading does not disturb what is added afterwards.
        more = replace(poses[:5], time_s=poses.time_s[-1] + poses.time_s[1:6])
        store.append(more)
        assert_same_bits(store[LONG : LONG + 5], more)


def test_short_recordings_never_touch_the_disk_and_long_ones_leave_nothing(tmp_path: Path) -> None:
    none = tmp_path / "none"
    with stored(noisy(300), none, 300) as store:
        assert len(store[:]) == 300
    with stored(noisy(LONG), tmp_path, 300):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_no_more_says_what_to_do(tmp_path: Path) -> None:
    with (
        PoseStore(*SIZE, folder=tmp_path / "none") as store,
        pytest.raises(OutputError, match=r"does not fit into .* Free some space"),
    ):
        store.append(make_poses(LONG))


SIZE = (make_poses(1).width_px, make_poses(1).height_px)


def test_frames_that_do_not_follow_are_refused(tmp_path: Path) -> None:
    poses = make_poses(4)
    with stored(poses, tmp_path, 4) as store:
        for wrong in (poses, poses[:1], replace(poses, width_px=1)):
            with pytest.raises(ValueError, match=r"increase|changes"):
                store.append(wrong)
        with pytest.raises(ValueError, match="steps"):
            store[::2]
        store.add("people", poses.people)
        with pytest.raises(ValueError, match="the arrays disagree"):
            store.whole()


@pytest.mark.parametrize("frames", [0, 1, 50, LONG])
def test_a_file_is_read_to_the_same_bits_and_written_to_the_same_bytes(
    tmp_path: Path, frames: int
) -> None:
    poses = noisy(max(frames, 4))[:frames]
    path = save(tmp_path / "a.npz", poses)
    with load_stored(path, tmp_path) as recording:
        assert_same_bits(recording.poses[:], load_poses(path).poses)
        assert recording.about == load_poses(path).about
        about = recording.about
        save_poses(
            tmp_path / "b.npz", recording.poses, model_name=about.model_name,
            source_name=about.source_name, fps=about.fps, warnings=about.warnings,
        )  # fmt: skip
        assert_same_bits(recording.part(0, frames).poses, poses)
    assert (tmp_path / "b.npz").read_bytes() == path.read_bytes()


def rewritten(path: Path, **changes: object) -> Path:
    with np.load(path) as archive:
        arrays = dict(archive) | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})  # type: ignore[arg-type]
    return path


def test_files_as_others_write_them_are_read_all_the_same(tmp_path: Path) -> None:
    poses = noisy(200)
    path = save(tmp_path / "a.npz", poses)
    rewritten(path, image_px=np.asfortranarray(poses.image_px), people=poses.people.astype("i2"))
    with load_stored(path, tmp_path) as recording:
        assert_same_bits(recording.poses[:], poses)
    about = '{"format": "glutecam-poses", "version": 1, "width_px": 1, "height_px": 1, ' \
        '"camera_roll_deg": 0, "model_name": "", "source_name": "", "fps": null, ' \
        '"warnings": [], "reduced_accuracy": false}'  # fmt: skip
    rewritten(path, about=np.array(about), scene=None)
    with load_stored(path, tmp_path) as recording:
        assert_same_bits(recording.poses[:], load_poses(path).poses)


def test_the_parts_of_a_session_that_was_cut_short_are_one_recording(tmp_path: Path) -> None:
    poses = noisy(100)
    for number, part in enumerate((poses[:40], poses[40:]), start=1):
        save(part_path(tmp_path / "a.npz", number), part)
    with load_stored(part_path(tmp_path / "a.npz", 2), tmp_path) as recording:
        assert_same_bits(recording.poses[:], poses)
        assert "cut short" in recording.about.warnings[-1]


def test_a_damaged_file_is_refused_as_it_is_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    whole = save(path, noisy(40)).read_bytes()
    refused = 0
    for place in (*range(0, 120, 7), *range(120, len(whole), 331)):
        for content in (
            whole[:place],
            whole[:place] + bytes([whole[place] ^ 0x21]) + whole[place + 1 :],
        ):
            path.write_bytes(content)
            try:
                known = load_poses(path).poses
            except PoseFileError as err:
                refused += 1
                with pytest.raises(PoseFileError) as caught:
                    load_stored(path, tmp_path)
                assert ("newer" in str(caught.value)) == ("newer" in str(err))
            else:
                with load_stored(path, tmp_path) as recording:
                    assert_same_bits(recording.poses[:], known)
    assert refused > 60


@pytest.mark.parametrize("array", ["time_s", "world_m", "people", "scene"])
def test_an_array_of_another_length_or_kind_is_refused(tmp_path: Path, array: str) -> None:
    path = save(tmp_path / "a.npz", noisy(20))
    rows = getattr(noisy(20), array)
    for wrong in (rows[:-1], rows.astype(str), rows[..., None], None):
        rewritten(save(path, noisy(20)), **{array: wrong})
        with pytest.raises(PoseFileError, match="damaged"):
            load_stored(path, tmp_path)


def peak_mb(path: Path) -> float:
    tracemalloc.start()
    with load_stored(path, path.parent) as recording:
        cut(recording.poses, exercises.get("step-down"))
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_landmarks(tmp_path: Path) -> None:
    short, long = (save(tmp_path / f"{n}.npz", noisy(n)) for n in (4_000, 24_000))
    first = peak_mb(short)
    # Twenty thousand frames more are 34 MB; of each some times and signals are kept, 80 bytes.
    assert peak_mb(long) - first < 4.0
    assert pose_store.IN_MEMORY <= 1 << 20


def test_a_recording_that_is_closed_gives_its_place_back(tmp_path: Path) -> None:
    about = About("m", "a.mp4", None, (), False)
    with StoredRecording(stored(noisy(LONG), tmp_path, LONG), about) as recording:
        assert len(recording.part(3, 9).poses) == 6
    with pytest.raises(ValueError, match="closed"):
        recording.part(3, 9)
