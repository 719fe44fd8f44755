"""The warehouse's own history replayed: only what was stored, or seen, at each moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from alerts.calendar import end_of_day
from alerts.parameters import load_parameters
from alerts.replays.report import markdown, write_report
from alerts.replays.run import Asked, Knowledge, Replayed, replay_past
from alerts.scorecard.registering import Told, event_of
from alerts.transition import DEFAULT_RULES
from alerts.whatif.past import NoPastError
from config.settings import Settings
from tests.factories_alerts import FIRST, fill, market, visits
from tests.fixtures_warehouse import start_warehouse
from warehouse.client import connect
from warehouse.labour_events import write_labour_events
from warehouse.loader import prepare

pytestmark = pytest.mark.integration
DAYS = 215
BEGAN = 150
MARKET = market(DAYS, change=(BEGAN, DAYS, "LA-VT", "5", 2.5))
AFTER = end_of_day(FIRST + timedelta(days=DAYS + 1))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with start_warehouse(tmp_path_factory.mktemp("warehouse")) as (host, port, secret):
        settings = Settings(
            clickhouse_host=host, clickhouse_port=port, clickhouse_password=SecretStr(secret)
        )
        prepare(settings).close()
        with connect(settings) as client:
            yield client


def replayed(client: Client, as_of: datetime, knowledge: Knowledge) -> Replayed:
    asked = Asked(as_of=as_of, knowledge=knowledge, rounds=1, seed=4)
    return replay_past(client, asked, parameters=load_parameters(), rules=DEFAULT_RULES)


def test_the_past_is_what_was_stored_and_nothing_later(client: Client, tmp_path: Path) -> None:
    with pytest.raises(NoPastError, match="nothing was observed"):
        replayed(client, AFTER, Knowledge.STORED)
    fill(client, MARKET, visits(DAYS))
    told = Told(
        province="LA-VT", occupation="5", direction="up", started_on=FIRST + timedelta(days=BEGAN),
        basis="officer", citation="report 7", officer="vt-2",
    )  # fmt: skip
    write_labour_events(client, [event_of(told, AFTER - timedelta(days=3))])
    live = replayed(client, AFTER, Knowledge.STORED)
    assert (live.late, live.registered.events, live.registered.recall.hits) == (0, 1, 1)
    assert live.registered.delays[0] < 28
    assert live.injected.events > 0

    before = end_of_day(FIRST + timedelta(days=BEGAN + 2))
    early = replayed(client, before, Knowledge.STORED)
    assert early.span.last < FIRST + timedelta(days=BEGAN + 2)
    assert early.vacancies < live.vacancies
    assert (early.registered.events, early.registered.told) == (0, 0)

    files = write_report(tmp_path / "report", live)
    assert {path.name for path in files} >= {"replay.md", "replay.json", "service.png"}
    data = json.loads((tmp_path / "report" / "replay.json").read_text("utf-8"))
    assert data["service"][0]["recall"]["hits"] == 1
    assert "Replay of the recorded past" in "\n".join(markdown(live))
    archived(client, live)


def archived(client: Client, live: Replayed) -> None:
    """What came with an archive was seen then, but not known; the seed gives the same again."""
    for table in ("vacancies", "postings", "source_runs"):
        client.command(f"TRUNCATE TABLE {table}")
    later = datetime(2026, 11, 1, tzinfo=UTC)
    fill(client, MARKET, visits(DAYS), stored=later)
    with pytest.raises(NoPastError, match="--known seen"):
        replayed(client, later, Knowledge.STORED)
    seen = replayed(client, later, Knowledge.SEEN)
    assert seen.late == seen.vacancies == live.vacancies
    assert seen.registered == live.registered
    assert seen.injected == live.injected
    assert repr(seen.methods) == repr(live.methods)
