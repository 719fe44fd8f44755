"""Alertmanager's scenarios by name: groups, silences, inhibition, flaps, repeats, escalation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from alerts.alert import Alert, Hold, Reason, State
from alerts.calendar import end_of_day
from alerts.cells import Cell
from alerts.escalation import escalate, is_due, record_of
from alerts.lifecycle import Decision, Situation, settle
from alerts.outbox import Message, messages_of
from alerts.scheduler import rules_of
from alerts.severity import Severity
from alerts.signal import Classification, Phase
from alerts.silences import Matchers, Silence, ended, silence_of
from alerts.transition import DEFAULT_RULES, Rules, acknowledge, transition
from config.settings import Settings
from tests.factories_alerts import FIRST, alert, signal

DAY = timedelta(days=1)
NOW = end_of_day(FIRST)


class Engine:
    """One alert fed day by day through the pure engine, as the watch does."""

    def __init__(self, *silences: Silence, rules: Rules = DEFAULT_RULES) -> None:
        self.alert: Alert | None = None
        self.silences = silences
        self.rules = rules
        self.faults: list[Alert] = []
        self.spent: dict[str, int] = {}

    def situation(self, day: date) -> Situation:
        standing = [*self.faults, *([self.alert] if self.alert else [])]
        return Situation(
            wall=end_of_day(day), alerts={a.key: a for a in standing}, shares={}, excess={},
            budget=self.spent, rules=self.rules, silences=self.silences,
        )  # fmt: skip

    def feed(self, offset: int, phase: Phase | None = Phase.ACTIVE) -> Decision:
        """The decision of a day; no phase: no signal."""
        day = FIRST + offset * DAY
        found = None if phase is None else signal(day, phase=phase, detected=FIRST)
        after, reason = transition(self.alert, found, end_of_day(day), self.rules)
        raw = Decision(previous=self.alert, alert=after, reason=reason, at=end_of_day(day))
        settled = settle(raw, self.situation(day))
        self.alert = settled.alert
        return settled

    def tick(self, offset: int) -> Decision | None:
        """Escalation on that day."""
        assert self.alert is not None
        raised = escalate(self.alert, self.situation(FIRST + offset * DAY))
        if raised is not None:
            self.alert = raised.alert
        return raised


def quiet(start: int, end: int) -> Silence:
    return silence_of(
        Matchers(province="LA-VT"), from_at=NOW + start * DAY, to_at=NOW + end * DAY,
        officer="desk-1", why="known strike",
    )  # fmt: skip


def test_silence_hides_and_its_expiry_tells_what_still_fires() -> None:
    engine = Engine(quiet(0, 3))
    said = [engine.feed(n) for n in range(5)]
    assert [s.tell for s in said] == [False, False, False, True, False]
    assert said[0].hold is Hold.SILENCED
    assert said[3].reason is Reason.RELEASED


def test_silence_ended_early_tells_at_once_and_resolved_under_silence_tells_nothing() -> None:
    engine = Engine(quiet(0, 9))
    engine.feed(0)
    engine.silences = (ended(quiet(0, 9), NOW + DAY, "desk-2"),)
    assert engine.feed(1).tell
    hidden = Engine(quiet(0, 9))
    hidden.feed(0)
    assert not hidden.feed(1, Phase.RETURNED).tell
    assert hidden.alert is not None
    assert hidden.alert.state is State.RESOLVED


def test_inhibited_by_a_collection_fault_and_told_when_that_is_over() -> None:
    engine = Engine()
    fault = alert(kind=Classification.COLLECTION_FAULT, cell=Cell("LA-VT", ""))
    engine.faults = [fault]
    assert engine.feed(0).hold is Hold.COLLECTION_FAULT
    engine.faults = [replace(fault, state=State.RESOLVED)]
    assert engine.feed(1).tell


def test_budget_held_back_is_told_when_the_next_month_has_room() -> None:
    engine = Engine(rules=Rules(budget=1))
    engine.spent = {"LA-VT 2025-06": 1}
    assert engine.feed(0).hold is Hold.BUDGET_SPENT
    assert not engine.feed(1).tell
    assert engine.feed(30).tell


def test_flapping_tells_one_beginning_and_one_end_within_the_repeat_interval() -> None:
    engine = Engine()
    told = []
    for n in range(14):
        decision = engine.feed(n, Phase.ACTIVE if n % 2 == 0 else Phase.RETURNED)
        told += [decision.reason] if decision.tell else []
    assert told == [Reason.OPENED, Reason.RETURNED]


def test_resolve_then_refire_is_reopened_and_told_after_the_interval() -> None:
    engine = Engine()
    engine.feed(0)
    engine.feed(1, Phase.RETURNED)
    again = [engine.feed(n) for n in (10, 14, 15)]
    assert [d.tell for d in again] == [False, True, False]
    assert engine.feed(16, Phase.RETURNED).tell


def test_signal_missing_keeps_firing_for_a_week() -> None:
    engine = Engine()
    engine.feed(0)
    states = [engine.feed(n, None).alert.state for n in (3, 6, 8)]
    assert states == [State.FIRING, State.FIRING, State.RESOLVED]


def test_repeat_interval_repeats_only_while_unacknowledged() -> None:
    engine = Engine()
    told = [n for n in range(30) if engine.feed(n).tell]
    assert told == [0, 14, 28]
    assert engine.alert is not None
    engine.alert, _ = acknowledge(engine.alert, NOW)
    assert not any(engine.feed(n).tell for n in range(30, 60))


def test_escalation_goes_up_level_by_level_and_stops() -> None:
    engine = Engine()
    engine.feed(0)
    raised = [(n, d.alert.level) for n in range(20) if (d := engine.tick(n)) is not None]
    assert raised == [(3, 1), (10, 2)]
    assert engine.alert is not None
    assert engine.alert.told_at == NOW
    assert engine.alert.tellings == 3


def test_acknowledged_minor_untold_and_silenced_are_not_escalated() -> None:
    told = alert(notified_at=NOW, told_at=NOW, tellings=1)
    late = NOW + 9 * DAY
    assert is_due(told, late, DEFAULT_RULES)
    for other in (
        acknowledge(told, NOW)[0],
        replace(told, severity=Severity.MINOR),
        replace(told, notified_at=None),
    ):
        assert not is_due(other, late, DEFAULT_RULES)
    engine = Engine(quiet(0, 9))
    engine.alert = told
    assert engine.tick(5) is None
    assert engine.alert.level == 0


def test_an_escalation_is_a_deed_of_the_service() -> None:
    engine = Engine()
    engine.feed(0)
    raised = engine.tick(4)
    assert raised is not None
    deed = record_of(raised)
    assert (deed.action, deed.officer, deed.channel) == ("escalated", "level-1", "service")


def decided(subject: Alert, reason: Reason = Reason.OPENED) -> Decision:
    return Decision(previous=None, alert=subject, reason=reason, at=NOW, tell=True)


def test_grouping_puts_one_province_of_one_window_into_one_notification() -> None:
    grave = alert(cell=Cell("LA-VT", "7"), severity=Severity.SEVERE, alert_id="b")
    fault = alert(kind=Classification.COLLECTION_FAULT, alert_id="c")
    away = alert(cell=Cell("LA-SV", "5"), alert_id="d")
    held = alert(cell=Cell("LA-VT", "9"), alert_id="e", hold=Hold.BUDGET_SPENT)
    found = messages_of([decided(a) for a in (alert(), away, fault, grave)], alerts=[held, grave])
    assert [[p.alert.alert_id for p in m.parts] for m in found] == [
        ["b", alert().alert_id], ["d"], ["c"]
    ]  # fmt: skip
    assert [[a.alert_id for a in m.held_back] for m in found] == [["e"], [], []]


@pytest.mark.parametrize("level", [0, 1])
def test_an_escalation_is_not_mixed_with_news(level: int) -> None:
    raised = decided(alert(level=level, alert_id="x"), Reason.ESCALATED)
    found: list[Message] = messages_of([decided(alert()), raised])
    assert len(found) == 2


def test_the_installation_sets_budget_repetition_and_escalation() -> None:
    chosen = Settings(alert_budget=3, alert_repeat_days=7, alert_escalate_hours=(5,))
    rules = rules_of(chosen)
    assert (rules.budget, rules.repeat_after) == (3, 7 * DAY)
    assert rules.escalate_after == (timedelta(hours=5),)
    assert rules_of(Settings()) == DEFAULT_RULES
