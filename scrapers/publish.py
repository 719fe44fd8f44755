"""Publishing of records: the key of a posting, and a producer whose deliveries are awaited."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from config.topics import Topic
from scrapers.codec import encode

_LARGEST_RECORD = 1_000_000


class DeliveryError(RuntimeError):
    """The broker did not take a record; the run that sent it must not count it as known."""


def partition_key(hiring_organization: str, posting_key: str) -> bytes:
    """Key of a posting: its employer's name, case-folded with single spaces, so that duplicates
    of one vacancy meet in one partition; the posting's own key where no employer is named."""
    employer = " ".join(hiring_organization.casefold().split())
    return (employer or posting_key).encode()


class Publisher:
    """One idempotent producer (acks=all) for a process; each run sends through its own outbox."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap_servers,
            acks="all",
            enable_idempotence=True,
            linger_ms=3,
            max_batch_size=256 * 1024,
            max_request_size=_LARGEST_RECORD + 100_000,
            request_timeout_ms=30_000,
        )
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._producer is not None:
            await self._producer.stop()

    def outbox(self) -> Outbox:
        """A new group of records whose delivery is awaited together."""
        if self._producer is None:
            raise RuntimeError("the publisher is used outside its `async with`")
        return Outbox(self._producer)


class Outbox:
    """Records sent by one run. Order within a key is the order of `send`."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._pending: list[asyncio.Future[Any]] = []

    async def send(self, topic: Topic, key: bytes, record: Any) -> None:
        """Queue one record; waits only when the producer's buffer is full.

        Raises:
            DeliveryError: the record cannot be queued.
        """
        try:
            sent = await self._producer.send(topic.name, value=encode(record), key=key)
        except KafkaError as error:
            raise DeliveryError(f"{topic.name}: {error}") from error
        self._pending.append(sent)

    async def delivered(self) -> None:
        """Wait until the broker has acknowledged everything sent so far.

        Raises:
            DeliveryError: at least one record was not taken.
        """
        pending, self._pending = self._pending, []
        results = await asyncio.gather(*pending, return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        if failures:
            raise DeliveryError(f"{len(failures)} of {len(results)} records: {failures[0]}")
