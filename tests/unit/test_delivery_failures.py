"""What the broker did not take is known to nobody: the run is repeated, its postings sent again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from config.settings import Settings
from scrapers import live, publish
from scrapers.context import CrawlContext
from scrapers.frontier import Standing, Visit
from scrapers.frontier_store import SourceFrontier
from scrapers.items import RunOutcome
from scrapers.letters import fields_read
from scrapers.live import follow
from scrapers.parsing.posting import Refusal, Refused
from scrapers.publish import DeliveryError, Publisher
from scrapers.reading import Entry
from scrapers.report import Crawled
from scrapers.runs import Run
from scrapers.sources import Source
from tests.tiny_site import SOURCE

NOW = datetime(2026, 1, 6, 3, tzinfo=UTC)
BOARD = Source.model_validate({**SOURCE, "base_url": "http://127.0.0.1:1", "schedule_s": 0.001})
ENTRY = Entry(posting_id="7", url="", digest="d", modified_at=None, fields={"title": "Cook"})


class Batch:
    """Counts what is put into it."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes, bytes]] = []

    def append(self, *, key: bytes, value: bytes, timestamp: None) -> int:  # noqa: ARG002
        self.records.append((key, value))
        return len(self.records)

    def close(self) -> None:
        """Nothing follows."""


class Broker:
    """Takes batches, or loses them while `failing` names their topic."""

    def __init__(self, **_: object) -> None:
        self.failing: set[str] = set()
        self.taken: list[str] = []

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(
        self,
        batch: Batch,
        topic: str,
        *,
        partition: int,  # noqa: ARG002
    ) -> asyncio.Future[None]:
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if topic in self.failing:
            acknowledged.set_exception(KafkaConnectionError("gone"))
        else:
            self.taken += [topic] * len(batch.records)
            acknowledged.set_result(None)
        return acknowledged


class Redis:
    """Hashes in memory; writes are only possible through a pipeline, as the frontier makes them."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[bytes, bytes]] = {}

    async def hgetall(self, key: str) -> dict[bytes, bytes]:
        return dict(self.hashes.get(key, {}))

    async def exists(self, key: str) -> int:
        return int(key in self.hashes)

    async def hget(self, key: str, field: str) -> bytes | None:
        return self.hashes.get(key, {}).get(field.encode())

    @asynccontextmanager
    async def pipeline(self, *, transaction: bool) -> AsyncIterator[Redis]:
        assert transaction
        yield self

    def hset(self, key: str, mapping: dict[str, Any]) -> None:
        encoded = {
            k.encode(): v if isinstance(v, bytes) else v.encode() for k, v in mapping.items()
        }
        self.hashes.setdefault(key, {}).update(encoded)

    def sadd(self, *_: str) -> None: ...

    async def execute(self) -> None: ...


@pytest.fixture
async def context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[CrawlContext, Broker, Redis]]:
    broker, redis = Broker(), Redis()
    monkeypatch.setattr(publish, "AIOKafkaProducer", lambda **_: broker)
    async with Publisher("nowhere:1") as publisher:
        shared: Any = redis
        made = CrawlContext(
            settings=Settings(var_dir=tmp_path),
            publisher=publisher,
            redis=shared,
            clock=lambda: NOW,
        )
        yield made, broker, redis


async def collect(context: CrawlContext) -> tuple[Run, Visit]:
    """A run that reads one good entry and one that is refused."""
    frontier = await context.frontier(BOARD.id)
    run = Run(BOARD, frontier, context.publisher.outbox(), now=NOW, clock=context.clock)
    visit = run.visit(ENTRY)
    if visit is Visit.NEW:
        await run.accept(ENTRY, ENTRY.fields)
        broken = Entry(posting_id="8", url="", digest="d", modified_at=None, fields={})
        refused = Refused(reason=Refusal.TITLE_MISSING, detail="no title")
        await run.refuse(broken, refused, fields_read({}))
    return run, visit


@pytest.mark.parametrize("topic", ["postings", "dead-letters", "source-runs"])
async def test_nothing_undelivered_becomes_known(
    context: tuple[CrawlContext, Broker, Redis], topic: str
) -> None:
    shared, broker, redis = context
    broker.failing = {topic}
    run, _ = await collect(shared)
    with pytest.raises(DeliveryError, match=topic):
        await run.deliver(run.conclude(RunOutcome.OK))
    assert redis.hashes == {}

    broker.failing = set()
    await shared.frontiers[BOARD.id].load()
    again, visit = await collect(shared)
    assert visit is Visit.NEW
    await again.deliver(again.conclude(RunOutcome.OK))
    stored: Any = redis
    frontier = SourceFrontier(stored, BOARD.id)
    await frontier.load()
    standings = {key: known.standing for key, known in frontier.known.items()}
    assert standings == {"7": Standing.OPEN, "8": Standing.REFUSED}
    assert broker.taken.count("source-runs") == 1


async def test_a_source_whose_run_was_lost_is_read_whole_again(
    context: tuple[CrawlContext, Broker, Redis], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, broker, redis = context
    stop = asyncio.Event()
    runs: list[tuple[bool, Visit]] = []

    async def crawl(_source: Source, crawled_by: CrawlContext, *, full: bool, **_: object) -> Any:
        broker.failing = {"postings"} if len(runs) == 1 else set()
        run, visit = await collect(crawled_by)
        if len(runs) == 1:
            await run.accept(ENTRY, ENTRY.fields)
        runs.append((full, visit))
        if len(runs) == 3:
            stop.set()
        conclusion = run.conclude(RunOutcome.OK)
        await run.deliver(conclusion)
        return Crawled(record=conclusion.record, retry_after_s=None)

    monkeypatch.setattr(live, "crawl_once", crawl)
    listing = {**SOURCE["list"], "full_every_s": 3600.0}  # type: ignore[dict-item]
    declared = {**SOURCE, "base_url": "http://127.0.0.1:1", "schedule_s": 0.001, "list": listing}
    hourly = Source.model_validate(declared)
    await follow(hourly, shared, stop)
    assert [full for full, _ in runs] == [True, False, True]
    assert redis.hashes
