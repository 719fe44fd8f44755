"""The published Finnish mismatch index through the real warehouse, on two years of all levels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from alerts.indicators.mismatch import unmatched
from benchmarks.finland import LEVELS, PUBLISHED_AT, published, records, store
from benchmarks.warehouse_finland import GOAL, asked, error_of, errors_of, sides_by_period
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.questions.mismatch import mismatch_counts, mismatch_index
from warehouse.store import Store

pytestmark = pytest.mark.integration
MONTHS = ("2006-01", "2009-06", "2015-12", "2020-05", "2023-10")
WANTED = {key: value for key, value in published().items() if key[0].strftime("%Y-%m") in MONTHS}
EARLIER = PUBLISHED_AT - timedelta(days=30)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("golden")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        target = Store(client)
        early = records((1,), MONTHS, issue=EARLIER, factor=0.9)
        assert store(target, early, loaded_at=EARLIER) == 2 * 11 * len(MONTHS)
        store(target, records(LEVELS, MONTHS), loaded_at=PUBLISHED_AT)
        store(target, records((2,), MONTHS), loaded_at=PUBLISHED_AT + timedelta(days=1))
        yield client


def test_the_published_index_is_reproduced_in_sql_python_and_observations(client: Client) -> None:
    assert len(WANTED) == len(MONTHS) * len(LEVELS)
    errors = errors_of(client, LEVELS, WANTED)
    assert set(errors) == {"sql", "python", "observations"}
    assert max(errors.values()) <= GOAL


def test_an_earlier_issue_can_be_asked_for_and_differs(client: Client) -> None:
    then = mismatch_index(client, asked(1), as_of=EARLIER)
    now = mismatch_index(client, asked(1))
    assert [row.period_start for row in then] == [row.period_start for row in now]
    for before, after in zip(then, now, strict=True):
        assert before.value is not None
        assert after.value is not None
        assert 1 - before.value == pytest.approx((1 - after.value) * 0.9**0.5, abs=1e-12)
    assert mismatch_index(client, asked(1), as_of=EARLIER - timedelta(days=1)) == []


@pytest.mark.parametrize("alpha", [0.3, 0.5, 0.8])
def test_sql_and_python_agree_at_any_alpha(client: Client, alpha: float) -> None:
    sides = sides_by_period(mismatch_counts(client, asked(3)))
    told = mismatch_index(client, asked(3), alpha=alpha)
    assert [row.period_start for row in told] == sorted(sides)
    for row in told:
        assert row.value == pytest.approx(unmatched(sides[row.period_start], alpha), abs=1e-13)
        assert row.groups == len(sides[row.period_start].vacancies)


def test_a_file_of_decades_is_stored_whole_in_one_batch(client: Client) -> None:
    """214 months are 214 partitions of one insert; the engine's default allows 100."""
    later = PUBLISHED_AT + timedelta(days=2)
    assert store(Store(client), records((1,), issue=later), loaded_at=later) == 2 * 11 * 214
    whole = {key: value for key, value in published().items() if key[1] == 1}
    told = mismatch_index(client, asked(1), as_of=later)
    assert error_of({(row.period_start, 1): row.value or 0 for row in told}, whole) <= GOAL


def test_a_missing_point_is_an_infinite_error() -> None:
    assert error_of({(date(2006, 1, 1), 1): 0.0}, WANTED) == float("inf")
