"""Brings the watch's state back after Redis has lost it: reads the warehouse, writes Redis once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import structlog
from clickhouse_connect.driver.client import Client

from alerts.rebuilding import Known, rebuild
from alerts.silences import in_force, silences_from
from alerts.store import AlertStore
from alerts.watch import Watch
from warehouse.deeds import read_actions, read_silences
from warehouse.history import read_alert_history

_ALL: Final = 10_000_000
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was brought back."""

    through: date
    """Last day the detectors were fed."""
    alerts: int
    silences: int
    messages: int
    """Put into the box again, since no receipt says that they were sent."""
    sent: int
    """Known as sent, and not sent again."""


def recover(client: Client, store: AlertStore, watch: Watch, now: datetime) -> Recovered | None:
    """Rebuild the state; None where Redis has it, or where the warehouse knows of no alerts.

    Raises:
        alerts.store.LostLeadershipError: somebody saved in between; nothing was written.
        clickhouse_connect.driver.exceptions.Error: nothing was written; again later.
    """
    if store.has_state():
        return None
    rows = read_alert_history(client, limit=_ALL)
    known = Known(
        rows=sorted(rows, key=lambda row: (row.recorded_at, row.at)), deeds=read_actions(client)
    )
    if known.through is None:
        return None
    monitor = watch.replay(watch.coverage(), known.through.toordinal(), now)
    rebuilt = rebuild(known, monitor.alerts, now, monitor.rules)
    monitor.alerts, monitor.budget = dict(rebuilt.alerts), dict(rebuilt.budget)
    silences = in_force(silences_from(read_silences(client)), now)
    store.restore(monitor, messages=rebuilt.messages, sent=rebuilt.sent, silences=silences, now=now)
    watch.forget()
    done = Recovered(
        through=known.through, alerts=len(monitor.alerts), silences=len(silences),
        messages=len(rebuilt.messages), sent=len(rebuilt.sent),
    )  # fmt: skip
    _log.warning("state_rebuilt", through=str(done.through), alerts=done.alerts)
    return done
