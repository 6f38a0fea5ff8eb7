"""Shared by every test: where the real footage lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


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
