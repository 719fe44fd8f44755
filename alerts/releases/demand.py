"""Growth of new vacancies, and tightness against the supply side. Pure but for the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from alerts.indicators.estimate import Estimated
from alerts.indicators.growth import WEEKS, YEAR, growth, inflation
from alerts.indicators.tightness import Side, tightness
from alerts.releases.cells import NATION, Place, places_of, samples
from alerts.releases.counts import places, sample_of
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure, by_place, rolled_up
from alerts.releases.plan import Kind, Period
from alerts.releases.supply import supplies
from warehouse.facts import Counted

GROWTH: Final = "growth"
TIGHTNESS: Final = "tightness"
LOOK_BACK_DAYS: Final = 7 * (YEAR + WEEKS)


def growth_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Growth of every cell over a year, thin cells answered by coarser ones."""
    begins = evidence.begins
    weeks = YEAR + WEEKS
    if begins is not None:
        weeks = max(1, min(weeks, ((period.last - begins).days + 1) // 7))
    first = period.last - timedelta(days=7 * weeks - 1)
    rows = evidence.flow(first, period.last)
    weekly = _weekly(rows, first.toordinal(), weeks)
    inflated = inflation([counts for place, counts in weekly.items() if place != NATION])
    recent = samples((row, row.n) for row in rows if row.day > period.last.toordinal() - 7 * WEEKS)
    return list(
        rolled_up(
            by_place(
                GROWTH, period.first, recent, places(Kind.WEEKLY),
                lambda place: growth(weekly.get(place, [0] * weeks), inflated=inflated),
                evidence.observed(max(first, period.last - timedelta(days=90)), period.last),
            )
        )
    )  # fmt: skip


def _weekly(rows: Sequence[Counted], first: int, weeks: int) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = defaultdict(lambda: [0] * weeks)
    for row in rows:
        for place in places_of(row.province, row.isco1, row.isic):
            found[place][(row.day - first) // 7] += row.n
    return found


def tightness_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Tightness of every province and group relative to the nation; no supply, no figure."""
    held = samples((row, row.n) for row in evidence.stock(period.last))
    people = supplies(evidence, period.last)

    def side(place: Place) -> Side:
        return Side(open_now=sample_of(held, place).n, supply=people.get(place))

    def estimate(place: Place) -> Estimated:
        return tightness(side(place), side(NATION))

    wanted = [place for place in places(Kind.DAILY) if place != NATION]
    return list(rolled_up(by_place(TIGHTNESS, period.first, held, wanted, estimate)))
