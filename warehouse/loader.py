"""The loader's process: builds its parts from settings and runs until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import redis.asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from clickhouse_connect.driver.exceptions import Error
from redis.exceptions import RedisError

from config.topics import LARGEST_MESSAGE, LIVE_CHANNEL, LOADER_GROUP
from scrapers.topics_admin import ensure_topics
from streams.deadletters import publish_letters
from warehouse.client import Failure, backoff_s, classify_failure, connect, forgo_frames
from warehouse.labels import load_labels
from warehouse.loading import Loader
from warehouse.migrate import migrate
from warehouse.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiokafka import TopicPartition
    from aiokafka.structs import OffsetAndMetadata
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings
    from scrapers.items import DeadLetter
    from warehouse.plan import Plan

logger = logging.getLogger(__name__)

SESSION_TIMEOUT_S: Final = 6.0
"""After so long without a sign of life the broker lets another loader take over."""


class BrokerOutlet:
    """Dead letters to the broker, announcements to Redis."""

    def __init__(self, producer: AIOKafkaProducer, live: redis.asyncio.Redis) -> None:
        self._producer = producer
        self._live = live

    async def refuse(self, letters: Sequence[DeadLetter]) -> None:
        """Publish dead letters; returns when the broker has them all."""
        await publish_letters(self._producer, letters)

    async def announce(self, plan: Plan, rows: Mapping[str, int]) -> None:
        """Publish what was stored on `LIVE_CHANNEL`; a lost Redis is logged, nothing waits."""
        note = {
            "loaded_at": plan.loaded_at.isoformat(),
            "rows": sum(rows.values()),
            "tables": list(rows),
        }
        try:
            await self._live.publish(LIVE_CHANNEL, json.dumps(note))
        except RedisError as error:
            logger.warning("could not announce %s: %s", plan.token, error)


class GroupOffsets:
    """Committed offsets of the loaders' group, with their metadata."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    async def read(
        self, partitions: Sequence[TopicPartition]
    ) -> Mapping[TopicPartition, OffsetAndMetadata]:
        """Ask the broker; raises `KafkaError` while it is away."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
        await admin.start()
        try:
            found: Mapping[TopicPartition, OffsetAndMetadata]
            found = await admin.list_consumer_group_offsets(
                LOADER_GROUP, partitions=list(partitions)
            )
            return found
        finally:
            await admin.close()


def prepare(settings: Settings) -> Client:
    """Connect, bring the schema and the names of codes up to date. Blocking.

    Raises:
        clickhouse_connect.driver.exceptions.Error: the warehouse is away or refuses.
        warehouse.migrate.MigrationError: its schema is not one this release can continue.
    """
    client = connect(settings, database="default")
    done = migrate(client, database=settings.clickhouse_database, now=datetime.now(UTC))
    if done:
        logger.info("schema: applied %s", ", ".join(done))
    if stored := load_labels(client, now=datetime.now(UTC)):
        logger.info("labels: stored %d names of codes", stored)
    return client


async def _once_ready(settings: Settings, stop: asyncio.Event) -> Client | None:
    """A prepared client and existing topics, waiting for parts that are still starting."""
    attempt = 0
    while not stop.is_set():
        try:
            await ensure_topics(settings.bootstrap_servers)
            return await asyncio.to_thread(prepare, settings)
        except KafkaError as error:
            logger.warning("waiting for the broker: %r", error)
        except Error as error:
            if classify_failure(error) in {Failure.FATAL, Failure.INVALID}:
                raise
            logger.warning("waiting for the warehouse: %s", error)
        await asyncio.sleep(backoff_s(attempt))
        attempt += 1
    return None


def _consumer(settings: Settings, session_timeout_s: float) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap_servers,
        group_id=LOADER_GROUP,
        client_id=LOADER_GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=int(session_timeout_s * 1000),
        heartbeat_interval_ms=int(session_timeout_s * 250),
        # A warehouse may be away for long while its batch waits for it.
        max_poll_interval_ms=86_400_000,
        rebalance_timeout_ms=10_000,
        max_partition_fetch_bytes=4 << 20,
    )


async def serve(settings: Settings, *, session_timeout_s: float = SESSION_TIMEOUT_S) -> None:
    """Load until SIGTERM or SIGINT; the batch under way is finished or will be repeated.

    Args:
        settings: where the parts are.
        session_timeout_s: after so long without a sign of life another loader takes over.
    """
    forgo_frames()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await _once_ready(settings, stop)
    if client is None:
        return
    async with AsyncExitStack() as stack:
        stack.callback(client.close)
        live = await stack.enter_async_context(redis.asyncio.Redis.from_url(settings.redis_url))
        producer = AIOKafkaProducer(
            bootstrap_servers=settings.bootstrap_servers,
            acks="all",
            max_request_size=LARGEST_MESSAGE,
        )
        await stack.enter_async_context(producer)
        consumer = await stack.enter_async_context(_consumer(settings, session_timeout_s))
        loader = Loader(
            consumer=consumer,
            offsets=GroupOffsets(settings.bootstrap_servers),
            store=Store(client),
            outlet=BrokerOutlet(producer, live),
            stop=stop,
            clock=lambda: datetime.now(UTC),
        )
        await loader.run()


def main(settings: Settings) -> None:
    """`serve` in an event loop of its own."""
    asyncio.run(serve(settings))
