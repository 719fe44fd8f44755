"""Forecasts of the weekly flow of every cell that is dense enough, made with a weekly release.

They are computed from the register as known at the release's cut-off, week by week from its
beginning: corrections of past weeks are heard, and the same evidence gives the same forecasts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from alerts.calendar import week_start
from alerts.forecasts.forecaster import METHOD
from alerts.forecasts.replay import Replayed, replay
from alerts.forecasts.scores import score
from alerts.releases.cells import Place, places_of
from alerts.releases.figure import LEAST_OBSERVED
from warehouse.facts import Counted
from warehouse.forecasts import ForecastRow

AHEADS: Final = (4, 12)
YEAR: Final = 52
MOST_WEEKS: Final = 156
RECENT: Final = 26
LEAST_RECENT: Final = 26
"""Vacancies in the last half-year from which a cell is forecast: one a week."""
SCORED: Final = 52
_UPPER: Final = 0.9


class Known(Protocol):
    """What is known of the register: `alerts.releases.evidence.Evidence`."""

    def flow(self, since: date, until: date) -> list[Counted]: ...
    def observed(self, first: date, last: date) -> float: ...
    @property
    def begins(self) -> date | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """With which release forecasts are made."""

    release_id: str
    made_at: datetime


def week_forecasts(known: Known, last_week: date, made: Made) -> list[ForecastRow]:
    """Forecasts of every dense cell, in order of cells and horizons.

    Args:
        known: the register.
        last_week: Monday of the last complete week.
        made: written into the rows.
    """
    rows: list[ForecastRow] = []
    for place, values, done in replayed(known, last_week):
        rows += _rows(place, done, values, last_week, made)
    return rows


def replayed(
    known: Known, last_week: date, wanted: Container[Place] | None = None
) -> Iterator[tuple[Place, Sequence[float | None], Replayed]]:
    """Every dense cell, or those `wanted` of them: its weeks, and their forecasts replayed."""
    weeks = _weeks(known.begins, last_week)
    if not weeks:
        return
    seen = [known.observed(w, w + timedelta(days=6)) >= LEAST_OBSERVED for w in weeks]
    phases = [week_phase(week) for week in weeks]
    for place, counts in sorted(_flows(known, weeks).items()):
        if sum(counts[-RECENT:]) < LEAST_RECENT or not (wanted is None or place in wanted):
            continue
        values = [float(max(n, 0)) if ok else None for n, ok in zip(counts, seen, strict=True)]
        yield place, values, replay(phases, values, period=YEAR, aheads=AHEADS)


def week_phase(week: date) -> int:
    """Number of a week within its year, 0 to 51."""
    return min((week.timetuple().tm_yday - 1) // 7, YEAR - 1)


def _weeks(begins: date | None, last_week: date) -> list[date]:
    """Mondays of the whole weeks that are known, at most the last three years."""
    if begins is None:
        return []
    first = week_start(begins + timedelta(days=6))
    weeks = min((last_week - first).days // 7 + 1, MOST_WEEKS)
    return [last_week - timedelta(days=7 * n) for n in range(weeks - 1, -1, -1)]


def _flows(known: Known, weeks: Sequence[date]) -> Mapping[Place, list[int]]:
    found: dict[Place, list[int]] = defaultdict(lambda: [0] * len(weeks))
    first = weeks[0].toordinal()
    for row in known.flow(weeks[0], weeks[-1] + timedelta(days=6)):
        for place in places_of(row.province, row.isco1, row.isic):
            found[place][(row.day - first) // 7] += row.n
    return found


def usual_upper(values: Sequence[float | None]) -> float:
    """The 90th percentile of the observed weeks of the last year."""
    held = sorted(value for value in values[-YEAR:] if value is not None)
    return held[min(int(_UPPER * len(held)), len(held) - 1)] if held else 0.0


def _rows(
    place: Place, done: Replayed, values: Sequence[float | None], last_week: date, made: Made
) -> Iterator[ForecastRow]:
    bar = usual_upper(values)
    for told in done.forecaster.forecasts():
        scores = score(done.of(told.ahead)[-SCORED:])
        yield ForecastRow(
            province=place.province, occupation=place.isco1, industry=place.isic,
            made_at=made.made_at, last_week=last_week, ahead=told.ahead,
            target_week=last_week + timedelta(days=7 * told.ahead), value=told.value,
            lower_80=told.lower_80, upper_80=told.upper_80,
            lower_95=told.lower_95, upper_95=told.upper_95, usual_upper=bar,
            chance_above=done.forecaster.chance_above(told.ahead, bar), weeks=told.n,
            n=int(sum(value or 0.0 for value in values[-RECENT:])), method=METHOD,
            release_id=made.release_id,
            scored=scores.n if scores else 0,
            relative_mae=scores.relative_mae if scores else None,
            mase=scores.mase if scores else None,
            pinball=scores.pinball if scores else None,
            coverage_80=scores.coverage_80 if scores else None,
            coverage_95=scores.coverage_95 if scores else None,
        )  # fmt: skip
