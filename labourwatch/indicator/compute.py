"""The indicators that a table of vacancies and unemployed by group gives. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from alerts.indicators import beveridge
from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.mismatch import SAHIN, TURNOVER, sahin, turnover
from alerts.indicators.sides import Sides, SidesError
from alerts.indicators.skills_mismatch import HELLINGER, hellinger
from labourwatch.indicator.by_group import BY_GROUP, year_before
from labourwatch.indicator.columns import ColumnsError
from labourwatch.indicator.names import Field
from labourwatch.indicator.series import Period, Series, start_of
from labourwatch.indicator.told import Choices, Told
from warehouse.series import Standing

Over = Callable[[Sides, Choices], Estimated]
"""An index over all groups of a period."""


def _sahin(sides: Sides, chosen: Choices) -> Estimated:
    return sahin(
        sides, alpha=chosen.alpha, corrected=chosen.corrected, seed=chosen.seed,
        certain=chosen.certain,
    )  # fmt: skip


def _turnover(sides: Sides, chosen: Choices) -> Estimated:
    return turnover(sides, seed=chosen.seed, certain=chosen.certain)


def _hellinger(sides: Sides, chosen: Choices) -> Estimated:
    return hellinger(sides, corrected=chosen.corrected, seed=chosen.seed, certain=chosen.certain)


_UNTOLD: Final = {
    Field.VACANCIES: Standing.NOT_OBSERVED,
    Field.UNEMPLOYED: Standing.NO_SUPPLY,
}
OVER_GROUPS: Final[Mapping[str, tuple[Over, str]]] = {
    "mismatch": (_sahin, SAHIN),
    "turnover": (_turnover, TURNOVER),
    "hellinger": (_hellinger, HELLINGER),
}
"""Indices over groups by name, with the method that a figure which cannot be told names."""
OF_TOTALS: Final = ("beveridge",)
"""Indicators that need no groups."""

NAMES: Final = (*OVER_GROUPS, *OF_TOTALS, *BY_GROUP)
CORRECTABLE: Final = ("mismatch", "hellinger")
"""Indices whose part by chance is known in closed form."""
OF_VACANCIES: Final = ("growth",)
"""Indicators that need no unemployed."""


def figures(name: str, series: Series, chosen: Choices) -> Iterator[Told]:
    """The indicator's figures, period by period.

    Raises:
        ColumnsError: counts that cannot be, told with their period.
    """
    if name in OF_TOTALS:
        yield from _curve(series, chosen)
        return
    if name in BY_GROUP:
        yield from BY_GROUP[name](series, chosen)
        return
    over, method = OVER_GROUPS[name]
    for period in series.periods:
        yield _of(period, series, over, method, chosen)


def _curve(series: Series, chosen: Choices) -> Iterator[Told]:
    """Of each period the rates, where the labour force is known, and the shift over a year."""
    markets = {start_of(period): _market(period, chosen) for period in series.periods}
    for period in series.periods:
        start = start_of(period)
        now, before = markets[start], year_before(start, markets)
        told = {"shift": _shift(now, before)}
        if now is not None and now.labour_force is not None:
            stands = beveridge.position(now)
            told["vacancy_rate"] = stands.vacancy_rate
            told["unemployment_rate"] = stands.unemployment_rate
        for part, figure in told.items():
            yield Told(
                key=series.key, time=period.time, figure=figure, part=part,
                groups=len(period.groups),
                untold=sum(None in pair for pair in period.groups.values()),
            )  # fmt: skip


def _shift(now: beveridge.Market | None, before: beveridge.Market | None) -> Estimated:
    if now is None:
        return untold(Standing.NOT_OBSERVED, n=0, method=beveridge.SHIFT)
    if before is None:
        return untold(Standing.TOO_SHORT, n=round(now.vacancies), method=beveridge.SHIFT)
    return beveridge.shift(now, before)


def _market(period: Period, chosen: Choices) -> beveridge.Market | None:
    vacancies, unemployed = (period.totals[side] for side in _UNTOLD)
    if vacancies is None or unemployed is None:
        return None
    force = period.labour_force
    return beveridge.Market(
        vacancies=vacancies * chosen.scale,
        unemployed=unemployed * chosen.scale,
        labour_force=None if force is None else force * chosen.scale,
    )


def _of(period: Period, series: Series, over: Over, method: str, chosen: Choices) -> Told:
    missing = _not_published(period)
    try:
        sides = period.sides
        figure = (
            untold(missing, n=0, method=method)
            if missing is not None
            else over(scaled(sides, chosen.scale), chosen)
        )
    except SidesError as error:
        raise ColumnsError(_explained(period, series, error)) from error
    return Told(
        key=series.key,
        time=period.time,
        figure=figure,
        groups=len(sides.vacancies),
        untold=sides.untold,
    )


def _not_published(period: Period) -> Standing | None:
    """Why a period has no figure: a whole side, or its total, is not published."""
    groups = period.groups.values()
    for i, (side, why) in enumerate(_UNTOLD.items()):
        if all(pair[i] is None for pair in groups):
            return why
        if period.totals[side] is None and any(None not in pair for pair in groups):
            return why
    # Both sides are published, but of no group both.
    return Standing.TOO_FEW if None in period.totals.values() else None


def scaled(sides: Sides, scale: float) -> Sides:
    """The same sides in units, which shares do not feel and intervals do."""
    if scale == 1:
        return sides
    return Sides(
        vacancies=tuple(count * scale for count in sides.vacancies),
        unemployed=tuple(count * scale for count in sides.unemployed),
        vacancies_total=sides.vacancies_total * scale,
        unemployed_total=sides.unemployed_total * scale,
        untold=sides.untold,
        bunching=sides.bunching,
    )


def _explained(period: Period, series: Series, error: SidesError) -> str:
    where = " ".join((*(f"{name} {code}" for name, code in series.key), period.time))
    hint = ""
    if "exceeds" in str(error):
        hint = (
            "; are there levels or areas within each other in one column? tell them apart with "
            "--by COLUMN, or take --totals sum"
        )
    return f"{where}: {error}{hint}"
