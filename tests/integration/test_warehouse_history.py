"""Observations, signals and alert history are kept once and can be given again as of any moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from tests.factories_warehouse import FIRST_DAY
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse import history
from warehouse.client import fetch, moment
from warehouse.series import Observation, SeriesKey

pytestmark = pytest.mark.integration

SINCE, UNTIL = FIRST_DAY + timedelta(days=5), FIRST_DAY + timedelta(days=40)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("history")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        yield client


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 5, 0, tzinfo=UTC)


def test_an_earlier_issue_of_a_figure_can_be_given_again(client: Client) -> None:
    series = SeriesKey(indicator="flow", province="LA-VT", occupation="2")
    first = Observation(series=series, time_value=SINCE, issue=at(1), value=None, n=3, employers=2)
    second = Observation(
        series=series, time_value=SINCE, issue=at(2), value=4.5, n=9, employers=4, lower=2.0,
        upper=8.0, grade="C", method="m1",
    )  # fmt: skip
    for _ in range(2):
        history.write_observations(client, [first, second])
    assert history.read_observations(client, series, since=SINCE) == [second]
    assert history.read_observations(client, series, since=SINCE, as_of=at(1)) == [first]
    assert client.query("SELECT count() FROM observations").result_rows == [(2,)]


def signal(number: int) -> history.SignalRecord:
    return history.SignalRecord(
        signal_id=f"s{number}",
        cell_province="LA-VT",
        cell_isco1="",
        direction="up",
        onset_on=SINCE,
        detected_on=UNTIL,
        event_time=at(number),
        observed=12.0,
        expected=5.0,
        ratio=2.4,
        ratio_lower=1.3,
        ratio_upper=4.1,
        score=6.5,
        n=12,
        employers=5,
        sources=("alpha", "beta"),
        classification="labour",
        detail="",
        loaded_at=at(number),
    )


def test_signals_are_kept_once_and_read_back(client: Client) -> None:
    history.write_signals(client, [signal(1), signal(2)])
    history.write_signals(client, [signal(1), signal(2)])
    history.write_signals(client, [signal(2), signal(3)])  # written again in other company
    assert read_signals(client, since=at(1)) == [signal(3), signal(2), signal(1)]
    assert read_signals(client, since=at(1), as_of=at(1)) == [signal(1)]


def read_signals(
    client: Client, *, since: datetime, limit: int = 10_000, as_of: datetime | None = None
) -> list[history.SignalRecord]:
    """Signals whose event time is at or after `since`, newest first."""
    names = [field.name for field in fields(history.SignalRecord)]
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM signals
        WHERE event_time >= {moment("since")} AND loaded_at <= {moment("as_of")}
        ORDER BY event_time DESC, signal_id LIMIT 1 BY signal_id LIMIT {{limit:UInt32}}""",
        since=since,
        as_of=as_of or datetime(2299, 1, 1, tzinfo=UTC),
        limit=limit,
    )
    found = (dict(zip(names, row, strict=True)) for row in rows)
    return [history.SignalRecord(**{**one, "sources": tuple(one["sources"])}) for one in found]


def transition(day: int, state: str) -> history.AlertRecord:
    return history.AlertRecord(
        alert_id="a1",
        at=at(day),
        recorded_at=at(day),
        state=state,
        previous_state="",
        reason="threshold",
        kind="demand_surge",
        direction="up",
        province="LA-VT",
        isco1="",
        onset_on=SINCE,
        observed=12.0,
        expected=5.0,
        ratio=2.4,
        ratio_lower=1.3,
        ratio_upper=4.1,
        n=12,
        sources=("alpha",),
        notified=True,
        detail="",
    )


def test_alert_history_is_kept_once_and_read_back(client: Client) -> None:
    entries = [transition(1, "pending"), transition(2, "firing")]
    for _ in range(2):
        history.write_alert_history(client, entries)
    found = history.read_alert_history(client, alert_id="a1")
    assert found == entries[::-1]
    assert history.read_alert_history(client, as_of=at(1)) == entries[:1]
    assert history.read_alert_history(client, alert_id="other") == []
