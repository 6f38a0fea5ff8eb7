"""A real HTTP server on this machine that gives out files, with ranges or without, and can fail."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class FootageServer:
    """What is served, and what was asked.

    Attributes
    ----------
    url : str
    ranges : bool
        Answer requests for a part of a file with that part; else always with the whole.
    asked : list of (str, str)
        Path and range of every GET so far.
    fails : mapping of str to HTTPStatus
        Paths that are answered with an error.
    breaks_off : set of str
        Paths after half of which the connection is closed.
    """

    ranges: bool = True
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    fails: dict[str, HTTPStatus] = field(default_factory=dict)
    breaks_off: set[str] = field(default_factory=set)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, about: FootageServer, **more: Any) -> None:
        self._about = about
        super().__init__(*args, **more)

    def do_GET(self) -> None:
        self._about.asked.append((self.path, self.headers.get("Range", "")))
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, *, body: bool) -> None:
        if self.path in self._about.fails:
            self.send_error(self._about.fails[self.path])
            return
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        data = path.read_bytes()
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = 0, len(data) - 1
        if part and self._about.ranges:
            first, last = int(part[1]), min(int(part[2] or last), last)
            self.send_response(HTTPStatus.PARTIAL_CONTENT)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        else:
            self.send_response(HTTPStatus.OK)
        if self._about.ranges:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        if body:
            self._send(data[first : last + 1])

    def _send(self, data: bytes) -> None:
        if self.path in self._about.breaks_off:
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        else:
            self.wfile.write(data)


@contextmanager
def serving(folder: Path, *, ranges: bool = True) -> Iterator[FootageServer]:
    """Serve a folder from a port of this machine."""
    about = FootageServer(ranges)
    handler = partial(_Handler, about=about, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        about.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield about
        finally:
            server.shutdown()
            thread.join()
