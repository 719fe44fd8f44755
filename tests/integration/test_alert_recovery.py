"""Redis loses everything: the state comes back from the warehouse, and nobody is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.actions import Action, Channel, Verdict, action_of
from alerts.alert import State
from alerts.delivery import send_messages, write_history
from alerts.recovery import recover
from alerts.routing import load_routes
from alerts.silences import Matchers, silence_of
from alerts.state import freeze
from alerts.store import AlertStore, read_alerts
from alerts.watch import utc_now
from dashboard.accounts.chain import Deed
from labourwatch import alerting
from tests.audit_trail import audited
from tests.integration.test_watch import (
    DAYS,
    NOW,
    START,
    Mailbox,
    Parts,
    filled,
    mailbox,
    parts,
)
from warehouse.deeds import read_actions, read_silences

__all__ = ["filled", "mailbox", "parts"]
pytestmark = pytest.mark.integration


def test_a_flushed_state_is_rebuilt_and_tells_nobody_twice(parts: Parts, mailbox: Mailbox) -> None:
    for table in ("alert_actions", "silences"):
        parts.client.command(f"TRUNCATE TABLE {table}")
    store, watch, routes = AlertStore(parts.redis), parts.watch(), load_routes()
    assert recover(parts.client, store, watch, NOW) is None, "nothing is known yet"
    watch.advance(watch.coverage(), START + DAYS - 4, NOW)
    quiet = silence_of(
        Matchers(province="LA-SV"), from_at=NOW, to_at=NOW + timedelta(days=9), officer="o", why="w"
    )
    store.keep_silence(quiet, NOW)
    write_history(store, parts.client)
    assert send_messages(store, parts.settings, routes, owner="us", now=NOW).sent == 1
    told = next(a for a in read_alerts(parts.redis) if a.tellings)
    store.acknowledge(told.alert_id, NOW, officer="desk-1", note="seen")
    store.record(
        action_of(
            Action.VERDICT, told.alert_id, officer="desk-1", channel=Channel.COMMAND, at=NOW,
            verdict=Verdict.TRUE, done="visited",
        )
    )  # fmt: skip
    write_history(store, parts.client)
    assert recover(parts.client, store, parts.watch(), NOW) is None, "the state is there"
    before = parts.watch().monitor

    parts.redis.flushall()
    fresh = parts.watch()
    done = recover(parts.client, AlertStore(parts.redis), fresh, NOW)
    assert done is not None
    assert (done.sent, done.messages, done.silences) == (1, 0, 1)
    after = fresh.monitor
    through = done.through.toordinal()
    assert through <= before.fed_through
    for alert in before.alerts.values():
        if alert.is_open:
            again = after.alerts[alert.key]
            measured = {"seen_at", "observed", "expected", "ratio", "ratio_lower", "ratio_upper",
                        "n", "employers", "evidence_days", "severity", "score", "sources",
                        "detail"}  # fmt: skip
            same = replace(again, **{name: getattr(alert, name) for name in measured})
            assert same == alert
    coverage = fresh.coverage()
    fresh.advance(coverage, before.fed_through, NOW)
    assert freeze(fresh.monitor, 1).detectors == freeze(before, 1).detectors
    box = AlertStore(parts.redis)
    assert send_messages(box, parts.settings, routes, owner="us", now=NOW).sent == 0
    assert len(mailbox.mails) == 1
    kept = next(a for a in read_alerts(parts.redis) if a.alert_id == told.alert_id)
    assert kept.state is State.ACKNOWLEDGED
    assert [s.silence_id for s in box.silences()] == [quiet.silence_id]
    assert sorted(a.action for a in read_actions(parts.client)) == [
        "acknowledged",
        "notified",
        "verdict",
    ]
    assert read_silences(parts.client)[0].why == "w"


def test_what_was_decided_but_not_sent_is_sent_after_the_loss(
    parts: Parts, mailbox: Mailbox
) -> None:
    parts.client.command("TRUNCATE TABLE alert_actions")
    store, watch = AlertStore(parts.redis), parts.watch()
    watch.advance(watch.coverage(), START + DAYS - 2, NOW)
    write_history(store, parts.client)
    parts.redis.flushall()
    done = recover(parts.client, AlertStore(parts.redis), parts.watch(), NOW)
    assert done is not None
    assert done.messages == 1
    box = AlertStore(parts.redis)
    sent = send_messages(box, parts.settings, load_routes(), owner="us", now=NOW).sent
    assert (sent, len(mailbox.mails)) == (1, 1)


def test_an_officers_words_do_what_they_say(parts: Parts) -> None:
    for table in ("alert_actions", "silences"):
        parts.client.command(f"TRUNCATE TABLE {table}")
    store, watch, settings = AlertStore(parts.redis), parts.watch(), parts.settings
    assert alerting.listing(settings, every=False) == ["no alert stands"]
    watch.advance(watch.coverage(), START + DAYS - 2, NOW)
    told = next(a for a in read_alerts(parts.redis) if a.state is State.FIRING)
    begin = told.alert_id[:6]
    assert any(begin in line for line in alerting.listing(settings, every=False))
    with pytest.raises(ValueError, match="no alerts begin"):
        alerting.take_on(settings, "zz", officer="desk-1", note="")
    with pytest.raises(ValueError, match="no verdict"):
        alerting.judge(settings, begin, verdict="maybe", officer="desk-1", done="", note="")
    alerting.take_on(settings, begin, officer="desk-1", note="looking")
    alerting.judge(settings, begin, verdict="true", officer="desk-1", done="visited", note="")
    matchers = Matchers(province=told.cell.province or "nation")
    until = utc_now() + timedelta(days=2)
    for preview in (True, False):
        lines = alerting.hush(
            settings, matchers, begin=None, until=until, officer="desk-1", why="w", preview=preview
        )
        assert begin in "".join(lines)
    kept = alerting.silences(settings)
    assert len(kept) == 1
    alerting.unhush(settings, kept[0].split()[0], officer="desk-2")
    assert alerting.silences(settings) == ["no silence holds"]
    with pytest.raises(ValueError, match="no silence"):
        alerting.unhush(settings, "zz", officer="desk-2")
    silence = kept[0].split()[0]
    assert [(one.deed, one.target) for one in audited(settings)] == [
        (Deed.ALERT_ACKNOWLEDGED, told.alert_id), (Deed.ALERT_JUDGED, told.alert_id),
        (Deed.ALERT_SILENCED, silence), (Deed.SILENCE_ENDED, silence),
    ]  # fmt: skip
    write_history(store, parts.client)
    shown = "\n".join(alerting.whole(settings, begin))
    assert "verdict true by desk-1  visited" in shown
    assert "acknowledged_by_officer" in shown
    assert "nothing is rebuilt" in alerting.rebuild(settings)[0]
    ends = [silence.officer for silence in read_silences(parts.client)]
    assert ends == ["desk-2"]
