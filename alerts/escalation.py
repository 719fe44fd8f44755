"""Escalation: an alert that was told and that nobody acknowledges goes to the next level. Pure.

Levels count from 0, those who are told first. Waiting is by the clock on the wall, from when it
was last told or escalated, since officers answer in that time and not in event time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.actions import Action, Channel, action_of
from alerts.alert import Alert, Reason, State
from alerts.lifecycle import Decision, Situation, settle
from alerts.severity import Severity
from alerts.transition import Rules
from warehouse.deeds import ActionRecord


def is_due(alert: Alert, now: datetime, rules: Rules) -> bool:
    """Whether it waits for an acknowledgement longer than its level allows.

    Minor alerts are never escalated, nor those of which nobody was told.
    """
    if alert.state is not State.FIRING or alert.severity is Severity.MINOR:
        return False
    if alert.notified_at is None or alert.level >= len(rules.escalate_after):
        return False
    return now - alert.notified_at >= rules.escalate_after[alert.level]


def escalate(alert: Alert, situation: Situation) -> Decision | None:
    """The decision to tell the next level, or None where it is not due or held back.

    What is held back is not raised: it is looked at again with every tick.
    """
    if not is_due(alert, situation.wall, situation.rules):
        return None
    raised = Decision(
        previous=alert,
        alert=replace(alert, level=alert.level + 1),
        reason=Reason.ESCALATED,
        at=situation.wall,
    )
    settled = settle(raised, situation)
    return settled if settled.tell else None


def record_of(decision: Decision) -> ActionRecord:
    """The deed of the service, for the warehouse's history."""
    return action_of(
        Action.ESCALATED,
        decision.alert.alert_id,
        officer=f"level-{decision.alert.level}",
        channel=Channel.SERVICE,
        at=decision.at,
    )
