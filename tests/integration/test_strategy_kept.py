"""Indicators of the strategy kept once a day, and use counted by real stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis

from alerts.strategy_round import strategy_round
from config.settings import Settings
from dashboard.measuring import Measuring
from dashboard.strategy_reads import with_strategy
from dashboard.v1.answers import Asking
from dashboard.v1.citing import House
from dashboard.v1.strategy import strategy
from dashboard.views import Snapshot
from tests.fixtures_redis import start_redis
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.active_users import SECRET_KEY, counted, read_activity, secret_of_quarter
from warehouse.client import connect
from warehouse.disclosure.records import View
from warehouse.quality.strategy import ValueOrigin
from warehouse.response_times import Asked, read_times
from warehouse.strategy_entries import StrategyEntry, write_entry
from warehouse.strategy_values import read_values

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    folder: Path = tmp_path_factory.mktemp("kept")
    with (
        running_warehouse(folder) as settings,
        fresh_schema(settings) as (_, database),
        start_redis(folder / "redis") as redis_url,
    ):
        yield settings.model_copy(
            update={
                "clickhouse_database": database, "workspace": "live", "redis_url": redis_url,
            }
        )  # fmt: skip


def asked(measuring: Measuring, path: str, address: str, agent: str, status: int = 200) -> None:
    scope = {
        "route": SimpleNamespace(path=path), "client": (address, 1),
        "headers": [(b"user-agent", agent.encode())],
    }  # fmt: skip
    measuring.count(scope, status, 2_500.0 if path == "/" else 700.0)


def test_use_is_counted_over_days_and_processes_and_kept_as_indicators(live: Settings) -> None:
    at = [NOW - timedelta(days=3)]
    first, second = (Measuring(live, lambda: at[0]) for _ in range(2))
    for measuring in (first, second):
        measuring.learn()
    for day in range(3):
        at[0] = NOW - timedelta(days=3 - day)
        for measuring in (first, second):
            for person in range(40):
                asked(measuring, "/", f"10.0.0.{person}", "phone")
            asked(measuring, "/v1/series", "10.0.1.1", "analyst")
            asked(measuring, "/", "10.0.2.2", "Googlebot/2.1")
            asked(measuring, "/", "10.0.3.3", "phone", 404)
    for measuring in (first, second):
        measuring.store()
    assert first.waiting == 0
    with connect(live) as client:
        (found,) = read_activity(client, until=TODAY)
        basic, complex_ = read_times(client, since=TODAY - timedelta(days=9), until=TODAY)
    assert found.quarter == date(2026, 10, 1)
    assert round(counted(found.filled).value) in (40, 41)  # two of 41 may share a bucket
    assert (found.filled_inside, found.requests) == (0, 246)
    assert (basic.asked, basic.n, basic.within) == (Asked.BASIC, 252, 0.0)
    assert complex_.mean_s == pytest.approx(0.7)
    assert (complex_.n, complex_.within) == (6, 1.0)


def test_a_busy_minute_is_stored_whole(live: Settings) -> None:
    """More requests than the address of one statement could hold."""
    day = NOW + timedelta(days=200)
    measuring = Measuring(live, lambda: day)
    measuring.learn()
    for person in range(1_200):
        asked(measuring, "/en/provinces/{item}", f"10.1.{person // 250}.{person % 250}", "phone")
    measuring.store()
    with connect(live) as client:
        (basic, _) = read_times(client, since=day.date(), until=day.date())
        found = read_activity(client, until=day.date())[-1]
    count = counted(found.filled)
    assert (basic.n, found.requests) == (1_200, 1_200)
    assert count.lower <= 1_200 <= count.upper + 5


def test_the_secret_of_a_quarter_is_one_and_ends(live: Settings) -> None:
    with redis.Redis.from_url(live.redis_url) as store:
        one, again = (secret_of_quarter(store, date(2026, 10, 1)) for _ in range(2))
        other = secret_of_quarter(store, date(2027, 1, 1))
        assert one == again != other
        ends = datetime.fromtimestamp(store.expiretime(f"{SECRET_KEY}2026-10"), UTC)
    assert ends == datetime(2027, 1, 3, tzinfo=UTC)


def test_values_are_kept_once_a_day_and_read_back(live: Settings) -> None:
    led: list[int] = []
    with connect(live) as client:
        for hours in (0, 1, 24):
            strategy_round(client, live, NOW + timedelta(hours=hours), lambda: led.append(1))
        kept = read_values(client)
        assert len(led) == 2
        assert {one.on_day for one in kept} == {TODAY, TODAY + timedelta(days=1)}
        numbers = {one.number: one for one in kept}
        assert set(numbers) == {"1.2", "1.3", "1.4", "3.1", "3.4", "3.5", "3.6"}
        assert numbers["1.2"].origin is ValueOrigin.USED
        assert numbers["1.2"].period_start == date(2026, 10, 1)
        assert numbers["1.3"].value == pytest.approx(0.7)
        assert numbers["1.4"].value == 0
        assert numbers["3.4"].value is None
        assert read_values(client, as_of=NOW - timedelta(days=1)) == []
        write_entry(
            client,
            StrategyEntry(number="2.3", on_day=TODAY, value=4, source="report", account="o",
                          entered_at=NOW),
        )  # fmt: skip
        held = with_strategy(Snapshot(), client, NOW)
        assert len(held.values) == len(kept)
        assert [one.number for one in held.entries] == ["2.3"]
        assert with_strategy(held, client, NOW + timedelta(minutes=1)) is held
        asking = Asking(
            client=client, view=View.PUBLIC, house=House(url="http://x", demonstration=False),
            now=NOW + timedelta(days=2), path="/v1/strategy", page=100,
        )  # fmt: skip
        table = strategy(asking, {"number": "1.3,2.3"}).build()
        rows = [row for block in table.blocks for row in block]
    assert [row[:3] for row in rows] == [
        ("1.3", TODAY, "used"), ("1.3", TODAY + timedelta(days=1), "used"),
        ("2.3", TODAY, "entered"),
    ]  # fmt: skip
