"""How long answers take and how many ask, without knowing who (strategy indicators 1.2 and 1.3).

Requests are kept in memory for a minute and stored as sums of the day. A visitor enters a sketch
as a number made with a secret that lives in this process for one day, and one bucket of the quarter
(`warehouse.active_users`). No cookie is set and none is read but that of a log-in.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import redis
import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError

from alerts.calendar import local_day
from dashboard.accounts.visiting import present
from dashboard.metrics import count_answer
from warehouse.active_users import (
    bucket,
    is_machine,
    quarter_of,
    record_activity,
    secret_of_quarter,
)
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
_REFUSED_FROM: Final = 400
_KEEPING: Final = b"labourwatch-purpose"
"""Header of what a browser asks for only to keep it: nobody looks at it now."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Requests of one day on their way to the warehouse: the same under its token however often."""

    day: date
    answered: list[Answered]
    token: str = field(default_factory=lambda: uuid4().hex)


class Measuring:
    """What was answered since it was last stored."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._kept: dict[date, list[Answered]] = {}
        self._leaving: list[_Batch] = []
        self._secret = (date.min, b"")
        self._secrets: dict[date, bytes] = {}
        """Of quarters."""
        self._redis = redis.Redis.from_url(settings.redis_url, socket_timeout=5)

    @property
    def waiting(self) -> int:
        """Requests that are not stored yet."""
        leaving = sum(len(batch.answered) for batch in self._leaving)
        return leaving + sum(map(len, self._kept.values()))

    def count(self, scope: Scope, status: int, elapsed_ms: float) -> None:
        """Keep one answered request."""
        day = local_day(self._clock())
        route = _pattern(scope)
        count_answer(route, status, elapsed_ms / 1000)
        if route.startswith(_LEFT_OUT) or self.waiting >= MOST_KEPT:
            return
        headers = dict(scope["headers"])
        if _KEEPING in headers:
            return
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        address = scope["client"][0] if scope.get("client") else ""
        viewer = present().viewer
        inside = b"authorization" in headers or viewer.is_known
        who = f"account {viewer.name}" if viewer.is_known else f"{address}|{agent}"
        self._kept.setdefault(day, []).append(
            Answered(
                route=route,
                audience=Audience.DEPARTMENT if inside else Audience.PUBLIC,
                status=status,
                elapsed_ms=elapsed_ms,
                visitor=visitor(address, agent, self._secret_of(day)),
                bucket=self._bucket(who, agent, day, status),
            )
        )

    def learn(self) -> None:
        """Ask for the secrets of this quarter and of the one that begins next; blocking.

        Without them nobody is counted for the quarter, and requests are counted as ever.
        """
        now = self._clock()
        quarters = {
            quarter_of(local_day(now + timedelta(seconds=s))) for s in (0, 3 * FLUSH_SECONDS)
        }
        try:
            found = {each: secret_of_quarter(self._redis, each) for each in quarters}
        except redis.RedisError as error:
            _log.warning("quarter_not_counted", why=str(error))
            return
        self._secrets = {quarter: secret for quarter, secret in found.items() if secret}

    def store(self) -> None:
        """Store what is kept; blocking. What cannot be stored now is kept for the next time.

        Raises:
            clickhouse_connect.driver.exceptions.ClickHouseError: it is kept.
        """
        self._gather()
        self._send()

    async def run(self) -> None:
        """Store every minute until cancelled, then once more."""
        await asyncio.to_thread(self.learn)
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await asyncio.to_thread(self.learn)
                await self._stored()
        finally:
            await asyncio.shield(self._stored())

    async def _stored(self) -> None:
        self._gather()  # here, where requests are counted: none comes between
        try:
            await asyncio.to_thread(self._send)
        except (ClickHouseError, OSError) as error:
            _log.warning("usage_waits", why=repr(error))

    def _gather(self) -> None:
        self._leaving += [_Batch(day, answered) for day, answered in self._kept.items() if answered]
        self._kept = {}

    def _send(self) -> None:
        if not self._leaving:
            return
        with connect(self._settings) as client:
            while self._leaving:
                batch = self._leaving[0]
                seen = [(one.audience, one.bucket) for one in batch.answered]
                record_usage(client, day=batch.day, answered=batch.answered, token=batch.token)
                record_activity(
                    client, quarter=quarter_of(batch.day), token=batch.token,
                    seen=[(audience, at) for audience, at in seen if at is not None],
                )  # fmt: skip
                self._leaving.pop(0)

    def _bucket(self, who: str, agent: str, day: date, status: int) -> int | None:
        """The bucket of the quarter; None for machines, failures, and without a secret."""
        secret = self._secrets.get(quarter_of(day))
        if secret is None or status >= _REFUSED_FROM or is_machine(agent):
            return None
        return bucket(who, secret)

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
