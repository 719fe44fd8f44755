"""The register over a real warehouse, as the command tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.feeds import feed_named
from config.settings import Settings
from labourwatch.registering import (
    indicators_as_json,
    indicators_as_lines,
    look,
    systems_as_json,
    systems_as_lines,
)
from scrapers.codec import encode
from scrapers.items import BY_HAND, RunOutcome, SourceRun
from scrapers.parsing.supply_table import make_supply_records
from tests.integration.warehouse_tables import Message, fresh_schema, running_warehouse
from warehouse.batch import build_batch
from warehouse.plan import Plan
from warehouse.store import Store

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    cells = {"measure": "placements", "province": "LA-VT", "period": "2026-09", "value": "12"}
    received = NOW - timedelta(days=2)
    table = make_supply_records(
        [(2, cells)], feed_named("ess"), source_id="ess-north", received_at=received
    )
    run = SourceRun(
        source_id="cvconnect", run_id="r", started_at=received, finished_at=received,
        outcome=RunOutcome.OK,
    )  # fmt: skip
    by_hand = replace(run, source_id="ess-north", run_id="h", detail=f"{BY_HAND}x.csv")
    with (
        running_warehouse(tmp_path_factory.mktemp("register")) as settings,
        fresh_schema(settings) as (client, database),
    ):
        store = Store(client)
        sent = (("supply", table.records[0]), ("source-runs", run), ("source-runs", by_hand))
        for start, (topic, record) in enumerate(sent):
            plan = Plan(topic=topic, partition=0, start=start, end=start + 1, loaded_at=NOW)
            store.write(build_batch(plan, [Message(encode(record))]))
        yield settings.model_copy(update={"clickhouse_database": database, "workspace": "live"})


def test_what_came_makes_the_indicators(live: Settings) -> None:
    told = look(live, now=NOW)
    rows = {row["id"]: row for row in json.loads(systems_as_json(told)[0])["systems"]}
    assert (rows["ess"]["status"], rows["ess"]["records"]) == ("receiving", 1)
    assert (rows["cvconnect"]["status"], rows["epd"]["status"]) == ("connected", "none")
    found = {row["number"]: row for row in json.loads(indicators_as_json(told)[0])["indicators"]}
    assert [found[number]["value"] for number in ("1.4", "3.1", "3.5", "3.6")] == [1, 2, 0, 0]
    assert found["3.1"]["parts"]["job_platform"] == 1
    measured = json.loads(indicators_as_json(told)[0])["measured"]
    assert [(row["number"], row["value"]) for row in measured] == [
        ("1.2", None), ("1.3", None), ("3.4", None),
    ]  # fmt: skip
    assert any("0.6 in 2 years, 0.95 in 10" in line for line in indicators_as_lines(told))
    assert any(line.startswith("ess ") and "receiving" in line for line in systems_as_lines(told))
    assert any("target 5 in 2 years, 20 in 10" in line for line in indicators_as_lines(told))


def test_an_earlier_day_knows_nothing_of_what_came_later(live: Settings) -> None:
    told = look(live, now=NOW, day=date(2026, 11, 20))
    assert {figure.value for figure in told.figures} == {0}


def test_a_demonstration_counts_nothing_and_says_so(live: Settings) -> None:
    told = look(live.model_copy(update={"workspace": "demonstration"}), now=NOW)
    assert {figure.value for figure in told.figures} == {0}
    assert "DEMONSTRATION" in indicators_as_lines(told)[-1]
    assert any("demonstration" in line for line in systems_as_lines(told))
