"""A page in a real Chromium that nobody listens to: it is asked for values, and told nothing of its traffic.

Playwright, which the tests use, has the browser report every message of every socket to it: thirty
pictures a second of half a megabyte, copied and encoded. That costs a third of what the page itself
does, and no person's browser does it.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests.served import wait_until

__all__ = ["Tab", "tab"]

FLAGS = (
    # The window is 143 pixels higher than the page in it.
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream", "--window-size=1100,993", "--remote-debugging-port=0",
)  # fmt: skip
_PORT_FILE = "DevToolsActivePort"


class Tab:
    """One page, over the protocol of its developer tools; only `Runtime` is used of it."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._numbers = count(1)

    def evaluate(self, script: str) -> Any:
        """Return what a script comes to, a promise awaited.

        Raises
        ------
        RuntimeError
            Where it throws.
        """
        number = next(self._numbers)
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        self._socket.send(json.dumps({"id": number, "method": "Runtime.evaluate", "params": asked}))
        while (answer := json.loads(self._socket.recv(30))).get("id") != number:
            continue
        result = answer["result"]
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")


@contextmanager
def tab(chromium: str, webcam: Path, url: str, folder: Path) -> Iterator[tuple[Tab, int]]:
    """Open a page in a Chromium of its own; yield it, and the browser's process."""
    from websockets.sync.client import connect

    profile = folder / "profile"
    words = [f"--use-file-for-fake-video-capture={webcam}", f"--user-data-dir={profile}", url]
    process = subprocess.Popen(
        [chromium, *FLAGS, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until((profile / _PORT_FILE).is_file)
        port = (profile / _PORT_FILE).read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [one for one in json.load(answer) if one["type"] == "page"]
        with connect(pages[0]["webSocketDebuggerUrl"], max_size=None) as socket:
            yield Tab(socket), process.pid
    finally:
        process.terminate()
        process.wait(30)
