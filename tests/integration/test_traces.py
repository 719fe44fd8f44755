"""A posting's way is read back from the rows that its stages left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from labourwatch.cli_trace import lines_of
from scrapers.tracing import trace_of
from tests.integration.quality_rows import events, insert_rows, postings, vacancies
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.traces import find_postings, read_steps

pytestmark = pytest.mark.integration
KEY = "alpha:t-1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("traces")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        alert = insert_rows(
            "alert_history",
            {
                "alert_id": "'a-1'", "at": "toDateTime64('2026-11-04 05:00:00', 3, 'UTC')",
                "state": "'firing'", "kind": "'labour'", "direction": "'up'",
                "province": "'LA-VT'", "isco1": "'2'", "onset_on": "toDate('2026-11-01')",
            },
            1,
        )  # fmt: skip
        elsewhere = alert.replace("a-1", "a-2").replace("LA-VT", "LA-CH")
        letter = insert_rows(
            "dead_letters",
            {
                "letter_id": "'l-1'", "stage": "'normalise'", "reason": "'title_missing'",
                "source_id": "'alpha'", "posting_id": "'t-99'",
                "failed_at": "toDateTime64('2026-11-02 05:00:00', 3, 'UTC')",
            },
            1,
        )  # fmt: skip
        for sql in (postings(3), vacancies(3), events(3), alert, elsewhere, letter):
            client.command(sql.replace("{day}", "2026-11-02").replace("{tag}", "t"))
        yield client


@pytest.mark.parametrize("wanted", [KEY, trace_of(KEY), "t-1", "p-t-1"])
def test_a_posting_is_found_by_every_name(client: Client, wanted: str) -> None:
    assert find_postings(client, wanted) == [KEY]


def test_the_way_is_whole_and_in_order(client: Client) -> None:
    steps = read_steps(client, [KEY])
    assert {"observed", "published", "decided", "coded", "stored", "changed", "alert"} == {
        step.stage for step in steps
    }
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    (alert,) = [step for step in steps if step.stage == "alert"]
    assert "a-1 (labour up, LA-VT/2), firing" in alert.what
    assert {step.posting_key for step in steps} == {KEY, ""}
    assert lines_of(steps)[0] == f"{trace_of(KEY)}  {KEY}"


def test_what_was_refused_is_found_by_its_key(client: Client) -> None:
    assert find_postings(client, "alpha:t-99") == []
    (step,) = read_steps(client, ["alpha:t-99"])
    assert (step.stage, step.what) == ("refused", "normalise: title_missing, letter l-1")


def test_nothing_is_said_of_what_nobody_knows(client: Client) -> None:
    assert find_postings(client, "x' OR 1 = 1 --") == []
    assert read_steps(client, ["x' OR 1 = 1 --"]) == []
