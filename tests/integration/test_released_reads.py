"""Published figures read into the snapshot from a real warehouse, for each view by its rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from alerts.actions import Action, Channel, Verdict, action_of
from config.settings import Settings
from dashboard.accounts.records import Account, Role
from dashboard.data import Part, Register
from dashboard.released import MONTHLY, NATION, WEEKLY, Cell
from dashboard.released_reads import with_released
from dashboard.views import Snapshot
from tests.factories_dashboard import alert
from tests.factories_evidence import shifted
from tests.factories_released import ENGLISH, ISSUE, MONDAY, WEEKS, observations
from tests.fixtures_warehouse import start_warehouse
from warehouse.client import connect
from warehouse.deeds import write_actions
from warehouse.disclosure.records import View
from warehouse.history import write_observations
from warehouse.migrate import migrate
from warehouse.strategy_entries import StrategyEntry, read_entries, write_entry

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("released")
    with start_warehouse(folder) as (host, port, secret):
        settings = Settings(
            clickhouse_host=host, clickhouse_port=port, clickhouse_password=SecretStr(secret)
        )
        with connect(settings, database="default") as writer:
            migrate(writer, database="labourwatch", now=ISSUE)
        with connect(settings) as held:
            yield held


def test_departments_read_all_and_the_public_by_the_rules(client: Client) -> None:
    write_observations(client, list(observations()))
    held = with_released(Snapshot(), client, ISSUE)
    department, public = held.figures(View.DEPARTMENT), held.figures(View.PUBLIC)
    line = department.line(NATION, "flow", WEEKLY)
    assert len(line) == WEEKS
    assert line[-1].time_value == MONDAY
    assert all(one.value is not None for one in line)
    crossed = Cell(province="LA-CH", group="5")
    assert department.newest(crossed, "flow", MONTHLY) is not None
    assert department.newest(NATION, "skill_share", MONTHLY, ENGLISH) is not None
    assert all(one.value is None for one in public.line(NATION, "flow", WEEKLY))
    assert public.newest(crossed, "demand_pressure", WEEKLY) is None
    assert {one.view for held in public.lines.values() for one in held} == {View.PUBLIC}


def test_an_alert_brings_the_course_it_was_decided_on_and_what_was_done(client: Client) -> None:
    write_observations(client, list(observations()))
    growth = shifted(province="", isco1="", onset_on=MONDAY)
    deed = action_of(
        Action.VERDICT, growth.alert_id, officer="ch-1", channel=Channel.DASHBOARD, at=ISSUE,
        verdict=Verdict.FALSE, note="Harvest.",
    )  # fmt: skip
    gone = action_of(
        Action.NOTE, growth.alert_id, officer="gone", channel=Channel.DASHBOARD, at=ISSUE, note="x"
    )
    write_actions(client, [deed, gone])
    office = Account(name="ch-1", role=Role.PROVINCIAL, province="LA-CH", created_at=ISSUE)
    register = Register(
        lambda: client, lambda: (growth, alert()), phase=str, clock=lambda: ISSUE,
        accounts=lambda: {"ch-1": office},
    )  # fmt: skip
    register.refresh(frozenset({Part.ALERTS}))
    held = register.snapshot
    assert list(held.courses) == [NATION.series("growth", WEEKLY)]
    assert [one.time_value for one in held.courses[NATION.series("growth", WEEKLY)]] == [MONDAY]
    done = {each.by: (each.province, each.verdict, each.note) for each in held.deeds["growth1"]}
    assert done == {"provincial": ("LA-CH", "false", "Harvest."), "officer": ("", "", "x")}
    register.refresh(frozenset({Part.ALERTS}))
    assert register.snapshot is held


def test_entries_of_the_strategy_are_kept_as_they_stood(client: Client) -> None:
    day = ISSUE.date() - timedelta(days=9)
    first = StrategyEntry(
        number="2.3", on_day=day, value=4.0, source="reports", account="officer-7", entered_at=ISSUE
    )
    for entry in (first, first, replace(first, value=5.0, entered_at=ISSUE + timedelta(hours=1))):
        write_entry(client, entry)
    assert [entry.value for entry in read_entries(client)] == [5.0]
    assert read_entries(client, as_of=ISSUE) == [first]


def test_nothing_is_read_again_until_something_new_is_published(client: Client) -> None:
    write_observations(client, list(observations()))
    held = with_released(Snapshot(), client, ISSUE)
    assert with_released(held, client, ISSUE + timedelta(hours=1)) is held


def test_what_is_published_just_after_a_reading_is_read_without_another_word(
    client: Client,
) -> None:
    client.command("TRUNCATE TABLE observations")
    every = list(observations())
    months = [one for one in every if one.series.frequency is MONTHLY]
    at = [ISSUE]
    register = Register(lambda: client, tuple, phase=str, clock=lambda: at[0])
    write_observations(client, months)
    register.refresh(frozenset({Part.RELEASES}))
    write_observations(client, [one for one in every if one not in months])
    at[0] += timedelta(minutes=1)
    register.refresh(frozenset({Part.RELEASES}))
    assert not register.snapshot.figures(View.DEPARTMENT).line(NATION, "flow", WEEKLY)
    at[0] += timedelta(minutes=2)
    register.refresh(frozenset({Part.REFUSALS}))
    assert len(register.snapshot.figures(View.DEPARTMENT).line(NATION, "flow", WEEKLY)) == WEEKS
