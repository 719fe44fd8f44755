"""What the loader needs of the broker and of Redis, beside a consumer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiokafka import TopicPartition
    from aiokafka.structs import OffsetAndMetadata

    from scrapers.items import DeadLetter
    from warehouse.plan import Plan


class Outlet(Protocol):
    """Where the loader tells the world: refusals, and that something new is stored."""

    async def refuse(self, letters: Sequence[DeadLetter]) -> None:
        """Publish dead letters; returns when the broker has them.

        Raises:
            aiokafka.errors.KafkaError: not published.
        """
        ...

    async def announce(self, plan: Plan, rows: Mapping[str, int]) -> None:
        """Tell dashboards what was stored; best effort, never raises for a lost listener."""
        ...


class Offsets(Protocol):
    """Where committed offsets with their metadata are read."""

    async def read(
        self, partitions: Sequence[TopicPartition]
    ) -> Mapping[TopicPartition, OffsetAndMetadata]:
        """What the group committed; offset -1 or absent where it never did."""
        ...
