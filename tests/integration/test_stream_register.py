"""The register in a real Redis: transactions, moved postings, contention, size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn
from streams.codes import Codes
from streams.decisions import Outcome
from streams.intake import Arrival, read
from streams.records import NormalisedPosting
from streams.register import BLOCK_PREFIX, PLACE_PREFIX, Register, RegisterContendedError
from streams.settle import Settlement, Settling, StageError
from streams.state import Block, decode_block, encode_block
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
        found: Sequence[Arrival], names: Sequence[str], blocks: MutableMapping[str, Block]
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
        found: Sequence[Arrival], names: Sequence[str], blocks: MutableMapping[str, Block]
    ) -> Settlement:
        meddler.set(BLOCK_PREFIX + names[0], b"")
        return SETTLE(found, names, blocks)

    with pytest.raises(RegisterContendedError):
        await Register(redis).transact(arrivals(a_posting()), contended)
    assert await redis.get(BLOCK_PREFIX + arrivals(a_posting())[0].block) == b""
    meddler.close()


async def test_a_fault_stores_nothing(redis: Redis) -> None:
    class Broken(FixedCoder):
        def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
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


SETTLING = Settling(FixedCoder(), province_double)


async def role(register: Register, record: JobPosting) -> str:
    settlement = await register.transact(arrivals(record), SETTLE)
    update = settlement.answers[0].update
    assert update is not None
    assert update.role is not None
    return update.role.value


AGENCY = "Lanexang Recruitment Co., Ltd"


@pytest.mark.parametrize("employer", ["", AGENCY, "ບໍລິສັດ ແມ່ຂອງ ເທຣດດິ້ງ ຈຳກັດ", "Mekong Tradng"])
async def test_a_copy_under_another_name_of_the_employer_is_found(
    redis: Redis, employer: str
) -> None:
    register = Register(redis, SETTLING.probe)
    original = a_posting()
    await outcome(register, original)
    copy = a_posting(source_id="board-b", hiring_organization=employer)
    assert (await role(register, copy)).startswith("duplicate")
    assert await outcome(register, copy) is Outcome.REPLAYED
    assert await outcome(register, a_withdrawal(original, timedelta(days=1))) is Outcome.LEFT
    assert await outcome(register, a_withdrawal(copy, timedelta(days=1))) is Outcome.CLOSED


async def test_one_batch_finds_what_two_find(redis: Redis) -> None:
    register = Register(redis, SETTLING.probe)
    both = arrivals(a_posting(), a_posting(source_id="board-b", hiring_organization=""))
    settlement = await register.transact(both, SETTLE)
    assert [answer.outcome for answer in settlement.answers] == [Outcome.OPENED, Outcome.LINKED]


async def test_the_same_text_at_another_place_or_of_another_employer_is_no_copy(
    redis: Redis,
) -> None:
    register = Register(redis, SETTLING.probe)
    await outcome(register, a_posting())
    elsewhere = a_posting(
        source_id="board-b", hiring_organization=AGENCY, job_location_raw="Savannakhet"
    )
    another = a_posting(source_id="board-c", hiring_organization="Sengdao Garment Factory")
    assert await outcome(register, elsewhere) is Outcome.OPENED
    assert await outcome(register, another) is Outcome.OPENED


async def test_a_block_joined_from_outside_must_not_have_changed(redis: Redis) -> None:
    register = Register(redis, SETTLING.probe)
    await outcome(register, a_posting())
    home = arrivals(a_posting())[0].block
    import redis as blocking

    meddler = blocking.Redis(**_address(redis))
    tries = []

    def interrupted(*given: Any) -> Settlement:
        tries.append(len(given[0]))
        if len(tries) == 1:
            stored = meddler.get(BLOCK_PREFIX + home)
            assert isinstance(stored, bytes)
            block = decode_block(stored)
            block.swept += 1
            meddler.set(BLOCK_PREFIX + home, encode_block(block))
        return SETTLE(*given)

    copy = a_posting(source_id="board-b", hiring_organization="")
    settlement = await register.transact(arrivals(copy), interrupted)
    assert settlement.answers[0].outcome is Outcome.LINKED
    assert len(tries) == 2
    meddler.close()


async def test_two_workers_at_once_lose_no_bucket(redis: Redis) -> None:
    one, other = Register(redis, SETTLING.probe), Register(redis, SETTLING.probe)
    names = ("Mekong Trading", "Sengdao Garment Factory")
    first, second = (
        arrivals(a_posting(source_id=f"s{n}", hiring_organization=name, title=title))
        for n, (name, title) in enumerate(zip(names, ("Accountant", "Driver"), strict=True))
    )
    await asyncio.gather(one.transact(first, SETTLE), other.transact(second, SETTLE))
    for n, title in enumerate(("Accountant", "Driver")):
        copy = a_posting(source_id=f"c{n}", hiring_organization="", title=title)
        assert await outcome(one, copy) is Outcome.LINKED


def _address(client: Redis) -> dict[str, Any]:
    options = client.connection_pool.connection_kwargs
    return {"host": options["host"], "port": options["port"], "db": options["db"]}
