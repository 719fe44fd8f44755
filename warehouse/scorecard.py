"""What a scorecard rests on, read as it was known: history, deeds and events, with a short mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.deeds import ActionRecord, read_actions
from warehouse.history import AlertRecord, read_alert_history
from warehouse.labour_events import LabourEvent, read_labour_events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

_ALL: Final = 10_000_000
_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFacts:
    """Everything known of alerts by a moment."""

    history: Sequence[AlertRecord]
    """Transitions, oldest first."""
    deeds: Sequence[ActionRecord]
    """Oldest first."""
    events: Sequence[LabourEvent]
    """Confirmed ones that were not withdrawn."""
    observed_since: date | None
    """First local day on which a source was read; None: none was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsMark:
    """Equal marks, equal facts."""

    rows: int
    newest: datetime | None
    """When the newest row was recorded; None: there is none."""


def read_score_facts(client: Client, *, as_of: datetime | None = None) -> ScoreFacts:
    """The facts; `as_of` bounds when they were recorded."""
    history = read_alert_history(client, limit=_ALL, as_of=as_of)
    return ScoreFacts(
        history=sorted(history, key=lambda row: (row.at, row.recorded_at)),
        deeds=read_actions(client, as_of=as_of),
        events=read_labour_events(client, as_of=as_of),
        observed_since=_first_day(client, as_of or _LAST),
    )


def _first_day(client: Client, as_of: datetime) -> date | None:
    ((runs, first),) = fetch(
        client,
        f"""SELECT count(), min(toDate(finished_at, 'Asia/Vientiane')) FROM source_runs
        WHERE outcome = 'ok' AND loaded_at <= {moment("as_of")}""",
        as_of=as_of,
    )
    return first if runs else None


def read_facts_mark(client: Client, *, as_of: datetime | None = None) -> FactsMark:
    """The mark of `read_score_facts`, without reading them."""
    tables = ("alert_history", "alert_actions", "labour_events")
    parts = " UNION ALL ".join(
        f"SELECT recorded_at FROM {table} WHERE recorded_at <= {moment('as_of')}"
        for table in tables
    )
    rows, newest = fetch(
        client, f"SELECT count(), max(recorded_at) FROM ({parts})", as_of=as_of or _LAST
    )[0]
    return FactsMark(rows=rows, newest=newest.replace(tzinfo=UTC) if rows and newest else None)
