"""Departments' counts from sealed months are the raw counts, at every moment and of every cell."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.records import VacancyUpdate
from tests.factories_warehouse import FIRST_DAY, PROVINCES, SOURCES
from tests.integration.test_warehouse_questions import market
from tests.integration.warehouse_tables import LOADED_AT, batch_of, fresh_schema, running_warehouse
from warehouse.client import fetch
from warehouse.questions.basis import Basis
from warehouse.questions.known import stretches
from warehouse.questions.sealing import seal
from warehouse.store import Store
from warehouse.vacancy_pages import CellCount, Dimension, Span, VacancyFilter, counts

pytestmark = pytest.mark.integration

EARLY, LATE = LOADED_AT, LOADED_AT + timedelta(days=2)
MOMENTS = (EARLY - timedelta(days=1), EARLY, EARLY + timedelta(days=1), LATE)
DISTRICTS = ("", "LA-VT-01", "LA-VT-02", "LA-SV-03")
"""Of the made market, not of the code list."""


def placed(update: VacancyUpdate, rng: random.Random) -> VacancyUpdate:
    """The update with a district, a sector and an employer whose name has capitals or not."""
    if update.vacancy is None:
        return update
    codes = replace(
        update.vacancy.codes, district=rng.choice(DISTRICTS), isic=rng.choice(["", "F", "G"])
    )
    name = rng.choice(["", "Lao Brewery", "LAO BREWERY", "ບໍລິສັດ", update.vacancy.employer])
    return replace(update, vacancy=replace(update.vacancy, codes=codes, employer=name))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """September sealed early, October sealed again later, November changed since its seal."""
    rng = random.Random(33)
    items = [placed(one, rng) for one in market(33, 500) if one.vacancy is not None]
    rng.shuffle(items)
    later = {
        month: [
            item for item in items[250:] if item.vacancy and item.vacancy.opened_on.month == month
        ]
        for month in (10, 11)
    }
    directory: Path = tmp_path_factory.mktemp("known")
    with running_warehouse(directory) as running, fresh_schema(running) as (client, _):
        store = Store(client)
        store.write(batch_of(items[:250], loaded_at=EARLY))
        seal(client, now=EARLY + timedelta(hours=1))
        store.write(batch_of(later[10], start=1_000, loaded_at=LATE))
        seal(client, now=LATE + timedelta(hours=1))
        store.write(batch_of(later[11], start=2_000, loaded_at=LATE))
        yield client


def asked_of(
    client: Client, wanted: VacancyFilter, span: Span, by: list[Dimension], digits: int,
    as_of: datetime, basis: Basis,
) -> list[CellCount]:  # fmt: skip
    return counts(
        client, wanted, span=span, by=by, digits=digits, as_of=as_of, limit=10_000, basis=basis
    )


def some(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(st.just(()), st.lists(st.sampled_from(codes), max_size=3).map(tuple))


FILTERS = st.builds(
    VacancyFilter,
    since=st.dates(FIRST_DAY - timedelta(days=20), FIRST_DAY + timedelta(days=30)),
    until=st.dates(FIRST_DAY + timedelta(days=30), FIRST_DAY + timedelta(days=80)),
    provinces=some(PROVINCES), districts=some(DISTRICTS), industries=some(("", "F")),
    occupations=some(("", "2", "52", "7115", "331")), skills=some(("", "A", "B", "C")),
    sources=some(SOURCES),
)  # fmt: skip


@settings(max_examples=40)
@given(
    wanted=FILTERS, span=st.sampled_from(Span), digits=st.integers(1, 4),
    by=st.lists(st.sampled_from(Dimension), unique=True, max_size=3),
    as_of=st.sampled_from(MOMENTS),
)  # fmt: skip
def test_sealed_counts_are_the_raw_counts(
    filled: Client, wanted: VacancyFilter, span: Span, digits: int, by: list[Dimension],
    as_of: datetime,
) -> None:  # fmt: skip
    found = asked_of(filled, wanted, span, by, digits, as_of, Basis.ROLLUP)
    assert found == asked_of(filled, wanted, span, by, digits, as_of, Basis.RAW)


def test_months_are_sealed_early_sealed_again_and_changed(filled: Client) -> None:
    """The made market has a month of each kind, and what is counted of it is all there is."""
    everything = VacancyFilter(since=date(2025, 9, 1), until=date(2025, 12, 31))
    seals = fetch(
        filled,
        """SELECT toMonth(month), count(), max(revision) FROM rollup_seals
        WHERE rollup = 'vacancies_counted' GROUP BY month ORDER BY month""",
    )
    assert [row[:2] for row in seals] == [(9, 1), (10, 2), (11, 1)]
    for as_of in (EARLY, LATE):
        told = asked_of(filled, everything, Span.ALL, [], 1, as_of, Basis.ROLLUP)
        ids = fetch(
            filled,
            "SELECT uniqExact(vacancy_id) FROM vacancies WHERE toUnixTimestamp64Milli(loaded_at) <="
            f" {int(as_of.timestamp() * 1000)}",
        )
        assert told[0].n == ids[0][0]


def test_neighbouring_months_are_read_in_one_stretch() -> None:
    months = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1)]
    assert stretches(months) == [
        (date(2025, 11, 1), date(2026, 1, 31)), (date(2026, 3, 1), date(2026, 3, 31)),
    ]  # fmt: skip
    assert stretches([]) == []
