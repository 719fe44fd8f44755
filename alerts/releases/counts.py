"""Flow and stock of every cell. Pure but for the evidence asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.spread import count_mean
from alerts.releases.cells import NOTHING, Place, Sample, places_of, samples
from alerts.releases.evidence import Evidence
from alerts.releases.figure import LEAST_OBSERVED, Figure, by_place
from alerts.releases.plan import Kind, Period
from config.vocabulary import industries, provinces
from warehouse.facts import Counted
from warehouse.series import Standing

FLOW: Final = "flow"
STOCK: Final = "stock"
METHOD: Final = "gamma-poisson/2"
COUNT: Final = "count/1"
BASELINE_DAYS: Final = 182
_PRIOR: Final = (1.3, 30.0)
"""Fano factor of a day's count before any is seen, and its weight in days."""
_MOST: Final = 25.0


def places(kind: Kind) -> list[Place]:
    """Cells of a kind's counts; sections only from the week on."""
    areas = ["", *provinces()]
    found = [Place(a, g) for a in areas for g in ("", *"0123456789")]
    if kind is not Kind.DAILY:
        sections = sorted(code for code in industries() if len(code) == 1)
        found += [Place(area, "", section) for area in areas for section in sections]
    return sorted(found)


def is_seen(evidence: Evidence, first: date, last: date) -> bool:
    """Whether enough of a period was observed for its new vacancies to be told to anybody."""
    return evidence.observed(first, last) >= LEAST_OBSERVED


def flow(evidence: Evidence, period: Period) -> list[Figure]:
    """New vacancies of the period; not told where too few of its days were observed."""
    held = samples((row, row.n) for row in evidence.flow(period.first, period.last))
    spread = dispersions(evidence, period)
    observed = evidence.observed(period.first, period.last)

    def estimate(place: Place) -> Estimated:
        n = held.get(place, NOTHING).n
        if observed < LEAST_OBSERVED:
            return untold(Standing.NOT_OBSERVED, n=n, method=METHOD)
        lower, upper = count_mean(n, spread.get(place, _PRIOR[0]))
        return Estimated(
            value=float(n), lower=min(lower, float(n)), upper=max(upper, float(n)), n=n,
            method=METHOD,
        )  # fmt: skip

    return by_place(FLOW, period.first, held, places(period.kind), estimate, observed)


def stock(evidence: Evidence, period: Period) -> list[Figure]:
    """Vacancies open at the period's end: counted, not sampled, so without an interval."""
    held = samples((row, row.n) for row in evidence.stock(period.last))

    def estimate(place: Place) -> Estimated:
        n = max(held.get(place, NOTHING).n, 0)
        return Estimated(value=float(n), n=n, method=COUNT)

    return by_place(STOCK, period.last, held, places(period.kind), estimate)


def dispersions(evidence: Evidence, period: Period) -> dict[Place, float]:
    """Variance over mean of daily counts in the half-year before the period's end, by cell.

    Each weekday is compared with its own mean; shrunken to 1.3 by the weight of 30 days.
    """
    first = period.last - timedelta(days=BASELINE_DAYS - 1)
    begins = evidence.begins
    if begins is not None:
        first = max(first, begins)
    days = (period.last - first).days + 1
    if days < 14:
        return {}
    daily = _daily(evidence.flow(first, period.last), first.toordinal(), days)
    return {place: _fano(counts) for place, counts in daily.items()}


def _daily(rows: Sequence[Counted], first: int, days: int) -> Mapping[Place, list[int]]:
    found: dict[Place, list[int]] = defaultdict(lambda: [0] * days)
    for row in rows:
        for place in places_of(row.province, row.isco1, row.isic):
            found[place][row.day - first] += row.n
    return found


def _fano(counts: Sequence[int]) -> float:
    squares = 0.0
    freedom = 0
    for weekday in range(7):
        same = counts[weekday::7]
        mean = sum(same) / len(same)
        if mean > 0:
            squares += sum((count - mean) ** 2 for count in same) / mean
            freedom += len(same) - 1
    value, weight = _PRIOR
    return min(max((squares + value * weight) / (freedom + weight), 1.0), _MOST)


def sample_of(held: Mapping[Place, Sample], place: Place) -> Sample:
    """The sample of a cell, an empty one where it has none."""
    return held.get(place, NOTHING)
