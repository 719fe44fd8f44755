"""From a transition to a message, or to the reason why there is none: stages, top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from alerts.alert import Alert, Hold, Reason, State
from alerts.cells import Cell, Share, is_narrow, is_within
from alerts.signal import Classification
from alerts.silences import Silence, covering
from alerts.transition import DEFAULT_RULES, TOLD_AT_END, Rules, may_tell

HISTORY_AFTER: Final = timedelta(days=14)
_TRANSIENT: Final = (Hold.SILENCED, Hold.COLLECTION_FAULT, Hold.BUDGET_SPENT)
"""Holds whose end lets an alert that still fires be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One transition on its way through the stages."""

    previous: Alert | None
    alert: Alert
    reason: Reason
    at: datetime
    """Event time."""
    tell: bool = False
    hold: Hold | None = None

    @property
    def is_change(self) -> bool:
        """Worth a line of history: a new state, a telling reason, or a reason to be silent."""
        before = None if self.previous is None else self.previous.state
        return self.alert.state is not before or self.tell or self.reason is Reason.WORSENED


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the stages may look at besides the decision."""

    wall: datetime
    """The present, against which event time is history."""
    alerts: Mapping[str, Alert]
    """All alerts by key, as they are after this day's transitions."""
    shares: Mapping[str, tuple[Share, ...]]
    """By alert id: the finer cells that bring a change, and…"""
    excess: Mapping[str, float]
    """…the change itself, in vacancies and in its own direction."""
    budget: Mapping[str, int]
    """Alerts told so far by `budget_key`."""
    rules: Rules = DEFAULT_RULES
    silences: tuple[Silence, ...] = ()

    def open_alerts(self, kind: Classification) -> list[Alert]:
        """Firing or acknowledged alerts of a kind."""
        states = (State.FIRING, State.ACKNOWLEDGED)
        return [a for a in self.alerts.values() if a.kind is kind and a.state in states]


Stage = Callable[[Decision, Situation], Decision]


def budget_key(alert: Alert, at: datetime) -> str:
    """Province (or nation) and month that a notification is charged to."""
    return f"{alert.cell.province or 'nation'} {at:%Y-%m}"


def is_charged(decision: Decision) -> bool:
    """Whether telling it tells its receivers anew that it fires: neither an end nor a raise."""
    return decision.reason not in TOLD_AT_END and decision.reason is not Reason.ESCALATED


def ask(decision: Decision, situation: Situation) -> Decision:
    """Is this reason to be told at all, and is it time again?"""
    if decision.reason is Reason.UNCHANGED and decision.alert.hold in _TRANSIENT:
        decision = replace(decision, reason=Reason.RELEASED)
    tell = may_tell(decision.alert, decision.reason, decision.at, situation.rules)
    return replace(decision, tell=tell)


def hold_history(decision: Decision, situation: Situation) -> Decision:
    """What happened long before the present is recorded, not told."""
    old = situation.wall - decision.at > HISTORY_AFTER
    return _held(decision, Hold.HISTORICAL) if old else decision


def hold_faulty(decision: Decision, situation: Situation) -> Decision:
    """A collection fault in the cell, or in a cell that contains it, silences its labour alerts."""
    cell = decision.alert.cell
    if decision.alert.kind is Classification.COLLECTION_FAULT:
        return decision
    for fault in situation.open_alerts(Classification.COLLECTION_FAULT):
        if fault.cell == cell or is_within(cell, fault.cell):
            return _held(decision, Hold.COLLECTION_FAULT)
    return decision


def explain(decision: Decision, situation: Situation) -> Decision:
    """List the cells behind a coarse change; let the one that explains it all speak instead."""
    alert = decision.alert
    shares = situation.shares.get(alert.alert_id, ())
    if not shares:
        return decision
    alert = replace(alert, contributors=tuple(share.cell.key for share in shares))
    decision = replace(decision, alert=alert)
    child = is_narrow(situation.excess.get(alert.alert_id, 0.0), shares)
    if child is not None and _speaks(child, alert, situation):
        return _held(decision, Hold.EXPLAINED_BY_CHILD)
    return decision


def inhibit(decision: Decision, situation: Situation) -> Decision:
    """A broad change is told once, by the coarsest cell; its parts keep silent."""
    alert = decision.alert
    for parent in situation.open_alerts(alert.kind):
        same = parent.direction is alert.direction and parent.indicator == alert.indicator
        same = same and is_within(alert.cell, parent.cell)
        shares = situation.shares.get(parent.alert_id, ())
        narrow = is_narrow(situation.excess.get(parent.alert_id, 0.0), shares) == alert.cell
        explained = parent.hold is Hold.EXPLAINED_BY_CHILD
        if same and not narrow and not explained:
            return _held(decision, Hold.EXPLAINED_BY_PARENT)
    return decision


def hold_silenced(decision: Decision, situation: Situation) -> Decision:
    """What an officer silenced is decided and recorded, not told."""
    found = covering(situation.silences, decision.alert, situation.wall)
    return decision if found is None else _held(decision, Hold.SILENCED)


def hold_over_budget(decision: Decision, situation: Situation) -> Decision:
    """No province gets more alerts a month than it can look into; ends are free.

    So are escalations: the alert was paid for when it was first told.
    """
    if not decision.tell or not is_charged(decision):
        return decision
    spent = situation.budget.get(budget_key(decision.alert, decision.at), 0)
    return _held(decision, Hold.BUDGET_SPENT) if spent >= situation.rules.budget else decision


STAGES: Final[tuple[Stage, ...]] = (
    ask,
    explain,
    hold_faulty,
    inhibit,
    hold_history,
    hold_silenced,
    hold_over_budget,
)


def settle(decision: Decision, situation: Situation) -> Decision:
    """Run the stages; a decision that is told says so on its alert."""
    for stage in STAGES:
        decision = stage(decision, situation)
    alert = decision.alert
    if decision.tell:
        over = decision.reason in TOLD_AT_END
        alert = replace(
            alert,
            told_at=decision.at if is_charged(decision) else alert.told_at,
            closed_at=decision.at if over else alert.closed_at,
            notified_at=alert.notified_at if over else situation.wall,
            tellings=alert.tellings + 1,
            hold=None,
        )
    elif decision.hold is not None:
        alert = replace(alert, hold=decision.hold)
    return replace(decision, alert=alert)


def _held(decision: Decision, hold: Hold) -> Decision:
    """Silence a decision that would be told; the first reason stands."""
    if not decision.tell:
        return decision
    return replace(decision, tell=False, hold=hold)


def _speaks(child: Cell, alert: Alert, situation: Situation) -> bool:
    return any(
        a.cell == child and a.direction is alert.direction
        for a in situation.open_alerts(alert.kind)
    )
