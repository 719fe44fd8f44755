"""Each check of data quality passes where all is well and fails where its defect was planted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from config.vocabulary import provinces
from tests.integration.quality_cases import BAD, GOOD
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.quality.declared import catalogue
from warehouse.quality.measuring import measure
from warehouse.quality.records import Reason, Result, Scope, Severity, Verdict
from warehouse.quality.results import read_failures, read_results, write_results

pytestmark = pytest.mark.integration
FIRST = date(1975, 1, 6)
APART = timedelta(days=400)
"""Between two worlds: no check looks back so far."""
NAMES = list(catalogue().checks)
COMPUTED = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("quality")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        client.command("ALTER TABLE query_runs REMOVE TTL")  # the worlds lie far in the past
        yield client


def world(client: Client, cases: Mapping[str, tuple[str, ...]], name: str) -> Scope:
    """Plant a world and the scope that sees it, and nothing of another."""
    bad = cases is BAD
    day = FIRST + APART * (NAMES.index(name) + len(NAMES) * bad)
    for sql in cases[name]:
        tag = f"{name}-{'bad' if bad else 'good'}"
        client.command(
            sql.replace("{day}", str(day))
            .replace("{tag}", tag)
            .replace("{provinces}", str(list(provinces())))
        )
    return Scope(
        since=day - timedelta(days=27),
        until=day,
        as_of=datetime.combine(day, time(23), UTC),
    )


def results(client: Client, scope: Scope, name: str) -> list[Result]:
    found = measure(
        client, catalogue(), scope, computed_at=scope.as_of, only=[name], pause=lambda _: None
    )
    return [result for result in found if result.verdict is not Verdict.NOT_ASSESSABLE]


def test_every_check_has_both_worlds() -> None:
    assert GOOD.keys() == BAD.keys() == catalogue().checks.keys()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_well_passes(client: Client, name: str) -> None:
    found = results(client, world(client, GOOD, name), name)
    assert {result.verdict for result in found} == {Verdict.PASS}
    assert all(result.reason is Reason.MEETS and result.n for result in found)


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_defect_fails(client: Client, name: str) -> None:
    scope = world(client, BAD, name)
    failed = [r for r in results(client, scope, name) if r.verdict is Verdict.FAIL]
    assert failed
    assert {result.reason for result in failed} == {Reason.BEYOND}
    before = replace(scope, as_of=scope.as_of - timedelta(days=1))
    asks_of_now = {"rollups_equal_raw", "days_observed", "newest_by_source", "sources_reporting"}
    if name not in asks_of_now:  # what was not stored by then is not seen then
        assert all(r.verdict is not Verdict.FAIL for r in results(client, before, name))


def test_nothing_to_look_at_is_told_of_every_check(client: Client) -> None:
    empty = Scope(
        since=date(1971, 1, 1), until=date(1971, 1, 28), as_of=datetime(1971, 2, 1, tzinfo=UTC)
    )
    found = measure(client, catalogue(), empty, computed_at=COMPUTED, pause=lambda _: None)
    assert {result.check_id for result in found} == set(NAMES)
    assert {r.verdict for r in found} == {Verdict.NOT_ASSESSABLE}
    reasons = {r.check_id: r.reason for r in found}
    assert reasons.pop("rollups_equal_raw") is Reason.NOT_THEN
    assert set(reasons.values()) <= {Reason.NOTHING, Reason.TOO_FEW}


def test_results_are_kept_in_vintages_and_failures_become_notices(client: Client) -> None:
    name = "province_known"
    good, bad = (measure(
        client, catalogue(), world(client, cases, name), computed_at=COMPUTED, only=[name]
    ) for cases in (GOOD, BAD))  # fmt: skip
    at = [COMPUTED + timedelta(days=number) for number in range(4)]
    for computed, which in zip(at, (good, bad, bad, good), strict=True):
        told = [replace(result, computed_at=computed) for result in which]
        write_results(client, told)
        write_results(client, told)
        assert read_results(client) == told
    assert [r.verdict for r in read_results(client, as_of=at[2])] == [Verdict.FAIL]
    assert read_results(client, release_id="W1") == []
    assert good[0].severity is Severity.SEVERE
    (period,) = read_failures(client)
    assert (period.source_id, period.from_at, period.to_at) == (name, at[1], at[3])
    assert "n = 40" in period.evidence or "n = 80" in period.evidence
