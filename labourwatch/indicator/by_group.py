"""Indicators that each group has, and the total: tightness and growth of a table's groups. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, TypeVar

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.sides import Group
from alerts.indicators.tightness import METHOD as TIGHTNESS
from alerts.indicators.tightness import Side, Supply
from alerts.indicators.tightness import tightness as relative_tightness
from alerts.indicators.yearly import GROWTH, growth_over_year
from labourwatch.indicator.names import Field
from labourwatch.indicator.series import Period, Series, start_of
from labourwatch.indicator.told import Choices, Told
from warehouse.series import Standing

Value = TypeVar("Value")

ALL: Final = ""
"""Code under which the totals stand."""


def year_before(start: date, periods: Mapping[date, Value]) -> Value | None:
    """What began a year before, or 52 weeks before; of 29 February the 28th."""
    if start.year == date.min.year:
        return None
    day = min(start.day, 28) if start.month == 2 else start.day
    same_day = start.replace(year=start.year - 1, day=day)
    return periods.get(same_day) or periods.get(start - timedelta(weeks=52))


def growth(series: Series, chosen: Choices) -> Iterator[Told]:
    """Growth of each group's vacancies over a year; of all, in a row without a group."""
    by_start = {start_of(period): period for period in series.periods}
    for period in series.periods:
        before = year_before(start_of(period), by_start)
        for code, (vacancies, _) in with_total(period).items():
            then = with_total(before).get(code) if before is not None else None
            yield of_group(series, period, code, _growth(vacancies, then, chosen))


def _growth(now: float | None, before: Group | None, chosen: Choices) -> Estimated:
    if now is None:
        return untold(Standing.NOT_OBSERVED, n=0, method=GROWTH)
    if before is None or before[0] is None:
        return untold(Standing.TOO_SHORT, n=round(now * chosen.scale), method=GROWTH)
    return growth_over_year(now * chosen.scale, before[0] * chosen.scale)


def tightness(series: Series, chosen: Choices) -> Iterator[Told]:
    """Tightness of each group relative to all of them."""
    for period in series.periods:
        totals = with_total(period)[ALL]
        for code, pair in period.groups.items():
            yield of_group(series, period, code, _tightness(pair, totals, chosen))


def _tightness(pair: Group, totals: Group, chosen: Choices) -> Estimated:
    cell, nation = _side(pair, chosen), _side(totals, chosen)
    if cell is None or nation is None:
        return untold(Standing.NOT_OBSERVED, n=0, method=TIGHTNESS)
    return relative_tightness(cell, nation)


def _side(pair: Group, chosen: Choices) -> Side | None:
    vacancies, people = pair
    if vacancies is None:
        return None
    supply = None if people is None else Supply(people=people * chosen.scale)
    return Side(open_now=round(vacancies * chosen.scale), supply=supply)


def with_total(period: Period) -> dict[str, Group]:
    """Both sides by group, and of all under ""."""
    totals = (period.totals[Field.VACANCIES], period.totals[Field.UNEMPLOYED])
    return {ALL: totals, **period.groups}


def of_group(series: Series, period: Period, code: str, figure: Estimated) -> Told:
    """The figure of one group."""
    return Told(
        key=series.key,
        time=period.time,
        figure=figure,
        group=code,
        groups=len(period.groups) if code == ALL else 1,
        untold=0,
    )


ByGroup = Callable[[Series, Choices], Iterator[Told]]
BY_GROUP: Final[Mapping[str, ByGroup]] = {"growth": growth, "tightness": tightness}
"""Indicators of groups by name."""
