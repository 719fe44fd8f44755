"""The alert's life as one pure decision: (alert, signal, now) gives the next alert and the reason.

pending → firing → acknowledged → resolved; a resolved alert that comes back soon is reopened. Flaps
are damped twice: the detector asks for evidence before it says that the old level is back, and a
signal that merely goes missing resolves nothing for a week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from alerts.alert import Alert, Reason, State, alert_id_of
from alerts.severity import severity_of
from alerts.signal import Classification, Phase, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Limits of the alert's life."""

    least_vacancies: int = 10
    least_employers: int = 3
    repeat_after: timedelta = timedelta(days=14)
    reopen_within: timedelta = timedelta(days=14)
    lost_after: timedelta = timedelta(days=7)
    """So long it goes on firing without a signal."""
    escalate_after: tuple[timedelta, ...] = (timedelta(days=3), timedelta(days=7))
    """How long each level, from 0 on, has for acknowledging; empty: no escalation."""
    budget: int = 12
    """Alerts a province, and the nation, is told in a month."""


DEFAULT_RULES: Final = Rules()
LEGAL: Final = frozenset(
    {
        (None, State.PENDING),
        (None, State.FIRING),
        (State.PENDING, State.PENDING),
        (State.PENDING, State.FIRING),
        (State.PENDING, State.RESOLVED),
        (State.FIRING, State.FIRING),
        (State.FIRING, State.ACKNOWLEDGED),
        (State.FIRING, State.RESOLVED),
        (State.ACKNOWLEDGED, State.ACKNOWLEDGED),
        (State.ACKNOWLEDGED, State.RESOLVED),
        (State.RESOLVED, State.RESOLVED),
        (State.RESOLVED, State.PENDING),
        (State.RESOLVED, State.FIRING),
    }
)
"""All transitions there are; `None` is no alert yet."""

TOLD: Final = frozenset(
    {
        Reason.OPENED,
        Reason.CONFIRMED,
        Reason.REOPENED,
        Reason.WORSENED,
        Reason.REPEATED,
        Reason.RELEASED,
    }
)
"""Reasons that are worth telling while the alert fires, at most once per repeat interval."""
TOLD_AT_END: Final = frozenset({Reason.RETURNED, Reason.NEW_NORMAL, Reason.RECLASSIFIED})
"""Reasons for an end that is told to those who were told of the beginning."""


def transition(
    alert: Alert | None, signal: Signal | None, now: datetime, rules: Rules = DEFAULT_RULES
) -> tuple[Alert, Reason]:
    """The alert after `signal` (or the lack of one) at event time `now`, and why.

    Raises:
        ValueError: neither an alert nor an active signal: there is nothing to decide.
    """
    if alert is not None and alert.is_open:
        if signal is None:
            return _without_signal(alert, now, rules)
        return _ended(alert, signal, now) if signal.is_over else _goes_on(alert, signal, now, rules)
    if signal is None or signal.is_over:
        if alert is None:
            raise ValueError("neither an alert nor an active signal")
        return alert, Reason.UNCHANGED
    if alert is not None and now - alert.changed_at <= rules.reopen_within:
        return _reopened(alert, signal, now, rules)
    return _opened(signal, now, rules)


def acknowledge(alert: Alert, now: datetime) -> tuple[Alert, Reason]:
    """An officer has taken a firing alert on; anything else stays as it is."""
    if alert.state is not State.FIRING:
        return alert, Reason.UNCHANGED
    return replace(alert, state=State.ACKNOWLEDGED, changed_at=now), Reason.ACKNOWLEDGED


def reclassify(alert: Alert, now: datetime) -> tuple[Alert, Reason]:
    """The change is now taken to be of the other kind: this alert is over."""
    if not alert.is_open:
        return alert, Reason.UNCHANGED
    return replace(alert, state=State.RESOLVED, changed_at=now), Reason.RECLASSIFIED


