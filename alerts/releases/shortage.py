"""Shortage, demand pressure and surplus risk of every cell and week. Pure but for the evidence.

Tightness and growth are of the week; time advertised and re-posts of the last whole month; pay and
filling as the last monthly release had published them. The nation's percentiles are those of the
last week of the ISO year before, frozen with the first release that uses them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from alerts.indicators.duration import relative
from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.growth import WEEKS
from alerts.indicators.shortage import (
    PRESSURE,
    Component,
    Cuts,
    Shortage,
    Verdict,
    cuts_of,
    shortage,
)
from alerts.indicators.shrinking import dispersed, shrunk
from alerts.indicators.surplus import SURPLUS_BY_TIGHTNESS, Market, surplus_risk
from alerts.releases.advertised import MEAN_60, REPOSTS, advertised_figures
from alerts.releases.cells import NATION, NOTHING, Place, Sample, samples
from alerts.releases.counts import places
from alerts.releases.demand import GROWTH, TIGHTNESS, growth_figures, tightness_figures
from alerts.releases.evidence import Evidence
from alerts.releases.figure import DIGITS, Figure, by_place, rolled_up
from alerts.releases.pay import GROWTH as WAGES
from alerts.releases.plan import Kind, Period, period_of
from alerts.releases.supply import supplies
from warehouse.cuts import FrozenCuts
from warehouse.series import Frequency, Standing

SCORE: Final = "shortage_score"
PROBABILITY: Final = "shortage_probability"
DEMAND: Final = "demand_pressure"
SURPLUS: Final = "surplus_risk"
FILLING: Final = "fill_rate"
_YEAR: Final = timedelta(days=364)
SEED: Final = 20261127
Values = Mapping[Component, Mapping[Place, Estimated]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """Everything that one week's scores rest on."""

    figures: tuple[Figure, ...]
    """Growth and tightness as published."""
    values: Values
    """Components of cells that can be told of their own."""
    samples: Mapping[Place, Sample]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What every cell's score of a week is made of."""

    drawn: Values
    """Components, drawn towards their middle."""
    cuts: Mapping[Component, Cuts]
    samples: Mapping[Place, Sample]


def grounds_of(evidence: Evidence, period: Period) -> Grounds:
    """Components and percentiles of a week."""
    week = _week(evidence, period)
    return Grounds(
        drawn={name: shrunk(_parts(found)) for name, found in week.values.items()},
        cuts={Component(each.component): _cuts(each) for each in cuts_for(evidence, period)},
        samples=week.samples,
    )


def week_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Growth, tightness, and what is made of them and the monthly components."""
    week, held = _week(evidence, period), grounds_of(evidence, period)
    assessed = {place: assess(held.drawn, held.cuts, place) for place in scored()}
    return [
        *week.figures,
        *_shortage_figures(assessed, week.samples, period),
        *_surplus_figures(evidence, period, week.samples),
    ]


def assess(values: Values, cuts: Mapping[Component, Cuts], place: Place) -> Shortage:
    """Score and probability of one cell; `n` is what its growth or tightness rests on."""
    told = {name: found[place] for name, found in values.items() if place in found}
    n = max((found.n for found in told.values()), default=0)
    return shortage(told, cuts, n=n, seed=SEED)


def cuts_for(evidence: Evidence, period: Period) -> list[FrozenCuts]:
    """Percentiles of the period's ISO year: those frozen before the cut-off, else what would be.

    A component that the last week of the year before could not tell in ten cells takes the first
    week that can.
    """
    year = period.first.isocalendar().year
    held = {each.component: each for each in evidence.frozen(year)}
    reference = period_of(Kind.WEEKLY, date.fromisocalendar(year, 1, 1) - timedelta(days=7))
    for each in (reference, period):
        if len(held) < len(Component) and _has_history(evidence, each):
            for component, values in _week(evidence, each).values.items():
                found = _frozen(component, values, each, year)
                if found is not None:
                    held.setdefault(component.value, found)
    return [held[name] for name in sorted(held)]


def fresh_cuts(evidence: Evidence, period: Period) -> list[FrozenCuts]:
    """Those of `cuts_for` that are not frozen yet, and are with this release."""
    known = {each.component for each in evidence.frozen(period.first.isocalendar().year)}
    return [each for each in cuts_for(evidence, period) if each.component not in known]


def scored() -> list[Place]:
    """Cells that have a score: all but the nation, which others are compared with."""
    return [place for place in places(Kind.DAILY) if place != NATION]


def _has_history(evidence: Evidence, period: Period) -> bool:
    begins = evidence.begins
    return begins is not None and begins <= period.first


def _frozen(
    component: Component, values: Mapping[Place, Estimated], period: Period, year: int
) -> FrozenCuts | None:
    found = dispersed(_parts(values))
    numbers = [float(f"{found[place]:.{DIGITS}g}") for place in sorted(found)]
    cuts = cuts_of(numbers, year)
    if cuts is None:
        return None
    return FrozenCuts(
        year=year, component=component.value, measured_on=period.first, p20=cuts.p20,
        p50=cuts.p50, p80=cuts.p80, cells=len(numbers),
    )  # fmt: skip


def _parts(values: Mapping[Place, Estimated]) -> dict[Place, Estimated]:
    return {place: values[place] for place in sorted(values) if place != NATION}


def _cuts(held: FrozenCuts) -> Cuts:
    return Cuts(p20=held.p20, p50=held.p50, p80=held.p80, year=held.year)


def _week(evidence: Evidence, period: Period) -> _Week:
    return evidence.kept("shortage", period.first, lambda: _made_week(evidence, period))


def _made_week(evidence: Evidence, period: Period) -> _Week:
    growth, tight = growth_figures(evidence, period), tightness_figures(evidence, period)
    month = period_of(Kind.MONTHLY, period.first.replace(day=1) - timedelta(days=1))
    advertised = evidence.kept(
        "advertised", month.first, lambda: advertised_figures(evidence, month)
    )
    values: dict[Component, Mapping[Place, Estimated]] = {
        Component.GROWTH: _own(growth, GROWTH),
        Component.TIGHTNESS: _own(tight, TIGHTNESS),
        Component.DURATION: _relative(_own(advertised, MEAN_60)),
        Component.REPOSTS: _own(advertised, REPOSTS),
        Component.WAGES: _published(evidence, WAGES, month),
        Component.FILLING: _published(evidence, FILLING, month),
    }
    first = period.last - timedelta(days=7 * WEEKS - 1)
    recent = samples((row, row.n) for row in evidence.flow(first, period.last))
    return _Week(figures=(*growth, *tight), values=values, samples=recent)


def _own(figures: Sequence[Figure], indicator: str) -> dict[Place, Estimated]:
    """Cells that have a figure of their own; a coarser cell's answer is no evidence of this one."""
    return {
        figure.place: figure.estimated
        for figure in figures
        if figure.indicator == indicator
        and figure.estimated.standing is Standing.ASSESSABLE
        and not figure.place.isic
    }


