"""Indicators of the strategy that an officer entered, with day and source. Append-only."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.history import append, insert_token

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyEntry:
    """What somebody entered for one indicator and day."""

    number: str
    on_day: date
    """Day that the value holds for."""
    value: float
    """In the unit of `config.strategy`; shares from 0 to 1."""
    source: str
    account: str
    """Account, never a name."""
    entered_at: datetime


_NAMES: Final = tuple(field.name for field in fields(StrategyEntry))


def write_entry(client: Client, entry: StrategyEntry) -> None:
    """Append an entry; the same one again changes nothing."""
    append(client, "strategy_entries", [entry], insert_token([repr(entry)]))


def read_entries(client: Client, *, as_of: datetime | None = None) -> list[StrategyEntry]:
    """Entries as they stood at `as_of`, one for an indicator and day, by number and day."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_NAMES)} FROM strategy_entries WHERE entered_at <= {moment("as_of")}
        ORDER BY number, on_day, entered_at DESC LIMIT 1 BY number, on_day""",
        as_of=as_of or _LAST,
    )
    return [StrategyEntry(**dict(zip(_NAMES, row, strict=True))) for row in rows]
