"""A register that Redis has lost comes back from the warehouse by itself, with real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from msgspec.structs import replace as replace_state
from redis.asyncio import Redis

from config import topics
from config.settings import Settings
from labourwatch.recovering import rebuild_if_lost, wait_for_register
from scrapers.codec import encode
from scrapers.frontier import Known, Standing, reconcile
from scrapers.frontier_store import SourceFrontier
from scrapers.items import JobPosting, RunOutcome, SourceRun
from scrapers.topics_admin import ensure_topics
from streams.classify.place import Gazetteer
from streams.identity import identify
from streams.intake import Arrival, read
from streams.lost import BEGUN, REBUILDING, RegisterLostError
from streams.nearby import names_in
from streams.opinions import Correction
from streams.records import CorrectionAction, LinkCorrection, VacancyUpdate
from streams.register import BLOCK_PREFIX, NEARBY_PREFIX, PLACE_PREFIX, Register
from streams.settle import Settling
from streams.state import Block, decode_block
from streams.worker import connect_register
from tests.factories_opinions import a_correction
from tests.factories_streams import START, FixedCoder, a_market
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis
from tests.integration.test_register_lost import commit
from tests.integration.warehouse_tables import LOADED_AT, Message, fresh_schema, running_warehouse
from warehouse.batch import build_batch
from warehouse.plan import Plan
from warehouse.store import Store

pytestmark = pytest.mark.integration

LATER = START + timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class House:
    """Servers, of which only the warehouse is filled."""

    settings: Settings
    client: Client


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    make = tmp_path_factory.mktemp
    with (
        start_broker(make("broker")) as bootstrap,
        start_redis(make("redis")) as redis_url,
        running_warehouse(make("rebuilt")) as settings,
        fresh_schema(settings) as (client, database),
    ):
        changed = {
            "broker_url": f"kafka://{bootstrap}",
            "redis_url": redis_url,
            "clickhouse_database": database,
            "sources_dir": make("no-sources"),
        }
        asyncio.run(ensure_topics(bootstrap))
        yield House(settings=settings.model_copy(update=changed), client=client)


@pytest.fixture
async def redis(house: House) -> AsyncIterator[Redis]:
    client = connect_register(house.settings.redis_url)
    yield client
    await client.aclose()


def store(house: House, topic: str, records: Sequence[Any]) -> None:
    messages = [Message(encode(record)) for record in records]
    plan = Plan(topic=topic, partition=0, start=0, end=len(messages), loaded_at=LOADED_AT)
    batch = build_batch(plan, messages)
    assert not batch.letters
    Store(house.client).write(batch)


async def decide(redis: Redis, records: Sequence[Any]) -> list[VacancyUpdate]:
    """What the stream tells of `records`, in batches, with a register in Redis."""
    settling = Settling(FixedCoder(), Gazetteer().code)
    register = Register(redis, settling.probe)
    told: list[VacancyUpdate] = []
    for first in range(0, len(records), 50):
        found = [read(encode(record)) for record in records[first : first + 50]]
        arrivals = [one for one in found if isinstance(one, Arrival)]
        assert len(arrivals) == len(found)
        settle = partial(settling.settle, processed_at=START)
        answers = (await register.transact(arrivals, settle)).answers
        told += [answer.update for answer in answers if answer.update is not None]
    return told


def corrected(told: Sequence[VacancyUpdate]) -> list[Any]:
    """Links made and undone by hand, and codes that an officer changed."""
    opened = [one for one in told if one.vacancy is not None and one.posting is not None]
    joined = [one for one in told if one.role_reason == "part_of" or one.role == "duplicate_near"]
    words: list[Any] = [
        a_correction(vacancy_id=one.vacancy_id, posting=one.posting, corrected_at=LATER)
        for one in opened[:5]
    ]
    words += [
        LinkCorrection(action=CorrectionAction.UNLINK, posting=one.posting, other_key="",
                       why="two jobs", corrected_at=LATER)
        for one in joined[:5] if one.posting is not None
    ]  # fmt: skip
    words += [
        LinkCorrection(action=CorrectionAction.LINK, posting=one.posting,
                       other_key=other.posting_key, why="one job", corrected_at=LATER)
        for one, other in zip(opened[10:14], opened[20:24], strict=True)
        if one.posting is not None
    ]  # fmt: skip
    return words


async def register_of(redis: Redis) -> tuple[dict[str, Block], dict[str, str], dict[str, set[str]]]:
    """Blocks, the block of each posting, and the blocks in each bucket."""
    blocks = {key: plain(decode_block(data)) for key, data in await _all(redis, BLOCK_PREFIX)}
    places = {key: data.hex() for key, data in await _all(redis, PLACE_PREFIX)}
    near: dict[str, set[str]] = {}
    async for key in redis.scan_iter(match=f"{NEARBY_PREFIX}*"):
        buckets: dict[bytes, bytes] = await redis.hgetall(key)  # type: ignore[assignment]
        for field, names in buckets.items():
            near[f"{key.decode()}/{field.hex()}"] = {*names_in(names)}
    return blocks, places, near


async def _all(redis: Redis, prefix: str) -> list[tuple[str, bytes]]:
    keys: list[bytes] = [key async for key in redis.scan_iter(match=f"{prefix}*", count=1000)]
    return [
        (key.decode(), data)
        for key, data in zip(keys, await redis.mget(keys), strict=True)
        if isinstance(data, bytes)
    ]


def plain(block: Block) -> Block:
    """Without what is not stored: logs, and marks that no event tells of."""
    return Block(
        postings={k: replace_state(one, log=(), mark=0) for k, one in block.postings.items()},
        vacancies={k: replace_state(one, first_seen=0) for k, one in block.vacancies.items()},
    )


async def test_a_flushed_register_is_rebuilt_as_it_was(house: House, redis: Redis) -> None:
    settings = house.settings
    await redis.set(BEGUN, "then")
    told = await decide(redis, list(a_market(500, seed=7, employers=60)))
    words = corrected(told)
    homes = (await register_of(redis))[1]
    linked = {
        homes[PLACE_PREFIX + identify(one.posting_key)[:16]]
        for one in words
        if isinstance(one, LinkCorrection)
    }
    told += await decide(redis, words)
    before = await register_of(redis)
    vacancies = [one for block in before[0].values() for one in block.vacancies.values()]
    assert sum(one.open_postings > 1 for one in vacancies) > 10
    assert sum(bool(one.said) for one in vacancies) == 5
    await commit(settings.bootstrap_servers, 500)
    await redis.flushall()

    with pytest.raises(RegisterLostError):
        await rebuild_if_lost(settings)  # nothing is stored: there is nothing to rebuild it from
    store(house, topics.VACANCIES.name, told)
    store(house, topics.CORRECTIONS.name, [one for one in words if isinstance(one, Correction)])
    store(house, topics.SOURCE_RUNS.name, [a_run("board-a"), a_run("board-b")])
    await redis.set(REBUILDING, "an attempt that was killed")
    await redis.set(f"{BLOCK_PREFIX}ff", b"its half")
    waiting = asyncio.create_task(wait_for_register(settings))
    assert await rebuild_if_lost(settings)
    await asyncio.wait_for(waiting, 30)

    after = await register_of(redis)
    assert after[0] == before[0]
    assert after[1] == before[1]
    # What was linked elsewhere by hand leaves its block in buckets; what was parted does not enter.
    by_hand = {key: names - linked for key, names in before[2].items()}
    assert {k: v for k, v in by_hand.items() if v - after[2].get(k, set())} == {}
    found = {key: names - linked for key, names in after[2].items()}
    assert {k: v for k, v in found.items() if v - before[2].get(k, set())} == {}
    assert not await rebuild_if_lost(settings)
    assert [u for u in await decide(redis, read_again(before[0])) if u.events] == []
    await check_frontier(redis, before[0])


def a_run(source_id: str) -> SourceRun:
    return SourceRun(
        source_id=source_id, run_id=f"{source_id}-1", started_at=LATER, finished_at=LATER,
        outcome=RunOutcome.OK, detail="", listed=9, published=1, refused=0, withdrawn=0,
        unseen_runs=2,
    )  # fmt: skip


def open_keys(blocks: dict[str, Block]) -> set[str]:
    return {k for block in blocks.values() for k, one in block.postings.items() if one.is_open}


def read_again(blocks: dict[str, Block]) -> list[JobPosting]:
    """The open postings as a crawler that has forgotten them fetches them."""
    market = (one for one in a_market(500, seed=7, employers=60) if isinstance(one, JobPosting))
    wanted = open_keys(blocks)
    listed = [one for one in market if one.posting_key in wanted]
    return [replace(one, fetched_at=LATER + timedelta(days=1)) for one in listed]


async def check_frontier(redis: Redis, blocks: dict[str, Block]) -> None:
    """The crawler knows what is open, when it was last read, and notices what is gone."""
    known: dict[str, Known] = {}
    for source_id in ("board-a", "board-b"):
        frontier = SourceFrontier(redis, source_id)
        await frontier.load()
        assert (frontier.last_run_at, frontier.listed_at) == (LATER, LATER)
        known |= {f"{source_id}:{key}": one for key, one in frontier.known.items()}
        gone = reconcile(frontier.known, set(), now=LATER + timedelta(days=1),
                         previous_run=frontier.listed_at, unseen_runs=2)  # fmt: skip
        assert {one.misses for one in gone.changed.values()} == {1}
    assert known.keys() == open_keys(blocks)
    assert {one.standing for one in known.values()} == {Standing.OPEN}


async def test_a_running_crawler_writes_its_frontier_whole_again(redis: Redis) -> None:
    frontier = SourceFrontier(redis, "board-z")
    await frontier.load()
    one = Known(standing=Standing.OPEN, digest="d", hiring_organization="", closes_on=None,
                last_seen_at=START)  # fmt: skip
    frontier.remember({"1": one, "2": one})
    frontier.last_run_at = START
    await frontier.commit(frontier.take_changes())
    await redis.flushall()
    frontier.remember({"3": one})
    changes = frontier.take_changes()
    frontier.remember({"4": one})  # not delivered yet
    await frontier.commit(changes)
    again = SourceFrontier(redis, "board-z")
    await again.load()
    assert sorted(again.known) == ["1", "2", "3"]
