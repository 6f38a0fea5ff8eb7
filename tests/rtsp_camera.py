"""A network camera that speaks RTSP: FFmpeg sends a clip at its own pace, and what it sends is passed on.

The server between the two knows just enough of RTSP: whoever announces is the camera, whoever plays the
viewer, and packets go from the one to the other on the same connections.
"""

from __future__ import annotations

import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av

PATIENCE_S = 60.0
"""So long the camera waits for somebody who looks."""


class _Relay(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.described = b""
        self.announced, self.watched = threading.Event(), threading.Event()
        self.viewer: socketserver.StreamRequestHandler | None = None


class _Connection(socketserver.StreamRequestHandler):
    server: _Relay

    def handle(self) -> None:
        while first := self.rfile.read(1):
            if first == b"$":
                self._pass_on(self.rfile.read(3))
            elif not self._answer(first + self.rfile.readline()):
                return

    def _pass_on(self, head: bytes) -> None:
        packet = self.rfile.read(int.from_bytes(head[1:], "big"))
        if self.server.viewer not in (None, self):
            self.server.viewer.wfile.write(b"$" + head + packet)

    def _answer(self, request: bytes) -> bool:
        """Answer one request; returns whether another may follow."""
        told = {}
        while line := self.rfile.readline().strip():
            name, value = line.decode().split(":", 1)
            told[name.lower()] = value.strip()
        body = self.rfile.read(int(told.get("content-length", 0)))
        verb, more, given = request.decode().split(" ")[0], {"Session": "1"}, b""
        if verb == "ANNOUNCE":
            self.server.described = body
            self.server.announced.set()
        elif verb == "DESCRIBE":
            self.server.announced.wait(PATIENCE_S)
            given = self.server.described
            more = {"Content-Type": "application/sdp", "Content-Length": str(len(given))}
        elif verb == "SETUP":
            more["Transport"] = told["transport"]
        elif verb == "RECORD":
            self.server.watched.wait(PATIENCE_S)
        lines = [
            "RTSP/1.0 200 OK",
            f"CSeq: {told['cseq']}",
            *(f"{n}: {v}" for n, v in more.items()),
        ]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + given)
        if verb == "PLAY":
            self.server.viewer = self
            self.server.watched.set()
        return verb != "TEARDOWN"


def sent(clip: str, address: str) -> None:
    """Send the packets of a clip as they are, each at its time."""
    with av.open(clip) as read:
        options = {"rtsp_transport": "tcp"}
        with av.open(address, "w", format="rtsp", options=options) as camera:
            film = read.streams.video[0]
            out = camera.add_stream_from_template(film)
            began_s: float | None = None
            for packet in read.demux(film):
                if packet.dts is None:
                    break
                at_s = float(packet.dts * packet.time_base)
                packet.stream = out
                camera.mux(packet)
                began_s = time.monotonic() - at_s if began_s is None else began_s
                time.sleep(max(0.0, began_s + at_s - time.monotonic()))


@contextmanager
def rtsp_camera(clip: Path) -> Iterator[str]:
    """Run a camera that shows a clip once, from when somebody looks; gives its address."""
    with _Relay() as relay:
        address = f"rtsp://127.0.0.1:{relay.server_address[1]}/camera"
        threading.Thread(target=relay.serve_forever, args=(0.05,), daemon=True).start()
        # A process of its own: FFmpeg lets no other thread have a turn while it waits for an answer.
        camera = subprocess.Popen([sys.executable, "-m", "tests.rtsp_camera", str(clip), address])
        try:
            yield address
        finally:
            camera.kill()
            camera.wait()
            relay.shutdown()


if __name__ == "__main__":
    sent(*sys.argv[1:])
