"""Runs the page until it is told to stop."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from glutecam.capture.memory import one_heap
from glutecam.errors import InputError
from glutecam.settings import Settings
from glutecam.web.app import create_app
from glutecam.web.picture import LARGEST_MESSAGE
from glutecam.web.place import Place

__all__ = ["free_socket", "open_browser", "serve"]

_GRACE_S = 8
_ALIVE_S = 20.0


def free_socket(host: str, port: int) -> socket.socket:
    """Bind and return a socket, so that a port in use is told before anything is loaded.

    Parameters
    ----------
    host : str
    port : int
        0 finds a free one.

    Raises
    ------
    InputError
        Where the port is taken or not allowed.
    """
    bound = None
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        # Two listeners could share the port up to here; the second one is refused now.
        bound.listen()
    except OSError as err:
        if bound is not None:
            bound.close()
        raise InputError(
            f"Nothing can be served at {host}, port {port}: {err.strerror or err}. Perhaps glutecam "
            "serves there already; else choose another one with --port, 0 finds a free one."
        ) from err
    return bound


def serve(
    place: Place,
    settings: Settings,
    bound: socket.socket,
    *,
    started: Callable[[], None],
    tls: tuple[Path, Path] | None = None,
    seats: int | None = None,
) -> None:
    """Serve until Ctrl-C; live sessions then end and what they did is kept.

    Parameters
    ----------
    place : Place
    settings : Settings
    bound : socket
        Of ``free_socket``, at the place.
    started : callable
        Called once when the page can be opened.
    tls : (Path, Path), optional
        Certificate and key.
    seats : int, optional
        How many may exercise at once.
    """
    # Before the first thread: those of the requests would begin heaps of their own, which stay.
    one_heap()
    config = uvicorn.Config(
        create_app(place, settings, seats=seats),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        # Pictures do not shrink any more, and trying to costs more than sending them.
        ws_per_message_deflate=False,
        # A laptop that slept is noticed, and its session ends.
        ws_ping_interval=_ALIVE_S,
        ws_ping_timeout=_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        ssl_certfile=str(tls[0]) if tls else None,
        ssl_keyfile=str(tls[1]) if tls else None,
    )
    server = _Server(config, started)
    server.run(sockets=[bound])


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self._tell()


def open_browser(url: str) -> None:
    """Open the page; beside the server, as some browsers keep whoever opens them waiting."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
