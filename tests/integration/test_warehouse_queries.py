"""What is stored accounts for everything, and of sources it is told whether they are observed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from scrapers.items import DeadLetter, RunOutcome, SourceRun, Stage, SupplyRecord
from streams.codec import encode
from streams.records import VacancyEvent, VacancyUpdate
from tests.factories_warehouse import FIRST_DAY, updates
from tests.integration.stored_totals import totals
from tests.integration.warehouse_tables import (
    LOADED_AT,
    Message,
    batch_of,
    fresh_schema,
    running_warehouse,
)
from warehouse import health, queries, register
from warehouse.batch import build_batch
from warehouse.plan import Plan
from warehouse.store import Store

pytestmark = pytest.mark.integration

ITEMS = list(updates(21, 200, per_day=10))
HALF = len(ITEMS) // 2
FIRST_LOAD, SECOND_LOAD = LOADED_AT, LOADED_AT + timedelta(hours=1)
RUNS = [
    ("alpha", 1, RunOutcome.OK),
    ("alpha", 2, RunOutcome.FAILED),
    ("beta", 1, RunOutcome.OK),
    ("beta", 2, RunOutcome.OK),
    ("gamma", 1, RunOutcome.REFUSED),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Half of the updates loaded at one time, half an hour later, and what else is asked about."""
    with (
        running_warehouse(tmp_path_factory.mktemp("queries")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        store = Store(client)
        store.write(batch_of(ITEMS[:HALF], loaded_at=FIRST_LOAD))
        store.write(batch_of(ITEMS[HALF:], start=HALF, loaded_at=SECOND_LOAD))
        for topic, values in (("source-runs", runs()), ("dead-letters", letters())):
            plan = Plan(topic=topic, partition=0, start=0, end=len(values), loaded_at=SECOND_LOAD)
            store.write(build_batch(plan, [Message(value) for value in values]))
        yield client


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 5, 0, tzinfo=UTC)


def runs() -> list[bytes]:
    return [run(source, day, outcome) for source, day, outcome in RUNS]


def run(source: str, day: int, outcome: RunOutcome) -> bytes:
    return encode(
        SourceRun(
            source_id=source,
            run_id=f"{source}-{day}",
            started_at=at(day),
            finished_at=at(day),
            outcome=outcome,
            listed=day,
            published=10,
        )
    )


def people(source: str) -> SupplyRecord:
    return SupplyRecord(
        source_id=source, record_id=f"{source}-1", province="LA-CH", occupation="5",
        measure="jobseekers_waiting", count=40.0, period_start=date(2026, 9, 1),
        period_end=date(2026, 9, 30), published_at=at(1),
    )  # fmt: skip


def letters() -> list[bytes]:
    return [
        encode(
            DeadLetter(
                letter_id=f"l{number}",
                stage=Stage.CRAWL,
                reason="title_missing",
                detail="",
                source_id="alpha",
                posting_id=str(number),
                topic="postings",
                key=b"",
                payload=b"",
                event_time=at(1),
                failed_at=at(1),
            )
        )
        for number in range(3)
    ]


def events(items: list[VacancyUpdate]) -> list[VacancyEvent]:
    return [event for item in items for event in item.events]


def test_totals_account_for_everything(client: Client) -> None:
    found = totals(client)
    roles = Counter(item.role.value for item in ITEMS if item.role is not None)
    assert dict(found.postings_by_role) == dict(roles)
    assert found.refused == {("crawl", "title_missing"): 3}
    assert (found.vacancies, found.events) == (200, len(events(ITEMS)))
    assert (found.flow, found.runs) == (200, len(RUNS))
    assert found.stock == sum(event.stock for event in events(ITEMS))


def test_health_of_sources(client: Client) -> None:
    found = {source.source_id: source for source in health.source_health(client)}
    assert (found["alpha"].last_outcome, found["alpha"].last_ok_at) == ("failed", at(1))
    assert (found["gamma"].last_ok_at, found["gamma"].failed) == (None, 1)
    assert (found["beta"].runs, found["beta"].published) == (2, 20)


def test_run_days_tell_an_outage_from_a_quiet_day(client: Client) -> None:
    found = {
        (day.source_id, day.day): day for day in health.run_days(client, since=date(2026, 11, 1))
    }
    assert (found["alpha", date(2026, 11, 2)].ok, found["alpha", date(2026, 11, 2)].failed) == (
        0,
        1,
    )
    assert found["beta", date(2026, 11, 2)].ok == 1


def test_what_a_source_lists_is_told_of_its_last_whole_reading(client: Client) -> None:
    """Between these a crawl lists its newest pages or nothing, and one that failed nothing."""
    rows = [
        ("board", 1, "ok", 439, 2), ("board", 2, "ok", 500, 2), ("board", 3, "ok", 0, 0),
        ("board", 4, "failed", 0, 0), ("feed", 1, "ok", 7, 0), ("feed", 2, "partial", 3, 0),
        ("never", 1, "failed", 0, 0),
    ]  # fmt: skip
    client.insert(
        "source_runs",
        [(f"listing-{name}", f"{name}{n}", outcome, listed, whole,
          datetime(2027, 1, n, tzinfo=UTC)) for name, n, outcome, listed, whole in rows],
        column_names=["source_id", "run_id", "outcome", "listed", "unseen_runs", "finished_at"],
    )  # fmt: skip
    told = register.listed_last(client)
    held = {name[8:]: n for name, n in told.items() if name.startswith("listing-")}
    assert held == {"board": 500, "feed": 3}


def test_event_span(client: Client) -> None:
    days = [event.event_date for event in events(ITEMS)]
    assert queries.event_span(client) == (min(days), max(days))


def test_a_table_of_persons_is_no_source_of_vacancies_unless_it_gave_some_too(
    client: Client,
) -> None:
    def sources(as_of: datetime = SECOND_LOAD + timedelta(hours=2)) -> set[str]:
        return {day.source_id for day in health.run_days(client, since=FIRST_DAY, as_of=as_of)}

    before = sources()
    told = SECOND_LOAD + timedelta(hours=1)
    for topic, values in (
        ("supply", [encode(people(source)) for source in ("office", "alpha")]),
        ("source-runs", [run("office", 3, RunOutcome.OK)]),
    ):
        plan = Plan(topic=topic, partition=0, start=50, end=50 + len(values), loaded_at=told)
        Store(client).write(build_batch(plan, [Message(value) for value in values]))
    assert "alpha" in before
    assert sources() == before, "the office gave persons alone, alpha vacancies too"
    assert sources(SECOND_LOAD) == before, "nothing of it was known by then"
    plan = Plan(topic="source-runs", partition=0, start=60, end=61, loaded_at=told)
    Store(client).write(build_batch(plan, [Message(run("portal", 3, RunOutcome.OK))]))
    assert sources() == before | {"portal"}, "one that has given nothing yet is waited for"
