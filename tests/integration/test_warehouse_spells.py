"""Spells read from the warehouse are those that the stream's own records give."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from alerts.durations import Deadlines, duration
from benchmarks.lifetimes_market import Plan
from benchmarks.lifetimes_watch import Observed, observe
from config.settings import Settings
from labourwatch.durations import Question, answer
from scrapers.health_records import SourceMark, Verdict
from scrapers.items import RunOutcome, SourceRun
from streams.codec import encode
from tests.integration.warehouse_tables import (
    LOADED_AT,
    Message,
    batch_of,
    fresh_schema,
    running_warehouse,
)
from warehouse.batch import build_batch
from warehouse.histories import read_spells, read_watches
from warehouse.plan import Plan as LoadPlan
from warehouse.spells import Spell, spells_of
from warehouse.store import Store

pytestmark = pytest.mark.integration

LATER = LOADED_AT + timedelta(hours=1)
LAST = LOADED_AT + timedelta(hours=2)


@pytest.fixture(scope="module")
def seen() -> Observed:
    return asyncio.run(observe([1], Plan(vacancies=120, days=60, lead_days=30, outage=(30, 37))))


@pytest.fixture(scope="module")
def served(
    seen: Observed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, Client]]:
    """Everything but the last hundred updates loaded at one time, those an hour later."""
    with (
        running_warehouse(tmp_path_factory.mktemp("spells")) as settings,
        fresh_schema(settings) as (client, database),
    ):
        store, cut = Store(client), len(seen.updates) - 100
        store.write(batch_of(seen.updates[:cut]))
        store.write(batch_of(seen.updates[cut:], start=cut, loaded_at=LATER))
        runs = [Message(encode(run)) for run in seen.runs]
        plan = LoadPlan(
            topic="source-runs", partition=0, start=0, end=len(runs), loaded_at=LOADED_AT
        )
        store.write(build_batch(plan, runs))
        yield settings.model_copy(update={"clickhouse_database": database}), client


@pytest.fixture
def client(served: tuple[Settings, Client]) -> Client:
    return served[1]


def by_name(spells: list[Spell]) -> list[Spell]:
    return sorted(spells, key=lambda spell: (spell.vacancy_id, spell.number))


def told(seen: Observed) -> list[Spell]:
    watches = seen.watches()
    return by_name([s for history in seen.histories() for s in spells_of(history, watches)])


def test_the_warehouse_gives_the_stream_s_spells(client: Client, seen: Observed) -> None:
    assert read_watches(client) == seen.watches()
    read = by_name(read_spells(client))
    assert read == told(seen)
    assert len(read) > 80
    assert {spell.status for spell in read} >= {"closed", "expired", "open"}


def test_what_was_known_then_can_be_told_again(client: Client, seen: Observed) -> None:
    before = Observed(updates=seen.updates[:-100], runs=seen.runs)
    assert by_name(read_spells(client, as_of=LOADED_AT)) == told(before)
    assert read_spells(client, as_of=LOADED_AT - timedelta(hours=1)) == []


def test_an_analyst_is_answered(served: tuple[Settings, Client], seen: Observed) -> None:
    question = Question(
        province="LA-VT", occupation="5", since=None, as_of=date(2026, 12, 1),
        deadlines=Deadlines.END,
    )  # fmt: skip
    assert answer(served[0], question) == duration(told(seen))


def test_a_source_that_is_doubted_fails(client: Client) -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    mark = SourceMark(
        mark_id="slow:x", source_id="slow", kind=Verdict.CHANGED, from_at=now, to_at=None,
        reason="", evidence="", run_id="slow:x", issue=now,
    )  # fmt: skip
    run = SourceRun(
        source_id="slow", run_id="slow:x", started_at=now, finished_at=now,
        outcome=RunOutcome.OK, marks=(mark,),
    )  # fmt: skip
    plan = LoadPlan(topic="source-runs", partition=0, start=900, end=901, loaded_at=LAST)
    Store(client).write(build_batch(plan, [Message(encode(run))]))
    assert read_watches(client)["slow"].failing
    assert not read_watches(client)["dated"].failing
    assert not read_watches(client, as_of=LATER)["slow"].failing


def test_parts_of_the_market(client: Client, seen: Observed) -> None:
    everything = read_spells(client)
    assert len(read_spells(client, province="LA-VT")) == len(everything)
    assert read_spells(client, province="LA-SV") == []
    assert len(read_spells(client, occupation="52")) == len(everything)
    assert read_spells(client, occupation="7") == []
    middle = min(seen.runs, key=lambda run: run.finished_at).finished_at.date()
    early = read_spells(client, until=middle)
    assert 0 < len(early) < len(everything)
    assert len(early) + len(read_spells(client, since=middle + timedelta(days=1))) == len(
        everything
    )
