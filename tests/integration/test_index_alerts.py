"""Published indicators from the warehouse to alerts in Redis: fed once, restarted, rebuilt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
import redis
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from alerts.alert import Alert
from alerts.calendar import end_of_day, week_start
from alerts.cells import Cell
from alerts.delivery import write_history
from alerts.indices.watch import IndexWatch
from alerts.parameters import load_parameters
from alerts.recovery import recover
from alerts.signal import Classification
from alerts.store import INDICES, AlertStore, LostLeadershipError, read_alerts
from alerts.watch import Watch
from config.settings import Settings
from tests.factories_alerts import FIRST, fill, market, visits
from tests.factories_indices import MONDAY, figures
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from warehouse.client import connect
from warehouse.history import read_alert_history
from warehouse.loader import prepare
from warehouse.published import ReleaseRow
from warehouse.releases import write_release
from warehouse.series import Observation, Standing

pytestmark = pytest.mark.integration

DAYS = 90
LAST = FIRST + timedelta(days=DAYS - 2)
NOW = end_of_day(LAST)
START = FIRST.toordinal()
WEEKS = 40
ENDS = week_start(LAST) - timedelta(days=14)
"""The last week whose figures are out."""


def released(rows: list[Observation], revision: int) -> tuple[ReleaseRow, list[Observation]]:
    """The figures as one release told them, before the present."""
    issue = NOW - timedelta(days=2 - revision)
    name = f"W{rows[-1].time_value:%Y}-all.{revision}"
    row = ReleaseRow(
        release_id=name, kind="weekly", status="final", period_start=rows[0].time_value,
        period_end=rows[-1].time_value, revision=revision, cutoff=issue, issue=issue,
        figures=len(rows), digest="", supersedes="", note="",
    )  # fmt: skip
    return row, [replace(each, issue=issue, release_id=name) for each in rows]


def published() -> list[Observation]:
    """Tightness that doubles in one province for five weeks, and is quiet in another."""
    shift = ENDS - timedelta(weeks=WEEKS - 1) - MONDAY
    loud = [0.69 if 34 <= n < 39 else 0.02 * (n % 3) for n in range(WEEKS)]
    quiet = [0.02 * (n % 4) for n in range(WEEKS)]
    rows = [*figures(loud, province="LA-VT"), *figures(quiet, province="LA-SV")]
    thin = replace(rows[0], standing=Standing.ROLLED_UP, value=9.0)
    fine = figures([5.0] * WEEKS, occupation="5")
    moved = [
        replace(each, time_value=each.time_value + shift)
        for each in (*rows, *fine, replace(thin, series=replace(thin.series, province="LA-CH")))
    ]
    return sorted(moved, key=lambda each: each.time_value)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with start_warehouse(tmp_path_factory.mktemp("warehouse")) as (host, port, secret):
        made = Settings(
            clickhouse_host=host, clickhouse_port=port, clickhouse_password=SecretStr(secret)
        )
        prepare(made).close()
        client = connect(made)
        fill(client, market(DAYS), visits(DAYS))
        write_release(client, *released(published(), 0))
        revised = [replace(row, value=3.0) for row in published() if row.value is not None]
        write_release(client, *released(revised, 1))
        client.close()
        yield made


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    made = connect(settings)
    made.command("TRUNCATE TABLE alert_history")
    made.command("TRUNCATE TABLE signals")
    yield made
    made.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[redis.Redis]:
    with ExitStack() as stack:
        url = stack.enter_context(start_redis(tmp_path))
        yield stack.enter_context(redis.Redis.from_url(url))


def watch_of(client: Client, state: redis.Redis) -> Watch:
    """A watch as a fresh process has it."""
    return Watch(client, AlertStore(state), state, load_parameters())


def of_indicators(state: redis.Redis) -> list[Alert]:
    return [one for one in read_alerts(state) if one.kind is Classification.INDICATOR]


def test_a_shift_is_told_and_ends_and_a_restart_changes_nothing(
    client: Client, state: redis.Redis
) -> None:
    whole = watch_of(client, state)
    coverage = whole.coverage()
    whole.advance(coverage, START + DAYS - 2, NOW)
    expected, alerts = whole.monitor.indices.freeze(), of_indicators(state)
    assert set(expected) == {"tightness|LA-VT/*", "tightness|LA-SV/*"}
    (alert,) = alerts
    assert (alert.indicator, alert.cell, alert.is_open) == ("tightness", Cell("LA-VT", ""), False)
    assert (alert.n, alert.employers, alert.sources) == (40, 9, ("north", "south"))
    write_history(AlertStore(state), client)
    told = [row for row in read_alert_history(client) if row.kind == "indicator"]
    assert [row.state for row in reversed(told)] == ["firing", "resolved"]
    assert told[-1].ratio == pytest.approx(2.0, rel=0.1)
    state.flushall()
    for cut in (1, 40, 41, 62, 70, DAYS - 2):
        part = watch_of(client, state)
        part.advance(coverage, START + cut, NOW)
        held = cast(dict[bytes, bytes], state.hgetall(INDICES))
        stored = {key.decode(): value for key, value in held.items()}
        assert IndexWatch.thaw(stored).freeze() == stored
    assert stored == expected
    assert of_indicators(state) == alerts


def test_state_lost_with_redis_is_made_anew(client: Client, state: redis.Redis) -> None:
    watch = watch_of(client, state)
    watch.advance(watch.coverage(), START + DAYS - 2, NOW)
    expected, alerts = state.hgetall(INDICES), of_indicators(state)
    write_history(AlertStore(state), client)
    through = max(row.at for row in read_alert_history(client))
    state.flushall()
    fresh = watch_of(client, state)
    assert recover(client, AlertStore(state), fresh, NOW) is not None
    assert fresh.monitor.fed_through <= through.date().toordinal()
    fresh.advance(fresh.coverage(), START + DAYS - 2, NOW)
    assert state.hgetall(INDICES) == expected
    assert [(one.key, one.state) for one in of_indicators(state)] == [
        (one.key, one.state) for one in alerts
    ]


def test_a_rival_that_lags_behind_feeds_nothing(client: Client, state: redis.Redis) -> None:
    first, second = watch_of(client, state), watch_of(client, state)
    coverage = first.coverage()
    assert second.monitor.fed_through == 0
    first.advance(coverage, START + 70, NOW)
    stored = state.hgetall(INDICES)
    with pytest.raises(LostLeadershipError):
        second.advance(coverage, START + 80, NOW)
    assert state.hgetall(INDICES) == stored
