"""What the page of the strategy shows, read into the snapshot: entries, values kept, and use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from alerts.calendar import local_day
from dashboard.views import Snapshot
from warehouse.strategy_entries import read_entries
from warehouse.strategy_values import read_values
from warehouse.usage_figures import read_use

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_STALE: Final = timedelta(minutes=10)
"""Readers' own requests change the use: not every one of them is to draw every page again."""


def with_strategy(held: Snapshot, client: Client, now: datetime) -> Snapshot:
    """`held` with what is known now; unchanged where nothing is new."""
    entries, values = tuple(read_entries(client)), tuple(read_values(client))
    use = held.use
    if use is None or now - use.as_of >= _STALE:
        use = read_use(client, today=local_day(now), as_of=now)
    if (entries, values, use) == (held.entries, held.values, held.use):
        return held
    return replace(held, entries=entries, values=values, use=use)
