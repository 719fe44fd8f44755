"""Where an answer is read from, and the bounds that questions share. Pure.

Every question can be put to the raw rows or to the roll-ups: the answers are equal, which tests
and `benchmarks/warehouse_queries.py` show. With `as_of` a question reads the raw rows, since only
they know when they were stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from warehouse.client import moment


class Basis(StrEnum):
    """Which tables a question reads."""

    ROLLUP = "rollup"
    RAW = "raw"


class Counted(StrEnum):
    """Roll-ups of events, by their table."""

    CELLS = "rollup_cells"
    """Day × province × major group."""
    WEEKLY = "rollup_weekly"
    """Week × province × major group × industry section."""
    OCCUPATIONS = "rollup_occupations"
    """Week × province × unit group."""
    SOURCES = "rollup_daily"
    """Day × province × major group × source."""


_KEYS: Final = {
    Counted.CELLS: ("event_date", "province", "isco1"),
    Counted.WEEKLY: ("toMonday(event_date) AS week", "province", "isco1", "isic"),
    Counted.OCCUPATIONS: ("toMonday(event_date) AS week", "province", "isco08"),
    Counted.SOURCES: ("event_date", "province", "isco1", "source_id"),
}
_RAW_MEASURES: Final = (
    "toInt64(vacancy_events.flow) AS flow",
    "toInt64(vacancy_events.stock) AS stock_delta",
    "toInt64(kind IN ('closed', 'expired')) AS closed",
)


def counts_from(counted: Counted, basis: Basis, as_of: datetime | None) -> str:
    """SQL of the rows to sum: `flow`, `stock_delta` and (not by source) `closed` by the keys.

    With `as_of` the query needs a parameter of that name (see `warehouse.client.fetch`).
    """
    if basis is Basis.ROLLUP and as_of is None:
        return counted.value
    known = f" WHERE loaded_at <= {moment('as_of')}" if as_of else ""
    return f"(SELECT {', '.join((*_KEYS[counted], *_RAW_MEASURES))} FROM vacancy_events{known})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Whole weeks, both ends included.

    Raises:
        ValueError: an end is no Monday, or they are in the wrong order.
    """

    first: date
    """Monday of the first week."""
    last: date
    """Monday of the last week."""

    def __post_init__(self) -> None:
        """Refuse what would silently cut a week."""
        if self.first.weekday() or self.last.weekday() or self.last < self.first:
            raise ValueError(f"expected two Mondays in order, got {self.first} and {self.last}")

    @property
    def until(self) -> date:
        """Sunday of the last week."""
        return self.last + timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A part of the labour market; `None` means all, "" the vacancies without a code."""

    province: str | None = None
    isco1: str | None = None

    def where(self) -> str:
        """SQL that holds for rows of the cell; with the parameters of `parameters`."""
        tests = [
            f"{name} = {{{name}:String}}"
            for name in ("province", "isco1")
            if getattr(self, name) is not None
        ]
        return " AND ".join(tests) or "1"

    def parameters(self) -> dict[str, str]:
        """Values of the parameters that `where` uses."""
        given = {"province": self.province, "isco1": self.isco1}
        return {name: value for name, value in given.items() if value is not None}


def current_vacancies(columns: str, where: str, as_of: datetime | None) -> str:
    """SQL of vacancies in their latest version (at `as_of`), those with `where` of any version.

    `where` may name only what never changes of a vacancy: its identity and its day of opening.
    The order is the table's own, backwards: rows are read in it and need not be sorted.
    """
    known = f" AND loaded_at <= {moment('as_of')}" if as_of else ""
    return (
        f"(SELECT {columns} FROM vacancies WHERE ({where}){known}"
        " ORDER BY opened_on DESC, vacancy_id DESC, version DESC, record_id DESC"
        " LIMIT 1 BY opened_on, vacancy_id)"
    )
