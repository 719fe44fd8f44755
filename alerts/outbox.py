"""What a batch of days leaves to be done outside: lines of history, and messages to send.

Written together with the state that caused it, delivered afterwards, removed only when done: a
crash at any point repeats a delivery, and both deliveries are made so that a repetition is seen
for what it is (insert tokens; Message-IDs).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from alerts.alert import Alert, Hold, Reason
from alerts.lifecycle import Decision
from alerts.signal import Component, Signal
from alerts.transition import TOLD_AT_END
from warehouse.deeds import ActionRecord, SilenceRecord
from warehouse.history import AlertRecord, SignalRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItem:
    """Rows for the warehouse, inserted together."""

    signals: list[SignalRecord]
    alerts: list[AlertRecord]
    actions: list[ActionRecord] = field(default_factory=list)
    silences: list[SilenceRecord] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.signals or self.alerts or self.actions or self.silences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One telling of one alert."""

    alert: Alert
    reason: Reason
    at: datetime

    @property
    def message_id(self) -> str:
        """The same for the same decision, however often it is sent."""
        return f"{self.alert.alert_id}.{self.alert.tellings}"


def coalesce(decisions: Sequence[Decision]) -> list[Decision]:
    """Of several tellings of one alert in a batch keep the last; drop what began and ended in it.

    A batch is long only when the watch catches up: nobody needs the steps in between then.
    """
    last: dict[str, Decision] = {}
    began: set[str] = set()
    for decision in decisions:
        if decision.tell:
            key = decision.alert.alert_id
            if key not in last and (decision.previous is None or not decision.previous.tellings):
                began.add(key)
            last[key] = decision
    spoken = {key: d for key, d in last.items() if not (key in began and d.reason in TOLD_AT_END)}
    return [
        decision
        if not decision.tell or spoken.get(decision.alert.alert_id) is decision
        else replace(decision, tell=False, hold=Hold.HISTORICAL)
        for decision in decisions
    ]


def history_of(
    decisions: Iterable[Decision],
    signals: Iterable[Signal],
    recorded_at: datetime,
    *,
    actions: Iterable[ActionRecord] = (),
) -> HistoryItem:
    """Rows of the warehouse's append-only history."""
    return HistoryItem(
        signals=[_signal_record(signal, recorded_at) for signal in signals],
        alerts=[_alert_record(decision, recorded_at) for decision in decisions],
        actions=list(actions),
    )


def messages_of(decisions: Iterable[Decision]) -> list[Message]:
    """What is to be told."""
    return [Message(alert=d.alert, reason=d.reason, at=d.at) for d in decisions if d.tell]


def _signal_record(signal: Signal, recorded_at: datetime) -> SignalRecord:
    return SignalRecord(
        signal_id=signal.signal_id,
        cell_province=signal.cell.province,
        cell_isco1=signal.cell.isco1,
        direction=signal.direction.value,
        onset_on=signal.onset_on,
        detected_on=signal.detected_on,
        event_time=signal.event_time,
        observed=signal.size.observed,
        expected=signal.size.expected,
        ratio=signal.size.ratio,
        ratio_lower=signal.size.lower,
        ratio_upper=signal.size.upper,
        score=signal.score,
        n=signal.n,
        employers=signal.employers,
        sources=signal.sources,
        classification=signal.classification.value,
        detail=f"{signal.phase.value}: {signal.detail}",
        loaded_at=recorded_at,
        indicator=signal.indicator,
        probability=signal.probability,
        components=_as_json(signal.components),
    )


def _alert_record(decision: Decision, recorded_at: datetime) -> AlertRecord:
    alert = decision.alert
    notes = [alert.detail]
    if alert.contributors:
        notes.append("cells: " + ", ".join(alert.contributors))
    if decision.hold is not None:
        notes.append(f"not told: {decision.hold.value}")
    return AlertRecord(
        alert_id=alert.alert_id,
        at=decision.at,
        recorded_at=recorded_at,
        state=alert.state.value,
        previous_state="" if decision.previous is None else decision.previous.state.value,
        reason=decision.reason.value,
        kind=alert.kind.value,
        direction=alert.direction.value,
        province=alert.cell.province,
        isco1=alert.cell.isco1,
        onset_on=alert.onset_on,
        observed=alert.observed,
        expected=alert.expected,
        ratio=alert.ratio,
        ratio_lower=alert.ratio_lower,
        ratio_upper=alert.ratio_upper,
        n=alert.n,
        sources=alert.sources,
        notified=decision.tell,
        detail="; ".join(notes),
        severity=alert.severity.value,
        indicator=alert.indicator,
        probability=alert.probability,
        components=_as_json(alert.components),
    )


def _as_json(components: Sequence[Component]) -> str:
    return msgspec.json.encode(components).decode() if components else ""
