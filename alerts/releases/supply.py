"""The supply side of every cell, and what compares it with vacancies. Pure but for the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from math import log, sqrt
from typing import Final

from alerts.forecasts.shortage import Counted
from alerts.indicators.bunching import bunching
from alerts.indicators.estimate import Estimated
from alerts.indicators.filling import fill_rate
from alerts.indicators.mismatch import sahin, turnover
from alerts.indicators.sides import Sides, sides_of
from alerts.indicators.tightness import Supply
from alerts.releases.cells import NATION, NOTHING, Place, Sample, samples
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure
from alerts.releases.plan import Period
from config.vocabulary import provinces
from warehouse.facts import People

MEASURES: Final = ("jobseekers_waiting", "jobseekers_registered", "unemployed")
"""Persons who look for work, the measure preferred first: one for all cells, never mixed."""
OLDEST: Final = timedelta(days=460)
"""A supply figure older than that is none."""
_DRIFT: Final = (0.3, 10)
"""Standard deviation of a year's change of ln supply before any change is known, and how many
changes it counts for."""
_FILLED: Final = ("placements", "vacancies_registered")
_GROUPS: Final = tuple("0123456789")


def supplies(evidence: Evidence, day: date) -> Mapping[Place, Supply]:
    """Persons of each province, group and both as last known for `day`, of one measure.

    The first of `MEASURES` that states the nation, or all its provinces, is taken: registers and
    surveys count different persons, and a ratio of the two would compare definitions.
    """
    rows = evidence.people(MEASURES, day)
    for measure in MEASURES:
        found = persons(rows, measure, since=day - OLDEST, until=day)
        if found:
            return {place: Supply(people=n) for place, n in found.items()}
    return {}


def persons(
    rows: Iterable[People], measure: str, *, since: date, until: date
) -> Mapping[Place, float]:
    """Newest count of each cell among periods that end from `since` through `until`."""
    latest: dict[Place, tuple[date, float]] = {}
    for row in rows:
        place = Place(row.province, row.isco1)
        meant = row.measure == measure and since <= row.period_end <= until
        if meant and row.period_end >= latest.get(place, (date.min, 0.0))[0]:
            latest[place] = (row.period_end, row.persons)
    return _summed({place: count for place, (_, count) in latest.items()})


def counted_when(evidence: Evidence, day: date) -> Counted:
    """How old the supply is that `supplies` takes, and how much it has moved from year to year.

    The drift is of the ln of each cell relative to the largest one, between one count and the
    next; few counts lean on `_DRIFT`.
    """
    rows = evidence.people(MEASURES, day)
    for measure in MEASURES:
        held = [row for row in rows if row.measure == measure]
        newest = max((row.period_end for row in held), default=date.min)
        if newest >= day - OLDEST:
            return Counted(age_days=float((day - newest).days), drift=_drift(held))
    return Counted(age_days=float(OLDEST.days), drift=_DRIFT[0])


def _drift(rows: list[People]) -> float:
    by_end: dict[date, dict[Place, float]] = {}
    for row in rows:
        if row.persons > 0.0:
            by_end.setdefault(row.period_end, {})[Place(row.province, row.isco1)] = row.persons
    moved, many = _DRIFT[1] * _DRIFT[0] ** 2, _DRIFT[1]
    ends = sorted(by_end)
    for before, after in pairwise(ends):
        both = by_end[before].keys() & by_end[after].keys()
        if not both:
            continue
        base = max(both, key=lambda place: (by_end[before][place], place))
        years = (after - before).days / 365.25
        for place in both - {base}:
            change = _relative(by_end[after], place, base) - _relative(by_end[before], place, base)
            moved, many = moved + change**2 / years, many + 1
    return sqrt(moved / many)


def _relative(counts: Mapping[Place, float], place: Place, base: Place) -> float:
    return log(counts[place] / counts[base])


def _summed(found: Mapping[Place, float]) -> dict[Place, float]:
    """With the totals that are not stated but whose parts all are."""
    whole = dict(found)
    areas = ("", *provinces())
    for area in areas:
        parts = [whole.get(Place(area, group)) for group in _GROUPS]
        _fill(whole, Place(area), parts)
    for group in ("", *_GROUPS):
        parts = [whole.get(Place(area, group)) for area in areas[1:]]
        _fill(whole, Place("", group), parts)
    return whole


def _fill(whole: dict[Place, float], place: Place, parts: list[float | None]) -> None:
    known = [part for part in parts if part is not None]
    if place not in whole and len(known) == len(parts):
        whole[place] = sum(known)


def mismatch_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Mismatch over major groups, of the nation and of provinces: Şahin and turnover."""
    held = samples((row, row.n) for row in evidence.stock(period.last))
    people = supplies(evidence, period.last)
    found = []
    for area in ("", *provinces()):
        sides = _sides(held, people, area)
        both: dict[str, Callable[[Sides], Estimated]] = {
            "mismatch_sahin": sahin, "mismatch_turnover": turnover,
        }  # fmt: skip
        for indicator, estimate in both.items():
            found.append(
                Figure(
                    indicator=indicator, place=Place(area), time_value=period.first,
                    estimated=estimate(sides), sample=held.get(Place(area), NOTHING),
                )
            )  # fmt: skip
    return found


def _sides(held: Mapping[Place, Sample], people: Mapping[Place, Supply], area: str) -> Sides:
    """Both sides of an area; groups without supply are left out, their employers with them."""
    groups = []
    employers = []
    for group in _GROUPS:
        supply = people.get(Place(area, group))
        n = float(held.get(Place(area, group), NOTHING).n)
        groups.append((n, None if supply is None else supply.people))
        if supply is not None:
            employers.append(held.get(Place(area, group), NOTHING).by_employer)
    known = sum(v for v, u in groups if u is not None)
    return sides_of(groups, bunching=bunching(employers, known))


def filling_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Placements over registered vacancies of the period, as the employment service reports."""
    sums: dict[str, dict[str, float]] = {measure: {} for measure in _FILLED}
    for row in evidence.people(_FILLED, period.last):
        if not row.isco1 and period.first <= row.period_start and row.period_end <= period.last:
            sums[row.measure][row.province] = row.persons
    placed, registered = (sums[measure] for measure in _FILLED)
    return [
        Figure(
            indicator="fill_rate", place=Place(area) if area else NATION,
            time_value=period.first,
            estimated=fill_rate(
                round(min(placed[area], registered[area])), round(registered[area])
            ),
            sample=NOTHING,
        )
        for area in sorted(placed.keys() & registered.keys())
    ]  # fmt: skip
