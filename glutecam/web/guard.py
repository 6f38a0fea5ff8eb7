"""Turns away whoever has no business here, before any route is reached.

Checked for every request and every WebSocket: the ``Host`` (else a name pointed at this machine
could read the page), the ``Origin`` of everything that changes something or opens a socket, the
token where there is one, and how long a body may be.
"""

from __future__ import annotations

import http.cookies
import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glutecam.web.place import Place
from glutecam.web.refusals import refusal

__all__ = ["COOKIE", "Guard"]

COOKIE = "glutecam_token"
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORBIDDEN_SOCKET = 1008
_WHOLE = "Open the whole address that 'glutecam serve' printed, with its token."

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware.

    Parameters
    ----------
    app : ASGI application
    place : Place
    body_limit : int
        Bytes that a body may have.
    limits : mapping of str to int
        Other limits, by path.
    """

    def __init__(
        self, app: ASGIApp, place: Place, body_limit: int, limits: Mapping[str, int]
    ) -> None:
        self._app = app
        self._place = place
        self._limit = body_limit
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        if scope["type"] == "websocket":
            await self._socket(refused, scope, receive, send)
        elif refused is not None:
            await refused(scope, receive, _with_headers(send))
        else:
            await self._http(scope, receive, send)

    async def _socket(
        self, refused: Response | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if refused is None:
            await self._app(scope, receive, send)
            return
        await receive()
        # Before it is accepted this is an HTTP 403; the page never gets a socket.
        await send({"type": "websocket.close", "code": _FORBIDDEN_SOCKET, "reason": ""})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, _limited(receive, self._limit_of(scope)), _with_headers(send))

    def _limit_of(self, scope: Scope) -> int:
        return self._limits.get(scope["path"], self._limit)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the answer to whoever may not come in, None where all is well."""
        if headers.get("host", "").lower() not in self._place.hosts:
            return refusal(
                403, "This name is not one of this server's. Open the address it printed.", headers
            )
        if not self._origin_is_ours(scope, headers):
            return refusal(403, "This request comes from another site.", headers)
        token = self._place.token
        if token is not None and not _same(_cookie(headers), token):
            return self._by_link(scope, headers, token)
        limit = self._limit_of(scope)
        return refusal(413, _too_long(limit), headers) if _announced(headers) > limit else None

    def _origin_is_ours(self, scope: Scope, headers: Headers) -> bool:
        origin = headers.get("origin")
        if scope["type"] == "websocket" or scope["method"] not in _SAFE:
            return origin in self._place.origins
        navigates = headers.get("sec-fetch-mode") == "navigate"
        foreign = headers.get("sec-fetch-site") == "cross-site" and not navigates
        return origin in (None, *self._place.origins) and not foreign

    def _by_link(self, scope: Scope, headers: Headers, token: str) -> Response | None:
        """Let in whoever has the link with the token, and keep the token out of the address."""
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if not _same(asked, token):
            return refusal(401, _WHOLE, headers)
        if scope["type"] == "websocket" or scope["method"] != "GET" or scope["path"] != "/":
            return None
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            COOKIE, token, httponly=True, samesite="strict", secure=self._place.secure, path="/"
        )
        return answer


def _limited(receive: Receive, limit: int) -> Receive:
    """Count the bytes of a body, whatever length it announced."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, _too_long(limit))
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length[:18]) if length.isascii() and length.isdigit() else 0


def _cookie(headers: Headers) -> str:
    jar: http.cookies.SimpleCookie = http.cookies.SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except http.cookies.CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode(), token.encode())


def _too_long(limit: int) -> str:
    size = f"{limit / 1e6:.0f} MB" if limit >= 1_000_000 else f"{limit / 1e3:.0f} kB"
    return f"That is too much at once: at most {size} are taken here."