def _relative(means: Mapping[Place, Estimated]) -> dict[Place, Estimated]:
    nation = means.get(NATION)
    if nation is None:
        return {}
    found = {place: relative(mean, nation) for place, mean in means.items() if place != NATION}
    return {place: each for place, each in found.items() if each.value is not None}


def _published(evidence: Evidence, indicator: str, month: Period) -> dict[Place, Estimated]:
    return {
        Place(row.series.province, row.series.occupation): Estimated(
            value=row.value, lower=row.lower, upper=row.upper, n=row.n, method=row.method
        )
        for row in evidence.published(indicator, Frequency.MONTHLY, month.first)
        if row.standing is Standing.ASSESSABLE and not row.series.industry
    }


def _shortage_figures(
    assessed: Mapping[Place, Shortage], behind: Mapping[Place, Sample], period: Period
) -> list[Figure]:
    """Where supply is not known there is demand pressure, and no figure of a shortage."""

    def pressed(place: Place) -> Estimated:
        found = assessed[place]
        if found.verdict is Verdict.PRESSURE:
            return found.score
        return untold(Standing.TOO_FEW, n=found.score.n, method=PRESSURE)

    def score(place: Place) -> Estimated:
        found = assessed[place]
        if found.verdict is Verdict.PRESSURE:
            return untold(Standing.NO_SUPPLY, n=found.score.n, method=found.probability.method)
        return found.score

    missing = [
        place for place, each in assessed.items() if each.probability.standing is Standing.NO_SUPPLY
    ]
    both = sorted(assessed)
    tables = (
        by_place(SCORE, period.first, behind, both, score),
        by_place(
            PROBABILITY, period.first, behind, both, lambda place: assessed[place].probability
        ),
        by_place(DEMAND, period.first, behind, missing, pressed),
    )
    return [figure for table in tables for figure in rolled_up(table)]


def _surplus_figures(
    evidence: Evidence, period: Period, behind: Mapping[Place, Sample]
) -> list[Figure]:
    """Thirteen weeks against those a year before; supply not counted again tells nothing."""
    end = period.last - _YEAR
    first = end - timedelta(days=7 * WEEKS - 1)
    before = samples((row, row.n) for row in evidence.flow(first, end))
    now_people, people = supplies(evidence, period.last), supplies(evidence, end)
    begins = evidence.begins
    watched = begins is not None and begins <= first

    def side(held: Mapping[Place, Sample], counted: int | None, place: Place) -> Market:
        return Market(vacancies=held.get(place, NOTHING).n, unemployed=counted)

    def estimate(place: Place) -> Estimated:
        now, then = now_people.get(place), people.get(place)
        n = behind.get(place, NOTHING).n
        if now is None or then is None or now_people == people:
            return untold(Standing.NO_SUPPLY, n=n, method=SURPLUS_BY_TIGHTNESS)
        if not watched:
            return untold(Standing.TOO_SHORT, n=n, method=SURPLUS_BY_TIGHTNESS)
        return surplus_risk(
            side(behind, round(now.people), place), side(before, round(then.people), place)
        )

    return list(rolled_up(by_place(SURPLUS, period.first, behind, scored(), estimate)))
