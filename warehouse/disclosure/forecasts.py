"""Forecasts as a view may see them: a forecast is made of counts, so it follows their rules.

The public is told a forecast only of a cell of the weekly lattice whose count of the last week that
the forecast knows is told, and none of whose counts of the year before that week is withheld: what
a forecast rests on, and what it takes for usual, are of that year. Others are left out, so that a
withheld cell cannot be told from one without a forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, fields
from datetime import date, datetime, timedelta
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from warehouse.disclosure.records import (
    SEAL,
    Cell,
    Hidden,
    Measure,
    NotClearedError,
    PublicCount,
    View,
)
from warehouse.disclosure.release import in_lattice
from warehouse.disclosure.rules import RULES, band, nearest, step_of
from warehouse.disclosure.table import public_table
from warehouse.forecasts import AskedForecasts, ForecastRow, forecasts_as_of
from warehouse.series import Frequency, SeriesKey

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_YEAR: Final = timedelta(weeks=51)
_MOST: Final = 1_000_000
_TREND: Final = "trend"
_BOUNDS: Final = ("value", "lower_80", "upper_80", "lower_95", "upper_95", "usual_upper")
_SCORES: Final = ("relative_mae", "mase", "coverage_80", "coverage_95")
_DIGITS: Final = 2
Tables = Mapping[Cell, Mapping[date, PublicCount]]
"""Decided counts of new vacancies by cell and Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldForecast:
    """A forecast as it may be shown. Made by `as_told` alone."""

    province: str
    occupation: str
    industry: str
    made_at: datetime
    last_week: date
    ahead: int
    target_week: date
    value: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float
    usual_upper: float
    chance_above: float | None
    weeks: int
    n: int
    """Vacancies of the last half-year; with `n_at_least` the lower end of a band."""
    n_at_least: bool
    step: float | None
    """What values are multiples of, ends of intervals rounded outwards; None: not rounded."""
    method: str
    scored: int
    relative_mae: float | None
    mase: float | None
    pinball: float | None
    """Departments only: it is a number of vacancies."""
    coverage_80: float | None
    coverage_95: float | None
    release_id: str
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not SEAL:
            raise NotClearedError("forecasts leave through warehouse.disclosure only")


_SAME: Final = tuple(
    name for name in (field.name for field in fields(ToldForecast))
    if name not in ("n_at_least", "step")
)  # fmt: skip


def told_forecasts(
    client: Client, asked: AskedForecasts, view: View, *, as_of: datetime
) -> list[ToldForecast]:
    """The newest forecasts made by `as_of`, as the view may see them; by cell and horizon."""
    rows = forecasts_as_of(client, asked, as_of=as_of)
    tables = _tables(client, rows, as_of) if view is View.PUBLIC and rows else {}
    return as_told(rows, view, tables)


def as_told(rows: Iterable[ForecastRow], view: View, tables: Tables) -> list[ToldForecast]:
    """The rows as the view may see them, in the same order, withheld ones left out.

    Args:
        rows: as stored.
        view: for whom.
        tables: for the public: the decided counts of every cell.
    """
    if view is View.DEPARTMENT:
        return [_told(row) for row in rows]
    found = []
    for row in rows:
        cell = Cell(province=row.province, isco1=row.occupation, isic=row.industry)
        last = _cleared(row, tables.get(cell, {}))
        if last is not None:
            found.append(_rounded(row, last))
    return found


def _cleared(row: ForecastRow, counts: Mapping[date, PublicCount]) -> PublicCount | None:
    """The newest count behind it, where the forecast may be told to the public.

    Weeks that were not seen are behind no forecast, so their counts say nothing of it.
    """
    series = SeriesKey(
        indicator=Measure.FLOW, province=row.province, occupation=row.occupation,
        industry=row.industry, frequency=Frequency.WEEKLY,
    )  # fmt: skip
    decided = row.last_week in counts
    if not in_lattice(series) or row.weeks < RULES[_TREND].weeks or not decided:
        return None
    year = {
        week: count for week, count in counts.items()
        if row.last_week - _YEAR <= week <= row.last_week
        and count.hidden is not Hidden.NOT_OBSERVED
    }  # fmt: skip
    if not year or any(count.value is None for count in year.values()):
        return None
    return year[max(year)]


def _rounded(row: ForecastRow, last: PublicCount) -> ToldForecast:
    step = last.step
    changed: dict[str, Any] = {
        name: step * floor(getattr(row, name) / step) for name in ("lower_80", "lower_95")
    }
    changed |= {name: step * ceil(getattr(row, name) / step) for name in ("upper_80", "upper_95")}
    changed |= {name: nearest(round(getattr(row, name)), step) for name in ("value", "usual_upper")}
    for name in _SCORES:
        score = getattr(row, name)
        changed[name] = None if score is None else round(score, _DIGITS)
    return _told(
        row, **{name: float(changed[name]) for name in _BOUNDS},
        **{name: changed[name] for name in _SCORES}, pinball=None, n=band(row.n), n_at_least=True,
        step=float(step), chance_above=_chance(row, step),
    )  # fmt: skip


def _chance(row: ForecastRow, vacancies: int) -> float | None:
    if row.chance_above is None:
        return None
    step = step_of("probability", row.chance_above, row.n, vacancies)
    return round(step * round(row.chance_above / step), 9)


def _told(row: ForecastRow, **changed: Any) -> ToldForecast:
    given = {name: getattr(row, name) for name in _SAME}
    return ToldForecast(**({**given, "n_at_least": False, "step": None} | changed), seal=SEAL)


def _tables(client: Client, rows: Sequence[ForecastRow], as_of: datetime) -> Tables:
    weeks = [row.last_week for row in rows]
    found: dict[Cell, dict[date, PublicCount]] = defaultdict(dict)
    for count in public_table(
        client, measure=Measure.FLOW, frequency=Frequency.WEEKLY, since=min(weeks) - _YEAR,
        until=max(weeks), as_of=as_of, limit=_MOST,
    ):  # fmt: skip
        found[count.cell][count.time_value] = count
    return found
