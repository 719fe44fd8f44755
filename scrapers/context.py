"""What every crawl of a process shares: addresses, producer, Redis, robots.txt and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import redis.asyncio as redis_async

from config.settings import Settings
from config.topics import CRAWL_STATUS_KEY
from scrapers.allowance import Allowance, DayCount
from scrapers.frontier_store import SourceFrontier
from scrapers.health.store import HealthStore
from scrapers.host_limits import HostLimits
from scrapers.manners import Manners
from scrapers.publish import Publisher
from scrapers.refusals import Absences
from scrapers.robots import RobotsMemory
from scrapers.runs import Clock
from scrapers.sources import Source


def utc_now() -> datetime:
    """Wall-clock time (UTC)."""
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class CrawlContext:
    """Shared parts of one crawling process."""

    settings: Settings
    publisher: Publisher
    redis: redis_async.Redis
    clock: Clock = utc_now
    robots: RobotsMemory = field(default_factory=RobotsMemory)
    limits: HostLimits = field(default_factory=HostLimits)
    absences: Absences = field(init=False)
    frontiers: dict[str, SourceFrontier] = field(default_factory=dict)
    watched: dict[str, HealthStore] = field(default_factory=dict)
    published: int = 0
    """Postings published by this process, for the progress display."""
    refused: int = 0

    def __post_init__(self) -> None:
        self.absences = Absences(self.redis)

    def manners(self, source: Source) -> Manners:
        """What one run of a source carries."""
        self.limits.declare(source)
        day_count = DayCount(self.redis, source.id)
        allowance = Allowance(source.politeness, self.clock, day_count)
        return Manners(robots=self.robots, limits=self.limits, allowance=allowance)

    async def frontier(self, source_id: str) -> SourceFrontier:
        """The source's frontier, read from Redis at its first use."""
        if source_id not in self.frontiers:
            frontier = SourceFrontier(self.redis, source_id)
            await frontier.load()
            self.frontiers[source_id] = frontier
        return self.frontiers[source_id]

    async def health(self, source_id: str) -> HealthStore:
        """The source's history of health, read from Redis at its first use."""
        if source_id not in self.watched:
            store = HealthStore(self.redis, source_id)
            await store.load()
            self.watched[source_id] = store
        return self.watched[source_id]

    async def show_status(self, status: Mapping[str, str | int | float]) -> None:
        """Write the progress that `labourwatch run` and `status` show."""
        client: Any = self.redis
        counted = {"postings": self.published, "refused": self.refused}
        at = self.clock().isoformat()
        await client.hset(CRAWL_STATUS_KEY, mapping={**counted, **status, "updated_at": at})
