"""Footage on a web server is read where it lies: whole, in parts, gone, broken off, changed."""

from __future__ import annotations

import csv
import os
from http import HTTPStatus
from pathlib import Path

import figures
import pytest

from glutecam.batch import places
from glutecam.errors import SourceError
from glutecam.records.posefile import save_poses
from tests.footage_server import serving
from tests.program import cut, ran_here

pytest.importorskip("fsspec", reason="fsspec is not installed: pip install 'glutecam[cluster]'")
pytest.importorskip("aiohttp", reason="aiohttp is not installed: pip install 'glutecam[cluster]'")
FRAMES = 12


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def listed(folder: Path, *files: str) -> Path:
    path = folder / "list.csv"
    rows = [f"{file},{'single-leg-squat' if 'npz' in file else 'step-down'}" for file in files]
    path.write_text("\n".join(["file,exercise", *rows]) + "\n", encoding="utf-8")
    return path


def landmarks(path: Path, reps: int = 2) -> Path:
    poses = figures.squat_set(depths=[68.0] * reps)
    save_poses(path, poses, model_name="exact", source_name="made up", fps=30.0)
    return path


def test_a_batch_reads_from_a_web_server_what_it_reads_from_a_disk(
    sample_videos: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    footage = tmp_path / "footage"
    footage.mkdir()
    cut(sample_videos / "step_down_clean_left.mp4", footage / "clip.mp4", FRAMES)
    landmarks(footage / "squats.npz")
    with serving(footage) as server:
        far = listed(tmp_path, f"{server.url}/clip.mp4", f"{server.url}/squats.npz")
        code, _, err = ran_here("batch", far, "-o", tmp_path / "far", "--workers", 2)
        assert code == 0, err
        asked = len(server.asked)
        assert asked == 2  # each once, for its digest and for its pictures
        assert {path for path, span in server.asked if span.startswith("bytes=")} == {
            "/clip.mp4", "/squats.npz",
        }  # fmt: skip
        request.getfixturevalue("no_workers")
        code, said, err = ran_here("batch", far, "-o", tmp_path / "far")
        assert code == 0 and "2 unchanged" in said, err
        # The second run asks whether anything has changed, and fetches nothing.
        assert len(server.asked) == asked
    near = listed(footage, "clip.mp4", "squats.npz")
    code, _, err = ran_here("batch", near, "-o", tmp_path / "near")
    assert code == 0, err
    for name in ("summary.csv", "reps.csv"):
        here, there = (table(tmp_path / where / name) for where in ("near", "far"))
        for mine, other in zip(here, there, strict=True):
            own = {"file", "results", "assessment"}
            assert other["file"] == f"{server.url}/{mine['file']}"
            assert {k: v for k, v in mine.items() if k not in own} == {
                k: v for k, v in other.items() if k not in own
            }


@pytest.mark.parametrize("ranges", [True, False])
def test_large_files_come_whole_with_ranges_or_without(tmp_path: Path, ranges: bool) -> None:
    data = os.urandom(12 << 20)  # more than any block that is read ahead
    (tmp_path / "large.mp4").write_bytes(data)
    with serving(tmp_path, ranges=ranges) as server:
        with places.Footage(Path(), f"{server.url}/large.mp4") as footage:
            assert footage.file().read_bytes() == data
        spans = [span for _, span in server.asked]
        assert ("" in spans) != ranges and len(spans) > 1


@pytest.mark.usefixtures("no_workers")
def test_what_a_server_cannot_give_is_a_row_with_its_error(tmp_path: Path) -> None:
    for name in ("forbidden", "broken", "half"):
        landmarks(tmp_path / f"{name}.npz")
    with serving(tmp_path) as server:
        server.fails = {
            "/forbidden.npz": HTTPStatus.FORBIDDEN,
            "/broken.npz": HTTPStatus.INTERNAL_SERVER_ERROR,
        }
        server.breaks_off = {"/half.npz"}
        names = ("gone", "forbidden", "broken", "half")
        files = [*(f"{server.url}/{name}.npz" for name in names), "http://127.0.0.1:9/none.npz"]
        code, _, err = ran_here("batch", listed(tmp_path, *files), "-o", tmp_path / "out")
    assert code == 4, err
    rows = table(tmp_path / "out" / "summary.csv")
    assert [row["status"] for row in rows] == ["error"] * 5
    for row in rows:
        assert f"{row['file']} cannot be read" in row["error"]
        assert "Check the address" in row["error"]


def test_a_file_that_has_changed_there_is_judged_anew(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"one film")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    with serving(tmp_path) as server:
        address = f"{server.url}/clip.mp4"
        first = places.stamp(Path(), address)
        assert first == places.stamp(Path(), address) != ""
        path.write_bytes(b"two film")  # just as long
        os.utime(path, (1_000_000_010, 1_000_000_010))
        assert places.stamp(Path(), address) != first


def test_an_address_of_an_unknown_kind_says_so() -> None:
    with (
        places.Footage(Path(), "nosuch://a/b.mp4") as footage,
        pytest.raises(SourceError, match="Check the address"),
    ):
        footage.file()
