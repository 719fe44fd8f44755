"""Figures of institutions in the warehouse: every issue is kept, the latest is current."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from config.feeds import feed_named
from scrapers.codec import encode
from scrapers.items import SupplyRecord
from scrapers.parsing.supply_table import make_supply_records
from tests.integration.warehouse_tables import Message, fresh_schema, running_warehouse
from warehouse.batch import build_batch
from warehouse.plan import Plan
from warehouse.store import Store
from warehouse.systems import receipts, volumes

pytestmark = pytest.mark.integration
FIRST = datetime(2026, 10, 5, 3, tzinfo=UTC)
SECOND = FIRST + timedelta(days=40)


def stated(value: str, at: datetime, source: str = "ess", **changes: str) -> SupplyRecord:
    cells = {"measure": "placements", "province": "LA-VT", "period": "2026-09", "value": value}
    table = make_supply_records(
        [(2, {**cells, **changes})], feed_named("ess"), source_id=source, received_at=at
    )
    return table.records[0]


ISSUES = (
    stated("120", FIRST, sex="f"),
    stated("90", FIRST + timedelta(hours=1), sex="f"),
    stated("120", FIRST + timedelta(hours=2), sex="f"),
    stated("3", FIRST, sex="m"),
    stated("7", SECOND, source="ess-north"),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("supply")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        store = Store(client)
        for start, record in enumerate((*ISSUES, ISSUES[1])):
            plan = Plan(topic="supply", partition=0, start=start, end=start + 1, loaded_at=SECOND)
            store.write(build_batch(plan, [Message(encode(record))]))
        yield client


def test_every_issue_is_stored_once(client: Client) -> None:
    rows = client.query("SELECT count, releasable, unit FROM supply ORDER BY received_at, sex")
    assert list(rows.result_rows) == [
        (120, 1, "persons"), (3, 0, "persons"), (90, 1, "persons"), (120, 1, "persons"),
        (7, 1, "persons"),
    ]  # fmt: skip


def test_the_latest_issue_is_current_also_when_it_returns_to_an_earlier_value(
    client: Client,
) -> None:
    rows = client.query("SELECT source_id, sex, count FROM supply_current ORDER BY source_id, sex")
    assert list(rows.result_rows) == [("ess", "f", 120), ("ess", "m", 3), ("ess-north", "", 7)]


def test_what_was_known_before_can_be_asked(client: Client) -> None:
    then = client.query(
        "SELECT count FROM supply WHERE sex = 'f' AND received_at <= {at:DateTime64(3, 'UTC')}"
        " ORDER BY published_at DESC LIMIT 1",
        parameters={"at": FIRST + timedelta(minutes=90)},
    )
    assert list(then.result_rows) == [(90,)]


def test_receipts_and_volumes_are_those_up_to_a_moment(client: Client) -> None:
    (early,) = receipts(client, as_of=FIRST + timedelta(minutes=90))
    assert (early.source_id, early.records, early.last_at) == (
        "ess", 3, FIRST + timedelta(hours=1),
    )  # fmt: skip
    assert {r.source_id: r.records for r in receipts(client, as_of=SECOND)} == {
        "ess": 4, "ess-north": 1,
    }  # fmt: skip
    found = volumes(client, since=FIRST - timedelta(days=1), as_of=SECOND)
    assert [(v.source_id, v.month, v.records) for v in found] == [
        ("ess", "2026-10", 4), ("ess-north", "2026-11", 1),
    ]  # fmt: skip
