"""The watch over a real warehouse and a real Redis: restarts, rivals, crashes between two steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from alerts.alert import State
from alerts.calendar import end_of_day
from alerts.delivery import send_messages, write_history
from alerts.lead import Lead
from alerts.parameters import load_parameters
from alerts.progress import Offsets
from alerts.releases.office import SETTLING
from alerts.releases.plan import Schedule, schedule
from alerts.routing import load_routes
from alerts.scheduler import Scheduler
from alerts.store import HEADER, AlertStore, LostLeadershipError, read_alerts
from alerts.watch import Watch
from config.settings import Settings
from tests.factories_alerts import FIRST, SERVICE, fill, market, visits
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import SECRET, start_warehouse
from tests.processes import free_port
from warehouse.client import connect
from warehouse.history import read_alert_history
from warehouse.loader import prepare
from warehouse.published import releases

pytestmark = pytest.mark.integration

DAYS = 130
NOW = end_of_day(FIRST + timedelta(days=DAYS - 2))
START = FIRST.toordinal()


@dataclass
class Parts:
    """A filled warehouse and an empty Redis."""

    settings: Settings
    client: Client
    redis: redis.Redis

    def watch(self) -> Watch:
        """A watch as a fresh process has it."""
        return Watch(self.client, AlertStore(self.redis), self.redis, load_parameters())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A warehouse with a market in which one cell rises, up to the present."""
    with start_warehouse(tmp_path_factory.mktemp("warehouse")) as (host, port, secret):
        settings = Settings(
            clickhouse_host=host, clickhouse_port=port, clickhouse_password=SecretStr(secret),
            smtp_port=free_port(),
        )  # fmt: skip
        prepare(settings).close()
        client = connect(settings)
        change = (DAYS - 20, DAYS, "LA-VT", "5", 2.5)
        fill(client, market(DAYS, change=change), visits(DAYS))
        client.close()
        yield settings


@pytest.fixture
def parts(filled: Settings, tmp_path: Path) -> Iterator[Parts]:
    """Everything a watch needs, with nothing remembered."""
    with ExitStack() as stack:
        url = stack.enter_context(start_redis(tmp_path))
        settings = filled.model_copy(update={"redis_url": url})
        client = connect(settings)
        stack.callback(client.close)
        client.command("TRUNCATE TABLE alert_history")
        client.command("TRUNCATE TABLE signals")
        client.command("TRUNCATE TABLE observations")
        yield Parts(settings, client, stack.enter_context(redis.Redis.from_url(url)))


class Mailbox:
    """Takes mail over SMTP and keeps it."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(bytes(envelope.original_content or b""))
        return "250 taken"


@pytest.fixture
def mailbox(filled: Settings) -> Iterator[Mailbox]:
    """A mail server on the configured port."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=filled.smtp_port)
    server.start()
    yield box
    server.stop()


def test_it_finds_the_rise(parts: Parts) -> None:
    watch = parts.watch()
    coverage = watch.coverage()
    done = watch.advance(coverage, START + DAYS - 2, NOW)
    assert done.days == DAYS - 2
    assert done.messages == 1
    standing = [a for a in read_alerts(parts.redis) if a.is_open]
    assert SERVICE in {a.cell for a in standing}
    assert write_history(AlertStore(parts.redis), parts.client) == 1
    states = {r.state for r in read_alert_history(parts.client)}
    assert State.FIRING.value in states


def test_a_restart_in_the_middle_continues_exactly(parts: Parts) -> None:
    whole = parts.watch()
    coverage = whole.coverage()
    whole.advance(coverage, START + DAYS - 2, NOW)
    expected = whole.monitor
    parts.redis.flushall()
    for cut in (60, 61, 100, 118, DAYS - 2):
        part = parts.watch()
        part.advance(coverage, START + cut, NOW)
    assert part.monitor.detectors.keys() == expected.detectors.keys()
    for cell, detector in expected.detectors.items():
        assert part.monitor.detectors[cell].export() == detector.export()
    assert {a.key: a.state for a in part.monitor.alerts.values()} == {
        a.key: a.state for a in expected.alerts.values()
    }


def test_history_written_twice_is_stored_once(parts: Parts) -> None:
    watch, store = parts.watch(), AlertStore(parts.redis)
    watch.advance(watch.coverage(), START + DAYS - 2, NOW)
    found = store.next_history()
    assert found is not None
    write_history(store, parts.client)
    rows = parts.client.query("SELECT count() FROM alert_history").result_rows
    parts.redis.rpush("lw:alert:outbox:history", found[0])  # a crash before it was dropped
    write_history(store, parts.client)
    assert parts.client.query("SELECT count() FROM alert_history").result_rows == rows
    assert store.next_history() is None


def test_the_slower_of_two_schedulers_changes_nothing(parts: Parts) -> None:
    first, second = parts.watch(), parts.watch()
    coverage = first.coverage()
    assert second.monitor.fed_through == 0
    first.advance(coverage, START + 70, NOW)
    stored = parts.redis.get(HEADER)
    with pytest.raises(LostLeadershipError):
        second.advance(coverage, START + 90, NOW)
    assert parts.redis.get(HEADER) == stored
    second.forget()
    assert second.advance(coverage, START + 90, NOW).days == 20


