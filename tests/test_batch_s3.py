"""Footage in an S3 store is read where it lies, by local workers and on a Dask cluster."""

from __future__ import annotations

import csv
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import figures
import pytest

from glutecam.batch import Job, places, plan, run_batch
from glutecam.errors import MissingExtraError, SourceError
from glutecam.records.posefile import save_poses
from tests.dask_cluster import Cluster
from tests.program import cut, one_by_one, ran, ran_here
from tests.s3_server import S3Server, alone, serving_s3

NEEDED = {"s3fs": "glutecam[s3]", "moto": "moto[s3]", "flask": "flask flask-cors", "distributed": "glutecam[cluster]"}  # fmt: skip
for library, package in NEEDED.items():
    pytest.importorskip(library, reason=f"{library} is not installed: pip install '{package}'")
FRAMES = 12


@pytest.fixture(scope="module")
def store() -> Iterator[S3Server]:
    with serving_s3() as server:
        yield server


@pytest.fixture(scope="module")
def footage(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip, landmarks, and an archive with the same clip."""
    folder = tmp_path_factory.mktemp("footage")
    clip = cut(sample_videos / "step_down_clean_left.mp4", folder / "clip.mp4", FRAMES)
    squats = figures.squat_set(depths=[68.0] * 2)
    save_poses(folder / "squats.npz", squats, model_name="exact", source_name="a", fps=30.0)
    with zipfile.ZipFile(folder / "month.zip", "w") as archive:
        archive.write(clip, "in_zip.mp4")
    return folder


@pytest.fixture(scope="module")
def far(store: S3Server, footage: Path) -> list[str]:
    """Addresses of the same three in the store."""
    clip, squats, archive = (
        store.put(footage / name, f"2026/{name}")
        for name in ("clip.mp4", "squats.npz", "month.zip")
    )
    return [clip, squats, f"zip://in_zip.mp4::{archive}"]


def listed(folder: Path, *files: str) -> Path:
    rows = [f"{file},{'single-leg-squat' if 'npz' in file else 'step-down'}" for file in files]
    (folder / "list.csv").write_text("\n".join(["file,exercise", *rows]) + "\n", encoding="utf-8")
    return folder / "list.csv"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def numbers(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return all but where a clip lay and where its results are."""
    return [
        {name: text for name, text in row.items() if name not in ("file", "results", "assessment")}
        for row in rows
    ]


@pytest.fixture(scope="module")
def near(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the same files come to from a disk."""
    out = tmp_path_factory.mktemp("near")
    files = listed(
        footage, "clip.mp4", "squats.npz", f"zip://in_zip.mp4::file://{footage}/month.zip"
    )
    totals = run_batch(
        plan(files, None).clips, Job(out, count_people=True), one_by_one, lambda *_: None
    )
    assert totals.new == 3
    return out


def assert_same(out: Path, near: Path) -> None:
    for name in ("summary.csv", "reps.csv"):
        assert numbers(table(out / name)) == numbers(table(near / name)) != []


def test_local_workers_read_from_a_store_what_they_read_from_a_disk(
    store: S3Server, far: list[str], near: Path, tmp_path: Path
) -> None:
    files = listed(tmp_path, *far)
    how = ("-o", tmp_path / "out", "--workers", 2)
    code, _, err = ran_here("batch", files, *how, **store.environment)
    assert code == 0, err
    assert_same(tmp_path / "out", near)
    code, said, err = ran_here(
        "batch", files, "-o", tmp_path / "out", "--workers", 1, **store.environment
    )
    assert code == 0 and "3 unchanged" in said, err


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_workers_of_a_cluster_read_from_a_store_that_only_they_know(
    store: S3Server, far: list[str], near: Path, tmp_path: Path
) -> None:
    """The key lies in a file of the workers; the machine that gives out the clips has none."""
    told = tmp_path / "told"
    told.mkdir()
    cluster = Cluster(tmp_path, **store.config(told))
    try:
        cluster.worker()
        files = listed(tmp_path, *far)
        how = ("-o", tmp_path / "out", "--cluster", cluster.address)
        code, _, err = ran("batch", files, *how, **alone())
        assert code == 0, err
        assert_same(tmp_path / "out", near)
    finally:
        cluster.close()


def test_what_a_store_does_not_give_is_a_row_that_says_what_to_do(
    store: S3Server, far: list[str], tmp_path: Path
) -> None:
    squats = far[1]
    gone = ("s3://clinic/gone.npz", "s3://nobody-has-it/a.npz")
    files = listed(tmp_path, *gone, squats)
    wrong = {**store.environment, "FSSPEC_S3_SECRET": "of another"}
    how = ("-o", tmp_path / "out", "--workers", 1)
    code, _, err = ran_here("batch", files, *how, **wrong)
    assert code == 4, err
    for row in table(tmp_path / "out" / "summary.csv"):
        # To a stranger a store does not say what there is.
        assert "FSSPEC_S3_SECRET" in row["error"] and "Forbidden" in row["error"]
    # With the right key the same line goes on where it can.
    code, _, err = ran_here("batch", files, *how, **store.environment)
    assert code == 4, err
    found = {row["file"]: row["status"] for row in table(tmp_path / "out" / "summary.csv")}
    assert found == {squats: "done", **dict.fromkeys(gone, "error")}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What fsspec is told of S3 in this process, by its settings."""
    import fsspec
    import s3fs

    for name, value in alone().items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    s3fs.S3FileSystem.clear_instance_cache()
    settings: dict[str, object] = {}
    monkeypatch.setitem(fsspec.config.conf, "s3", settings)
    return settings


def error_of(address: str) -> str:
    assert places.stamp(Path(), address) == ""
    with places.Footage(Path(), address) as footage:
        assert footage.content() == ""
        with pytest.raises(SourceError) as caught:
            footage.file()
    return str(caught.value)


def test_each_error_has_its_own_words(
    store: S3Server, far: list[str], told: dict[str, object]
) -> None:
    told |= {"endpoint_url": store.url}
    assert "Unable to locate credentials" in error_of(far[1])
    told |= {"key": store.key, "secret": store.secret}
    assert "no such file" in error_of("s3://clinic/gone.npz")
    assert "bucket does not exist" in error_of("s3://nobody-has-it/a.npz")
    told |= {"key": "AKIA" + 16 * "X"}
    assert "Forbidden" in (said := error_of(far[1])) and "FSSPEC_S3_KEY" in said


def test_a_store_without_its_package_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.registry import _registry, known_implementations

    lost = {"class": "not_installed.FileSystem", "err": "Please install not_installed"}
    for name in ("s3", "nothere"):
        monkeypatch.setitem(known_implementations, name, lost)
        monkeypatch.delitem(_registry, name, raising=False)
    for address in ("s3://clinic/a.mp4", "zip://a.mp4::s3://clinic/a.zip"):
        with (
            places.Footage(Path(), address) as footage,
            pytest.raises(MissingExtraError, match=r"glutecam\[s3\]"),
        ):
            footage.file()
    assert "Please install not_installed" in error_of("nothere://clinic/a.mp4")
