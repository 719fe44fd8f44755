"""Headers of every answer: nothing from other hosts, no framing, long caching where safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_YEAR: Final = "public, max-age=31536000, immutable"
_DAY: Final = "public, max-age=86400"


class Headers:
    """ASGI middleware that adds security and cache headers."""

    def __init__(self, app: ASGIApp, script_hashes: tuple[str, ...]) -> None:
        self._app = app
        scripts = " ".join(("'self'", *script_hashes))
        self._policy = "; ".join(
            (
                "default-src 'self'",
                f"script-src {scripts}",
                "style-src 'self' 'unsafe-inline'",  # charts position their parts by style
                "img-src 'self' data: blob:",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'self'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        headers["Content-Security-Policy"] = self._policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "same-origin")
        path = scope["path"]
        if path.startswith("/assets/"):
            versioned = b"m=" in scope["query_string"] or path.endswith(".woff2")
            headers["Cache-Control"] = _YEAR if versioned else _DAY
