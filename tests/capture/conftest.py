"""Clips with known contents: every picture carries its own number as black and white stripes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

BITS = 8
Clip = Callable[..., Path]


def striped(number: int, size: tuple[int, int], noise: int = 0) -> NDArray[np.uint8]:
    """(H, W, 3) picture whose eight stripes spell a number; noise makes it expensive to code."""
    width, height = size
    image = np.zeros((height, width, 3), dtype=np.uint8)
    for bit, columns in enumerate(np.array_split(np.arange(width), BITS)):
        image[:, columns] = 235 if number >> bit & 1 else 20
    if noise:
        image[: height // 3] = np.random.default_rng(number).integers(
            0, noise, (height // 3, width, 3)
        )
    return image


def number_in(image: NDArray[np.uint8]) -> int:
    """Read the number back from the lower part of the picture."""
    row = image[image.shape[0] * 3 // 4, :, 1]
    stripes = np.array_split(row, BITS)
    return sum(int(np.median(stripe) > 128) << bit for bit, stripe in enumerate(stripes))


@pytest.fixture
def read_number() -> Callable[[NDArray[np.uint8]], int]:
    return number_in


@pytest.fixture
def picture() -> Callable[..., NDArray[np.uint8]]:
    return striped


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    """A function that encodes a clip; times are in ticks of ``base``."""

    def make(
        name: str = "clip.mp4",
        ticks: Sequence[int] = tuple(range(0, 30)),
        base: Fraction = Fraction(1, 30),
        codec: str = "libx264",
        size: tuple[int, int] = (160, 120),
        pix_fmt: str = "yuv420p",
        options: dict[str, str] | None = None,
        movflags: str = "",
        noise: int = 0,
        rotate_deg: int | None = None,
        aspect: Fraction | None = None,
        images: Sequence[NDArray[np.uint8]] | None = None,
        **context: Any,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", options={"movflags": movflags} if movflags else {}) as out:
            try:
                stream = out.add_stream(codec, rate=30, options=options or {})
            except (av.codec.codec.UnknownCodecError, ValueError):
                pytest.skip(f"this build of PyAV cannot encode {codec}")
            stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
            stream.codec_context.time_base = base
            for key, value in context.items():
                setattr(stream.codec_context, key, value)
            if aspect is not None:
                stream.codec_context.sample_aspect_ratio = aspect
            if rotate_deg is not None:
                stream.set_display_rotation(rotate_deg)
            for number, tick in enumerate(ticks):
                image = striped(number, size, noise) if images is None else images[number]
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = tick, base
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path

    return make


@pytest.fixture
def footage() -> Path:
    """The folder of real clips; GLUTECAM_FOOTAGE names another one."""
    here = Path(__file__).resolve().parents[2] / ".." / "shared" / "footage"
    folder = Path(os.environ.get("GLUTECAM_FOOTAGE", here)) / "video"
    if not folder.is_dir():
        pytest.skip(f"no real clips at {folder}; set GLUTECAM_FOOTAGE to their folder")
    return folder


@pytest.fixture
def camera(picture):
    """A function that serves numbered pictures at a rate, then hangs up or falls silent."""
    servers = []

    def serve(fps=30.0, count=10_000, then="hang up", size=(160, 120)):
        quit_now = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                kind = "multipart/x-mixed-replace; boundary=next"
                self.send_header("Content-Type", kind)
                self.end_headers()
                try:
                    for number in range(count):
                        self.part(number)
                        if quit_now.wait(1 / fps):
                            return
                    if then == "fall silent":
                        quit_now.wait(20)
                except OSError:
                    return  # the reader has gone away, as readers do

            def part(self, number):
                image = cv2.cvtColor(picture(number % 256, size), cv2.COLOR_RGB2BGR)
                data = cv2.imencode(".jpg", image)[1].tobytes()
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                self.wfile.write(head.encode() + data + b"\r\n")

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append((server, quit_now))
        return f"http://127.0.0.1:{server.server_port}/camera.mjpg"

    yield serve
    for server, quit_now in servers:
        quit_now.set()
        server.shutdown()
        server.server_close()
