"""How often and by how many requests at once a host is asked, by all sources together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from scrapers.robots import host_key, wired
from scrapers.sources import Source


class _Gate:
    """One host: its next request's moment, and how many are on their way."""

    def __init__(self) -> None:
        self.interval_s: dict[str, float] = {}
        self.concurrency: dict[str, int] = {}
        self._next = 0.0
        self._under_way = 0
        self._changed = asyncio.Condition()

    async def enter(self, stated_delay_s: float) -> None:
        most = 1 if stated_delay_s else min(self.concurrency.values(), default=1)
        async with self._changed:
            await self._changed.wait_for(lambda: self._under_way < most)
            self._under_way += 1
            interval = max(stated_delay_s, *self.interval_s.values(), 0.0)
            begin = max(monotonic(), self._next)
            self._next = begin + interval
        try:
            await asyncio.sleep(begin - monotonic())
        except asyncio.CancelledError:
            await self.leave()
            raise

    async def leave(self, stated_delay_s: float = 0.0) -> None:
        """A stated delay counts from the end of the answer, so that it holds at the site however
        long a request was under way."""
        async with self._changed:
            self._under_way -= 1
            if stated_delay_s:
                self._next = max(self._next, monotonic() + stated_delay_s)
            self._changed.notify_all()


class HostLimits:
    """Shared by every crawl of a process. The strictest declaration of a host holds for all."""

    def __init__(self) -> None:
        self._gates: dict[str, _Gate] = {}

    def declare(self, source: Source) -> None:
        """Take a source's rate and concurrency into account for its hosts."""
        for key in {host_key(source.address), *map(wired, source.hosts)}:
            gate = self._gates.setdefault(key, _Gate())
            gate.interval_s[source.id] = 1 / source.rate
            gate.concurrency[source.id] = source.concurrency

    @asynccontextmanager
    async def turn(self, url: str, stated_delay_s: float) -> AsyncIterator[None]:
        """Wait for this host's turn and hold a place until the block ends.

        Args:
            stated_delay_s: what the host's robots.txt asks for.
        """
        key = host_key(url)
        gate = self._gates.setdefault(key, _Gate())
        await gate.enter(stated_delay_s)
        try:
            yield
        finally:
            await gate.leave(stated_delay_s)
