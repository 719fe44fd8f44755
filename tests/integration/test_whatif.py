"""What another policy had sent, over a real warehouse: today's policy gives what the watch gave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from alerts.alert import Reason
from alerts.calendar import end_of_day
from alerts.delivery import write_history
from alerts.parameters import load_parameters
from alerts.scorecard.card import whole
from alerts.store import HEADER, AlertStore, read_fed_through
from alerts.transition import DEFAULT_RULES
from alerts.watch import Watch
from alerts.whatif.past import NoPastError, live, what_if
from alerts.whatif.policy import Changes, policy_of
from alerts.whatif.track import Track
from config.settings import Settings
from dashboard.scoring.trying import Desk, Question
from tests.factories_alerts import FIRST, fill, market, visits
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from warehouse.client import connect
from warehouse.history import AlertRecord, read_alert_history
from warehouse.loader import prepare

pytestmark = pytest.mark.integration
DAYS = 130
LAST = FIRST + timedelta(days=DAYS - 2)
_QUIET = 84
"""Days on which nothing changes, fed together."""
NOW = end_of_day(date(2299, 1, 1))
"""After everything that the test stores now."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with start_warehouse(tmp_path_factory.mktemp("warehouse")) as (host, port, secret):
        settings = Settings(
            clickhouse_host=host, clickhouse_port=port, clickhouse_password=SecretStr(secret)
        )
        prepare(settings).close()
        yield settings


def test_it_is_what_the_watch_told_and_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    with ExitStack() as stack:
        client = stack.enter_context(connect(settings))
        with pytest.raises(NoPastError):
            live(client, [], [], until=LAST, now=NOW)
        change = (DAYS - 40, DAYS, "LA-VT", "5", 2.5)
        fill(client, market(DAYS, change=change), visits(DAYS))
        redis_url = stack.enter_context(start_redis(tmp_path))
        store = stack.enter_context(redis.Redis.from_url(redis_url))
        assert read_fed_through(store) is None
        store.set(HEADER, '{"generation": 1}')  # a leader has begun, and has not saved yet
        assert read_fed_through(store) is None
        store.delete(HEADER)
        watched(Watch(client, AlertStore(store), store, load_parameters()))
        assert read_fed_through(store) == LAST
        write_history(AlertStore(store), client)
        recorded = read_alert_history(client)

        track = Track(policy=policy_of(load_parameters(), DEFAULT_RULES))
        live(client, [track], recorded, until=LAST, now=NOW)
        assert told(track.history) == told(recorded) != set()

        rows = client.query("SELECT count() FROM alert_history").result_rows
        found = what_if(
            client, Changes(budget=0), parameters=load_parameters(), rules=DEFAULT_RULES,
            since=FIRST, until=LAST, now=NOW,
        )  # fmt: skip
        assert whole(found.today).told == whole(found.recorded).told > 0
        assert whole(found.changed).told == 0
        assert client.query("SELECT count() FROM alert_history").result_rows == rows
        question = Question(
            settings=settings.model_copy(update={"redis_url": redis_url}),
            changes=Changes(budget=0), now=NOW,
        )  # fmt: skip
        by_the_page = Desk().answer(question)
        assert whole(by_the_page.today) == whole(found.today)
        assert whole(by_the_page.changed).told == 0


def watched(watch: Watch) -> None:
    """Let the watch live the last days one by one, each as the present."""
    coverage = watch.coverage()
    for day in range(FIRST.toordinal() + _QUIET, LAST.toordinal() + 1):
        now = end_of_day(date.fromordinal(day))
        watch.advance(coverage, day, now)
        watch.escalate(now)


def told(history: list[AlertRecord]) -> set[tuple[str, str, date, str]]:
    """What was told when, and why; who took it on apart."""
    return {
        (row.alert_id, row.state, row.at.date(), row.reason)
        for row in history
        if row.notified and row.reason != Reason.ACKNOWLEDGED
    }
