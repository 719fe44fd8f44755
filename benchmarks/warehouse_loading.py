"""The loader: rows a second beside its own limits, and nothing lost or doubled by kill -9."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from benchmarks.loading_kills import kill_under_load
from benchmarks.loading_records import Sent, vacancy_records
from benchmarks.report import Figure
from config import topics
from tests.integration.loading_stack import LoadingStack, loading_stack
from warehouse.batch import Batch, build_batch
from warehouse.client import forgo_frames
from warehouse.loader import SESSION_TIMEOUT_S
from warehouse.plan import MAX_RECORDS, Plan
from warehouse.quality.rollups import rollups
from warehouse.store import Store
from warehouse.tables import FED_TABLES

_MOMENT: Final = datetime(2026, 11, 20, 3, tzinfo=UTC)
_TABLES: Final = ("postings", "vacancies", "vacancy_events", "posting_ends")
_FULL: Final = {"kills": 20, "broker_kills": 2, "vacancies": 22_000, "per_second": 400}
_QUICK: Final = {"kills": 2, "broker_kills": 0, "vacancies": 500, "per_second": 200}


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """The loader's figures.

    Speed is measured over full batches in all partitions of the topic: published before the
    loader starts, so that it never waits for records.
    """
    partitions = 1 if quick else topics.VACANCIES.partitions
    with tempfile.TemporaryDirectory() as place, loading_stack(Path(place)) as stack:
        killed_session_s, stack.session_timeout_s = stack.session_timeout_s, SESSION_TIMEOUT_S
        speeds = measure_speed(stack, seed, blocks=2 if quick else 16, partitions=partitions)
        stack.session_timeout_s = killed_session_s
        empty(stack)
        killed = kill_under_load(stack, seed, **(_QUICK if quick else _FULL))
    figures = [
        Figure(
            key="insert_rows_per_s",
            value=round(speeds["loader"]),
            about="rows a second that the loader stores, broker to warehouse, with plans and the "
            "search for rows stored before",
        ),
        Figure(
            key="bare_insert_rows_per_s",
            value=round(speeds["insert"]),
            about="the same blocks inserted by the same client and nothing else: the limit",
        ),
        Figure(
            key="bare_consumer_rows_per_s",
            value=round(speeds["consumer"]),
            about="the same records read from the broker and dropped, in rows that they become",
        ),
        Figure(
            key="lost",
            value=killed.lost,
            about=f"identities missing in any table after kill -9 under load, of {killed.rows:,}",
            goal="0",
        ),
        Figure(
            key="doubled",
            value=killed.doubled + killed.rollup_differences,
            about="rows beyond one for each identity in any table, and cells of any roll-up that "
            f"differ from the sums of the raw rows ({killed.rollup_cells:,} cells of "
            f"{killed.rollups} roll-ups)",
            goal="0",
        ),
        Figure(
            key="kills",
            value=killed.kills["loader"] + killed.kills["warehouse"],
            about="kill -9 of loader and warehouse in turn, at random instants, and "
            f"{killed.kills['broker']} more of the broker, {killed.under_load} of all while "
            f"records came; {killed.interrupted} batches were cut off and repeated from their "
            "plans",
            goal="" if quick else "20",
        ),
    ]
    return figures, {"killed": asdict(killed), "speeds": speeds}


def measure_speed(
    stack: LoadingStack, seed: int, *, blocks: int, partitions: int
) -> dict[str, float]:
    """Rows a second of the loader, of its parts alone, and of bare insert and bare consumer."""
    forgo_frames()
    count = blocks * MAX_RECORDS
    sent = list(islice(vacancy_records(seed, count), count))
    lanes = [sent[number::partitions] for number in range(partitions)]
    asyncio.run(_publish(stack, lanes))
    begun = time.perf_counter()
    batches = [batch for number, lane in enumerate(lanes) for batch in _batches(number, lane)]
    built = time.perf_counter() - begun
    rows = sum(batch.size for batch in batches)
    consumed = asyncio.run(_consume(stack, count, partitions))
    inserted = _insert_bare(stack, batches)
    empty(stack)
    return {
        "rows": float(rows),
        "records": float(count),
        "loader": _load(stack, rows),
        "build": rows / built,
        "insert": rows / inserted,
        "consumer": rows / consumed,
    }


async def _publish(stack: LoadingStack, lanes: Sequence[Sequence[Sent]]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=stack.settings.bootstrap_servers, acks="all", linger_ms=20,
        max_batch_size=1 << 20,
    )  # fmt: skip
    async with producer:
        for partition, lane in enumerate(lanes):
            for start in range(0, len(lane), 2_000):
                waiting = [
                    await producer.send(r.topic, r.value, key=r.key, partition=partition)
                    for r in lane[start : start + 2_000]
                ]
                await asyncio.gather(*waiting)


def _batches(partition: int, lane: Sequence[Sent]) -> list[Batch]:
    return [
        build_batch(
            Plan(
                topic=topics.VACANCIES.name, partition=partition, start=start,
                end=start + MAX_RECORDS, loaded_at=_MOMENT,
            ),
            lane[start : start + MAX_RECORDS],
        )
        for start in range(0, len(lane), MAX_RECORDS)
    ]  # fmt: skip


async def _consume(stack: LoadingStack, count: int, partitions: int) -> float:
    """Seconds to read all records as the loader reads them, and drop them."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.settings.bootstrap_servers,
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 << 20,
    )
    async with consumer:
        taken = [TopicPartition(topics.VACANCIES.name, number) for number in range(partitions)]
        consumer.assign(taken)
        await consumer.seek_to_beginning(*taken)
        begun, seen = time.perf_counter(), 0
        while seen < count:
            fetched = await consumer.getmany(timeout_ms=500, max_records=MAX_RECORDS)
            seen += sum(map(len, fetched.values()))
        return time.perf_counter() - begun


def _insert_bare(stack: LoadingStack, batches: Sequence[Batch]) -> float:
    """Seconds to insert the same blocks, without plan, search or offsets."""
    store = Store(stack.client())
    begun = time.perf_counter()
    for batch in batches:
        store.insert(replace(batch, plan=replace(batch.plan, topic="bare")))
    return time.perf_counter() - begun


def empty(stack: LoadingStack) -> None:
    """Empty all fed tables and all roll-ups."""
    client = stack.client()
    filled = [rollup.name for rollup in rollups(client)]
    for name in (*(table.name for table in FED_TABLES), *filled):
        client.command(f"TRUNCATE TABLE {name}")


def _load(stack: LoadingStack, rows: int) -> float:
    """Rows a second from the moment the first batch is stored until the last is."""
    total = "SELECT sum(n) FROM ({})".format(
        " UNION ALL ".join(f"SELECT count() AS n FROM {table}" for table in _TABLES)
    )
    stack.start_loader()
    first = stack.wait_for(total, 1)
    begun = time.perf_counter()
    stack.wait_for(total, rows)
    seconds = time.perf_counter() - begun
    stack.stop_loader()
    return (rows - first) / seconds
