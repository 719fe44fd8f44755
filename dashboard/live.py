"""From "something was loaded" to every open browser, within a second.

One subscriber per process hears the loader and the alerter on Redis, renews the snapshot once, and
tells every browser the new version over a plain WebSocket. Dash's own WebSocket callbacks need
SharedWorker, which phone browsers lack; a socket of our own works there and shows its state.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from redis.asyncio import Redis
from redis.exceptions import RedisError

from config.topics import LIVE_CHANNEL
from dashboard.data import EVERYTHING, Part, Register, parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_GATHER_S: Final = 0.05
"""Wait this long after a message for others of the same load."""
_REST_S: Final = 0.5
"""Least time between two refreshes, so that a backfill does not take the machine."""
_REST_PER_COST: Final = 4.0
"""Rest this many times as long as the refresh took: at most a fifth of one core."""
_LONGEST_REST_S: Final = 15.0
"""But no longer: the first reading of a starved machine took 100 s, and nothing came for 400."""
_WHOLE_S: Final = 60.0
"""Read everything this often, whatever is announced: an announcement may be lost."""
_UNASKED_S: Final = 15.0
"""Look for news this often even if nothing was announced."""
_RETRY_S: Final = 2.0


class Hub:
    """Keeps the register fresh and lets browsers wait for the next version."""

    def __init__(self, register: Register, redis_url: str) -> None:
        self._register = register
        self._redis_url = redis_url
        self._stale: set[Part] = set(EVERYTHING)
        self._wake = asyncio.Event()
        self._news = asyncio.Condition()

    async def run(self) -> None:
        """Listen and refresh until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._keep_fresh())

    def announce(self, parts: frozenset[Part]) -> None:
        """Say that parts of the snapshot are out of date."""
        if parts:
            self._stale |= parts
            self._wake.set()

    async def next_version(self, seen: int) -> int:
        """Wait until the snapshot is newer than version `seen`."""
        async with self._news:
            await self._news.wait_for(lambda: self._register.snapshot.version != seen)
        return self._register.snapshot.version

    async def _listen(self) -> None:
        while True:
            try:
                async with Redis.from_url(self._redis_url) as client, client.pubsub() as channel:
                    await channel.subscribe(LIVE_CHANNEL)
                    async for message in channel.listen():
                        self.announce(_announced(message))
            except RedisError:
                # Not a failure of the dashboard: it still looks by itself every few seconds.
                await asyncio.sleep(_RETRY_S)

    async def _keep_fresh(self) -> None:
        clock = asyncio.get_running_loop().time
        whole_at = clock()
        while True:
            started = clock()
            if started - whole_at >= _WHOLE_S:
                self._stale = set(EVERYTHING)
            parts, self._stale = frozenset(self._stale), set()
            whole_at = started if parts == EVERYTHING else whole_at
            self._wake.clear()
            if await asyncio.to_thread(self._register.refresh, parts):
                async with self._news:
                    self._news.notify_all()
            if self._register.trouble is not None:
                self._stale |= parts  # what was announced is not announced again
            await asyncio.sleep(rest_after(clock() - started))
            try:
                await asyncio.wait_for(self._wake.wait(), _UNASKED_S)
                await asyncio.sleep(_GATHER_S)
            except TimeoutError:
                self._stale = set(EVERYTHING)


def rest_after(cost: float) -> float:
    """Seconds to rest after a refresh that took `cost` seconds."""
    return min(_LONGEST_REST_S, max(_REST_S, _REST_PER_COST * cost))


def _announced(message: Mapping[str, object]) -> frozenset[Part]:
    """The parts a message on the channel makes out of date; one that says nothing useful, all."""
    if message["type"] != "message":
        return frozenset()
    try:
        body = json.loads(
            str(message["data"], "utf-8") if isinstance(message["data"], bytes) else ""
        )
        return parts_of(str(table) for table in body["tables"]) or EVERYTHING
    except (ValueError, KeyError, TypeError):
        return EVERYTHING


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a browser page of this very address opens the socket."""
    return bool(origin) and urlsplit(origin or "").netloc == host


def routes(hub: Hub, register: Register) -> APIRouter:
    """`/live` (WebSocket) and `/api/live` (for browsers behind proxies that cut sockets)."""
    router = APIRouter()

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        if not same_origin(socket.headers.get("origin"), socket.headers.get("host")):
            await socket.close(code=4003, reason="other origin")
            return
        await socket.accept()
        telling = asyncio.create_task(_tell(socket, hub, register))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            telling.cancel()

    @router.get("/api/live")
    async def version() -> dict[str, int]:
        """The version of the data shown; it grows with every change."""
        return {"version": register.snapshot.version}

    return router


async def _tell(socket: WebSocket, hub: Hub, register: Register) -> None:
    version = register.snapshot.version
    while True:
        try:
            await socket.send_json({"version": version})
        except (WebSocketDisconnect, RuntimeError):
            # Starlette raises either once the browser has gone; the reader above ends with it.
            return
        version = await hub.next_version(version)
