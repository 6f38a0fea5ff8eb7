"""Shared by every test: real footage, what is scored once for all, and who runs where."""

from __future__ import annotations

import gc
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from program import one_by_one, ran
from sharing import IS_WORKER, once

HERE = Path(__file__).resolve().parent
# What an example takes depends on what else the machine does.
settings.register_profile("glutecam", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("glutecam")
MORE_TRIES = 2
"""A machine that stands still for a moment stops a camera, and the next try meets another moment."""
MOST_WORKERS = 4
"""With more the longest files are waited for, and memory is what is short."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share out folders among the cores; files and tests that are named run in this process."""
    if all("::" in place or place.endswith(".py") for place in config.args):
        return 0
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(cores, MOST_WORKERS) if cores > 1 else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try again what keeps time, and nothing else; begin with the files that take long.

    So no process has one of them left in the end.
    """
    for item in items:
        if item.get_closest_marker("realtime"):
            item.add_marker(pytest.mark.flaky(reruns=MORE_TRIES))
    if IS_WORKER:
        long = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Let the garbage collector pass over what all test files together import.

    That stays to the end, and to go through it took half a second for every video that was closed.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def history_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what tests do out of the history of whoever runs them."""
    place = tmp_path_factory.mktemp("history") / "history.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUTECAM_HISTORY", str(place))
        yield place


@pytest.fixture
def no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``batch`` do its work in this process: a worker of its own costs two seconds to begin."""
    monkeypatch.setattr("glutecam.batch.here", lambda workers: one_by_one)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of its own that holds 600 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no disk of its own: mounting one is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


@pytest.fixture(scope="session")
def footage() -> Path:
    """Return the folder of real clips, motion and annotations; skip where it is absent."""
    folder = Path(os.environ.get("GLUTECAM_FOOTAGE", HERE.parents[1] / "shared" / "footage"))
    if not folder.is_dir():
        pytest.skip(f"real footage is not part of the project and not found at {folder.name}/")
    return folder


@pytest.fixture(scope="session")
def sample_videos() -> Path:
    """Return the folder of the clips we rendered ourselves."""
    return HERE.parent / "sample_videos"


@pytest.fixture(scope="session")
def sample_batch(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge every sample clip once; exercise and side are read from the file names."""

    def judge(out: Path) -> None:
        code, _, err = ran("batch", sample_videos, "--out", out, timeout=1200)
        assert code == 0, err

    return once(tmp_path_factory, "batch", judge)


@pytest.fixture(scope="session")
def tracked_clip(
    request: pytest.FixtureRequest, sample_videos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the landmarks of ``step_down_drop_left.mp4``, found once by the program itself."""
    if IS_WORKER:
        # All tests are run: the batch has found them, or is about to.
        batch: Path = request.getfixturevalue("sample_batch")
        return next(batch.glob("clips/step-down-drop-left-*/poses.npz"))

    def track(out: Path) -> None:
        clip = sample_videos / "step_down_drop_left.mp4"
        code, _, err = ran("track", clip, "-o", out / "step.npz")
        assert code == 0, err

    return once(tmp_path_factory, "tracked", track) / "step.npz"
