"""No text column of a filled warehouse holds what the redaction would cut; labels and usage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from config.settings import Settings
from streams.normalise import normalise
from streams.records import NormalisedPosting, VacancyUpdate
from streams.redact import redact
from tests.factories_streams import a_posting
from tests.factories_warehouse import updates
from tests.integration.warehouse_tables import LOADED_AT, batch_of, fresh_schema, running_warehouse
from warehouse.labels import load_labels
from warehouse.retention import FOR_GOOD, POLICY, years_kept
from warehouse.store import Store
from warehouse.usage import Answered, Audience, read_usage, record_usage, visitor

pytestmark = pytest.mark.integration

PRIVATE = "Contact Ms Noy: 020 5551 2345, noy@example.com, WhatsApp +856 20 77 123 456"
OURS = {"schema_migrations", "labels", "labels_current"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_warehouse(tmp_path_factory.mktemp("privacy")) as running:
        yield running


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    with fresh_schema(settings) as (client, _):
        yield client


def advert(number: int) -> VacancyUpdate:
    """A stored advert that came in with personal data in every text."""
    raw = a_posting(
        title=f"Accountant {number} {PRIVATE}",
        description=f"We need an accountant. {PRIVATE}",
        hiring_organization=f"Lao Trade {PRIVATE}",
    )
    cleaned = normalise(raw)
    assert isinstance(cleaned, NormalisedPosting)
    update = next(u for u in updates(number, 3) if u.posting is not None and u.vacancy is not None)
    assert update.vacancy is not None
    return replace(
        update,
        posting=replace(cleaned, record_id=update.record_id),
        vacancy=replace(update.vacancy, title=cleaned.title, employer=cleaned.employer),
    )


def texts(client: Client) -> Iterator[tuple[str, str, str]]:
    """(table, column, value) of every distinct text of every table."""
    columns = client.query(
        """SELECT table, name, type FROM system.columns WHERE database = currentDatabase()
        AND type LIKE '%String%' AND NOT startsWith(type, 'AggregateFunction')"""
    ).result_rows
    for table, name, kind in columns:
        if table in OURS:
            continue
        shown = f"`{name}`" if "(" not in kind or kind.startswith("Low") else f"toString(`{name}`)"
        for (value,) in client.query(f"SELECT DISTINCT {shown} FROM `{table}`").result_rows:
            yield table, name, value


def test_no_text_holds_personal_data(client: Client) -> None:
    Store(client).write(batch_of([advert(number) for number in range(1, 6)]))
    found = list(texts(client))
    assert any(table == "postings" and "[phone]" in value for table, _, value in found)
    identifiers = ("_id", "_key", "_hash", "digest", "batch", "checksum")
    left = [
        (table, name, value)
        for table, name, value in found
        if not name.endswith(identifiers) and redact(value).text != value
    ]
    assert left == []
    assert not any("5551 2345" in value or "noy@" in value for _, _, value in found)


def test_labels_are_loaded_once_an_edition(client: Client) -> None:
    stored = load_labels(client, now=LOADED_AT)
    assert stored > 14_000
    assert load_labels(client, now=LOADED_AT + timedelta(days=1)) == 0
    rows = client.query(
        "SELECT name_en, name_lo FROM labels_current WHERE scheme = 'province' AND code = 'LA-VT'"
    ).result_rows
    assert rows == [("Vientiane Capital", "ນະຄອນຫຼວງວຽງຈັນ")]


def test_usage_is_summed_and_visitors_told_apart_within_a_day_only(client: Client) -> None:
    day = date(2026, 11, 20)
    requests = [
        Answered(
            route="/v1/series", audience=Audience.PUBLIC, status=500 if i == 7 else 200,
            elapsed_ms=float(i), visitor=visitor(f"10.0.0.{i % 20}", "browser", b"of the day"),
        )
        for i in range(1, 101)
    ]  # fmt: skip
    for _ in range(2):
        record_usage(client, day=day, answered=requests[:50], token="a")
    record_usage(client, day=day, answered=requests[50:], token="b")
    record_usage(client, day=day, answered=[], token="c")
    (told,) = read_usage(client, since=day, until=day)
    assert (told.requests, told.failed, told.visitors) == (100, 1, 20)
    assert told.median_ms == pytest.approx(50, abs=2)
    assert told.p95_ms == pytest.approx(95, abs=2)
    assert visitor("10.0.0.1", "browser", b"tomorrow") != requests[0].visitor


def test_tables_forget_what_the_policy_says_and_nothing_else(client: Client) -> None:
    rows = client.query(
        """SELECT name, create_table_query FROM system.tables
        WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"""
    ).result_rows
    for table, created in rows:
        years = years_kept(table)
        assert (" TTL " in created.split("ORDER BY")[-1]) == (years != FOR_GOOD), table
        if years:
            assert f"toIntervalYear({years})" in created or f"INTERVAL {years} YEAR" in created
    assert {rule.table for rule in POLICY} <= {row[0] for row in rows}
