"""The register in a real Redis: transactions, moved postings, contention, size."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis

from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn
from streams.decisions import Outcome
from streams.intake import Arrival, read
from streams.register import BLOCK_PREFIX, PLACE_PREFIX, Register, RegisterContendedError
from streams.settle import Settlement, Settling, StageError
from streams.state import Block
from streams.worker import connect_register
from tests.factories_streams import (
    START,
    FixedCoder,
    a_market,
    a_posting,
    a_withdrawal,
    province_double,
)
from tests.fixtures_redis import start_redis

pytestmark = pytest.mark.integration

SETTLE = partial(Settling(FixedCoder(), province_double).settle, processed_at=START)


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[Redis]:
    with start_redis(tmp_path) as url:
        client = connect_register(url)
        yield client
        await client.aclose()


def arrivals(*records: JobPosting | PostingWithdrawn) -> list[Arrival]:
    found = [read(encode(record)) for record in records]
    return [arrival for arrival in found if isinstance(arrival, Arrival)]


async def outcome(register: Register, record: JobPosting | PostingWithdrawn) -> Outcome:
    return (await register.transact(arrivals(record), SETTLE)).answers[0].outcome


async def test_a_decision_outlives_the_connection(redis: Redis) -> None:
    assert await outcome(Register(redis), a_posting()) is Outcome.OPENED
    assert await outcome(Register(redis), a_posting()) is Outcome.REPLAYED


async def test_a_posting_stays_in_its_block_when_the_employer_is_corrected(redis: Redis) -> None:
    register = Register(redis)
    first = a_posting()
    await outcome(register, first)
    corrected = a_posting(hiring_organization="Mekong Trade", fetched_at=START + timedelta(days=1))
    assert await outcome(register, corrected) is Outcome.REVISED
    assert await outcome(register, a_withdrawal(corrected, timedelta(days=1))) is Outcome.CLOSED


async def test_what_another_worker_stored_meanwhile_is_taken_into_account(redis: Redis) -> None:
    register, other = Register(redis), Register(redis)
    attempts = []

    def interrupted(
        found: Sequence[Arrival], names: Sequence[str], blocks: Mapping[str, Block]
    ) -> Settlement:
        attempts.append(len(blocks[names[0]].postings))
        return SETTLE(found, names, blocks)

    async with redis.pipeline() as pipe:
        await pipe.watch("unrelated")  # a watch of one connection does not disturb another
        copy = a_posting(source_id="board-b")
        await outcome(other, a_posting())
        settlement = await register.transact(arrivals(copy), interrupted)
    assert settlement.answers[0].outcome is Outcome.LINKED
    assert attempts == [1]


async def test_a_contended_block_is_given_up_with_an_error(redis: Redis, tmp_path: Path) -> None:
    import redis as blocking

    meddler = blocking.Redis(**_address(redis))

    def contended(
        found: Sequence[Arrival], names: Sequence[str], blocks: Mapping[str, Block]
    ) -> Settlement:
        meddler.set(BLOCK_PREFIX + names[0], b"")
        return SETTLE(found, names, blocks)

    with pytest.raises(RegisterContendedError):
        await Register(redis).transact(arrivals(a_posting()), contended)
    assert await redis.get(BLOCK_PREFIX + arrivals(a_posting())[0].block) == b""
    meddler.close()


async def test_a_fault_stores_nothing(redis: Redis) -> None:
    class Broken(FixedCoder):
        def code(self, batch: object) -> list[object]:  # type: ignore[override]
            raise ValueError(batch)

    settle = partial(Settling(Broken(), province_double).settle, processed_at=START)
    with pytest.raises(StageError):
        await Register(redis).transact(arrivals(a_posting()), settle)
    assert await redis.dbsize() == 0


async def test_old_postings_leave_redis_by_event_time(redis: Redis) -> None:
    register = Register(redis)
    first = a_posting()
    await outcome(register, first)
    await outcome(register, a_withdrawal(first, timedelta(days=1)))
    later = a_posting(posting_id="2", fetched_at=START + timedelta(days=200))
    assert await outcome(register, later) is Outcome.OPENED
    assert len(await redis.keys(PLACE_PREFIX + "*")) == 1


async def test_a_posting_takes_less_than_800_bytes(redis: Redis) -> None:
    """Of 130,000 in 420 days fewer than half are remembered at a time: below 60 MB."""
    register = Register(redis)
    before = (await redis.info("memory"))["used_memory"]
    records = list(a_market(4_000, seed=3, employers=200))
    for start in range(0, len(records), 500):
        await register.transact(arrivals(*records[start : start + 500]), SETTLE)
    after = (await redis.info("memory"))["used_memory"]
    postings = sum(isinstance(record, JobPosting) for record in records)
    assert (after - before) / postings < 800


def _address(client: Redis) -> dict[str, object]:
    options = client.connection_pool.connection_kwargs
    return {"host": options["host"], "port": options["port"], "db": options["db"]}
