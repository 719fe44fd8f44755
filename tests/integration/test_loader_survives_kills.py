"""What is published is stored exactly once, whatever is killed while it is being loaded."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from aiokafka import AIOKafkaConsumer

from config import topics
from config.topics import LIVE_CHANNEL
from scrapers.codec import decode
from scrapers.items import DeadLetter, RunOutcome, SourceRun
from streams.codec import encode
from streams.records import VacancyUpdate
from tests.factories_warehouse import updates
from tests.integration.loading_stack import LoadingStack, loading_stack
from tests.integration.stored_totals import totals
from warehouse.tables import FED_TABLES

pytestmark = pytest.mark.integration

LOADER_KILLS = 5
WAREHOUSE_KILLS = 3
POSTINGS = "SELECT count() FROM postings"
ROLLUP = "rollup_daily"
EVENTS = "SELECT count() FROM vacancy_events"


@pytest.fixture(scope="module")
def shared_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadingStack]:
    with loading_stack(tmp_path_factory.mktemp("loading")) as running:
        yield running


@pytest.fixture
def stack(shared_stack: LoadingStack) -> LoadingStack:
    """The shared parts with empty tables; no test leaves a loader behind."""
    client = shared_stack.client()
    for table in (*FED_TABLES, ROLLUP):
        client.command(f"TRUNCATE TABLE {table if isinstance(table, str) else table.name}")
    return shared_stack


def keyed(items: Iterable[VacancyUpdate]) -> list[tuple[bytes, bytes]]:
    return [(item.vacancy_id.encode(), encode(item)) for item in items]


def waves(items: Sequence[VacancyUpdate], number: int) -> list[Sequence[VacancyUpdate]]:
    size = -(-len(items) // number)
    return [items[start : start + size] for start in range(0, len(items), size)]


def stored(stack: LoadingStack) -> dict[str, Any]:
    """Rows and distinct identities of every table, and the sums of events and roll-up by cell."""
    client = stack.client()

    def rows(sql: str) -> Any:
        return client.query(sql).result_rows

    cells = "event_date, province, isco1, source_id"
    return {
        "postings": rows("SELECT count(), uniqExact(record_id) FROM postings")[0],
        "vacancies": rows("SELECT count(), uniqExact(record_id) FROM vacancies")[0],
        "events": rows("SELECT count(), uniqExact(event_id) FROM vacancy_events")[0],
        "recount": rows(
            f"SELECT {cells}, sum(flow), sum(stock) FROM vacancy_events GROUP BY {cells}"
            f" HAVING sum(flow) != 0 OR sum(stock) != 0 ORDER BY {cells}"
        ),
        "rollup": rows(
            f"SELECT {cells}, sum(flow) AS f, sum(stock_delta) AS s FROM rollup_daily"
            f" GROUP BY {cells} HAVING f != 0 OR s != 0 ORDER BY {cells}"
        ),
    }


def expect(found: dict[str, Any], items: Sequence[VacancyUpdate]) -> None:
    """Every record of `items` is stored once, in every table and in the roll-up."""
    distinct = {item.record_id: item for item in items}.values()
    postings = sum(item.posting is not None for item in distinct)
    vacancies = sum(item.vacancy is not None for item in distinct)
    events = [event for item in distinct for event in item.events]
    assert found["postings"] == (postings, postings)
    assert found["vacancies"] == (vacancies, vacancies)
    assert found["events"] == (len(events), len(events))
    assert found["rollup"] == found["recount"]
    assert sum(row[4] for row in found["rollup"]) == sum(event.flow for event in events)
    assert sum(row[5] for row in found["rollup"]) == sum(event.stock for event in events)


def test_kills_lose_and_double_nothing(stack: LoadingStack) -> None:
    items = list(updates(11, 15_000))
    rng = random.Random(11)
    again = rng.sample(items, 1_500)  # a stream worker that was killed publishes some again
    published = waves([*items, *again], LOADER_KILLS + WAREHOUSE_KILLS)
    client = stack.client()
    stack.start_loader()
    for number, wave in enumerate(published):
        before = int(client.query(POSTINGS).result_rows[0][0])
        stack.publish(topics.VACANCIES.name, keyed(wave))
        if number < LOADER_KILLS:
            stack.wait_for(POSTINGS, before + 1)  # the first table of a batch has grown
            stack.kill_loader()
            stack.start_loader()
        elif number < LOADER_KILLS + WAREHOUSE_KILLS - 1:
            stack.wait_for(POSTINGS, before + 1)
            stack.kill_warehouse()
    stack.kill_warehouse()  # the last: while the last wave is under way
    stack.wait_for(EVENTS, sum(len(item.events) for item in items))
    assert stack.stop_loader() == 0
    expect(stored(stack), items)


def test_a_broker_that_was_killed_is_found_again(stack: LoadingStack) -> None:
    items = list(updates(14, 300))
    stack.start_loader()
    for wave in waves(items, 2):
        before = int(stack.client().query(POSTINGS).result_rows[0][0])
        stack.publish(topics.VACANCIES.name, keyed(wave))
        stack.wait_for(POSTINGS, before + 1)
        stack.kill_broker()
    stack.wait_for(EVENTS, sum(len(item.events) for item in items))
    assert stack.stop_loader() == 0
    expect(stored(stack), items)


def test_a_group_lost_again_and_again_loses_and_doubles_nothing(stack: LoadingStack) -> None:
    """A loader without processor time for longer than its session is out of its group, then back.

    One of the batches of four partitions is stored by then, the others are under way.
    """
    items = list(updates(15, 4_000))
    log = stack.directory / "loader.log"
    before = log.read_text().count("while loading") if log.exists() else 0
    stack.start_loader()
    for wave in waves(items, 2):
        rows = int(stack.client().query(POSTINGS).result_rows[0][0])
        stack.publish(topics.VACANCIES.name, keyed(wave))
        stack.wait_for(POSTINGS, rows + 1)
        stack.suspend_loader(1.5 * stack.session_timeout_s)
    stack.wait_for(EVENTS, sum(len(item.events) for item in items))
    assert stack.stop_loader() == 0
    assert log.read_text().count("while loading") > before  # it did lose batches
    expect(stored(stack), items)


def test_order_and_copies_change_no_sum(stack: LoadingStack) -> None:
    items = list(updates(12, 800))
    mixed = [*items, *items[:300]]
    random.Random(12).shuffle(mixed)
    stack.start_loader()
    for wave in waves(mixed, 3):
        stack.publish(topics.VACANCIES.name, keyed(wave))
    stack.wait_for(EVENTS, sum(len(item.events) for item in items))
    assert stack.stop_loader() == 0
    expect(stored(stack), items)


def test_poison_goes_to_dead_letters_and_the_rest_is_stored(stack: LoadingStack) -> None:
    items = list(updates(13, 50))
    poison = b'{"type": "VacancyUpdate", "v": 1, "record": {"vacancy_id": 5}}'
    good = keyed(items)
    stack.publish(topics.VACANCIES.name, [*good[:20], (b"k", poison), *good[20:]])
    stack.publish(topics.DEAD_LETTERS.name, [(b"k", b"\xff not a letter")])
    stack.start_loader()
    stack.wait_for("SELECT count() FROM dead_letters", 2)
    stack.wait_for(EVENTS, sum(len(item.events) for item in items))
    assert stack.stop_loader() == 0
    expect(stored(stack), items)
    letters = [letter for letter in read_letters(stack) if letter is not None]
    assert [(letter.stage, letter.reason, letter.payload) for letter in letters] == [
        ("load", "undecodable", poison)
    ]
    assert totals(stack.client()).refused == {("load", "undecodable"): 2}


def read_letters(stack: LoadingStack) -> list[DeadLetter | None]:
    """Everything on the dead-letter topic; `None` for what is no letter."""

    async def read() -> list[DeadLetter | None]:
        consumer = AIOKafkaConsumer(
            topics.DEAD_LETTERS.name,
            bootstrap_servers=stack.settings.bootstrap_servers,
            auto_offset_reset="earliest",
        )
        async with consumer:
            values = [(await consumer.getone()).value for _ in range(2)]
        return [None if value.startswith(b"\xff") else decode(value) for value in values]

    return asyncio.run(read())


def test_runs_are_stored_and_listeners_are_told(stack: LoadingStack) -> None:
    now = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    run = SourceRun(
        source_id="alpha", run_id="r1", started_at=now, finished_at=now, outcome=RunOutcome.OK
    )
    with redis.Redis.from_url(stack.settings.redis_url) as live, live.pubsub() as listener:
        listener.subscribe(LIVE_CHANNEL)
        stack.start_loader()
        stack.publish(topics.SOURCE_RUNS.name, [(b"alpha", encode(run)), (b"alpha", encode(run))])
        notes = (note for note in listener.listen() if note["type"] == "message")
        told = json.loads(next(notes)["data"])
    assert (told["rows"], told["tables"]) == (1, ["source_runs"])
    assert stack.client().query("SELECT count() FROM source_runs").result_rows == [(1,)]
    assert stack.stop_loader() == 0
