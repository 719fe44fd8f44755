"""The stream between a real broker and a real Redis, killed while it works."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from config.topics import POSTINGS, VACANCIES, Topic
from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn, Stage
from scrapers.topics_admin import ensure_topics
from streams import deadletters
from streams.codec import decode_update
from streams.records import EventKind, VacancyUpdate
from tests.factories_streams import a_market, a_posting
from tests.fixtures_broker import REPOSITORY, start_broker
from tests.fixtures_redis import start_redis

pytestmark = pytest.mark.integration

RECORDS = 5_000
POISON = (
    b"",
    b"not json",
    b'{"type":"JobPosting","v":1,"record":{"source_id":"board-a","posting_id":"bad"}}',
    b'{"type":"Unheard","v":1,"record":{}}',
    b"\xff\xfe\x00",
    encode(a_posting(posting_id="untitled", title="\u200b \n")),
)


@pytest.fixture
def bootstrap(tmp_path: Path) -> Iterator[str]:
    with start_broker(tmp_path) as address:
        yield address


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    with start_redis(tmp_path) as url:
        yield url


class Worker:
    """The stream as a process of its own."""

    def __init__(self, bootstrap: str, redis_url: str, directory: Path) -> None:
        self._arguments = [bootstrap, redis_url, str(directory)]
        self._log = (directory / "stream.log").open("a")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.stream_worker", *self._arguments],
            cwd=REPOSITORY,
            stdout=self._log,
            stderr=self._log,
        )

    def stop(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        return self._process.wait(30)

    def wait(self) -> int:
        assert self._process is not None
        return self._process.wait(60)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(30)
        self._log.close()


@pytest.fixture
def worker(bootstrap: str, redis_url: str, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(bootstrap, redis_url, tmp_path)
    yield worker
    worker.close()


async def test_two_kills_lose_nothing_and_double_nothing(bootstrap: str, worker: Worker) -> None:
    await ensure_topics(bootstrap)
    postings, withdrawals = await _publish_market(bootstrap)
    worker.start()
    for told in (800, 2_500):
        await _until(bootstrap, VACANCIES, told)
        worker.stop(signal.SIGKILL)
        worker.start()
    answered = await _until_answered(bootstrap, postings | withdrawals)
    assert worker.stop(signal.SIGTERM) == 0

    updates = defaultdict(set)
    for update in answered:
        updates[update.record_id].add(_without_clock(update))
    assert all(len(versions) == 1 for versions in updates.values())
    assert len(updates) == len(postings | withdrawals)
    once = [decode_update(next(iter(versions))) for versions in updates.values()]
    assert {update.posting_key for update in once if update.posting} == {key for key, _ in postings}
    _check_stock(once)

    letters = await deadletters.list_letters(bootstrap, 100)
    assert {letter.payload for letter in letters} == set(POISON)
    assert {letter.stage for letter in letters} == {Stage.NORMALISE}
    untitled = next(letter for letter in letters if letter.posting_id == "untitled")
    assert untitled.reason == "title_missing"


async def test_a_letter_is_listed_shown_and_replayed(bootstrap: str) -> None:
    await ensure_topics(bootstrap)
    letter = deadletters.make_letter(
        Stage.NORMALISE,
        "title_missing",
        "no visible character in the title",
        topic=POSTINGS.name,
        key=b"acme",
        payload=b"\x00original\xff",
        failed_at=a_posting().fetched_at,
        source_id="board-a",
        posting_id="7",
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    await deadletters.publish_letters(producer, [letter, letter])
    await producer.stop()

    assert await deadletters.list_letters(bootstrap, 10, source="board-b") == []
    assert await deadletters.list_letters(bootstrap, 10, stage=Stage.NORMALISE) == [letter]
    assert await deadletters.show(bootstrap, letter.letter_id) == letter
    assert await deadletters.show(bootstrap, "none") is None
    replayed = await deadletters.replay(bootstrap, [letter.letter_id, "none"])
    assert replayed.sent == (letter.letter_id,)
    assert replayed.not_found == ("none",)
    assert await _contents(bootstrap, POSTINGS) == [(b"acme", b"\x00original\xff")]


async def _publish_market(bootstrap: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Identities of the postings and withdrawals published, with poison among them."""
    records = list(a_market(RECORDS, seed=7))
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=20)
    await producer.start()
    sent = []
    for number, record in enumerate(records):
        employer = " ".join(record.hiring_organization.split()).casefold().encode()
        sent.append(await producer.send(POSTINGS.name, encode(record), key=employer))
        if number % 50 == 0:
            bad = POISON[number // 50 % len(POISON)]
            sent.append(await producer.send(POSTINGS.name, bad, key=employer))
    await asyncio.gather(*sent)
    await producer.stop()
    postings = {
        (record.posting_key, record.fetched_at.isoformat())
        for record in records
        if isinstance(record, JobPosting)
    }
    withdrawals = {
        (record.posting_key, record.withdrawn_at.isoformat())
        for record in records
        if isinstance(record, PostingWithdrawn)
    }
    return postings, withdrawals


async def _until_answered(bootstrap: str, wanted: set[tuple[str, str]]) -> list[VacancyUpdate]:
    """All updates, once there are as many distinct records among them as are `wanted`."""
    async with asyncio.timeout(120):
        while True:
            told = [decode_update(value) for _, value in await _contents(bootstrap, VACANCIES)]
            if len({update.record_id for update in told}) >= len(wanted):
                return told
            await asyncio.sleep(0.5)


async def _until(bootstrap: str, topic: Topic, count: int) -> None:
    async with asyncio.timeout(120):
        while len(await _contents(bootstrap, topic)) < count:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)


async def _contents(bootstrap: str, topic: Topic) -> list[tuple[bytes | None, bytes]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    found: list[tuple[bytes | None, bytes]] = []
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            for messages in (await consumer.getmany(*partitions, timeout_ms=200)).values():
                found += [(message.key, message.value) for message in messages]
    finally:
        await consumer.stop()
    return found


def _without_clock(update: VacancyUpdate) -> bytes:
    told = json.loads(encode(update))
    told["record"]["processed_at"] = "2026-01-01T00:00:00Z"
    return json.dumps(told, sort_keys=True).encode()


def _check_stock(updates: list[VacancyUpdate]) -> None:
    """Every vacancy opens once, and is open or closed at the end, nothing else."""
    stock: Counter[str] = Counter()
    flow: Counter[str] = Counter()
    for update in updates:
        for event in update.events:
            stock[event.vacancy_id] += event.stock
            flow[event.vacancy_id] += event.flow
    assert set(flow.values()) == {1}
    assert set(stock.values()) <= {0, 1}
    opened = [u for u in updates if u.vacancy is not None]
    assert {u.vacancy_id for u in opened} == set(flow)
    assert all(u.events[0].kind is EventKind.OPENED for u in opened)