def test_one_leads_and_the_other_waits(parts: Parts) -> None:
    one, other = Lead(parts.redis, "one"), Lead(parts.redis, "other")
    assert one.hold()
    assert one.hold()
    assert not other.hold()
    with pytest.raises(LostLeadershipError):
        other.require()
    other.release()
    assert not other.hold()
    one.release()
    assert other.hold()


def test_a_message_goes_out_once_whatever_happens(parts: Parts, mailbox: Mailbox) -> None:
    store = AlertStore(parts.redis)
    watch = parts.watch()
    watch.advance(watch.coverage(), START + DAYS - 2, NOW)
    ((data, message),) = store.waiting_messages()
    routes = load_routes()

    assert store.claim(message.message_id, "rival")
    held = send_messages(store, parts.settings, routes, owner="us", now=NOW)
    assert (held.sent, held.waiting, mailbox.mails) == (0, 1, [])

    sent = send_messages(store, parts.settings, routes, owner="rival", now=NOW)
    assert (sent.sent, sent.waiting) == (1, 0)
    parts.redis.rpush("lw:alert:outbox:messages", data)  # a crash that left it in the box
    again = send_messages(store, parts.settings, routes, owner="us", now=NOW)
    assert (again.sent, again.waiting, len(mailbox.mails)) == (0, 0, 1)
    assert store.waiting_messages() == []
    assert f"<{message.message_id}@".encode() in mailbox.mails[0]


def test_a_message_waits_for_a_mail_server_that_is_away(parts: Parts) -> None:
    store, watch = AlertStore(parts.redis), parts.watch()
    watch.advance(watch.coverage(), START + DAYS - 2, NOW)
    done = send_messages(store, parts.settings, load_routes(), owner="us", now=NOW)
    assert (done.sent, done.refused, done.waiting) == (0, 0, 1)


def test_an_officers_word_is_kept_by_the_watch(parts: Parts) -> None:
    watch = parts.watch()
    coverage = watch.coverage()
    watch.advance(coverage, START + DAYS - 4, NOW)
    alert = next(a for a in read_alerts(parts.redis) if a.state is State.FIRING)
    taken = AlertStore(parts.redis).acknowledge(alert.alert_id, NOW)
    assert taken is not None
    assert taken.state is State.ACKNOWLEDGED
    assert AlertStore(parts.redis).acknowledge("unknown", NOW) is None
    with pytest.raises(LostLeadershipError):
        watch.advance(coverage, START + DAYS - 3, NOW)
    watch.forget()
    watch.advance(coverage, START + DAYS - 2, NOW)
    states = {a.alert_id: a.state for a in read_alerts(parts.redis)}
    assert states[alert.alert_id] is State.ACKNOWLEDGED


class Drained:
    """A broker in which everything was consumed."""

    async def ends(self, topic: str) -> Offsets:
        return {len(topic): 10}

    async def consumed(self, group: str, topic: str) -> Offsets:
        return {len(topic): 10} if group else {}


async def test_a_tick_does_it_all(
    parts: Parts, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = {kind: t.model_copy(update={"catch_up": 1}) for kind, t in schedule().releases.items()}
    monkeypatch.setattr("alerts.scheduler.schedule", lambda: Schedule(releases=one))
    with ExitStack() as stack:
        scheduler = Scheduler(parts.settings, Drained(), stack)
        scheduler.issue_counts(lambda: NOW)
        ((early,),) = parts.client.query("SELECT count() FROM public_counts").result_rows
        await scheduler.tick(NOW)
        await scheduler.tick(NOW)
        mails = len(mailbox.mails)
        scheduler.check_quality(NOW)
        scheduler.check_quality(NOW)
        await scheduler.tick(NOW)
        for later in (timedelta(), SETTLING, SETTLING):
            scheduler.publish_releases(NOW + later)
        scheduler.seal_months(NOW)
        ids = [row.release_id for row in releases(parts.client)]
        fed = date.fromordinal(scheduler.watch.monitor.fed_through)
        scheduler.issue_counts(lambda: NOW)
    told = parts.client.query(
        "SELECT frequency, count(DISTINCT time_value) FROM public_counts WHERE measure = 'flow'"
        " GROUP BY frequency ORDER BY frequency"
    ).result_rows
    assert early == 0, "nothing is decided for good of days that are not settled"
    assert sum(row[1] for row in told) >= 4  # until the first month
    assert fed == FIRST + timedelta(days=DAYS - 2)
    assert mails == 2, "the alert and the week's digest"
    to_operators = [mail for mail in mailbox.mails if b"To: operators@localhost" in mail]
    assert len(mailbox.mails) - len(to_operators) == 2
    assert sum(b"Message-ID: <digest." in mail for mail in mailbox.mails) == 1
    assert to_operators, "events without vacancies fail severe checks of quality"
    assert read_alert_history(parts.client)
    ((released, kinds),) = parts.client.query(
        "SELECT count(), groupUniqArray(kind) FROM releases"
    ).result_rows
    assert released == len(set(ids))
    ((sealed,),) = parts.client.query("SELECT count() FROM rollup_seals").result_rows
    assert sealed > 0
    assert set(kinds) == {"daily", "weekly", "monthly"}
    assert parts.settings.clickhouse_password.get_secret_value() == SECRET
