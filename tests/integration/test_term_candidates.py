"""Terms that no code covers: from texts in the warehouse to the table of candidates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from config import topics
from labourwatch.emerging import Periods, lines, search
from streams.codec import encode
from streams.records import VacancyUpdate
from tests.factories_warehouse import updates
from tests.integration.warehouse_tables import (
    LOADED_AT,
    Message,
    fresh_schema,
    running_warehouse,
)
from warehouse.batch import build_batch
from warehouse.client import fetch
from warehouse.plan import Plan
from warehouse.store import Store
from warehouse.terms import read_texts, write_terms

pytestmark = pytest.mark.integration

AT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("terms")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        yield client


def worded(item: VacancyUpdate, last: date) -> VacancyUpdate:
    """Its text names zorb rolling if it is one of the recent ones."""
    if item.posting is None or item.vacancy is None:
        return item
    recent = (last - item.vacancy.opened_on).days < 7
    text = "zorb rolling" if recent else "quiet gate"
    return replace(item, posting=replace(item.posting, description=text))


def test_new_terms_are_found_stored_and_read(client: Client) -> None:
    items = list(updates(7, 400, per_day=10))
    last = max(item.vacancy.opened_on for item in items if item.vacancy is not None)
    messages = [Message(encode(worded(item, last))) for item in items]
    plan = Plan(
        topic=topics.VACANCIES.name, partition=0, start=0, end=len(messages), loaded_at=LOADED_AT
    )
    Store(client).write(build_batch(plan, messages))
    periods = Periods(as_of=last, recent_days=7, before_days=60)

    texts = list(read_texts(client, first=periods.first, last=last))
    assert [text.opened_on for text in texts] == sorted(text.opened_on for text in texts)
    found, compared = search(texts, periods)
    assert [each.term for each in found] == ["zorb rolling"]
    assert compared.recent_of + compared.before_of == len(texts)
    assert any("zorb rolling" in line for line in lines(found, compared))

    for _ in range(2):
        write_terms(client, found, compared, computed_at=AT)
    assert [row[0] for row in read_terms(client, as_of=last)] == ["zorb rolling"]
    assert read_terms(client, as_of=last - timedelta(days=1)) == []


def read_terms(client: Client, *, as_of: date) -> list[tuple[str, int, float, float]]:
    """(term, recent vacancies, growth, q) found last for the latest day up to `as_of`."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in fetch(
            client,
            """SELECT term, recent, growth, q_value FROM term_candidates
            WHERE (as_of, computed_at) IN (
              SELECT as_of, computed_at FROM term_candidates WHERE as_of <= {as_of:Date}
              ORDER BY as_of DESC, computed_at DESC LIMIT 1)
            ORDER BY q_value, term""",
            as_of=as_of,
        )
    ]
