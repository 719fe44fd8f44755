"""Bodies of requests that a library reads whole are bounded before it does.

Forms, pushes and questions are read by `push.bodies`, which has limits of its own. What Dash takes
from its pages it reads to the end, whoever sends it: a stranger could fill the memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST: Final = 1_000_000
"""Bytes; what a page of ours sends has some thousands."""
_BOUNDED: Final = ("/_dash", "/api/")


class Bounded:
    """ASGI middleware that answers 413 where such a body is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith(_BOUNDED):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            refusal = PlainTextResponse(f"Expected at most {LARGEST:,} bytes.", 413)
            await refusal(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)


async def _read(receive: Receive) -> bytes | None:
    """The body; None where it is too large. What a lost client had sent is passed on as it is."""
    held = bytearray()
    while True:
        message = await receive()
        held += message.get("body", b"")
        if len(held) > LARGEST:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(held)
