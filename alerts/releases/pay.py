"""Advertised pay, its growth at equal mix, and skills asked for. Pure but for the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.pay import Pay, median_pay
from alerts.indicators.spread import share
from alerts.indicators.wages import Offer, wage_growth
from alerts.releases.cells import NOTHING, Place, Sample, places_of, samples
from alerts.releases.counts import places
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure, by_place, rolled_up
from alerts.releases.plan import Kind, Period, period_of
from config.vocabulary import provinces
from warehouse.facts import Described
from warehouse.series import Standing

MEDIAN: Final = "wage_median"
GROWTH: Final = "wage_growth"
SKILL_SHARE: Final = "skill_share"
SKILL_METHOD: Final = "beta-binomial-share/1"
_FEWEST_NAMED: Final = 10
"""Vacancies of the nation that name a skill before its share is computed anywhere."""
_CORRELATION: Final = 0.3
"""How alike one employer's postings are in pay: intra-class correlation, set by judgement."""
_SEED: Final = 20261127


def pay_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Median advertised pay of every cell, and its growth over a year at equal mix.

    Growth is nominal where the warehouse holds no consumer prices; its method says so.
    """
    now = [row for row in evidence.described(period.first, period.last) if _has_pay(row)]
    before = _year_before(period)
    then = [row for row in evidence.described(before.first, before.last) if _has_pay(row)]
    cells = places(Kind.DAILY)
    return [*_medians(now, period, cells), *_growths(now, then, period, cells)]


def _medians(now: Sequence[Described], period: Period, cells: Sequence[Place]) -> Iterable[Figure]:
    held, behind = _by_cell(now), samples((row, 1) for row in now)

    def estimate(place: Place) -> Estimated:
        pays = [
            Pay(lower=_lower(row), upper=_upper(row), employer=row.employer)
            for row in held.get(place, ())
        ]
        return median_pay(pays, correlation=_CORRELATION)

    return rolled_up(by_place(MEDIAN, period.first, behind, cells, estimate))


def _growths(
    now: Sequence[Described], then: Sequence[Described], period: Period, cells: Sequence[Place]
) -> Iterable[Figure]:
    later, earlier = _by_cell(now), _by_cell(then)
    behind = samples((row, 1) for row in [*now, *then])

    def estimate(place: Place) -> Estimated:
        sides = [(row, True) for row in later.get(place, ())]
        sides += [(row, False) for row in earlier.get(place, ())]
        offers = [
            Offer(
                pay=(_lower(row) + _upper(row)) / 2, now=is_now, occupation=row.isco2 or row.isco1,
                source=row.source_id, employer=row.employer,
            )
            for row, is_now in sides
        ]  # fmt: skip
        return wage_growth(offers, None, seed=_SEED)

    return rolled_up(by_place(GROWTH, period.first, behind, cells, estimate))


def skill_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Share of new vacancies that ask for a skill, in the nation and in provinces."""
    rows = evidence.described(period.first, period.last)
    areas = [Place(), *(Place(code) for code in provinces())]
    asked: dict[str, list[Described]] = defaultdict(list)
    for row in rows:
        for skill in set(row.skills):
            asked[skill].append(row)
    of = samples((row, 1) for row in rows)
    found = []
    for skill in sorted(asked):
        if len(asked[skill]) >= _FEWEST_NAMED:
            found += _shares(skill, samples((row, 1) for row in asked[skill]), of, areas, period)
    return found


def _shares(
    skill: str, named: Mapping[Place, Sample], of: Mapping[Place, Sample],
    areas: Sequence[Place], period: Period,
) -> list[Figure]:  # fmt: skip
    return [
        Figure(
            indicator=SKILL_SHARE, place=place, time_value=period.first,
            estimated=_share(named.get(place, NOTHING).n, of.get(place, NOTHING).n),
            sample=of.get(place, NOTHING), skill=skill,
        )
        for place in areas  # each, also where nobody asks: that there is a row tells nothing
    ]  # fmt: skip


def _share(hits: int, total: int) -> Estimated:
    if not total:
        return untold(Standing.TOO_FEW, n=0, method=SKILL_METHOD)
    lower, upper = share(hits, total)
    value = hits / total
    return Estimated(
        value=value, lower=min(lower, value), upper=max(upper, value), n=total, method=SKILL_METHOD
    )


def _by_cell(rows: Iterable[Described]) -> Mapping[Place, list[Described]]:
    found: dict[Place, list[Described]] = defaultdict(list)
    for row in rows:
        for place in places_of(row.province, row.isco1, row.isic):
            found[place].append(row)
    return found


def _has_pay(row: Described) -> bool:
    return bool(row.lower or row.upper)


def _lower(row: Described) -> float:
    return float(row.lower or row.upper or 0.0)


def _upper(row: Described) -> float:
    return max(float(row.upper or 0.0), _lower(row))


def _year_before(period: Period) -> Period:
    middle: date = period.first + (period.last - period.first) / 2
    return period_of(period.kind, middle - timedelta(days=365))
