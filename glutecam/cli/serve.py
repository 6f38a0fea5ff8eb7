"""``glutecam serve``: the same coach in a browser, served by this machine."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from glutecam.cli import kept, options
from glutecam.cli.terminal import note
from glutecam.errors import InputError, MissingExtraError

__all__ = ["serve"]

LOOPBACK = "127.0.0.1"
PORT = 8765

Host = Annotated[
    str,
    typer.Option(
        help="Address to serve at. Beyond this machine (0.0.0.0) the printed link carries a token."
    ),
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 finds a free one.")]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
]
Name = Annotated[
    list[str] | None,
    typer.Option("--name", help="A further name under which this machine is reached."),
]
Certificate = Annotated[
    Path | None,
    typer.Option(help="TLS certificate (.pem): browsers give a camera to https or localhost only."),
]
Key = Annotated[Path | None, typer.Option(help="Key of the TLS certificate (.pem).")]
Seats = Annotated[
    int | None,
    typer.Option(
        min=1, max=16, help="How many may exercise at once. Default: by the cores, 2 at least."
    ),
]


def serve(
    host: Host = LOOPBACK,
    port: Port = PORT,
    browser: Browser = True,
    name: Name = None,
    tls_cert: Certificate = None,
    tls_key: Key = None,
    sessions: Seats = None,
    model: options.Model = None,
    subject: kept.Subject = None,
    db: kept.Db = None,
    offline: options.Offline = False,
    set_: options.Set = None,
    config: options.Config = None,
) -> None:
    """Open a page with camera, coach, history and programme; pictures stay on this machine.

    Serves on this machine only. Pictures go from the browser to this process and are forgotten.
    Press Ctrl-C to end; sets under way are then kept as they are.

    \b
    Examples:
      glutecam serve
      glutecam serve --no-browser --port 9000
      glutecam serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
    """
    from glutecam.settings import load_settings

    _need_extra()
    settings = load_settings(config, set_).over(model=model, subject=subject, history=db)
    tls = _tls(tls_cert, tls_key)
    from glutecam.cli.modelfile import ensure_model
    from glutecam.web import server
    from glutecam.web.place import place_of

    with server.free_socket(host, port) as bound:
        place = place_of(host, bound.getsockname()[1], names=name or (), secure=tls is not None)
        ensure_model(settings.model, offline)
        note("Starting, a few seconds ...")

        def started() -> None:
            typer.echo(f"glutecam is at {place.url}")
            note("Ctrl-C ends.")
            if place.token and not tls:
                note("Browsers give a camera to https or localhost only: see --tls-cert.")
            if browser:
                server.open_browser(place.url)

        with _ended_calmly():
            server.serve(place, settings, bound, started=started, tls=tls, seats=sessions)


@contextmanager
def _ended_calmly() -> Iterator[None]:
    """Let Ctrl-C end what is served, with one line that says so: it is how a page is ended, and no error."""
    try:
        yield
    except KeyboardInterrupt:
        note("Ended with Ctrl-C; sets under way are kept as they are.")


def _need_extra() -> None:
    for needed in ("fastapi", "uvicorn", "websockets"):
        if importlib.util.find_spec(needed) is None:
            raise MissingExtraError("The page in the browser", "web")


def _tls(certificate: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise InputError("TLS needs both: --tls-cert and --tls-key.")
    for path in (certificate, key):
        if not path.is_file():
            raise InputError(f"There is no file {path}. Give the .pem files of the certificate.")
    return certificate, key
