"""Indicators of the strategy as the service found them, kept once a day: their trend.

Append-only; of several values for one day the latest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from config.registry import Registry
from warehouse.client import fetch, moment
from warehouse.disclosure.records import View
from warehouse.disclosure.rules import band
from warehouse.history import append, insert_token
from warehouse.quality.results import read_results
from warehouse.quality.strategy import MeasuredFigure, ValueOrigin, measured_figures
from warehouse.strategy import StrategyFigure, strategy_figures
from warehouse.systems import Standing, receipts, standings, volumes
from warehouse.usage_figures import read_use, usage_figures

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_MEMORY: Final = timedelta(days=130)
"""Longer than three whole months and the running one."""
_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyValue:
    """One indicator for one day."""

    number: str
    on_day: date
    origin: ValueOrigin
    value: float | None
    lower: float | None
    upper: float | None
    n: int
    invented: float | None
    """What a demonstration found instead of `value`."""
    period_start: date | None
    period_end: date | None
    method: str
    source: str
    computed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the service knows of the indicators at a moment."""

    standings: Sequence[Standing]
    computed: Sequence[StrategyFigure]
    measured: Sequence[MeasuredFigure]
    """Of use and of checks, in the strategy's order."""


_NAMES: Final = tuple(field.name for field in fields(StrategyValue))


def find(
    client: Client, register: Registry, *, as_of: datetime, today: date, demonstration: bool
) -> Found:
    """Everything that the service can compute or measure.

    Args:
        today: the day of `as_of` in Asia/Vientiane.
    """
    received = receipts(client, as_of=as_of)
    found = volumes(client, since=as_of - _MEMORY, as_of=as_of)
    stands = standings(register, received, as_of=as_of, demonstration=demonstration)
    return Found(
        standings=stands,
        computed=strategy_figures(
            register, stands, found, as_of=as_of, demonstration=demonstration
        ),
        measured=[
            *usage_figures(read_use(client, today=today, as_of=as_of)),
            *measured_figures(read_results(client, as_of=as_of)),
        ],
    )


def values_of(
    found: Found, *, on_day: date, demonstration: bool, computed_at: datetime
) -> list[StrategyValue]:
    """The values to be kept for a day; what a demonstration finds counts for nothing."""
    return [
        *(_computed(one, on_day, computed_at, demonstration) for one in found.computed),
        *(_measured(one, on_day, computed_at, demonstration) for one in found.measured),
    ]


def _computed(
    one: StrategyFigure, on_day: date, computed_at: datetime, demonstration: bool
) -> StrategyValue:
    return StrategyValue(
        number=one.number, on_day=on_day, origin=ValueOrigin.COMPUTED, value=float(one.value),
        lower=None, upper=None, n=one.n,
        invented=float(one.demonstration) if demonstration else None, period_start=None,
        period_end=None, method=one.method, source=one.source, computed_at=computed_at,
    )  # fmt: skip


def _measured(
    one: MeasuredFigure, on_day: date, computed_at: datetime, demonstration: bool
) -> StrategyValue:
    told = None if demonstration else one
    return StrategyValue(
        number=one.number, on_day=on_day, origin=one.origin, value=told.value if told else None,
        lower=told.lower if told else None, upper=told.upper if told else None, n=one.n,
        invented=one.value if demonstration else None, period_start=one.period_start,
        period_end=one.period_end, method=one.method, source=one.source, computed_at=computed_at,
    )  # fmt: skip


def write_values(client: Client, values: Sequence[StrategyValue]) -> None:
    """Append values; the same ones again change nothing."""
    append(client, "strategy_values", values, insert_token(repr(one) for one in values))


def is_kept(client: Client, on_day: date) -> bool:
    """Whether the values of a day are kept."""
    rows = fetch(
        client, "SELECT count() FROM strategy_values WHERE on_day = {day:Date}", day=on_day
    )
    return bool(rows[0][0])


def read_values(client: Client, *, as_of: datetime | None = None) -> list[StrategyValue]:
    """Values as they stood at `as_of`, one for an indicator and day, by number and day."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_NAMES)} FROM strategy_values WHERE computed_at <= {moment("as_of")}
        ORDER BY number, on_day, computed_at DESC LIMIT 1 BY number, on_day""",
        as_of=as_of or _LAST,
    )
    found = (dict(zip(_NAMES, row, strict=True)) for row in rows)
    return [StrategyValue(**row | {"origin": ValueOrigin(row["origin"])}) for row in found]


def told_values(values: Iterable[StrategyValue], view: View) -> list[StrategyValue]:
    """Values for a view: how many things a check looked at is told to the public by a band."""
    if view is View.DEPARTMENT:
        return list(values)
    return [
        replace(one, n=band(max(0, one.n)) or 0) if one.origin is ValueOrigin.MEASURED else one
        for one in values
    ]
