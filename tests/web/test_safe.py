"""Safe by default: one test at least for each promise."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from typer.testing import CliRunner

from glutecam.capture.video import VideoFile
from glutecam.cli import app as program
from glutecam.errors import InputError
from glutecam.settings import Settings
from glutecam.web import jobs, uploads
from glutecam.web.app import BODY_LIMIT, create_app
from glutecam.web.guard import COOKIE
from glutecam.web.place import place_of
from glutecam.web.server import free_socket
from tests.served import HERE, OURS, PORT, Served, wait_until

MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(4)


def refused_socket(client: TestClient, **headers: str) -> bool:
    try:
        with client.websocket_connect("/live", headers={"host": f"127.0.0.1:{PORT}"} | headers):
            return False
    except WebSocketDisconnect:
        return True


# Loopback


def test_the_server_listens_on_this_machine_alone(served: Served):
    assert served.url.startswith("http://127.0.0.1:")
    own = socket.gethostbyname(socket.gethostname())
    with socket.socket() as other:
        other.settimeout(2)
        # Debian's name for this machine is a loopback address too, but another one.
        reached = other.connect_ex((own if own != "127.0.0.1" else "127.0.1.1", served.port))
    assert reached != 0


def test_the_default_host_is_loopback():
    shown = CliRunner().invoke(program, ["serve", "--help"], env={"COLUMNS": "200"}).stdout
    option = shown.partition("--host <")[2].partition("--port <")[0]
    assert re.search(r"default:\s+127\.0\.0\.1", option)


def test_a_port_in_use_is_told_before_anything_is_loaded():
    with (
        free_socket("127.0.0.1", 0) as taken,
        pytest.raises(InputError, match="choose another one with --port"),
    ):
        taken.listen()
        free_socket("127.0.0.1", taken.getsockname()[1])


# Host and Origin


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", "", "localhost:80"]
)
def test_a_name_that_is_not_ours_is_turned_away(client: TestClient, host: str):
    for path in ("/", "/api/history", "/static/main.js", "/api/openapi.json"):
        assert client.get(path, headers={"host": host}).status_code == 403
    assert not refused_socket(client, **OURS)
    assert refused_socket(client, host=host, **OURS)


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"127.0.0.1:{PORT}", f"[::1]:{PORT}"])
def test_the_names_of_this_machine_are_ours(client: TestClient, host: str):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://127.0.0.1", HERE + "/"],
)
def test_another_origin_changes_nothing_and_opens_no_socket(client: TestClient, origin: str):
    foreign = {"origin": origin}
    assert (
        client.post("/api/programme/start", json={"rung": "1"}, headers=foreign).status_code == 403
    )
    assert client.delete("/api/history/1", headers=foreign).status_code == 403
    assert (
        client.post("/api/score?exercise=clamshell", content=MP4, headers=foreign).status_code
        == 403
    )
    assert client.get("/api/history", headers=foreign).status_code == 403
    assert refused_socket(client, **foreign)
    assert client.get("/api/programme").json()["standing"] is None


def test_without_an_origin_nothing_is_changed_and_no_socket_opened(history: Path):
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(history)))
    with TestClient(app, base_url=HERE) as client:
        assert client.post("/api/programme/start", json={"rung": "1"}).status_code == 403
        assert refused_socket(client)
        assert client.get("/api/history").status_code == 200


def test_another_site_cannot_embed_what_is_asked_for(client: TestClient):
    cross = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert client.get("/static/main.js", headers=cross).status_code == 403
    headers = client.get("/").headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_the_page_may_load_from_this_server_alone(client: TestClient):
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for name in ("index.html", "app.css", "main.js", "coach.js"):
        assert not re.search(
            r"(?:src|href|url|import)[=(\s]*[\"']?https?://", client.get(f"/static/{name}").text
        )


# A token beyond loopback


@pytest.fixture
def beyond(history: Path):
    place = place_of("0.0.0.0", PORT)
    app = create_app(place, Settings(history=str(history)))
    with TestClient(app, base_url=HERE, headers=dict(OURS), follow_redirects=False) as client:
        yield place, client


def test_beyond_loopback_the_link_has_a_random_token(beyond):
    place, _ = beyond
    assert place.token and len(place.token) >= 32
    assert place.url.endswith(f"?token={place.token}")
    assert place_of("0.0.0.0", PORT).token != place.token
    assert place_of("127.0.0.1", PORT).token is None is place_of("::1", PORT).token


def test_without_the_token_there_is_nothing(beyond):
    place, client = beyond
    wrong = "x" * len(place.token)
    for path in (
        "/",
        "/api/history",
        "/static/main.js",
        "/api/info",
        f"/?token={wrong}",
        "/?token=",
    ):
        assert client.get(path).status_code == 401
    assert refused_socket(client, **OURS)
    assert refused_socket(client, cookie=f"{COOKIE}={wrong}", **OURS)
    assert client.post("/api/programme/start", json={"rung": "1"}).status_code == 401


def test_with_the_token_the_page_opens_and_the_address_forgets_it(beyond):
    place, client = beyond
    answer = client.get(f"/?token={place.token}")
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert client.get("/").status_code == 200 == client.get("/api/history").status_code
    assert not refused_socket(client, cookie=f"{COOKIE}={place.token}", **OURS)


def test_a_name_must_be_known_beyond_loopback_too(beyond):
    place, client = beyond
    assert client.get(f"/?token={place.token}", headers={"host": "evil.example"}).status_code == 403
    named = place_of("0.0.0.0", PORT, names=["gym.local"])
    assert f"gym.local:{PORT}" in named.hosts and f"http://gym.local:{PORT}" in named.origins


# Uploads


def test_an_upload_that_says_it_is_too_large_is_not_even_read(client: TestClient):
    headers = {"content-length": str(uploads.LARGEST_UPLOAD + 1), "content-type": "video/mp4"}
    answer = client.post("/api/score?exercise=clamshell", content=iter([MP4]), headers=headers)
    assert answer.status_code == 413 and "at most" in answer.json()["error"]


def test_an_upload_that_grows_too_large_is_cut_off(history: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 300_000)
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(history)))
    with TestClient(app, base_url=HERE, headers=dict(OURS)) as client:
        folder = app.state.jobs.folder
        sent = (MP4 + bytes(50_000) for _ in range(20))
        answer = client.post(
            "/api/score?exercise=clamshell", content=sent, headers={"content-type": "video/mp4"}
        )
        assert answer.status_code == 413
        assert not list(folder.iterdir())


def test_any_other_body_is_short(client: TestClient):
    long = {"note": "x" * BODY_LIMIT}
    assert client.patch("/api/history/1", json=long).status_code == 413
    chunks = (b'{"note": "' + b"x" * 10_000 for _ in range(20))
    assert client.patch("/api/history/1", content=chunks).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"<html>" + bytes(100), "text/html", 415),
        (b"<html>" + bytes(100), "video/mp4", 400),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "video/mp4", 400),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "video/mp4", 400),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "video/avi", 400),
        (b"", "video/mp4", 400),
        (b"\x00\x00\x00\x18fty", "video/mp4", 400),
    ],
)
def test_only_videos_that_hold_their_own_pictures_are_taken(
    client: TestClient, body: bytes, kind: str, status: int
):
    answer = client.post(
        "/api/score?exercise=clamshell", content=body, headers={"content-type": kind}
    )
    assert answer.status_code == status, answer.text
    assert "error" in answer.json()
    assert not list(client.app.state.jobs.folder.iterdir())


def test_a_broken_video_fails_with_a_reason_that_names_no_path(client: TestClient):
    query = "exercise=clamshell&name=..%2F..%2Fetc%2Fmy%20clip.mp4"
    headers = {"content-type": "video/mp4"}
    job = client.post(f"/api/score?{query}", content=MP4 * 50, headers=headers).json()["job"]
    wait_until(lambda: client.get(f"/api/score/{job}").json()["state"] == "failed", 60)
    now = client.get(f"/api/score/{job}").json()
    assert now["name"] == "my clip.mp4"
    folder = client.app.state.jobs.folder
    assert "my clip.mp4" in now["error"] and str(folder) not in now["error"]
    assert "upload-" not in now["error"] and not list(folder.iterdir())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_video_with_which_something_unforeseen_happens_holds_up_no_other(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    met: list[object] = []

    def fails_once(path):
        met.append(path)
        return VideoFile(path) if len(met) > 1 else 1 / 0

    monkeypatch.setattr(jobs, "VideoFile", fails_once)
    headers = {"content-type": "video/mp4"}
    names = [
        client.post("/api/score?exercise=clamshell", content=MP4 * 50, headers=headers).json()
        for _ in range(2)
    ]
    said = []
    for name in names:
        where = f"/api/score/{name['job']}"
        wait_until(lambda where=where: client.get(where).json()["state"] == "failed", 60)
        said.append(client.get(where).json()["error"])
    assert said[0] == "Something unforeseen went wrong."
    assert said[1] != said[0]
    wait_until(lambda: not list(client.app.state.jobs.folder.iterdir()))


# Paths


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd",
        "/static/%2fetc%2fpasswd", "/static/..%5capp.py", "/static/texts", "/static/.", "/static/",
        "/api/texts/..%2fstatic%2findex", "/api/texts/%2fetc%2fpasswd", "/api/results/..%2f..%2fx/report",
        "/api/score/..%2f..%2fetc", "/etc/passwd", "/static/main.js%00.css",
    ],
)  # fmt: skip
def test_no_path_of_a_request_reaches_the_file_system(client: TestClient, path: str):
    answer = client.get(path)
    assert answer.status_code in (404, 422)
    assert "root:" not in answer.text and "import" not in answer.text


def test_an_exercise_is_looked_up_and_never_a_file(client: TestClient):
    for name in ("../../etc/passwd", "_standing", "__init__", "os"):
        answer = client.post(f"/api/score?exercise={name}", content=MP4)
        assert answer.status_code == 400 and "not known" in answer.json()["error"]


def test_uploads_lie_where_this_user_alone_looks_and_are_gone_at_the_end(history: Path):
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(history)))
    with TestClient(app, base_url=HERE, headers=dict(OURS)):
        folder = app.state.jobs.folder
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
