"""A table of supply of one or a few rows, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from config.feeds import feed_named
from scrapers.parsing.supply_table import SupplyTable, make_supply_records

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def take(
    rows: Sequence[Mapping[str, str]], feed: str = "ess", at: datetime = NOW, **told: str
) -> SupplyTable:
    numbered = list(enumerate(rows, start=2))
    return make_supply_records(
        numbered, feed_named(feed), source_id="office", received_at=at, told=told
    )


def row(**changes: str) -> dict[str, str]:
    base = {"measure": "placements", "province": "LA-VT", "period": "2026-09", "value": "12"}
    return {**base, **changes}
