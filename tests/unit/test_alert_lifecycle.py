"""The stages between a transition and a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.alert import Alert, Hold, Reason, State
from alerts.calendar import end_of_day
from alerts.cells import NATION, Cell, Share
from alerts.lifecycle import Decision, Situation, budget_key, settle
from alerts.signal import Classification, Direction
from tests.factories_alerts import FIRST, SERVICE, alert

NOW = end_of_day(FIRST)
CAPITAL = Cell("LA-VT", "")


def decide(subject: Alert, reason: Reason = Reason.OPENED) -> Decision:
    """A fresh decision."""
    return Decision(previous=None, alert=subject, reason=reason, at=NOW)


def situation(*alerts: Alert, **changes: object) -> Situation:
    """The present, with these alerts."""
    base = Situation(wall=NOW, alerts={a.key: a for a in alerts}, shares={}, excess={}, budget={})
    return replace(base, **changes)  # type: ignore[arg-type]


def test_an_opened_alert_is_told_and_says_so() -> None:
    settled = settle(decide(alert()), situation(alert()))
    assert settled.tell
    assert (settled.alert.told_at, settled.alert.tellings) == (NOW, 1)
    assert settled.is_change


def test_an_unchanged_alert_leaves_no_line() -> None:
    before = alert(told_at=NOW, tellings=1)
    decision = Decision(previous=before, alert=before, reason=Reason.UNCHANGED, at=NOW)
    settled = settle(decision, situation(before))
    assert not settled.tell
    assert not settled.is_change


def test_a_fault_above_silences_the_cell() -> None:
    fault = alert(cell=CAPITAL, kind=Classification.COLLECTION_FAULT, alert_id="f" * 16)
    settled = settle(decide(alert()), situation(alert(), fault))
    assert settled.hold is Hold.COLLECTION_FAULT
    assert settled.alert.told_at is None
    assert settle(decide(fault), situation(alert(), fault)).tell


def test_a_broad_change_is_told_by_the_parent() -> None:
    parent, child = alert(cell=CAPITAL, alert_id="p" * 16), alert()
    shares = {"p" * 16: (Share(SERVICE, 10.0), Share(Cell("LA-VT", "7"), 9.0))}
    given = situation(parent, child, shares=shares, excess={"p" * 16: 19.0})
    told = settle(decide(parent), given)
    assert told.tell
    assert told.alert.contributors == ("LA-VT/5", "LA-VT/7")
    assert settle(decide(child), given).hold is Hold.EXPLAINED_BY_PARENT


def test_a_narrow_change_is_told_by_the_child() -> None:
    parent, child = alert(cell=NATION, alert_id="p" * 16), alert(cell=CAPITAL)
    shares = {"p" * 16: (Share(CAPITAL, 18.0),)}
    given = situation(parent, child, shares=shares, excess={"p" * 16: 19.0})
    assert settle(decide(parent), given).hold is Hold.EXPLAINED_BY_CHILD
    assert settle(decide(child), given).tell
    alone = situation(parent, shares=shares, excess={"p" * 16: 19.0})
    assert settle(decide(parent), alone).tell


def test_a_parent_of_the_other_direction_inhibits_nothing() -> None:
    parent = alert(cell=CAPITAL, direction=Direction.DOWN)
    assert settle(decide(alert()), situation(parent, alert())).tell


def test_history_is_held() -> None:
    given = situation(alert(), wall=NOW + timedelta(days=14, seconds=1))
    assert settle(decide(alert()), given).hold is Hold.HISTORICAL
    given = situation(alert(), wall=NOW + timedelta(days=14))
    assert settle(decide(alert()), given).tell


def test_the_budget_of_a_province_and_month() -> None:
    key = budget_key(alert(), NOW)
    assert key == "LA-VT 2025-06"
    spent = situation(alert(), budget={key: 12})
    assert settle(decide(alert()), spent).hold is Hold.BUDGET_SPENT
    over = alert(State.RESOLVED, told_at=NOW)
    assert settle(decide(over, Reason.RETURNED), spent).tell
