"""What is turned away is told in words, in every language: by the interface, the guard, history and model."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.weights import model_path
from glutecam.errors import GlutecamError, HistoryError, ModelError
from glutecam.exercises import get
from glutecam.records import database
from glutecam.records.history import History
from glutecam.settings import Settings
from glutecam.web import texts
from glutecam.web.app import create_app
from glutecam.web.place import place_of
from tests.served import HERE, OURS, PORT, session, until
from tests.sets import make_set

OTHERS = [language for language in texts.LANGUAGES if language != "en"]
others = pytest.mark.parametrize("language", OTHERS)


def told(answer) -> str:
    assert 400 <= answer.status_code < 500
    return answer.json()["error"]


@pytest.fixture
def url(history: Path) -> str:
    with History.open(history) as kept:
        return f"/api/history/{kept.add(make_set())}"


@others
def test_what_the_interface_does_not_take(language: str, client: TestClient, url: str):
    bodies = [
        {"pain_after": 11}, {"pain_after": -1}, {"pain_after": "a lot"}, {"pain_after": 2.5},
        {"pain": 1}, {"note": "n" * 2001}, {"note": "a\x00b"}, {"note": 5}, {"load": "5000 kg"},
        {"load": "band " * 20}, [],
    ]  # fmt: skip
    said = [told(client.patch(url, json=body)) for body in bodies[:-1]]
    said += [
        told(client.patch(url, content=b"{", headers={"content-type": "application/json"})),
        told(client.get("/api/history/0")),
        told(client.get("/api/history/99999999999")),
        told(client.get("/api/history/five")),
        told(client.get("/api/history?last=201")),
        told(client.get("/api/trend")),
        told(client.get("/api/trend?exercise=clamshell&rule=GC999")),
        told(client.get("/api/texts/fr")),
        told(client.get("/api/exercises/squash/drawing")),
        told(client.get("/static/nothing.js")),
        told(client.get("/nowhere")),
        told(client.post("/api/score?exercise=clamshell&strict=perhaps", content=b"x")),
    ]
    assert texts.untranslated(language, set(said)) == []


def test_it_is_said_what_is_wrong_and_where(client: TestClient, url: str):
    assert (
        told(client.patch(url, json={"pain_after": 11})) == "'pain_after' is not taken: at most 10."
    )
    assert "'number' is not taken: a whole number" in told(client.get("/api/history/five"))


@others
def test_what_the_socket_does_not_take(language: str, client: TestClient):
    wrong = [
        {"type": "begin"}, {"type": "begin", "exercise": "clamshell", "reps": 0},
        {"type": "begin", "exercise": "clamshell", "sides": []},
        {"type": "begin", "exercise": "clamshell", "rest_s": "long"},
        {"type": "begin", "exercise": "squash"}, {"type": "command", "name": "jump"},
    ]  # fmt: skip
    said = set()
    with session(client) as socket:
        for message in wrong:
            socket.send_text(json.dumps(message))
            said.add(until(socket, "problem")["text"])
        socket.send_text("x" * 5000)
        said.add(until(socket, "problem")["text"])
    assert len(said) == len(wrong) + 1
    assert texts.untranslated(language, said) == []


@others
def test_the_guard_speaks_the_language_of_the_browser(language: str, history: Path):
    app = create_app(place_of("0.0.0.0", PORT), Settings(history=str(history)))
    with TestClient(app, base_url=HERE, headers=dict(OURS)) as client:
        opens = {"accept": "text/html,*/*;q=0.8", "accept-language": f"{language}-AT,en;q=0.7"}
        for path, more in (("/", {}), ("/?token=x", {}), ("/", {"host": "evil.example"})):
            page = client.get(path, headers=opens | more)
            assert page.status_code in (401, 403)
            assert page.headers["content-type"].startswith("text/html")
            english = told(client.get(path, headers=more))
            words = texts.translated(language, english)
            assert words != english and words in page.text and english not in page.text
            assert f'lang="{language}"' in page.text
        english = client.get("/", headers=opens | {"accept-language": "xx"})
        assert 'lang="en"' in english.text and "Open the whole address" in english.text


def test_what_a_request_says_is_not_made_part_of_the_page(history: Path):
    app = create_app(place_of("0.0.0.0", PORT), Settings(history=str(history)))
    with TestClient(app, base_url=HERE, headers=dict(OURS)) as client:
        attack = "<script>alert(1)</script>"
        asked = {"accept": "text/html", "accept-language": attack, "host": attack}
        page = client.get(f"/?token={attack}", headers=asked)
        assert page.status_code == 403 and "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


def broken_histories(folder: Path) -> dict[str, Path]:
    """Make what may stand where a history should."""
    for name in ("newer", "stranger", "damaged"):
        (folder / name).mkdir()
    newer = folder / "newer" / "history.sqlite"
    with History.open(newer) as kept:
        kept.add(make_set())
    stranger, damaged = folder / "stranger" / "x.sqlite", folder / "damaged" / "x.sqlite"
    with sqlite3.connect(newer) as file:
        file.execute("UPDATE glutecam_version SET version_num = '0099'")
    with sqlite3.connect(stranger) as file:
        file.execute("CREATE TABLE music (title TEXT)")
    damaged.write_bytes(b"no database at all " * 100)
    return {"newer one wrote it": newer, "not a history": stranger, "not a database": damaged}


@others
def test_a_history_that_cannot_be_used(language: str, tmp_path: Path):
    for says, path in broken_histories(tmp_path).items():
        with pytest.raises(HistoryError, match=says) as refused:
            History.open(path)
        assert texts.untranslated(language, {str(refused.value)}) == [], says
    url = database.url_of(tmp_path / "history.sqlite")
    # Not every one can be brought about on every machine: a full disk, a server that is gone.
    for heard in [*(row[0] for row in database._TROUBLES), "something quite new"]:
        error = database._trouble(url, OperationalError("", {}, Exception(heard)))
        assert texts.untranslated(language, {str(error)}) == [], heard


@others
def test_a_pose_model_that_cannot_be_used(language: str, tmp_path: Path):
    said = set()
    with pytest.raises(ModelError, match="not on this machine") as missing:
        model_path("full", cache=tmp_path)
    target = tmp_path / "models" / Path(str(missing.value).split("(")[1].split(")")[0]).name
    target.parent.mkdir()
    target.write_bytes(b"half of it")
    for wrong in (
        lambda: model_path("full", cache=tmp_path),
        lambda: model_path("largest", cache=tmp_path),
        lambda: MediaPipePose(target, "full"),
    ):
        with pytest.raises(GlutecamError) as refused:
            wrong()
        said.add(str(refused.value))
    assert len(said) == 3
    assert texts.untranslated(language, said | {str(missing.value)}) == []


@others
def test_a_page_and_a_terminal_that_translate_agree(language: str):
    sentence = "'pain_after' is not taken: at most 10."
    assert "10" in texts.translated(language, sentence) != sentence
    assert texts.translated(language, get("clamshell").title) != get("clamshell").title
    assert texts.translated(language, "nobody says this") == "nobody says this"
    assert os.linesep not in texts.translated(language, sentence)
