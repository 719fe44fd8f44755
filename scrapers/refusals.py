"""Sources that have turned us away, and for how long we stay away of our own accord."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import redis.asyncio as redis_async

from scrapers.sources import Source

_KEY: Final = "lw:crawl:refused"
_FIRST: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A source that is not asked until `until`, and why."""

    detail: str
    since: datetime
    """When it first turned us away without an answer in between."""
    until: datetime
    times: int
    """Refusals in a row; 0 where the source only asked for patience (Retry-After)."""
    declaration: str
    """Of the source's file: an operator who changes it has looked into the matter."""


def refused_again(
    before: Absence | None, source: Source, detail: str, now: datetime, wait_s: float | None = None
) -> Absence:
    """The absence after one more refusal: a day, doubled each time, thirty days at most; never
    shorter than the source asked for (`wait_s`)."""
    times = (before.times if before else 0) + 1
    period = min(_FIRST * (1 << min(times - 1, 5)), _LONGEST)
    return Absence(
        detail=detail,
        since=before.since if before else now,
        until=now + max(period, timedelta(seconds=wait_s or 0.0)),
        times=times,
        declaration=declaration_of(source),
    )


def asked_to_wait(
    before: Absence | None, source: Source, detail: str, now: datetime, wait_s: float
) -> Absence:
    """The absence that a Retry-After asks for; earlier refusals stay counted."""
    return Absence(
        detail=detail,
        since=before.since if before else now,
        until=now + timedelta(seconds=wait_s),
        times=before.times if before else 0,
        declaration=declaration_of(source),
    )


def declaration_of(source: Source) -> str:
    """A short digest of a source's file."""
    return hashlib.sha256(source.model_dump_json().encode()).hexdigest()[:16]


class Absences:
    """Absences in Redis, so that a restart does not forget that we were turned away."""

    def __init__(self, redis: redis_async.Redis) -> None:
        self._redis: Any = redis

    async def last(self, source: Source) -> Absence | None:
        """The latest absence of this declaration of the source, over or not."""
        stored = await self._redis.hget(_KEY, source.id)
        if stored is None:
            return None
        absence = msgspec.json.decode(stored, type=Absence)
        return absence if absence.declaration == declaration_of(source) else None

    async def keep(self, source_id: str, absence: Absence) -> None:
        """Remember an absence."""
        await self._redis.hset(_KEY, source_id, msgspec.json.encode(absence))

    async def end(self, source_id: str) -> bool:
        """Forget it: the source answered, or an operator says so. Whether there was one."""
        return bool(await self._redis.hdel(_KEY, source_id))
