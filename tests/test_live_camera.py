"""``glutecam live`` with a network camera: a real server sends a clip and breaks off in the middle."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import pytest

from glutecam.capture.video import VideoFile
from glutecam.records.posefile import load_poses
from tests.capture.rtsp import rtsp_camera
from tests.program import ran
from tests.served import pictures

pytestmark = [pytest.mark.slow, pytest.mark.realtime]

BETWEEN_REPS = 150
"""Frame of the clip at which the camera goes away: the first repetition is over, the second to come."""
FPS = 24.0


@contextmanager
def network_camera(clip: Path) -> Iterator[str]:
    """Serve a clip as JPEGs over HTTP; the first viewer is sent the beginning, the next one the rest."""
    jpegs = [
        cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))[1].tobytes()
        for _, rgb in pictures(clip)
    ]
    parts, quit_now = iter((jpegs[:BETWEEN_REPS], jpegs[BETWEEN_REPS:])), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            part = next(parts, None)
            self.send_response(200 if part else 503)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.end_headers()
            for jpeg in part or ():
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                try:
                    self.wfile.write(head.encode() + jpeg + b"\r\n")
                except OSError:
                    return  # The viewer has gone away, as viewers do.
                if quit_now.wait(1 / FPS):
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/camera.mjpg"
    finally:
        quit_now.set()
        server.shutdown()
        server.server_close()


def test_a_network_camera_is_counted_paused_and_recorded(sample_videos: Path, tmp_path: Path):
    kept = {"json": "t.json", "record": "l.npz", "video": "v.mp4"}
    words = [word for name, file in kept.items() for word in (f"--{name}", file)]
    with network_camera(sample_videos / "step_down_lean_left.mp4") as address:
        code, said, err = ran(
            "live", "step-down", "--camera", address, "--delay", 0, "--reps", 2, "--seconds", 90,
            "--no-window", "--no-voice", "--no-tones", "--no-save", *words, cwd=tmp_path,
        )  # fmt: skip
    assert code == 0, err
    assert "The camera is gone." in err and "was gone for" in said
    made = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["assessment"]
    assert len(made["reps"]) == 2
    assert any("in the middle" in warning for warning in made["warnings"])
    assert len(load_poses(tmp_path / "l.npz").poses) == len(made["time_s"])
    with VideoFile(tmp_path / "v.mp4") as drawn:
        # One for each picture that was looked at: a slow machine looks at fewer.
        assert sum(1 for _ in drawn) > 0.5 * len(made["time_s"])


def test_a_camera_that_speaks_rtsp_is_counted(sample_videos: Path, tmp_path: Path):
    film = [rgb for _, rgb in pictures(sample_videos / "step_down_lean_left.mp4")]
    with rtsp_camera(film.__getitem__, count=len(film)) as (address, _):
        code, said, err = ran(
            "live", "step-down", "--camera", address, "--delay", 0, "--seconds", 6, "--no-window",
            "--no-voice", "--no-tones", "--no-save", "--json", "t.json", cwd=tmp_path,
        )  # fmt: skip
    assert code == 0, err
    # Whether it is judged depends on how fast this machine is; a repetition is seen on a slow one too.
    made = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["assessment"]
    assert {rep["side"] for rep in made["reps"]} == {"left"}, said
