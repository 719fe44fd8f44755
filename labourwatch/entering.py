"""Entering an indicator of the strategy: what is accepted, and storing it."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Final

from config.settings import Settings
from config.strategy import StrategyIndicator, Unit, strategy_indicators
from warehouse.client import connect
from warehouse.strategy_entries import StrategyEntry, write_entry

COMPUTED: Final = frozenset({"1.2", "1.3", "1.4", "3.1", "3.4", "3.5", "3.6"})
"""What the system's own data decide: nobody enters these."""
_LONGEST: Final = 300


class EntryError(ValueError):
    """An entry that cannot be accepted; the message says what was expected."""


def checked(
    number: str, value: float, on_day: date, source: str, account: str, *, now: datetime
) -> StrategyEntry:
    """The entry, once everything about it can be believed.

    Args:
        on_day: day that the value holds for.
        now: the present (aware); an entry of the future is refused.

    Raises:
        EntryError: saying what was expected.
    """
    held = strategy_indicators().get(number)
    if held is None:
        raise EntryError(f"{number}: expected one of {', '.join(strategy_indicators())}")
    if number in COMPUTED:
        raise EntryError(f"{number}: computed from the system's own data, nobody enters it")
    _in_range(held, value)
    if on_day > now.date():
        raise EntryError(f"--on {on_day}: expected a day that is over")
    texts = {"--source": source.strip(), "--account": account.strip()}
    for name, text in texts.items():
        if not 0 < len(text) <= _LONGEST:
            raise EntryError(f"{name}: expected 1 to {_LONGEST} characters")
    return StrategyEntry(
        number=number, on_day=on_day, value=value, source=texts["--source"],
        account=texts["--account"], entered_at=now.replace(microsecond=0),
    )  # fmt: skip


def _in_range(held: StrategyIndicator, value: float) -> None:
    if not math.isfinite(value) or value < 0:
        raise EntryError(f"{held.number}: expected a number from 0")
    if held.unit is Unit.SHARE and value > 1:
        raise EntryError(f"{held.number}: expected a share from 0 to 1, such as 0.4 for 40 %")
    if held.unit is Unit.COUNT and value != round(value):
        raise EntryError(f"{held.number}: expected a whole number")


def enter(settings: Settings, entry: StrategyEntry) -> None:
    """Store an entry.

    Raises:
        clickhouse_connect.driver.exceptions.Error: it is not stored.
    """
    with connect(settings) as client:
        write_entry(client, entry)
