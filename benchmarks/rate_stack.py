"""Stream and loader between embedded broker, Redis and warehouse, with some stream workers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import redis
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from benchmarks.rate_market import Offered
from benchmarks.stack import cpu_seconds, memory_mib, wait_until
from config.topics import DEAD_LETTERS, POSTINGS, STREAM_GROUP, VACANCIES
from tests.fixtures_broker import BrokerProcess
from tests.integration.loading_stack import LoadingStack, loading_stack
from warehouse.client import fetch

_WORKER: Final = """
import logging
from config.settings import load_settings
from streams.worker import main
logging.basicConfig(level=logging.INFO)
main(load_settings())
"""
_SETTLED: Final = "SELECT (SELECT uniqExact(posting_key) FROM postings) + count() FROM dead_letters"
_STORED_BYTES: Final = (
    "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()"
    " AND table NOT IN ('labels', 'schema_migrations')"
)
_MADE: Final = "SELECT posting_key, argMin(vacancy_id, fetched_at) FROM postings GROUP BY ALL"
_CODES: Final = "SELECT vacancy_id, toString(isco1) FROM vacancies_current"
_START_S: Final = 180.0
_LONGEST_S: Final = 900.0
_LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """How long a burst of postings took, from the first published."""

    postings: int
    stored_s: float
    """Until the last could be read: the loader waits 2.5 s for company at the end of a burst."""
    stream_s: float
    """Until the stream had told the last update or refusal."""


@dataclass(slots=True, kw_only=True)
class RateStack:
    """The running parts. `sent` counts postings published so far."""

    loading: LoadingStack
    workers: list[subprocess.Popen[bytes]]
    sent: int = 0

    def pids(self) -> dict[str, int]:
        """Process id of each part; workers are `stream-0` and so on."""
        with redis.Redis.from_url(self.loading.settings.redis_url) as link:
            redis_pid = int(link.info("server")["process_id"])
        broker, loader = self.loading.broker, self.loading.loader
        assert isinstance(broker, BrokerProcess)
        assert loader is not None
        parts = {"redis": redis_pid, "broker": broker.pid, "load": loader.pid}
        parts["warehouse"] = self.loading.warehouse.process.pid
        return parts | {f"stream-{n}": worker.pid for n, worker in enumerate(self.workers)}

    def cpu_s(self) -> dict[str, float]:
        """Processor seconds of each part so far, those of all workers as `stream`."""
        return together(cpu_seconds(self.pids()))

    def memory_mib(self) -> dict[str, float]:
        """Proportional memory of each part, that of all workers as `stream`."""
        return together(memory_mib(self.pids()))

    def settled(self) -> int:
        """Postings stored or refused."""
        return int(fetch(self.loading.clients[0], _SETTLED)[0][0])

    def work_off(self, offered: Sequence[Offered]) -> Worked:
        """Publish postings and wait until the last is stored or refused."""
        begun = time.perf_counter()
        self.sent += len(offered)
        asyncio.run(self._through_stream(offered))
        told = time.perf_counter() - begun
        wait_until(lambda: self.settled() >= self.sent, _LONGEST_S, "not stored", every=_LOOK_S)
        stored = time.perf_counter() - begun
        return Worked(postings=len(offered), stored_s=stored, stream_s=told)

    async def _through_stream(self, offered: Sequence[Offered]) -> None:
        """Publish, and return when the stream has told an update or a refusal of every posting.

        `processed_at` would not do: all of a batch carry the moment at which it began.
        """
        consumer = AIOKafkaConsumer(bootstrap_servers=self.loading.settings.bootstrap_servers)
        async with consumer, asyncio.timeout(_LONGEST_S):
            told = [TopicPartition(VACANCIES.name, n) for n in range(len(self.workers))]
            told.append(TopicPartition(DEAD_LETTERS.name, 0))
            consumer.assign(told)
            await _publish(self.loading, offered)
            while sum((await consumer.end_offsets(told)).values()) < self.sent:  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_S / 4)

    def disk_bytes(self) -> dict[str, float]:
        """Bytes in the broker's files, in Redis' memory, and in the warehouse's tables."""
        place = self.loading.directory / "broker"
        with redis.Redis.from_url(self.loading.settings.redis_url) as link:
            memory = int(link.info("memory")["used_memory"])
        stored = fetch(self.loading.clients[0], _STORED_BYTES)[0][0]
        return {
            "topics": float(sum(p.stat().st_size for p in place.rglob("*") if p.is_file())),
            "redis": float(memory),
            "warehouse": float(stored),
        }

    def answers(self) -> tuple[dict[str, str], dict[str, str]]:
        """Posting → its vacancy as first decided, and vacancy → major group, "" where none."""
        client = self.loading.clients[0]
        made = {str(posting): str(vacancy) for posting, vacancy in fetch(client, _MADE)}
        return made, {str(vacancy): str(code) for vacancy, code in fetch(client, _CODES)}


def together(parts: Mapping[str, float]) -> dict[str, float]:
    """The parts' figures with those of all workers summed as `stream`."""
    whole: dict[str, float] = {}
    for part, value in parts.items():
        name = part.partition("-")[0]
        whole[name] = whole.get(name, 0.0) + value
    return whole


