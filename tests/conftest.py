"""Shared by every test: where the real footage lies, and a history that is nobody's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import ran

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session", autouse=True)
def history_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what tests do out of the history of whoever runs them."""
    place = tmp_path_factory.mktemp("history") / "history.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUTECAM_HISTORY", str(place))
        yield place


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
    out = tmp_path_factory.mktemp("batch")
    code, _, err = ran("batch", sample_videos, "--out", out, timeout=1200)
    assert code == 0, err
    return out
