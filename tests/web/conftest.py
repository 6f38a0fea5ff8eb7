"""A page that is served in the test's own process, and one that is served as users do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from glutecam.settings import Settings
from glutecam.web.app import create_app
from glutecam.web.place import place_of
from tests.served import CHROMIUM, HERE, OURS, PORT, Served, serving


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
def client(history: Path) -> Iterator[TestClient]:
    """Return a browser's way to a page on this machine."""
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(history)))
    with TestClient(app, base_url=HERE, headers=dict(OURS)) as found:
        yield found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return one server for the tests of a file."""
    with serving(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium; skip where none is installed."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    return CHROMIUM
