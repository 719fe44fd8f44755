"""What a batch of days leaves to be done outside: lines of history, and messages to send.

Written together with the state that caused it, delivered afterwards, removed only when done: a
crash at any point repeats a delivery, and both deliveries are made so that a repetition is seen
for what it is (insert tokens; Message-IDs).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from alerts.actions import Action, Channel
from alerts.alert import Alert, Hold, Reason
from alerts.cells import depth
from alerts.lifecycle import Decision
from alerts.signal import Classification, Component, Signal
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
    """One notification: one alert, or several of a province that were decided together."""

    alert: Alert
    reason: Reason
    at: datetime
    also: tuple[Message, ...] = ()
    """Further alerts of the same group, told in the same notification, the gravest first."""
    held_back: tuple[Alert, ...] = ()
    """Open alerts of the province that were not told because its budget was spent."""

    @property
    def parts(self) -> tuple[Message, ...]:
        """Everything it tells, one alert each."""
        return (replace(self, also=(), held_back=()), *self.also)

    @property
    def message_id(self) -> str:
        """The same for the same decision, however often it is sent."""
        return receipt_name(self.alert)


def receipt_name(alert: Alert) -> str:
    """Name of an alert's latest telling."""
    return f"{alert.alert_id}.{alert.tellings}"


def receipts_of(message: Message, at: datetime) -> list[ActionRecord]:
    """Deeds of the service that say what was sent."""
    return [
        ActionRecord(
            action_id=receipt_name(part.alert), alert_id=part.alert.alert_id,
            action=Action.NOTIFIED.value, officer="service", verdict="", done="", note="",
            channel=Channel.SERVICE.value, at=at, recorded_at=at,
        )
        for part in message.parts
    ]  # fmt: skip


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


def by_province(alert: Alert) -> Hashable:
    """Group of an alert where no routes say otherwise: its province, and faults apart."""
    return alert.cell.province, alert.kind is Classification.COLLECTION_FAULT


def messages_of(
    decisions: Iterable[Decision],
    *,
    alerts: Iterable[Alert] = (),
    group_of: Callable[[Alert], Hashable] = by_province,
) -> list[Message]:
    """What is to be told: one notification for all alerts of a group that were decided together.

    Args:
        decisions: of one window.
        alerts: all that stand, among which are those that a spent budget held back.
        group_of: alerts of equal groups go together, if they are escalated equally far.
    """
    told = [Message(alert=d.alert, reason=d.reason, at=d.at) for d in decisions if d.tell]
    told.sort(key=lambda m: (-m.alert.severity.rank, depth(m.alert.cell), m.alert.key, m.at))
    groups: dict[Hashable, list[Message]] = {}
    for message in told:
        group = (group_of(message.alert), message.reason is Reason.ESCALATED, message.alert.level)
        groups.setdefault(group, []).append(message)
    held = [a for a in alerts if a.is_open and a.hold is Hold.BUDGET_SPENT]
    return [
        replace(first, also=tuple(others), held_back=_held_back(first.alert, held))
        for first, *others in groups.values()
    ]


def _held_back(alert: Alert, held: Iterable[Alert]) -> tuple[Alert, ...]:
    found = [a for a in held if by_province(a) == by_province(alert)]
    return tuple(sorted(found, key=lambda a: (-a.severity.rank, a.key)))


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
        record=msgspec.json.encode(alert).decode(),
    )


def _as_json(components: Sequence[Component]) -> str:
    return msgspec.json.encode(components).decode() if components else ""
