"""Whatever happens to an alert: no illegal step, and nobody told twice within the interval."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alerts.alert import Alert, State
from alerts.calendar import end_of_day
from alerts.lifecycle import Decision, Situation, settle
from alerts.signal import Phase
from alerts.transition import DEFAULT_RULES, LEGAL, TOLD_AT_END, acknowledge, transition
from tests.factories_alerts import FIRST, signal


class AlertLife(RuleBasedStateMachine):
    """Days pass; signals come, change, end or go missing; officers acknowledge."""

    def __init__(self) -> None:
        super().__init__()
        self.day = FIRST
        self.alert: Alert | None = None
        self.steps: list[tuple[State | None, State]] = []
        self.told: list[tuple[str, datetime]] = []

    def _take(self, before: Alert | None, decision: Decision) -> None:
        alerts = {decision.alert.key: decision.alert}
        situation = Situation(wall=decision.at, alerts=alerts, shares={}, excess={}, budget={})
        settled = settle(decision, situation)
        same = before is not None and before.alert_id == settled.alert.alert_id
        self.steps.append((before.state if same and before else None, settled.alert.state))
        if settled.tell and settled.reason not in TOLD_AT_END:
            self.told.append((settled.alert.alert_id, decision.at))
        self.alert = settled.alert

    @rule(
        days=st.integers(1, 20),
        phase=st.sampled_from(Phase),
        employers=st.integers(0, 8),
        observed=st.floats(0, 80),
    )
    def a_signal(self, days: int, phase: Phase, employers: int, observed: float) -> None:
        self.day += timedelta(days=days)
        found = signal(self.day, phase=phase, employers=employers, observed=observed)
        if found.is_over and (self.alert is None or not self.alert.is_open):
            return
        at = end_of_day(self.day)
        after, reason = transition(self.alert, found, at)
        self._take(self.alert, Decision(previous=self.alert, alert=after, reason=reason, at=at))

    @rule(days=st.integers(1, 20))
    def silence(self, days: int) -> None:
        self.day += timedelta(days=days)
        if self.alert is None or not self.alert.is_open:
            return
        at = end_of_day(self.day)
        after, reason = transition(self.alert, None, at)
        self._take(self.alert, Decision(previous=self.alert, alert=after, reason=reason, at=at))

    @rule()
    def an_officer_acknowledges(self) -> None:
        if self.alert is not None:
            before = self.alert.state
            self.alert, _ = acknowledge(self.alert, end_of_day(self.day))
            self.steps.append((before, self.alert.state))

    @invariant()
    def every_step_is_legal(self) -> None:
        illegal = [step for step in self.steps if step not in LEGAL and step[0] is not step[1]]
        assert not illegal

    @invariant()
    def nobody_is_told_twice_within_the_interval(self) -> None:
        by_alert: dict[str, datetime] = {}
        for alert_id, at in self.told:
            before = by_alert.get(alert_id)
            assert before is None or at - before >= DEFAULT_RULES.repeat_after
            by_alert[alert_id] = at


TestAlertLife = AlertLife.TestCase
TestAlertLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
