"""A source's history of health in Redis: one JSON document for each source, restored exactly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import redis.asyncio as redis_async

from scrapers.health.history import History

_PREFIX: Final = "lw:health"
_ACCEPTED_S: Final = 30 * 86_400
_REST: Final = timedelta(seconds=60)
"""What quiet runs learn is written this often."""


class HealthStore:
    """One source's history, held in memory. Only the process that crawls the source writes it."""

    def __init__(self, redis: redis_async.Redis, source_id: str) -> None:
        self._redis: Any = redis  # redis-py types async results as unions with sync ones
        self._key = f"{_PREFIX}:{source_id}"
        self._saved_at: datetime | None = None
        self.history = History()

    async def load(self) -> None:
        """Read what was saved last, dropping what is held here.

        Raises:
            msgspec.DecodeError: another program has written there.
        """
        data = await self._redis.get(self._key)
        self.history = msgspec.json.decode(data, type=History) if data else History()

    async def is_accepted(self) -> bool:
        """Whether an operator has said that the source's present shape is the normal one."""
        return bool(await self._redis.exists(f"{self._key}:accepted"))

    async def keep(self, history: History, now: datetime, *, news: bool, accepted: bool) -> None:
        """Hold the history, and save it if there is `news` or the last saving is long past.

        Call after the run was delivered: a crash before repeats the run's judgement.
        """
        self.history = history
        rested = self._saved_at is None or now - self._saved_at >= _REST
        if not (news or accepted or rested):
            return
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(self._key, msgspec.json.encode(history))
            if accepted:
                pipe.delete(f"{self._key}:accepted")
            await pipe.execute()
        self._saved_at = now


async def accept(redis: redis_async.Redis, source_id: str, now: datetime) -> History | None:
    """Take a source's present shape as the normal one, from its next crawl on.

    The next crawl closes the marked period, learns anew what the period's reasons contradict,
    and lets absences count again.

    Returns:
        The history as it is now, whose `period` tells what is accepted; `None`, and nothing is
        done, where the source has no history.
    """
    client: Any = redis
    data = await client.get(f"{_PREFIX}:{source_id}")
    if not data:
        return None
    history = msgspec.json.decode(data, type=History)
    await client.set(f"{_PREFIX}:{source_id}:accepted", now.isoformat(), ex=_ACCEPTED_S)
    return history
