"""Topics of the stream: names, partitions and how long each keeps its records; who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A Kafka topic. `retention` is the time after which records may be deleted."""

    name: str
    partitions: int
    retention: timedelta


LARGEST_MESSAGE: Final = 4_000_000
"""Bytes of one message: a dead letter holds a whole page, a third larger than it came."""

# Keyed by employer: duplicates of one vacancy meet in one partition and are decided in order.
POSTINGS: Final = Topic(name="postings", partitions=4, retention=timedelta(days=7))
VACANCIES: Final = Topic(name="vacancies", partitions=4, retention=timedelta(days=7))
SUPPLY: Final = Topic(name="supply", partitions=1, retention=timedelta(days=7))
SOURCE_RUNS: Final = Topic(name="source-runs", partitions=1, retention=timedelta(days=30))
CORRECTIONS: Final = Topic(name="corrections", partitions=1, retention=timedelta(days=400))
"""In one partition: what officers say is judged and learned in one order."""
CORRECTION_DECISIONS: Final = Topic(
    name="correction-decisions", partitions=1, retention=timedelta(days=30)
)
DEAD_LETTERS: Final = Topic(name="dead-letters", partitions=1, retention=timedelta(days=30))

ALL_TOPICS: Final = (
    POSTINGS, VACANCIES, SUPPLY, SOURCE_RUNS, CORRECTIONS, CORRECTION_DECISIONS, DEAD_LETTERS,
)  # fmt: skip

STREAM_GROUP: Final = "labourwatch-streams"
"""Consumer group that reads `POSTINGS` and `CORRECTIONS`."""
LOADER_GROUP: Final = "labourwatch-loader"
"""Consumer group that reads all topics but `POSTINGS` into the warehouse."""
LIVE_CHANNEL: Final = "labourwatch:live"
"""Redis channel on which the loader and the watch say what changed, and dashboards listen."""
CRAWL_STATUS_KEY: Final = "lw:crawl:status"
"""Redis hash in which the crawler says what it is doing; its field `phase` is "backfill" or so."""
BEATING: Final = ("load", "stream", "crawl", "alert")
"""Parts that prove by a heartbeat that they turn."""


def heartbeat_key(name: str) -> str:
    """Redis key that exists while part `name` is alive."""
    return f"lw:heartbeat:{name}"
