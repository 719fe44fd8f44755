"""The scorecard and the register of events over a real warehouse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr

from alerts.actions import Action, Channel, Verdict, action_of
from alerts.calendar import end_of_day
from alerts.scorecard.registering import Told
from config.settings import Settings
from labourwatch import scoring_alerts
from labourwatch.demo.registered import register_planted
from labourwatch.demo.state import MarketFile, StateError
from tests.factories_scorecard import row
from tests.fixtures_warehouse import start_warehouse
from warehouse.client import connect
from warehouse.deeds import write_actions
from warehouse.history import write_alert_history
from warehouse.labour_events import read_labour_events
from warehouse.loader import prepare
from warehouse.scorecard import read_facts_mark, read_score_facts

pytestmark = pytest.mark.integration
FIRST = date(2026, 3, 2)
NOW = end_of_day(date(2026, 8, 31))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with start_warehouse(tmp_path_factory.mktemp("warehouse")) as (host, port, secret):
        settings = Settings(
            clickhouse_host=host, clickhouse_port=port, clickhouse_password=SecretStr(secret),
            var_dir=tmp_path_factory.mktemp("var"),
        )  # fmt: skip
        prepare(settings).close()
        yield settings


def test_it_is_read_as_it_was_known(settings: Settings) -> None:
    history = [row(f"a{i}", FIRST + timedelta(days=i)) for i in range(6)]
    verdicts = [
        action_of(
            Action.VERDICT, one.alert_id, officer="vt-2", channel=Channel.LINK,
            at=one.at + timedelta(days=2), verdict=Verdict.TRUE,
        )
        for one in history
    ]  # fmt: skip
    with connect(settings) as client:
        assert read_facts_mark(client).newest is None
        write_alert_history(client, history)
        write_actions(client, verdicts)
        before = read_facts_mark(client, as_of=history[0].recorded_at)
        assert (before.rows, before.newest) == (1, history[0].recorded_at)
        assert len(read_score_facts(client, as_of=history[2].recorded_at).history) == 3

    def told(as_of: datetime) -> dict[str, object]:
        lines = scoring_alerts.scorecard(
            settings, province=None, since=FIRST, until=None, as_of=as_of, as_json=True
        )
        return dict(json.loads("\n".join(lines))["rows"][0]["score"])

    assert told(NOW)["precision"]["value"] == 1.0  # type: ignore[index]
    early = told(history[2].recorded_at)
    assert (early["alerts"], early["precision"]["of"]) == (3, 1)  # type: ignore[index]
    with pytest.raises(ValueError, match="lies after"):
        scoring_alerts.scorecard(
            settings, province=None, since=date(2026, 9, 9), until=None, as_of=NOW, as_json=False
        )


def test_events_are_added_stated_anew_and_withdrawn(settings: Settings) -> None:
    told = Told(
        province="LA-VT", occupation="5", direction="up", started_on=FIRST, basis="official",
        citation="bulletin 3/2026", officer="vt-2",
    )  # fmt: skip
    (said,) = scoring_alerts.add(settings, told, now=NOW)
    event_id = said.split()[0]
    assert said.startswith(f"{event_id} is registered: LA-VT")
    with connect(settings) as client:
        (event,) = read_labour_events(client)
        assert (event.event_id, event.ended_on) == (event_id, None)
        assert read_labour_events(client, as_of=NOW - timedelta(seconds=1)) == []
    later = NOW + timedelta(days=1)
    scoring_alerts.withdraw(settings, event_id[:4], officer="vt-2", why="double", now=later)
    assert scoring_alerts.listing(settings, every=False) == ["no event is registered"]
    assert "withdrawn" in scoring_alerts.listing(settings, every=True)[0]
    with connect(settings) as client:
        assert len(read_labour_events(client, as_of=NOW)) == 1
    with pytest.raises(ValueError, match="no events begin"):
        scoring_alerts.withdraw(settings, event_id, officer="vt-2", why="again", now=later)


def test_what_is_planted_is_registered_once(settings: Settings) -> None:
    with pytest.raises(StateError):
        register_planted(settings)
    anchor = datetime(2026, 8, 1, tzinfo=UTC).isoformat()
    market = MarketFile(seed=3, anchor=anchor, history_days=200, mean_per_day=215.0)
    path = settings.var_dir / "demo" / "market.json"
    path.parent.mkdir()
    path.write_text(json.dumps(asdict(market)), "utf-8")
    count = register_planted(settings)
    assert register_planted(settings) == count > 5
    with connect(settings) as client:
        planted = [e for e in read_labour_events(client) if e.basis == "planted"]
        stored = client.query("SELECT count() FROM labour_events WHERE basis = 'planted'")
    assert len(planted) == count
    assert stored.result_rows == [(count,)]
    assert {e.direction for e in planted} == {"up", "down"}
