"""Whether one more request may be made now: the hours and the budgets of a source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import redis.asyncio as redis_async
from scrapy.exceptions import IgnoreRequest

from scrapers.hours import Hours, longest_wait_s, parse_hours
from scrapers.parsing.dates import VIENTIANE, local_day
from scrapers.politeness_spec import PolitenessSpec

_KEEP_S = 3 * 86_400


class PostponedBy(StrEnum):
    """Why a request waits for a later run."""

    HOURS = "outside the hours in which the source may be asked"
    RUN_BUDGET = "the run's budget of requests is spent"
    DAY_BUDGET = "the day's budget of requests is spent"
    TURNED_AWAY = "the source asked us to leave"


class Postponed(IgnoreRequest):
    """A request left to a later run: neither a refusal nor a failure of the source."""

    def __init__(self, reason: PostponedBy, wait_s: float) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.wait_s = wait_s
        """Seconds until it may be made; 0: in the next run."""


class DayCount:
    """Requests of one source on one day, in Redis, so that a restart does not begin anew."""

    def __init__(self, redis: redis_async.Redis, source_id: str) -> None:
        self._redis: Any = redis
        self._source_id = source_id

    async def add(self, day: date) -> int:
        """Count one request; how many there are now."""
        key = f"lw:crawl:requests:{self._source_id}:{day.isoformat()}"
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, _KEEP_S)
            count, _ = await pipe.execute()
        return int(count)


class Allowance:
    """One run's allowance."""

    def __init__(
        self, spec: PolitenessSpec, clock: Callable[[], datetime], day_count: DayCount | None
    ) -> None:
        self._spec, self._clock, self._day_count = spec, clock, day_count
        self._window = [parse_hours(spec.window)] if spec.window else []
        self.asked = 0
        """Requests made in this run."""
        self._closed = False

    def close(self) -> None:
        """Make no further request in this run: the source has asked us to leave."""
        self._closed = True

    async def spend(self, stated: Hours | None) -> None:
        """Count a request that is about to be made.

        Args:
            stated: the robots.txt's own `Visit-time`.

        Raises:
            Postponed: it must not be made now.
        """
        if self._closed:
            raise Postponed(PostponedBy.TURNED_AWAY, 0.0)
        now = self._clock()
        wait = longest_wait_s([*self._window, *([stated] if stated else [])], now)
        if wait:
            raise Postponed(PostponedBy.HOURS, wait)
        if self.asked >= self._spec.budget_per_run:
            raise Postponed(PostponedBy.RUN_BUDGET, 0.0)
        most = self._spec.budget_per_day
        self.asked += 1
        if most is None or self._day_count is None:
            return
        if await self._day_count.add(local_day(now)) > most:
            raise Postponed(PostponedBy.DAY_BUDGET, _until_tomorrow_s(now))


def _until_tomorrow_s(now: datetime) -> float:
    local = now.astimezone(VIENTIANE)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(0), VIENTIANE)
    return (tomorrow - local).total_seconds()
