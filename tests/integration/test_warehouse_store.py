"""The schema is brought up once, and a batch is stored once, however often it is tried."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config.settings import Settings
from scrapers.codec import CodecError
from streams.codec import decode_update, encode
from streams.records import VacancyUpdate
from tests.factories_warehouse import updates
from tests.integration.warehouse_tables import (
    LOADED_AT,
    batch_of,
    fresh_schema,
    running_warehouse,
)
from warehouse.client import connect
from warehouse.migrate import MigrationError, migrate, read_files
from warehouse.store import Store
from warehouse.tables import EVENTS, FED_TABLES, POSTINGS, Table

pytestmark = pytest.mark.integration

OFFSETS = itertools.count(step=1_000)
LATER = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_warehouse(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="module")
def shared(settings: Settings) -> Iterator[Client]:
    """One schema for many examples: each uses offsets of its own."""
    with fresh_schema(settings) as (client, _):
        yield client


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    with fresh_schema(settings) as (client, _):
        yield client


def counts(client: Client) -> dict[str, int]:
    names = [*(table.name for table in FED_TABLES[:3])]
    found = {name: _one(client, f"SELECT count() FROM {name}") for name in names}
    found["flow"] = _one(client, "SELECT sum(flow) FROM rollup_daily")
    found["stock"] = _one(client, "SELECT sum(stock_delta) FROM rollup_daily")
    return found


def _one(client: Client, sql: str) -> Any:
    return client.query(sql).result_rows[0][0]


def by_hand(items: list[VacancyUpdate]) -> dict[str, int]:
    distinct = {item.record_id: item for item in items}.values()
    events = [event for item in distinct for event in item.events]
    return {
        "postings": sum(item.posting is not None for item in distinct),
        "vacancies": sum(item.vacancy is not None for item in distinct),
        "vacancy_events": len(events),
        "flow": sum(event.flow for event in events),
        "stock": sum(event.stock for event in events),
    }


def test_migrating_again_does_nothing(client: Client) -> None:
    assert migrate(client, database=client.database or "", now=LATER) == []
    assert _one(client, "SELECT max(applied_at) FROM schema_migrations") == LOADED_AT


def test_a_crash_between_running_and_recording_is_repaired(client: Client) -> None:
    client.command("TRUNCATE TABLE schema_migrations")
    Store(client).write(batch_of(updates(1, 5)))
    before = counts(client)
    assert migrate(client, database=client.database or "", now=LATER) == sorted(read_files())
    assert counts(client) == before


def test_changed_history_is_refused_and_nothing_runs(client: Client) -> None:
    files = read_files()
    files["0001_register.sql"] = files["0001_register.sql"].replace("UInt16", "UInt32")
    files[f"{len(files) + 1:04d}_more.sql"] = (
        "CREATE TABLE IF NOT EXISTS more (x UInt8) ENGINE = Memory;"
    )
    with pytest.raises(MigrationError, match="was changed after it was applied"):
        migrate(client, database=client.database or "", now=LATER, files=files)
    assert client.query("EXISTS TABLE more").result_rows == [(0,)]


@pytest.mark.parametrize("table", FED_TABLES, ids=lambda table: table.name)
def test_loaded_columns_are_those_of_the_schema(client: Client, table: Table) -> None:
    rows = client.query(f"DESCRIBE TABLE {table.name}").result_rows
    assert {row[0] for row in rows} == {*table.columns, "loaded_at", "batch"}


def test_a_reader_cannot_write(settings: Settings, client: Client) -> None:
    reader = connect(settings, readonly=True, database=client.database)
    with pytest.raises(DatabaseError, match="READONLY"):
        reader.command("TRUNCATE TABLE postings")
    reader.close()


def test_a_batch_tried_again_changes_nothing(client: Client) -> None:
    items = list(updates(2, 40))
    store, batch = Store(client), batch_of(items)
    for _ in range(3):
        store.write(batch)
    assert counts(client) == by_hand(items)


@pytest.mark.parametrize("done", range(4))
def test_a_batch_cut_off_after_any_table_is_completed(client: Client, done: int) -> None:
    items = list(updates(3, 40))
    batch = batch_of(items)
    partly = dict(list(batch.rows.items())[:done])
    Store(client).write(replace(batch, rows=partly))
    Store(client).write(batch)
    assert counts(client) == by_hand(items)


def test_a_batch_cut_off_within_a_table_is_completed_with_its_roll_up(client: Client) -> None:
    items = list(updates(4, 900, per_day=20))  # 45 days: several months, so several parts
    batch = batch_of(items)
    month = [
        row for row in batch.rows[EVENTS] if row[EVENTS.columns.index("event_date")].month == 10
    ]
    assert 0 < len(month) < len(batch.rows[EVENTS])
    Store(client).write(replace(batch, rows={EVENTS: month}))
    Store(client).write(batch)
    assert counts(client) == by_hand(items)


def test_a_roll_up_that_missed_its_block_is_repaired(client: Client) -> None:
    items = list(updates(5, 40))
    definition = _one(client, "SHOW CREATE TABLE rollup_daily_mv")
    client.command("DROP TABLE rollup_daily_mv")  # as if killed before the view was fed
    Store(client).write(batch_of(items))
    assert counts(client)["flow"] == 0
    client.command(definition)
    Store(client).write(batch_of(items))
    assert counts(client) == by_hand(items)


def test_copies_at_new_offsets_are_left_out(client: Client) -> None:
    items = list(updates(6, 40))
    store = Store(client)
    store.write(batch_of(items))
    assert store.write(batch_of(items[:30], start=500)) == {}
    assert counts(client) == by_hand(items)


def test_what_another_batch_stored_is_found_by_identity(client: Client) -> None:
    items = list(updates(7, 5))
    store, batch = Store(client), batch_of(items)
    store.write(batch)
    assert store.stored_elsewhere(batch) == {}
    moved = batch_of(items, start=100)
    assert store.stored_elsewhere(moved)["postings"] == set(batch.identities(POSTINGS))


def test_a_topic_that_was_made_anew_loses_and_doubles_nothing(client: Client) -> None:
    before, since = list(updates(8, 40)), list(updates(9, 40))
    store, first = Store(client), batch_of(before)
    store.write(first)
    later = replace(first.plan, loaded_at=first.plan.loaded_at + timedelta(hours=1))
    # The same offsets again, with what was stored, with what was not, and with both.
    assert store.write(replace(first, plan=later)) == {}
    store.write(replace(batch_of(since), plan=later))
    store.write(replace(batch_of([*before, *since]), plan=later))
    assert counts(client) == by_hand([*before, *since])


@given(data=st.data())
@hypothesis_settings(max_examples=10)
def test_roll_up_equals_recount_whatever_the_order(shared: Client, data: st.DataObject) -> None:
    items = list(updates(data.draw(st.integers(0, 99)), 12, per_day=3))
    order = data.draw(st.permutations([*items, *items[:4]]))
    cut = data.draw(st.integers(0, len(order)))
    for table in (*(table.name for table in FED_TABLES[:3]), "rollup_daily"):
        shared.command(f"TRUNCATE TABLE {table}")
    start = next(OFFSETS)
    store = Store(shared)
    store.write(batch_of(order[:cut], start=start))
    store.write(batch_of(order[cut:], start=start + cut))
    cells = "event_date, province, isco1, source_id"
    recount = shared.query(
        f"SELECT {cells}, sum(flow) AS f, sum(stock) AS s FROM vacancy_events"
        f" GROUP BY {cells} HAVING f != 0 OR s != 0 ORDER BY {cells}"
    ).result_rows
    rollup = shared.query(
        f"SELECT {cells}, sum(flow) AS f, sum(stock_delta) AS s FROM rollup_daily"
        f" GROUP BY {cells} HAVING f != 0 OR s != 0 ORDER BY {cells}"
    ).result_rows
    assert rollup == recount
    assert counts(shared) == by_hand(items)


EXTREMES = st.fixed_dictionaries(
    {},
    optional={
        "record_id": st.text(max_size=200),
        "role_reason": st.text(max_size=20),
        "role_score": st.floats(allow_nan=False, allow_infinity=False),
        "processed_at": st.datetimes(timezones=st.none() | st.just(UTC)),
    },
)
POSTING_EXTREMES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text(max_size=50),
        "openings": st.integers(-(2**40), 2**40),
        "redactions": st.integers(-5, 2**20),
        "opened_on": st.dates(),
        "valid_through": st.none() | st.dates(),
        "published_at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "fetched_at": st.datetimes(timezones=st.just(UTC)),
    },
)


@given(extremes=EXTREMES, inner=POSTING_EXTREMES)
@hypothesis_settings(max_examples=25)
def test_whatever_can_be_decoded_is_stored_or_refused(
    shared: Client, extremes: dict[str, Any], inner: dict[str, Any]
) -> None:
    update = next(iter(updates(8, 1)))
    assert update.posting is not None
    changed = replace(update, posting=replace(update.posting, **inner), **extremes)
    try:
        decode_update(encode(changed))
    except (CodecError, UnicodeEncodeError):
        return
    batch = batch_of([changed], start=next(OFFSETS))
    assert (batch.size == 0) == (len(batch.letters) == 1)
    fresh = batch.without(Store(shared).stored_elsewhere(batch))
    assert sum(Store(shared).write(batch).values()) == fresh.size


def test_days_are_kept_as_days(client: Client) -> None:
    Store(client).write(batch_of(updates(9, 1)))
    assert _one(client, "SELECT min(opened_on) FROM postings") == date(2025, 9, 29)
