"""schemathesis on the whole HTTP interface: whatever is asked, nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from fastapi.testclient import TestClient  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from glutecam.records.history import History  # noqa: E402
from glutecam.settings import Settings  # noqa: E402
from glutecam.web.app import create_app  # noqa: E402
from glutecam.web.place import place_of  # noqa: E402
from tests.served import HERE, OURS, PORT  # noqa: E402
from tests.sets import make_set  # noqa: E402


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    place = tmp_path_factory.mktemp("fuzz") / "history.sqlite"
    now = datetime.now().astimezone()
    with History.open(place) as history:
        for days in range(5):
            history.add(make_set(now - timedelta(days=days)))
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(place)))
    with TestClient(app, base_url=HERE, headers=dict(OURS), raise_server_exceptions=False) as found:
        yield found


SCHEMA = schemathesis.openapi.from_dict(
    create_app(place_of("127.0.0.1", PORT), Settings(history=str(Path("unused")))).openapi()
)


@SCHEMA.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
    ],
)
def test_nothing_that_is_asked_breaks_the_server(case, client: TestClient):
    kwargs = case.as_transport_kwargs(base_url=HERE)
    kwargs["headers"] = dict(kwargs.get("headers") or {}) | OURS
    kwargs.pop("cookies", None)
    kwargs.pop("timeout", None)
    if isinstance(kwargs.get("data"), bytes | str):
        kwargs["content"] = kwargs.pop("data")
    answer = client.request(**kwargs)
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    if (
        answer.headers.get("content-type", "").startswith("application/json")
        and answer.status_code >= 400
    ):
        assert isinstance(answer.json()["error"], str)