@contextmanager
def rate_stack(directory: Path, workers: int) -> Iterator[RateStack]:
    """As many stream workers as partitions, one loader; all have joined their groups."""
    started: list[subprocess.Popen[bytes]] = []

    def early(bootstrap: str, redis_url: str) -> None:
        asyncio.run(_partition(bootstrap, workers))
        started.extend(_start_worker(directory, bootstrap, redis_url) for _ in range(workers))

    try:
        with loading_stack(directory, early=early) as loading:
            loading.client()
            loading.start_loader()
            stack = RateStack(loading=loading, workers=started)
            wait_until(lambda: _joined(stack), _START_S, "workers did not join", every=0.25)
            yield stack
            _end(started)
    finally:
        _end(started)


def _end(workers: Sequence[subprocess.Popen[bytes]]) -> None:
    """SIGTERM for all; those who have ended already are left alone."""
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait(60)


async def _partition(bootstrap: str, partitions: int) -> None:
    """Make the topics of postings and vacancies with as many partitions as asked."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        names = (POSTINGS.name, VACANCIES.name)
        await admin.create_topics([NewTopic(name, partitions, 1) for name in names])
    finally:
        await admin.close()


def _start_worker(directory: Path, bootstrap: str, redis_url: str) -> subprocess.Popen[bytes]:
    given = {
        "LABOURWATCH_BROKER_URL": f"kafka://{bootstrap}",
        "LABOURWATCH_REDIS_URL": redis_url,
        "LABOURWATCH_VAR_DIR": str(directory),
    }
    with (directory / "stream.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", _WORKER], stdout=log, stderr=log, env={**os.environ, **given}
        )


def _joined(stack: RateStack) -> bool:
    """Whether the group of workers is stable with every worker in it.

    Raises:
        RuntimeError: a worker has ended; the message carries the end of its log.
    """
    if any(worker.poll() is not None for worker in stack.workers):
        log = (stack.loading.directory / "stream.log").read_text(errors="replace")
        raise RuntimeError(f"a worker ended:\n{log[-2000:]}")
    return asyncio.run(_members(stack.loading.settings.bootstrap_servers)) == len(stack.workers)


async def _members(bootstrap: str) -> int:
    """Members of the stream's group; 0 while it is not stable."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_consumer_groups([STREAM_GROUP])
    finally:
        await admin.close()
    _, _, state, _, _, members = answer.groups[0][:6]
    return len(members) if state == "Stable" else 0


async def _publish(loading: LoadingStack, offered: Sequence[Offered]) -> None:
    async with _producer(loading) as producer:
        for start in range(0, len(offered), 2_000):
            some = offered[start : start + 2_000]
            await asyncio.gather(
                *[await producer.send(POSTINGS.name, one.payload, key=one.key) for one in some]
            )


def _producer(loading: LoadingStack) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=loading.settings.bootstrap_servers, acks="all", max_batch_size=1 << 20
    )


async def consume_bare(loading: LoadingStack, partitions: int, count: int) -> float:
    """Seconds to read `count` postings from their topic, and drop them."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=loading.settings.bootstrap_servers,
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 << 20,
    )
    async with consumer:
        taken = [TopicPartition(POSTINGS.name, number) for number in range(partitions)]
        consumer.assign(taken)
        await consumer.seek_to_beginning(*taken)
        begun, seen = time.perf_counter(), 0
        while seen < count:
            fetched = await consumer.getmany(timeout_ms=500, max_records=1_000)
            seen += sum(map(len, fetched.values()))
        return time.perf_counter() - begun


async def trickle(stack: RateStack, offered: Sequence[Offered], per_second: float) -> list[float]:
    """Seconds from sending each posting, at an even rate, until it can be read in the warehouse.

    The warehouse is asked five times a second at most, which is within the figures. What was
    refused is in none of them.
    """
    sent_at: dict[str, float] = {}
    seen_at: dict[str, float] = {}
    whole = stack.sent + len(offered)
    sending = asyncio.create_task(_send_evenly(stack.loading, offered, per_second, sent_at))
    deadline = time.monotonic() + _LONGEST_S
    while time.monotonic() < deadline:
        done = sending.done() and await asyncio.to_thread(stack.settled) >= whole
        keys = await asyncio.to_thread(_recent, stack)
        now = time.monotonic()
        seen_at |= dict.fromkeys(keys - seen_at.keys(), now)
        if done:
            break
        await asyncio.sleep(_LOOK_S)
    await sending
    stack.sent = whole
    return [seen_at[key] - at for key, at in sent_at.items() if key in seen_at]


def _recent(stack: RateStack) -> set[str]:
    sql = "SELECT posting_key FROM postings WHERE loaded_at > now64(3) - INTERVAL 20 SECOND"
    return {row[0] for row in fetch(stack.loading.clients[0], sql)}


async def _send_evenly(
    loading: LoadingStack, offered: Sequence[Offered], per_second: float, sent_at: dict[str, float]
) -> None:
    async with _producer(loading) as producer:
        begun = time.monotonic()
        for number, one in enumerate(offered):
            await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
            sent_at[one.posting.posting_key] = time.monotonic()
            await producer.send(POSTINGS.name, one.payload, key=one.key)
        await producer.flush()
