"""A small RTSP server: what a network camera does when one client comes to watch.

FFmpeg makes the RTP packets, as it does in many cameras; the server hands them on inside the
connection, the way firewalls let through.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

Picture = Callable[[int], NDArray[np.uint8]]

SDP = "\r\n".join([
    "v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=camera", "t=0 0", "a=control:*",
    "m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1",
    "a=control:track1", "",
])  # fmt: skip


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, picture: Picture, fps: int, count: int) -> None:
        super().__init__(("127.0.0.1", 0), _Client)
        self.picture, self.fps, self.count = picture, fps, count
        self.asked: list[str] = []
        self.quit = threading.Event()


class _Client(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        while request := self._request():
            method, address = request.split()[:2]
            self.server.asked.append(method)
            self._answer(method, address, _header(request, "CSeq"))
            if method == "PLAY":
                # As a camera that is switched off: the connection ends with the last picture.
                self._play()
                return

    def _request(self) -> str:
        lines: list[str] = []
        while (line := self.rfile.readline().decode()) not in ("", "\r\n"):
            lines.append(line)
        return "".join(lines)

    def _answer(self, method: str, address: str, number: str) -> None:
        body = SDP if method == "DESCRIBE" else ""
        more = {
            "OPTIONS": ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"],
            "DESCRIBE": [
                "Content-Type: application/sdp", f"Content-Base: {address}/",
                f"Content-Length: {len(body)}",
            ],
            "SETUP": ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 7"],
            "PLAY": ["Session: 7"],
        }.get(method, [])  # fmt: skip
        head = "\r\n".join(["RTSP/1.0 200 OK", f"CSeq: {number}", *more])
        self.wfile.write(f"{head}\r\n\r\n{body}".encode())

    def _play(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packets:
            packets.bind(("127.0.0.1", 0))
            packets.settimeout(0.02)
            gone = threading.Event()
            made = threading.Thread(target=self._film, args=(packets.getsockname()[1], gone))
            made.start()
            with contextlib.suppress(OSError):  # The viewer goes away, as viewers do.
                self._hand_on(packets, made)
            gone.set()
            made.join(5)

    def _hand_on(self, packets: socket.socket, made: threading.Thread) -> None:
        while True:
            try:
                data = packets.recv(65536)
            except TimeoutError:
                if not made.is_alive():
                    return
                continue
            # RTCP has types 200 and up where RTP has its marker and payload type.
            channel = 1 if 200 <= data[1] <= 204 else 0
            self.connection.sendall(struct.pack(">cBH", b"$", channel, len(data)) + data)

    def _film(self, port: int, gone: threading.Event) -> None:
        server = self.server
        height, width = server.picture(0).shape[:2]
        options = {"preset": "ultrafast", "tune": "zerolatency", "g": "10"}
        address = f"rtp://127.0.0.1:{port}?rtcpport={port}&pkt_size=1200"
        with av.open(address, "w", format="rtp") as out:
            stream = out.add_stream("libx264", rate=server.fps, options=options)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.codec_context.time_base = Fraction(1, server.fps)
            for number in range(server.count):
                frame = av.VideoFrame.from_ndarray(server.picture(number), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, server.fps)
                out.mux(stream.encode(frame))
                if gone.wait(1 / server.fps) or server.quit.is_set():
                    return


def _header(request: str, name: str) -> str:
    lines = (line.partition(":") for line in request.splitlines())
    return next(value.strip() for key, _, value in lines if key.lower() == name.lower())


@contextmanager
def rtsp_camera(
    picture: Picture, fps: int = 30, count: int = 10_000
) -> Iterator[tuple[str, list[str]]]:
    """Serve numbered pictures; gives the address, and what was asked of the camera."""
    server = _Server(picture, fps, count)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"rtsp://127.0.0.1:{server.server_address[1]}/stream", server.asked
    finally:
        server.quit.set()
        server.shutdown()
        server.server_close()
