"""How long answers take and how many ask, without knowing who (strategy indicators 1.2 and 1.3).

Requests are kept in memory for a minute and stored as sums of the day. A visitor enters a sketch
as a number made with a secret that lives in this process for one day.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError

from alerts.calendar import local_day
from dashboard.accounts.visiting import present
from warehouse.client import connect
from warehouse.usage import Answered, Audience, record_usage, visitor

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from config.settings import Settings

FLUSH_SECONDS: Final = 60
MOST_KEPT: Final = 20_000
"""Requests kept while the warehouse does not answer; later ones are then not counted."""
_LEFT_OUT: Final = ("/assets/", "/_dash", "/healthz", "/api/live")
"""What a page asks for by itself is nobody's question."""
_log = structlog.get_logger(__name__)


class Measuring:
    """What was answered since it was last stored."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._kept: dict[date, list[Answered]] = {}
        self._tokens: dict[date, str] = {}
        self._secret = (date.min, b"")

    def count(self, scope: Scope, status: int, elapsed_ms: float) -> None:
        """Keep one answered request."""
        day = local_day(self._clock())
        kept = self._kept.setdefault(day, [])
        route = _pattern(scope)
        if route.startswith(_LEFT_OUT) or len(kept) >= MOST_KEPT:
            return
        headers = dict(scope["headers"])
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        address = scope["client"][0] if scope.get("client") else ""
        inside = b"authorization" in headers or present().viewer.is_known
        kept.append(
            Answered(
                route=route,
                audience=Audience.DEPARTMENT if inside else Audience.PUBLIC,
                status=status,
                elapsed_ms=elapsed_ms,
                visitor=visitor(address, agent, self._secret_of(day)),
            )
        )

    def store(self) -> None:
        """Store what is kept; blocking. What cannot be stored now is kept for the next time."""
        if not any(self._kept.values()):
            return
        with connect(self._settings) as client:
            for day in list(self._kept):
                answered = self._kept[day]
                token = self._tokens.setdefault(day, uuid4().hex)
                record_usage(client, day=day, answered=answered, token=token)
                del self._kept[day], self._tokens[day]

    async def run(self) -> None:
        """Store every minute until cancelled, then once more."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self._stored()
        finally:
            await asyncio.shield(self._stored())

    async def _stored(self) -> None:
        try:
            await asyncio.to_thread(self.store)
        except (ClickHouseError, OSError) as error:
            _log.warning("usage_waits", why=str(error).splitlines()[0])

    def _secret_of(self, day: date) -> bytes:
        if self._secret[0] != day:
            self._secret = (day, secrets.token_bytes(32))
        return self._secret[1]


class Measured:
    """ASGI middleware that tells `Measuring` of every HTTP request."""

    def __init__(self, app: ASGIApp, measuring: Measuring) -> None:
        self._app = app
        self._measuring = measuring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and measure until its first byte."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        told = False

        async def noting(message: Message) -> None:
            nonlocal told
            if message["type"] == "http.response.start" and not told:
                told = True
                elapsed = (time.perf_counter() - began) * 1000
                with suppress(KeyError):  # a scope that no server made
                    self._measuring.count(scope, message["status"], elapsed)
            await send(message)

        await self._app(scope, receive, noting)


def _pattern(scope: Scope) -> str:
    """The route's pattern, so that nobody's query is kept; addresses of no route count as one."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "unknown"
