"""A loader that loses its partition in every batch goes on nevertheless."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError
from aiokafka.structs import OffsetAndMetadata

from config import topics
from scrapers.items import DeadLetter
from warehouse.batch import Batch
from warehouse.loading import Loader
from warehouse.plan import Plan
from warehouse.store import Store

_PLACE = TopicPartition(topics.SUPPLY.name, 0)
_RECORDS = 12
_NOW = datetime(2026, 11, 26, tzinfo=UTC)


@dataclass
class Group:
    """A broker that gives one partition to one loader, takes it away, and keeps what it commits.

    `refused`: commits that move the offset and come when the session is over, before each that
    is taken.
    """

    refused: int
    batch: int
    stop: asyncio.Event
    at: OffsetAndMetadata = field(default_factory=lambda: OffsetAndMetadata(0, ""))
    position: int = 0
    listener: Loader | None = None
    owed: int = 0

    def __post_init__(self) -> None:
        self.owed = self.refused

    def subscribe(self, _: Sequence[str], *, listener: Loader) -> None:
        self.listener = listener

    def assignment(self) -> set[TopicPartition]:
        return set()

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.position = offset

    async def read(self, _: Sequence[TopicPartition]) -> Mapping[TopicPartition, Any]:
        return {_PLACE: self.at}

    async def getmany(self, **_: int) -> dict[TopicPartition, list[Any]]:
        assert self.listener is not None
        if _PLACE not in self.listener._lanes:
            await self.listener.on_partitions_assigned([_PLACE])
            return {}
        first, self.position = self.position, min(self.position + self.batch, _RECORDS)
        await asyncio.sleep(0.01)
        return {_PLACE: [_record(number) for number in range(first, self.position)]}

    async def commit(self, what: dict[TopicPartition, tuple[int, str]]) -> None:
        offset, metadata = what[_PLACE]
        if offset > self.at.offset and self.owed:
            self.owed -= 1
            assert self.listener is not None
            await self.listener.on_partitions_revoked([_PLACE])
            raise CommitFailedError
        if offset > self.at.offset:
            self.owed = self.refused
        self.at = OffsetAndMetadata(offset, metadata)
        if offset == _RECORDS:
            self.stop.set()


def _record(offset: int) -> Any:
    return SimpleNamespace(
        topic=_PLACE.topic, partition=0, offset=offset, timestamp=0, key=b"k", value=b"no record"
    )


class Kept:
    """A warehouse that counts how often a batch is stored, and an outlet that hears of them."""

    def __init__(self) -> None:
        self.stored: Counter[str] = Counter()
        self.refused = 0

    def write(self, batch: Batch) -> Mapping[str, int]:
        self.stored[batch.plan.token] += 1
        return {}

    async def refuse(self, letters: Sequence[DeadLetter]) -> None:
        self.refused += len(letters)

    async def announce(self, plan: Plan, rows: Mapping[str, int]) -> None:
        pass


@pytest.mark.parametrize("refused", [0, 1, 3])
def test_a_stored_batch_is_not_stored_again_when_its_session_was_over(refused: int) -> None:
    async def load() -> tuple[Kept, Group]:
        stop, kept = asyncio.Event(), Kept()
        group = Group(refused=refused, batch=5, stop=stop)
        loader = Loader(
            consumer=group, offsets=group, store=cast("Store", kept), outlet=kept, stop=stop,
            clock=lambda: _NOW,
        )  # fmt: skip
        async with asyncio.timeout(20):
            await loader.run()
        return kept, group

    kept, group = asyncio.run(load())
    assert group.at.offset == _RECORDS
    assert set(kept.stored.values()) == {1}
    assert kept.refused == _RECORDS
