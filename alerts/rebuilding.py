"""The watch's state, made anew from the warehouse when Redis has lost it. Nobody is told twice.

What makes that sure: history is written before messages are sent, so whatever was sent is in the
history; and receipts of sent messages follow at once. Detectors are fed again through the last
day in the history, silently; what happened to alerts since is taken from the history; messages
that were decided lately and have no receipt are put into the box again under their own
identities. Only a receipt lost together with Redis, in the moment between sending and writing it,
repeats a message: under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from alerts.actions import Action
from alerts.alert import Alert, Reason
from alerts.calendar import end_of_day, local_day
from alerts.lifecycle import HISTORY_AFTER, budget_key
from alerts.outbox import Message, receipt_name
from alerts.transition import TOLD_AT_END, Rules
from warehouse.deeds import ActionRecord
from warehouse.history import AlertRecord

_BY_THE_WALL: Final = frozenset({Reason.ACKNOWLEDGED.value, Reason.ESCALATED.value})
"""Reasons of rows that are dated by the clock on the wall, not by a day's end."""
_LIFE: Final = (
    "state", "opened_at", "changed_at", "told_at", "closed_at", "notified_at", "level",
    "tellings", "reopenings", "hold", "contributors",
)  # fmt: skip
"""What days alone do not tell of an alert; the rest was measured, and is measured again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the warehouse knows of alerts, oldest row first."""

    rows: Sequence[AlertRecord]
    deeds: Sequence[ActionRecord]

    @property
    def through(self) -> date | None:
        """The last day that was surely fed: that of the last decision; None before the first."""
        days = [row.at for row in self.rows if row.reason not in _BY_THE_WALL]
        return None if not days else _day_of(max(days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What goes back into Redis beside detectors."""

    alerts: Mapping[str, Alert]
    budget: Mapping[str, int]
    messages: tuple[Message, ...]
    """Decided lately, and not sent as far as is known."""
    sent: tuple[str, ...]
    """Names of receipts."""


def rebuild(known: Known, replayed: Mapping[str, Alert], now: datetime, rules: Rules) -> Rebuilt:
    """Put what the history tells onto what feeding the days again gave.

    Args:
        known: history and deeds.
        replayed: alerts by key after feeding through `known.through`.
        now: the present, by which messages are too old to be sent again.
        rules: tell how long a resolved alert is kept.
    """
    latest: dict[str, Alert] = {}
    for row in known.rows:
        if row.record:
            alert = msgspec.json.decode(row.record, type=Alert)
            latest[alert.key] = alert
    through = known.through
    edge = now if through is None else end_of_day(through)
    kept = {
        key: _merged(alert, replayed.get(key))
        for key, alert in latest.items()
        if alert.is_open or edge - alert.changed_at <= rules.reopen_within
    }
    sent = {deed.action_id for deed in known.deeds if deed.action == Action.NOTIFIED.value}
    return Rebuilt(
        alerts={**replayed, **kept},
        budget=_spent(known.rows),
        messages=tuple(_unsent(known.rows, sent, now)),
        sent=tuple(sorted(sent)),
    )


def _merged(alert: Alert, replayed: Alert | None) -> Alert:
    """Life as recorded, measures as of the last day fed."""
    if replayed is None or replayed.alert_id != alert.alert_id or not alert.is_open:
        return alert
    life: dict[str, Any] = {name: getattr(alert, name) for name in _LIFE}
    return replace(replayed, **life)


def _spent(rows: Iterable[AlertRecord]) -> dict[str, int]:
    """Notifications charged, by province and month."""
    free = {reason.value for reason in TOLD_AT_END} | {Reason.ESCALATED.value}
    spent: dict[str, int] = {}
    for row in rows:
        if row.notified and row.record and row.reason not in free:
            key = budget_key(msgspec.json.decode(row.record, type=Alert), row.at)
            spent[key] = spent.get(key, 0) + 1
    return spent


def _unsent(rows: Iterable[AlertRecord], sent: set[str], now: datetime) -> Iterable[Message]:
    for row in rows:
        if row.notified and row.record and now - row.recorded_at <= HISTORY_AFTER:
            alert = msgspec.json.decode(row.record, type=Alert)
            if receipt_name(alert) not in sent:
                yield Message(alert=alert, reason=Reason(row.reason), at=row.at)


def _day_of(at: datetime) -> date:
    """The day whose end `at` is, or lies in."""
    return local_day(at - timedelta(microseconds=1))
