"""Looks at the objectives once a minute: measures, remembers misses, tells metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, cast

import msgspec
import redis
import structlog
from aiokafka.errors import KafkaError

from alerts.backlog import backlog
from alerts.calendar import local_day
from alerts.coverage import Coverage
from alerts.metrics import MEASURED, MISSED, SAMPLES
from alerts.objectives import Standing, lengths, marks_of, misses
from alerts.signs_of_life import beats, crawl_status
from alerts.store import AlertStore
from config.objectives import Objectives, Signal, load_objectives
from config.settings import Settings
from config.topics import BEATING, POSTINGS
from warehouse.marks import Mark

BURNING: Final = "lw:objective:burning"
"""Redis hash: the latest period of burning of each objective."""
_LIVE: Final = "live"
_log = structlog.get_logger(__name__)


def missed_key(objective: str) -> str:
    """Redis key of the minutes (since 1970) in which an objective was missed, a sorted set."""
    return f"lw:objective:missed:{objective}"


@dataclass(slots=True)
class ObjectiveDesk:
    """Keeps the objectives for the leading scheduler. Blocking."""

    settings: Settings
    redis: redis.Redis
    objectives: Objectives = field(default_factory=load_objectives)

    def __post_init__(self) -> None:
        """Counters begin at 0, or the first miss would not be seen to increase them."""
        for one in self.objectives.objectives:
            SAMPLES.labels(one.id).inc(0)
            MISSED.labels(one.id).inc(0)

    def look(
        self, coverage: Callable[[], Coverage], fed_through: int, now: datetime
    ) -> dict[str, bool]:
        """One look; none while the crawler still reads history.

        Args:
            coverage: reads how far sources were observed.
            fed_through: ordinal of the last day that early warning has taken in; 0: none.

        Returns:
            Whether each objective that could be measured was missed.

        Raises:
            redis.RedisError: nothing was remembered; the next minute is another look.
        """
        if crawl_status(self.redis).get("phase") != _LIVE:
            return {}
        measured = dict(self._measure(coverage(), fed_through, now))
        found = misses(self.objectives, measured)
        self._remember(found, now)
        standings = tuple(self.standings(now, measured))
        before = self._marks()
        after = marks_of(standings, self.objectives.windows, before, now)
        for name, mark in after.items():
            if mark != before.get(name):
                self.redis.hset(BURNING, name, cast(str, msgspec.json.encode(mark)))
        self._tell(found, measured)
        return found

    def marks(self) -> list[Mark]:
        """Periods of burning, for notices to operators."""
        return list(self._marks().values())

    def standings(
        self, now: datetime, measured: Mapping[Signal, float] | None = None
    ) -> Iterator[Standing]:
        """Every objective with its misses."""
        minute, every = _minute(now), lengths(self.objectives)
        with self.redis.pipeline(transaction=False) as pipe:
            for one in self.objectives.objectives:
                for length in every:
                    pipe.zcount(missed_key(one.id), minute - length + 1, minute)
            found = iter(pipe.execute())
        for one in self.objectives.objectives:
            counted = dict(zip(every, islice(found, len(every)), strict=True))
            value = (measured or {}).get(one.signal)
            yield Standing(objective=one, missed=counted, measured=value)

    def _measure(
        self, coverage: Coverage, fed_through: int, now: datetime
    ) -> Iterator[tuple[Signal, float]]:
        silent = sum(not beats(self.redis, name) for name in BEATING)
        yield Signal.SILENT_PARTS, silent
        yield Signal.DELIVERIES_PUT_OFF, len(AlertStore(self.redis).attempts())
        if fed_through:
            yield Signal.DAYS_BEHIND, local_day(now).toordinal() - fed_through
            day = coverage.of_day(fed_through)
            if day.established:
                share = 1 - len(day.observed) / len(day.established)
                yield Signal.SHARE_OF_SOURCES_MISSING, share
        try:
            waiting = asyncio.run(backlog(self.settings))
        except KafkaError as error:
            # A broker that is away shows as parts that do not turn; there is no number to count.
            _log.warning("backlog_unknown", why=repr(error))
            return
        postings = waiting.pop(POSTINGS.name, 0)
        yield Signal.WAITING_FOR_STREAM, postings
        yield Signal.WAITING_FOR_LOAD, sum(waiting.values())

    def _remember(self, found: Mapping[str, bool], now: datetime) -> None:
        minute, longest = _minute(now), lengths(self.objectives)[-1]
        with self.redis.pipeline(transaction=True) as pipe:
            for name, missed in found.items():
                if missed:
                    pipe.zadd(missed_key(name), {str(minute): minute})
                pipe.zremrangebyscore(missed_key(name), 0, minute - longest)
            pipe.execute()

    def _marks(self) -> dict[str, Mark]:
        held = cast(dict[bytes, bytes], self.redis.hgetall(BURNING))
        return {key.decode(): msgspec.json.decode(data, type=Mark) for key, data in held.items()}

    def _tell(self, found: Mapping[str, bool], measured: Mapping[Signal, float]) -> None:
        for one in self.objectives.objectives:
            if one.id in found:
                SAMPLES.labels(one.id).inc()
                MISSED.labels(one.id).inc(int(found[one.id]))
                MEASURED.labels(one.id).set(measured[one.signal])


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60
