"""Cost of the service on paper: what a posting uses, and which limit a size meets first. Pure.

Everything is linear in postings: processor time and bytes for one posting, times postings. The
page docs/operations/scale.md tells the assumptions and shows the model beside measurements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

BUSIEST_HOUR: Final = 0.2
"""Share of a day's postings in its busiest hour: assumed, five times an even hour."""
TOPIC_DAYS: Final = 7
REGISTER_DAYS: Final = 150
"""A month open, and what `streams.decisions.MEMORY_MS` keeps a closed vacancy for."""
VACANCIES_PER_POSTING: Final = 0.77
"""Of the simulated boards (benchmarks/results/spine.json: stored / served)."""
ANSWER_GOAL_MS: Final = 1_000.0
_DAY_S: Final = 86_400
_HOUR_S: Final = 3_600


class Limit(StrEnum):
    """What can be used up."""

    STREAM = "stream workers"
    LOADER = "loader"
    CORES = "processor"
    REGISTER = "Redis"
    TOPICS = "broker's disk"
    TABLES = "warehouse's disk"
    QUESTIONS = "analysts' questions"
    COURTESY = "courtesy to sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one posting costs. Processor times in ms, sizes in bytes."""

    stream_ms: float
    load_ms: float
    warehouse_ms: float
    broker_ms: float
    redis_ms: float
    crawl_ms: float
    topic_bytes: float
    register_bytes: float
    table_bytes: float
    answer_ms_per_million: float
    """Processor time of analysts' questions, 95th percentile, for a million vacancies stored."""

    @property
    def all_ms(self) -> float:
        """Processor time of all parts."""
        parts = (self.stream_ms, self.load_ms, self.warehouse_ms, self.broker_ms, self.redis_ms)
        return sum(parts) + self.crawl_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What there is to be used."""

    cores: int = 2
    workers: int = 1
    redis_bytes: float = 512 * 2**20
    broker_bytes: float = 50e9
    warehouse_bytes: float = 50e9
    sources: int = 6
    requests_per_s: float = 0.5
    """Asked of one source at most: the default of source files; a page for each posting."""
    shards: int = 1


def use(costs: Costs, machine: Machine, *, per_day: float, stored: float) -> dict[Limit, float]:
    """Share of each limit that is used; above 1: exceeded. Processor: in the busiest hour."""
    hourly_s = per_day * BUSIEST_HOUR / 1_000 / _HOUR_S
    known = min(stored, per_day * REGISTER_DAYS)
    kept = min(stored, per_day * TOPIC_DAYS)
    answers = costs.answer_ms_per_million * stored * VACANCIES_PER_POSTING / 1e6 / machine.shards
    return {
        Limit.STREAM: hourly_s * costs.stream_ms / min(machine.workers, machine.cores),
        Limit.LOADER: hourly_s * costs.load_ms,
        Limit.CORES: hourly_s * costs.all_ms / machine.cores,
        Limit.REGISTER: known * costs.register_bytes / machine.redis_bytes,
        Limit.TOPICS: kept * costs.topic_bytes / machine.broker_bytes,
        Limit.TABLES: stored * costs.table_bytes / machine.warehouse_bytes,
        Limit.QUESTIONS: answers / ANSWER_GOAL_MS,
        Limit.COURTESY: per_day / (machine.sources * machine.requests_per_s * _DAY_S),
    }


def first_bottleneck(used: Mapping[Limit, float]) -> Limit:
    """The limit that is used most."""
    return max(used, key=lambda limit: used[limit])


def exceeded(used: Mapping[Limit, float]) -> list[Limit]:
    """Limits used beyond 1, the most exceeded first."""
    over = [limit for limit, share in used.items() if share > 1]
    return sorted(over, key=lambda limit: -used[limit])


def predicted(costs: Costs, postings: int) -> dict[str, float]:
    """What so many postings cost: processor seconds without the crawler, and bytes."""
    worked = replace(costs, crawl_ms=0.0)
    return {
        "cpu_s": postings * worked.all_ms / 1_000,
        "topics": postings * costs.topic_bytes,
        "redis": postings * costs.register_bytes,
        "warehouse": postings * costs.table_bytes,
    }
