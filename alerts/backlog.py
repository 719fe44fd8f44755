"""How many records wait before each consumer: the plainest sign of a stage that falls behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from alerts.progress import BrokerPositions
from config.settings import Settings
from config.topics import (
    DEAD_LETTERS,
    LOADER_GROUP,
    POSTINGS,
    SOURCE_RUNS,
    STREAM_GROUP,
    SUPPLY,
    VACANCIES,
)

CONSUMERS: Final[Mapping[str, tuple[str, ...]]] = {
    STREAM_GROUP: (POSTINGS.name,),
    LOADER_GROUP: (VACANCIES.name, SOURCE_RUNS.name, SUPPLY.name, DEAD_LETTERS.name),
}


async def backlog(settings: Settings) -> dict[str, int]:
    """Records published but not finished, by topic.

    Raises:
        aiokafka.errors.KafkaError: the broker cannot be asked.
    """
    positions = BrokerPositions(bootstrap=settings.bootstrap_servers)
    waiting: dict[str, int] = {}
    for group, topics in CONSUMERS.items():
        for topic in topics:
            ends = await positions.ends(topic)
            done = await positions.consumed(group, topic)
            waiting[topic] = sum(max(0, end - done.get(part, 0)) for part, end in ends.items())
    return waiting
