"""Spells read from the warehouse are those that the stream's own records give."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from clickhouse_connect.driver.client import Client

from benchmarks.lifetimes_market import Plan
from benchmarks.lifetimes_watch import Observed, observe
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


@pytest.fixture(scope="module")
def seen() -> Observed:
    return asyncio.run(observe([1], Plan(vacancies=120, days=60, lead_days=30, outage=(30, 37))))


@pytest.fixture(scope="module")
def client(seen: Observed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Everything but the last hundred updates loaded at one time, those an hour later."""
    with (
        running_warehouse(tmp_path_factory.mktemp("spells")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        store, cut = Store(client), len(seen.updates) - 100
        store.write(batch_of(seen.updates[:cut]))
        store.write(batch_of(seen.updates[cut:], start=cut, loaded_at=LATER))
        runs = [Message(encode(run)) for run in seen.runs]
        plan = LoadPlan(
            topic="source-runs", partition=0, start=0, end=len(runs), loaded_at=LOADED_AT
        )
        store.write(build_batch(plan, runs))
        yield client


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
