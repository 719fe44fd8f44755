"""When is a day complete in the warehouse, not only in the crawl?

Runs and vacancies travel different ways, so a run can be stored before its postings are. A day
that all sources were observed through is *settled* once the stream, and then the loader, have
consumed everything that was published when the day's runs were read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from config.topics import ALL_TOPICS, LOADER_GROUP, POSTINGS, STREAM_GROUP, VACANCIES

Offsets = Mapping[int, int]
"""Per partition, the offset after the last record."""


class Positions(Protocol):
    """What the broker knows of producers and consumers."""

    async def ends(self, topic: str) -> Offsets:
        """Per partition, the offset the next record will get."""
        ...

    async def consumed(self, group: str, topic: str) -> Offsets:
        """Per partition, the first offset the group has not finished; absent: none finished."""
        ...


@dataclass(slots=True, kw_only=True)
class Barrier:
    """Follows one watermark at a time through stream and loader."""

    positions: Positions
    settled: int = 0
    """Ordinal of the last day known to be complete in the warehouse."""
    _awaited: int = 0
    _postings: Offsets | None = None
    _vacancies: Offsets = field(default_factory=dict)

    async def advance(self, observed_through: int) -> int:
        """Last settled day, given the last day that all sources were observed through."""
        if observed_through <= self.settled and not self._awaited:
            return self.settled
        if not self._awaited:
            self._awaited = observed_through
            self._postings, self._vacancies = await self.positions.ends(POSTINGS.name), {}
        if self._postings is not None:
            done = await self.positions.consumed(STREAM_GROUP, POSTINGS.name)
            if not has_reached(done, self._postings):
                return self.settled
            self._postings, self._vacancies = None, await self.positions.ends(VACANCIES.name)
        done = await self.positions.consumed(LOADER_GROUP, VACANCIES.name)
        if has_reached(done, self._vacancies):
            self.settled, self._awaited = max(self.settled, self._awaited), 0
        return self.settled


def has_reached(consumed: Offsets, ends: Offsets) -> bool:
    """Whether every partition is consumed through `ends`."""
    return all(consumed.get(partition, 0) >= end for partition, end in ends.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerPositions:
    """Positions by asking the broker; connections live for one question."""

    bootstrap: str

    async def ends(self, topic: str) -> Offsets:
        """See `Positions`. Raises `aiokafka.errors.KafkaError` while the broker is away."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        try:
            await consumer.start()
            found = await consumer.end_offsets(_partitions(topic))
        finally:
            await consumer.stop()
        return {place.partition: end for place, end in found.items()}

    async def consumed(self, group: str, topic: str) -> Offsets:
        """See `Positions`. Raises `aiokafka.errors.KafkaError` while the broker is away."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            await admin.start()
            found = await admin.list_consumer_group_offsets(group, partitions=_partitions(topic))
        finally:
            await admin.close()
        return {place.partition: at.offset for place, at in found.items() if at.offset >= 0}


def _partitions(topic: str) -> list[TopicPartition]:
    count = next(known.partitions for known in ALL_TOPICS if known.name == topic)
    return [TopicPartition(topic, partition) for partition in range(count)]
