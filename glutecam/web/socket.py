"""One WebSocket, one live session: pictures come in, what the coach says goes out.

Each session has a pose model and threads of its own; what one of them does with its socket, the
others do not notice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Literal

import anyio
from anyio import to_thread
from fastapi import APIRouter, WebSocket
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocketDisconnect, WebSocketState

from glutecam.core.coaching import Command
from glutecam.errors import GlutecamError, InputError
from glutecam.web.live import Begin, LiveSession
from glutecam.web.picture import LARGEST_MESSAGE, unpacked
from glutecam.web.refusals import invalid
from glutecam.web.studio import Studio

__all__ = ["MOST_UNREAD", "router"]

router = APIRouter()

MOST_UNREAD = 120
"""Messages that may wait for a page that does not read; with more it is not there any more."""

_LONGEST_TEXT = 4096
_LOG = logging.getLogger(__name__)


class Do(BaseModel):
    """A button of the page."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["command"]
    name: Command


class Lost(BaseModel):
    """No pictures come any more: the camera is gone, or the tab is hidden."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["lost"]
    time_ms: Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
    id: Annotated[int, Field(ge=0, le=2**32 - 1)]


_MESSAGES: TypeAdapter[Begin | Do | Lost] = TypeAdapter(
    Annotated[Begin | Do | Lost, Field(discriminator="type")]
)


class Outbox:
    """Hands messages from the session's threads to the socket; never waits for the page."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(MOST_UNREAD)

    def put(self, message: dict[str, Any] | None) -> None:
        """Send a message, None to hang up; from any thread."""
        text = None if message is None else json.dumps(message, allow_nan=False)
        with contextlib.suppress(RuntimeError):  # The loop has ended: nobody is there to tell.
            self._loop.call_soon_threadsafe(self._put, text)

    def _put(self, text: str | None) -> None:
        if self._queue.full() or text is None:
            while not self._queue.empty() and text is not None:
                self._queue.get_nowait()
            text = None
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait(text)

    async def send_all(self, socket: WebSocket) -> None:
        """Send to the end, then close."""
        while (text := await self._queue.get()) is not None:
            await socket.send_text(text)
        if socket.client_state is WebSocketState.CONNECTED:
            await socket.close()


class _Line:
    """What one socket carries: at most one session at a time."""

    def __init__(self, socket: WebSocket, outbox: Outbox) -> None:
        self._socket = socket
        self._studio: Studio = socket.app.state.studio
        self._outbox = outbox
        self._session: LiveSession | None = None

    async def listen(self) -> None:
        """Take messages to the end."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                await self._take(message)
            except GlutecamError as err:
                self._outbox.put({"type": "problem", "code": "input", "text": str(err)})

    async def hang_up(self) -> None:
        """End the session; what was done until then is kept."""
        if self._session is not None:
            await to_thread.run_sync(self._session.close)

    async def _take(self, message: Any) -> None:
        if message.get("bytes") is not None:
            await self._picture(message["bytes"])
        else:
            await self._text(message.get("text") or "")

    async def _picture(self, data: bytes) -> None:
        if self._session is not None and len(data) <= LARGEST_MESSAGE:
            packet = unpacked(data)
            # In another thread: a picture is decoded while others are received.
            await to_thread.run_sync(self._session.take, packet)

    async def _text(self, text: str) -> None:
        asked = _read(text)
        if isinstance(asked, Begin):
            await self._begin(asked)
        elif self._session is None:
            return
        elif isinstance(asked, Do):
            self._session.command(asked.name)
        else:
            self._session.lost(asked.time_ms / 1e3, asked.id)

    async def _begin(self, asked: Begin) -> None:
        await self.hang_up()
        make = partial(LiveSession, self._studio, asked, self._outbox.put)
        session = await to_thread.run_sync(make)
        seat = self._studio.seats.take(session.give_way)
        if seat is None:
            self._outbox.put({"type": "problem", "code": "busy", "text": _BUSY})
            return
        self._session = session
        session.start(seat)


_BUSY = (
    "Other tabs are exercising already, and this computer can follow no more of them. Finish there "
    "or close them, then begin here."
)


def _read(text: str) -> Begin | Do | Lost:
    if len(text) > _LONGEST_TEXT:
        raise InputError("A message from the page is too long.")
    try:
        return _MESSAGES.validate_json(text)
    except ValidationError as err:
        raise InputError(invalid(err.errors(include_url=False, include_input=False))) from err


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Carry a live session."""
    await socket.accept()
    outbox = Outbox(asyncio.get_running_loop())
    line = _Line(socket, outbox)
    try:
        async with anyio.create_task_group() as both:
            both.start_soon(_until_over, both.cancel_scope, line.listen)
            both.start_soon(_until_over, both.cancel_scope, partial(outbox.send_all, socket))
    finally:
        # Whatever ended it, the session gives its seat back.
        with anyio.CancelScope(shield=True):
            await line.hang_up()


async def _until_over(scope: anyio.CancelScope, work: Callable[[], Awaitable[None]]) -> None:
    """Work to the end, which is the end of the other half too."""
    try:
        await work()
    except (WebSocketDisconnect, RuntimeError, OSError) as err:
        # The other end hung up while something was on its way to it.
        _LOG.debug("a socket ended: %r", err)
    scope.cancel()