def may_tell(alert: Alert, reason: Reason, now: datetime, rules: Rules = DEFAULT_RULES) -> bool:
    """Whether the reason is to be told, the repeat interval permitting.

    An end is told once for each telling of the beginning: a flapping alert that was not told again
    does not end again either. An escalation goes to others, who were not told within the interval.
    """
    if reason in TOLD_AT_END:
        told, closed = alert.told_at, alert.closed_at
        return told is not None and (closed is None or told > closed)
    if reason is Reason.ESCALATED:
        return alert.state is State.FIRING
    if reason not in TOLD or alert.state is not State.FIRING:
        return False
    return alert.told_at is None or now - alert.told_at >= rules.repeat_after


def _measured(signal: Signal) -> dict[str, Any]:
    return {
        "observed": signal.size.observed,
        "expected": signal.size.expected,
        "ratio": signal.size.ratio,
        "ratio_lower": signal.size.lower,
        "ratio_upper": signal.size.upper,
        "score": signal.score,
        "n": signal.n,
        "employers": signal.employers,
        "sources": signal.sources,
        "evidence_days": signal.evidence_days,
        "detail": signal.detail,
        "why": signal.why,
        "seen_at": signal.event_time,
        "severity": severity_of(signal),
        "indicator": signal.indicator,
        "probability": signal.probability,
        "components": signal.components,
        "industry": signal.industry,
    }


def _has_evidence(signal: Signal, rules: Rules) -> bool:
    """Enough vacancies, seen or missing, from enough employers to speak of.

    A collection fault concerns operators, and may leave no employer to be seen.
    """
    if signal.classification not in (Classification.LABOUR, Classification.COLLECTION_FAULT):
        return True  # its indicator has minimum samples of its own
    size = max(signal.size.observed, signal.size.expected)
    fault = signal.classification is Classification.COLLECTION_FAULT
    employers = fault or signal.employers >= rules.least_employers
    return size >= rules.least_vacancies and employers


def _opened(signal: Signal, now: datetime, rules: Rules) -> tuple[Alert, Reason]:
    enough = _has_evidence(signal, rules)
    alert = Alert(
        alert_id=alert_id_of(signal),
        kind=signal.classification,
        cell=signal.cell,
        direction=signal.direction,
        state=State.FIRING if enough else State.PENDING,
        opened_at=now,
        changed_at=now,
        onset_on=signal.onset_on,
        detected_on=signal.detected_on,
        **_measured(signal),
    )
    return alert, Reason.OPENED if enough else Reason.AWAITING_EVIDENCE


def _reopened(alert: Alert, signal: Signal, now: datetime, rules: Rules) -> tuple[Alert, Reason]:
    enough = _has_evidence(signal, rules)
    again = replace(
        alert,
        state=State.FIRING if enough else State.PENDING,
        changed_at=now,
        detected_on=signal.detected_on,
        reopenings=alert.reopenings + 1,
        level=0,
        **_measured(signal),
    )
    return again, Reason.REOPENED if enough else Reason.AWAITING_EVIDENCE


def _goes_on(alert: Alert, signal: Signal, now: datetime, rules: Rules) -> tuple[Alert, Reason]:
    alert = replace(alert, **_measured(signal))
    if alert.state is State.PENDING:
        if not _has_evidence(signal, rules):
            return alert, Reason.AWAITING_EVIDENCE
        return replace(alert, state=State.FIRING, changed_at=now), Reason.CONFIRMED
    if signal.phase is Phase.WORSENED:
        return alert, Reason.WORSENED
    told = alert.told_at if alert.state is State.FIRING else None
    repeat = told is not None and now - told >= rules.repeat_after
    return alert, Reason.REPEATED if repeat else Reason.UNCHANGED


def _ended(alert: Alert, signal: Signal, now: datetime) -> tuple[Alert, Reason]:
    over = replace(alert, state=State.RESOLVED, changed_at=now, **_measured(signal))
    if alert.state is State.PENDING:
        return over, Reason.WITHDRAWN
    return over, Reason.RETURNED if signal.phase is Phase.RETURNED else Reason.NEW_NORMAL


def _without_signal(alert: Alert, now: datetime, rules: Rules) -> tuple[Alert, Reason]:
    if now - alert.seen_at < rules.lost_after:
        return alert, Reason.UNCHANGED
    lost = replace(alert, state=State.RESOLVED, changed_at=now)
    return lost, Reason.WITHDRAWN if alert.state is State.PENDING else Reason.LOST
