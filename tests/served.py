"""A page that is served as users do, and what a page sends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from glutecam.capture.video import VideoFile
from glutecam.web.picture import HEADER, decoded, unpacked
from tests.program import ROOT, environment

PORT = 8765
HERE = f"http://127.0.0.1:{PORT}"
OURS = {"origin": HERE}
"""What a page of ours says of itself; copied by whoever uses it."""
HOST = {"host": f"127.0.0.1:{PORT}"} | OURS
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

TWO_REPS = slice(27, 230)
"""Pictures of a standing sample clip: from two seconds before its first repetition until the second is over."""


@dataclass
class Served:
    """A running ``glutecam serve``."""

    url: str
    port: int
    history: Path
    folder: Path
    process: subprocess.Popen[str]


@contextmanager
def serving(folder: Path, *words: str, port: int = 0) -> Iterator[Served]:
    """Run ``glutecam serve`` with everything it might write in one folder."""
    history, temporary = folder / "history.sqlite", folder / "tmp"
    temporary.mkdir(exist_ok=True)
    verb = [sys.executable, "-m", "glutecam", "serve", "--no-browser", "--offline"]
    with (folder / "stderr.txt").open("a") as errors:
        process = subprocess.Popen(
            [*verb, "--port", str(port), "--db", str(history), *words],
            cwd=folder,
            env=environment() | {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("glutecam is at "), (folder / "stderr.txt").read_text()
        url = line.split()[-1]
        yield Served(url, int(url.split(":")[2].split("/")[0]), history, folder, process)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def wait_until(holds: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait until something holds, or fail."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def packet(rgb: Any, number: int, time_ms: float, left_out: int = 0) -> bytes:
    """Return what the page sends for a picture."""
    import cv2

    height, width = rgb.shape[:2]
    yuv = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420)
    return HEADER.pack(b"GC1", 1, number, width, height, left_out, time_ms) + yuv.tobytes()


def begin(exercise: str, **more: Any) -> str:
    """Return how the page begins a session that judges from the first picture on."""
    return json.dumps({"type": "begin", "exercise": exercise, "start": "now", **more})


def pictures(clip: Path, longest_px: int = 640) -> Iterator[tuple[float, Any]]:
    """Yield (milliseconds, RGB) of a clip."""
    with VideoFile(clip, max_side_px=longest_px) as video:
        for frame in video:
            yield frame.time_s * 1e3, frame.image


def two_reps(clip: Path) -> Iterator[tuple[float, Any]]:
    """Yield (milliseconds, RGB) of a sample clip's first two repetitions, and of two seconds before."""
    return islice(pictures(clip), TWO_REPS.start, TWO_REPS.stop)


def later(message: bytes, number: int) -> bytes:
    """Return the picture of a message once more, a moment later."""
    packed = unpacked(message)
    return packet(decoded(packed), number, packed.time_s * 1e3 + 33)


def session(client: Any) -> Any:
    """Open the socket of a live session; to be used in a ``with``."""
    return client.websocket_connect("/live", headers=dict(HOST))


def until(socket: Any, kind: str, most: int = 2000) -> dict[str, Any]:
    """Return the next message of a kind."""
    for _ in range(most):
        message = socket.receive_json()
        if message["type"] == kind:
            return message
    raise AssertionError(f"no '{kind}' came")


def shown(socket: Any, number: int) -> dict[str, Any]:
    """Return the answer to a picture, and those that came before it on the way."""
    while (message := until(socket, "frame"))["id"] < number:
        pass
    return message
