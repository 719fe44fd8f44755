"""Forecasts made with a weekly release, and the signals out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from alerts.alert import alert_key
from alerts.calendar import end_of_day, local_day
from alerts.cells import Cell
from alerts.forecasts.pressure import (
    CLEARS,
    FRESH,
    LEAST_SCORED,
    PRESSURE,
    forecast_signals,
    forecasts_on,
)
from alerts.forecasts.weekly import Made, week_forecasts
from alerts.releases.cells import NATION, Place
from alerts.severity import Severity, severity_of
from alerts.signal import Classification, Direction
from warehouse.facts import Counted
from warehouse.forecasts import ForecastRow

LAST = date(2026, 11, 16)
MADE = Made(release_id="W2026-W47.0", made_at=datetime(2026, 11, 25, 3, tzinfo=UTC))


class Register:
    """A steady register: 14 a week in Vientiane in sales, one now and then in Attapeu."""

    def __init__(self, weeks: int, outages: frozenset[date] = frozenset(), jump: int = 0) -> None:
        self._first = LAST - timedelta(days=7 * (weeks - 1))
        self._outages = outages
        self._jump = jump

    @property
    def begins(self) -> date | None:
        return self._first

    def flow(self, since: date, until: date) -> list[Counted]:
        rows = []
        for ordinal in range(since.toordinal(), until.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if day in self._outages:
                continue
            late = day > LAST + timedelta(days=6 - 7 * self._jump)
            rows.append(Counted(ordinal, "LA-VT", "5", "G", 1, "one", 8 if late else 2))
            if day.day == 1:
                rows.append(Counted(ordinal, "LA-AT", "5", "G", 2, "one", 1))
        return rows

    def observed(self, first: date, last: date) -> float:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return sum(day not in self._outages for day in days) / len(days)


def _of(rows: list[ForecastRow], place: Place) -> list[ForecastRow]:
    return [row for row in rows if (row.province, row.occupation, row.industry) == place]


def test_dense_cells_are_forecast_and_thin_ones_are_not() -> None:
    rows = week_forecasts(Register(60), LAST, MADE)
    nation = _of(rows, NATION)
    assert [row.ahead for row in nation] == [4, 12]
    assert nation[0].target_week == date(2026, 12, 14)
    assert abs(nation[0].value - 14.2) < 1.0
    assert nation[1].scored > 30
    assert _of(rows, Place("LA-VT", "", "G"))
    assert not _of(rows, Place("LA-AT"))
    assert rows == week_forecasts(Register(60), LAST, MADE)


def test_weeks_out_of_sight_are_no_weeks_without_vacancies() -> None:
    gone = frozenset(LAST + timedelta(days=n) for n in range(-14, 7))
    blind = _of(week_forecasts(Register(60, gone), LAST, MADE), NATION)[0]
    assert blind.value > 12.0


def test_a_register_that_has_just_begun_has_no_forecasts() -> None:
    assert week_forecasts(Register(5), LAST, MADE) == []


def test_a_rise_that_lasts_is_forecast_as_demand_pressure() -> None:
    rows = week_forecasts(Register(80, jump=3), LAST, MADE)
    sure = [
        replace(row, chance_above=0.9) if row.ahead == 12 else replace(row, chance_above=0.85)
        for row in _of(rows, Place("LA-VT"))
    ]
    (signal,) = forecast_signals(sure)
    assert signal.cell == Cell("LA-VT", "")
    assert (signal.classification, signal.indicator) == (Classification.FORECAST, PRESSURE)
    assert (signal.direction, signal.probability) == (Direction.UP, 0.9)
    assert "shortage" not in signal.detail
    assert severity_of(signal) is Severity.MODERATE


def test_only_sure_and_tried_forecasts_of_alert_cells_speak() -> None:
    row = replace(_of(week_forecasts(Register(80), LAST, MADE), NATION)[0], chance_above=0.95)
    assert len(list(forecast_signals([row]))) == 1
    assert not list(forecast_signals([replace(row, chance_above=0.79)]))
    assert not list(forecast_signals([replace(row, chance_above=None)]))
    assert not list(forecast_signals([replace(row, industry="G")]))
    assert not list(forecast_signals([replace(row, scored=LEAST_SCORED - 1)]))


def test_a_forecast_speaks_from_its_day_on_until_it_is_old_or_no_longer_probable() -> None:
    row = replace(_of(week_forecasts(Register(80), LAST, MADE), NATION)[0], chance_above=0.9)
    made = local_day(row.made_at)
    assert forecasts_on(made - timedelta(days=1), [row]) == []
    (first,) = forecasts_on(made, [row])
    (later,) = forecasts_on(made + timedelta(days=FRESH - 1), [row])
    assert (first.day, first.is_over) == (made, False)
    assert alert_key(first) == alert_key(later)
    assert later.event_time == end_of_day(made + timedelta(days=FRESH - 1))
    assert forecasts_on(made + timedelta(days=FRESH), [row]) == []
    (over,) = forecasts_on(made, [replace(row, chance_above=CLEARS - 0.01)])
    assert over.is_over
    assert forecasts_on(made, [replace(row, chance_above=CLEARS)]) == []
