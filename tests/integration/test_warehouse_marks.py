"""Health and marked periods: stored by the loader's path, read back as of any time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from scrapers.codec import encode
from scrapers.health_records import MarkEnd, SourceMark
from scrapers.items import SourceRun
from tests.integration.warehouse_tables import Message, fresh_schema, running_warehouse
from tests.unit.test_health_rows import AT, run
from warehouse.batch import build_batch
from warehouse.marks import last_health, read_marks
from warehouse.plan import Plan
from warehouse.store import Store

pytestmark = pytest.mark.integration
FIRST_LOAD = datetime(2026, 3, 2, 6, tzinfo=UTC)
SECOND_LOAD = datetime(2026, 3, 4, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("marks")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        store = Store(client)
        for start, (loaded_at, found) in enumerate(((FIRST_LOAD, run()), (SECOND_LOAD, after()))):
            plan = Plan(
                topic="source-runs", partition=0, start=start, end=start + 1, loaded_at=loaded_at
            )
            store.write(build_batch(plan, [Message(encode(found))]))
        yield client


def after() -> SourceRun:
    """The run that closes the period."""
    opened: SourceMark = run().marks[0]
    closed = replace(
        opened, to_at=AT + HOUR, reason=MarkEnd.RECOVERED.value, run_id="a:2", issue=AT + HOUR
    )
    return replace(run(), run_id="a:2", finished_at=AT + HOUR, marks=(closed,))


def test_the_latest_statement_of_a_period_holds(client: Client) -> None:
    (mark,) = read_marks(client)
    assert (mark.kind, mark.to_at, mark.reason) == ("changed", AT + HOUR, "recovered")
    assert (mark.opened_at, mark.opened_for) == (AT, "coverage_of_place_fell")
    current = client.query("SELECT mark_id, to_at FROM source_marks_current").result_rows
    assert list(current) == [("a:2026-03-01", AT + HOUR)]


def test_what_was_known_before_can_be_asked(client: Client) -> None:
    (mark,) = read_marks(client, as_of=FIRST_LOAD)
    assert mark.to_at is None
    assert read_marks(client, since=AT + 2 * HOUR) == []
    assert read_marks(client, source_id="b") == []


def test_measurements_are_stored(client: Client) -> None:
    found = last_health(client)["a"]
    assert (found.reasons, found.before, found.after) == (
        ("coverage_of_place_fell",),
        (0.98,),
        (0,),
    )
    filled = client.query("SELECT filled FROM source_health LIMIT 1").result_rows
    assert list(filled) == [({"place": 0, "title": 5},)]
