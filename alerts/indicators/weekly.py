"""Weekly figures of every cell: new vacancies (flow) and open ones (stock), with certainty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, log, sqrt
from typing import Final

from alerts.calendar import week_start
from alerts.cells import Cell, cells_of
from alerts.panel import Panel
from warehouse.series import Observation, SeriesKey

FLOW: Final = "flow"
STOCK: Final = "stock"
METHOD: Final = "gamma-poisson/1"
_Z95: Final = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount:
    """Open vacancies of one province × major group at the end of a day."""

    province: str
    isco1: str
    open_now: int


def flow_week(
    panel: Panel, week: date, dispersions: Mapping[Cell, float], issue: datetime
) -> list[Observation]:
    """New vacancies of the week from Monday `week`, one figure a cell, comparable sources only.

    Args:
        panel: openings of the whole week.
        week: a Monday.
        dispersions: Fano factor of daily counts by cell, which widens the interval; 1.3 if absent.
        issue: when the figures are published.
    """
    first = week.toordinal()
    days = range(first, first + 7)
    full = sum(panel.on(day).is_full for day in days)
    counts: dict[Cell, int] = {}
    employers: dict[Cell, set[int]] = {}
    for day in days:
        for row in panel.visible(Cell("", ""), day, day):
            for cell in cells_of(row.province, row.isco1):
                counts[cell] = counts.get(cell, 0) + 1
                employers.setdefault(cell, set()).add(row.employer)
    made = []
    for cell in sorted({*counts, *dispersions}):
        n, named = counts.get(cell, 0), len(employers.get(cell, set()) - {0})
        lower, upper = interval(n, dispersions.get(cell, 1.3))
        made.append(
            Observation(
                series=SeriesKey(indicator=FLOW, province=cell.province, occupation=cell.isco1),
                time_value=week, issue=issue, value=float(n), n=n, employers=named,
                lower=lower, upper=upper, grade=grade(n, named, full / 7), method=METHOD,
            )
        )  # fmt: skip
    return made


def stock_week(counts: Iterable[StockCount], week: date, issue: datetime) -> list[Observation]:
    """Open vacancies at the end of the week from Monday `week`.

    A stock is counted, not sampled: it has no interval of its own. Its day is the Sunday's.
    """
    totals: dict[Cell, int] = {}
    for count in counts:
        for cell in cells_of(count.province, count.isco1):
            totals[cell] = totals.get(cell, 0) + count.open_now
    return [
        Observation(
            series=SeriesKey(indicator=STOCK, province=cell.province, occupation=cell.isco1),
            time_value=week + timedelta(days=6), issue=issue, value=float(n), n=max(n, 0),
            employers=0, method=METHOD,
        )
        for cell, n in sorted(totals.items())
    ]  # fmt: skip


def interval(count: int, dispersion: float) -> tuple[float, float]:
    """95 % interval of the expectation behind a count, Gamma–Poisson on the log scale.

    The posterior of λ under a Gamma(½, 0) prior has shape count + ½; its spread is widened by the
    dispersion: ln λ ± 1.96 √(φ / (count + ½)). A count of 0 has lower end 0 and,
    one-sided, the upper end of Poisson's rule of three, 3φ.
    """
    if count <= 0:
        return 0.0, 3.0 * dispersion
    spread = _Z95 * sqrt(dispersion / (count + 0.5))
    centre = log(count + 0.5)
    return exp(centre - spread), exp(centre + spread)


def grade(n: int, employers: int, observed: float) -> str:
    """Quality of a weekly count, A to F, by its sample and by the share of days fully observed.

    A: n ≥ 200, B: ≥ 50, C: ≥ 20, D: ≥ 10 with 3 employers, E: fewer, F: nothing or most days lost.
    One letter worse where a day is missing, two where more than two are.
    """
    if n == 0 or observed < 0.4:
        return "F"
    bounds = ((200, "A"), (50, "B"), (20, "C"), (10, "D"))
    letter = next((name for bound, name in bounds if n >= bound), "E")
    if employers < 3:
        letter = "E"
    worse = 0 if observed == 1.0 else 1 if observed > 0.7 else 2
    return "ABCDEF"["ABCDEF".index(letter) + min(worse, 5 - "ABCDEF".index(letter))]


def complete_weeks(after: date | None, first: date, last: date) -> Sequence[date]:
    """Mondays of weeks wholly within [first, last] that begin after `after`."""
    monday = week_start(first + timedelta(days=6))
    if after is not None:
        monday = max(monday, after + timedelta(days=7))
    weeks = []
    while monday + timedelta(days=6) <= last:
        weeks.append(monday)
        monday += timedelta(days=7)
    return weeks
