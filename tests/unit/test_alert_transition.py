"""The table of an alert's life."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.alert import Reason, State
from alerts.calendar import end_of_day
from alerts.signal import Classification, Phase
from alerts.transition import DEFAULT_RULES, acknowledge, may_tell, reclassify, transition
from tests.factories_alerts import FIRST, alert, signal

NOW = end_of_day(FIRST)


def later(days: int) -> datetime:
    """Event time some days after the alert opened."""
    return NOW + timedelta(days=days)


def test_a_signal_with_evidence_fires_at_once() -> None:
    opened, reason = transition(None, signal(FIRST), NOW)
    assert (opened.state, reason) == (State.FIRING, Reason.OPENED)
    assert (opened.observed, opened.n, opened.employers) == (40.0, 40, 9)


@pytest.mark.parametrize("thin", [{"employers": 2}, {"observed": 9.0, "expected": 3.0}])
def test_a_thin_signal_waits(thin: dict[str, float]) -> None:
    opened, reason = transition(None, signal(FIRST, **thin), NOW)  # type: ignore[arg-type]
    assert (opened.state, reason) == (State.PENDING, Reason.AWAITING_EVIDENCE)


def test_missing_vacancies_are_evidence_of_a_fall() -> None:
    opened, _ = transition(None, signal(FIRST, observed=1.0, expected=12.0), NOW)
    assert opened.state is State.FIRING


def test_a_fault_needs_no_employers() -> None:
    fault = signal(FIRST, employers=0, classification=Classification.COLLECTION_FAULT)
    assert transition(None, fault, NOW)[0].state is State.FIRING


TABLE = [
    (State.PENDING, {"employers": 2}, State.PENDING, Reason.AWAITING_EVIDENCE),
    (State.PENDING, {}, State.FIRING, Reason.CONFIRMED),
    (State.PENDING, {"phase": Phase.RETURNED}, State.RESOLVED, Reason.WITHDRAWN),
    (State.FIRING, {}, State.FIRING, Reason.UNCHANGED),
    (State.FIRING, {"phase": Phase.WORSENED}, State.FIRING, Reason.WORSENED),
    (State.FIRING, {"phase": Phase.RETURNED}, State.RESOLVED, Reason.RETURNED),
    (State.FIRING, {"phase": Phase.ABSORBED}, State.RESOLVED, Reason.NEW_NORMAL),
    (State.ACKNOWLEDGED, {}, State.ACKNOWLEDGED, Reason.UNCHANGED),
    (State.ACKNOWLEDGED, {"phase": Phase.RETURNED}, State.RESOLVED, Reason.RETURNED),
    (State.RESOLVED, {}, State.FIRING, Reason.REOPENED),
    (State.RESOLVED, {"employers": 1}, State.PENDING, Reason.AWAITING_EVIDENCE),
    (State.RESOLVED, {"phase": Phase.RETURNED}, State.RESOLVED, Reason.UNCHANGED),
]


@pytest.mark.parametrize(("state", "given", "wanted", "reason"), TABLE)
def test_table(state: State, given: dict[str, object], wanted: State, reason: Reason) -> None:
    day = FIRST + timedelta(days=3)
    after, why = transition(alert(state), signal(day, **given), later(3))  # type: ignore[arg-type]
    assert (after.state, why) == (wanted, reason)


def test_a_resolved_alert_is_reopened_only_for_a_fortnight() -> None:
    day = FIRST + timedelta(days=40)
    fresh, reason = transition(alert(State.RESOLVED), signal(day), later(40))
    assert reason is Reason.OPENED
    assert fresh.alert_id != alert().alert_id


@pytest.mark.parametrize(
    ("state", "reason"), [(State.FIRING, Reason.LOST), (State.PENDING, Reason.WITHDRAWN)]
)
def test_a_missing_signal_resolves_after_a_week(state: State, reason: Reason) -> None:
    kept, why = transition(alert(state), None, later(5))
    assert (kept.state, why) == (state, Reason.UNCHANGED)
    gone, why = transition(alert(state), None, later(9))
    assert (gone.state, why) == (State.RESOLVED, reason)


def test_nothing_cannot_be_decided_on() -> None:
    for given in (None, signal(FIRST, phase=Phase.RETURNED)):
        with pytest.raises(ValueError, match="neither"):
            transition(None, given, NOW)


def test_only_a_firing_alert_is_acknowledged() -> None:
    taken, reason = acknowledge(alert(), later(1))
    assert (taken.state, reason) == (State.ACKNOWLEDGED, Reason.ACKNOWLEDGED)
    for state in (State.PENDING, State.RESOLVED, State.ACKNOWLEDGED):
        assert acknowledge(alert(state), later(1)) == (alert(state), Reason.UNCHANGED)


def test_reclassifying_ends_an_open_alert() -> None:
    over, reason = reclassify(alert(), later(1))
    assert (over.state, reason) == (State.RESOLVED, Reason.RECLASSIFIED)
    assert reclassify(over, later(2)) == (over, Reason.UNCHANGED)


def test_an_alert_is_repeated_after_the_interval_and_not_before() -> None:
    told = alert(told_at=NOW, tellings=1)
    interval = DEFAULT_RULES.repeat_after.days
    for days, reason in ((interval - 1, Reason.UNCHANGED), (interval, Reason.REPEATED)):
        after, why = transition(told, signal(FIRST + timedelta(days=days)), later(days))
        assert why is reason
        assert may_tell(after, why, later(days)) is (reason is Reason.REPEATED)


def test_the_end_is_told_to_those_who_were_told_of_the_beginning() -> None:
    over = alert(State.RESOLVED)
    assert not may_tell(over, Reason.RETURNED, later(3))
    assert may_tell(replace(over, told_at=NOW), Reason.RETURNED, later(3))


def test_an_acknowledged_alert_is_not_repeated() -> None:
    taken = alert(State.ACKNOWLEDGED, told_at=NOW)
    day = FIRST + timedelta(days=60)
    after, why = transition(taken, signal(day), later(60))
    assert why is Reason.UNCHANGED
    assert not may_tell(after, Reason.WORSENED, later(60))
