"""Where the page is served, and who may ask for it."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from glutecam.errors import InputError

__all__ = ["LOOPBACK", "Place", "place_of"]

LOOPBACK = "127.0.0.1"
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_EVERYWHERE = ("0.0.0.0", "::")
_DEFAULT_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Place:
    """An address and what a browser must say to be answered there.

    Attributes
    ----------
    host, port : str, int
        What the server binds to.
    hosts : frozenset of str
        Values of the ``Host`` header that are ours: anything else is a name somebody else has
        pointed at this machine.
    token : str or None
        Must be known to whoever asks; None on loopback.
    secure : bool
        Served over TLS.
    """

    host: str
    port: int
    hosts: frozenset[str]
    token: str | None = None
    secure: bool = False

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return "https" if self.secure else "http"

    @property
    def origins(self) -> frozenset[str]:
        """Values of the ``Origin`` header that are ours."""
        return frozenset(f"{self.scheme}://{host}" for host in self.hosts)

    @property
    def url(self) -> str:
        """What to open: with the token where one is needed."""
        name = socket.gethostname() if self.host in _EVERYWHERE else _bracketed(self.host)
        return f"{self.scheme}://{name}:{self.port}/" + (
            f"?token={self.token}" if self.token else ""
        )


def place_of(host: str, port: int, *, names: Sequence[str] = (), secure: bool = False) -> Place:
    """Return the place for an address; beyond loopback with a fresh random token.

    Parameters
    ----------
    host : str
        Address or name to bind to.
    port : int
    names : sequence of str
        Further names under which this machine is reached.
    secure : bool

    Raises
    ------
    InputError
        Where the host cannot be bound to.
    """
    host = host.strip("[]")
    loopback = _is_loopback(host)
    known = set(_LOOPBACK_NAMES) | {_bracketed(name) for name in (host, *names)}
    if host in _EVERYWHERE:
        known |= {_bracketed(name) for name in _names_of_this_machine()}
    scheme = "https" if secure else "http"
    hosts = {f"{name.lower()}:{port}" for name in known}
    if port == _DEFAULT_PORT[scheme]:
        hosts |= {name.lower() for name in known}
    return Place(
        host, port, frozenset(hosts), None if loopback else secrets.token_urlsafe(24), secure
    )


def _is_loopback(host: str) -> bool:
    try:
        return all(ipaddress.ip_address(address).is_loopback for address in _addresses(host))
    except OSError as err:
        raise InputError(
            f"'{host}' is no address of this machine: {err.strerror or err}. Leave --host out to "
            "serve on this machine only, or use 0.0.0.0 for all of its addresses."
        ) from err


def _addresses(host: str) -> set[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return {str(entry[4][0]).partition("%")[0] for entry in found}


def _names_of_this_machine() -> set[str]:
    name = socket.gethostname()
    try:
        return {name, f"{name}.local", *_addresses(name)}
    except OSError:
        return {name, f"{name}.local"}


def _bracketed(name: str) -> str:
    bare = name.strip("[]")
    return f"[{bare}]" if ":" in bare else bare
