"""Signals of published assessments: two weeks to begin, a lower mark to end, words by supply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.alert import State
from alerts.assessed import KNOWN_AFTER, signals_on
from alerts.calendar import end_of_day
from alerts.coverage import coverage_from
from alerts.monitor import Monitor
from alerts.panel import Panel
from alerts.parameters import load_parameters
from alerts.signal import Classification, Direction, Phase
from warehouse.series import Observation, SeriesKey

MONDAY = date(2026, 6, 1)


def weekly(
    *values: float | None, indicator: str = "shortage_probability", half: float = 0.05
) -> list[Observation]:
    """A cell's figures from `MONDAY` on; None: not told in that week."""
    return [
        Observation(
            series=SeriesKey(indicator=indicator, province="LA-VT", occupation="5"),
            time_value=MONDAY + timedelta(weeks=n), issue=datetime(2026, 6, 11, tzinfo=UTC),
            value=value, lower=value - half, upper=value + half, n=40, employers=9,
            sources=("north",), release_id=f"W{n}.0",
        )
        for n, value in enumerate(values)
        if value is not None
    ]  # fmt: skip


def phases(figures: Sequence[Observation], weeks: int) -> list[str]:
    """Phase on the day on which each week's figures are out."""
    found = []
    for n in range(weeks):
        signals = signals_on(MONDAY + timedelta(weeks=n) + KNOWN_AFTER, figures)
        found.append("".join(signal.phase.value for signal in signals))
    return found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.9, 0.7, 0.9, 0.7), ["", "", "", ""]),
        ((0.8, 0.8, 0.6, 0.5), ["", "active", "active", "active"]),
        ((0.9, 0.9, 0.49, 0.9), ["", "active", "returned", ""]),
        ((0.9, None, 0.9, 0.9), ["", "", "", "active"]),
        ((0.9, 0.9, None, 0.9), ["", "active", "active", "active"]),
    ],
)
def test_two_weeks_in_a_row_begin_it_and_the_lower_mark_ends_it(
    values: tuple[float | None, ...], expected: list[str]
) -> None:
    assert phases(weekly(*values), 4) == expected


def test_a_week_is_not_known_before_its_release() -> None:
    known = MONDAY + timedelta(weeks=1) + KNOWN_AFTER
    assert signals_on(known - timedelta(days=1), weekly(0.9, 0.9)) == []
    (signal,) = signals_on(known, weekly(0.9, 0.9))
    assert (signal.onset_on, signal.detected_on) == (MONDAY, known)
    assert (signal.classification, signal.probability) == (Classification.SHORTAGE, 0.9)


def test_without_figures_it_ends() -> None:
    figures = weekly(0.9, 0.9)
    last = MONDAY + timedelta(weeks=1) + KNOWN_AFTER
    (over,) = signals_on(last + timedelta(days=28), figures)
    assert over.phase is Phase.RETURNED
    assert signals_on(last + timedelta(days=35), figures) == []


def test_pressure_needs_a_sure_score_and_is_no_shortage() -> None:
    day = MONDAY + timedelta(weeks=1) + KNOWN_AFTER
    assert signals_on(day, weekly(2.3, 2.3, indicator="demand_pressure", half=1.0)) == []
    (signal,) = signals_on(day, weekly(2.3, 2.3, indicator="demand_pressure", half=0.3))
    assert (signal.classification, signal.probability) == (Classification.DEMAND_PRESSURE, None)
    assert "shortage" not in signal.detail


def test_surplus_points_down_and_names_what_it_rests_on() -> None:
    figures = weekly(0.9, 0.9, indicator="surplus_risk")
    figures += weekly(-0.4, -0.5, indicator="growth")
    (signal,) = signals_on(MONDAY + timedelta(weeks=1) + KNOWN_AFTER, figures)
    assert (signal.classification, signal.direction) == (Classification.SURPLUS, Direction.DOWN)
    (part,) = signal.components
    assert (part.name, part.value, part.n) == ("growth", -0.5, 40)


def test_a_shortage_within_twelve_weeks_is_foreseen_and_names_today() -> None:
    figures = weekly(0.85, 0.9, indicator="shortage_within_12w") + weekly(0.3, 0.4)
    (signal,) = signals_on(MONDAY + timedelta(weeks=1) + KNOWN_AFTER, figures)
    assert (signal.classification, signal.direction) == (Classification.FORECAST, Direction.UP)
    assert (signal.indicator, signal.probability) == ("shortage_within_12w", 0.9)
    assert [part.name for part in signal.components] == ["shortage_probability"]


def test_a_shortage_that_is_there_is_not_foreseen_as_well() -> None:
    figures = weekly(0.9, 0.9, 0.95, indicator="shortage_within_12w") + weekly(0.7, 0.85, 0.9)
    before, there = (MONDAY + timedelta(weeks=n) + KNOWN_AFTER for n in (1, 2))
    assert [s.classification for s in signals_on(before, figures)] == [Classification.FORECAST]
    assert [s.classification for s in signals_on(there, figures)] == [Classification.SHORTAGE]


def test_the_watch_opens_one_alert_and_resolves_it() -> None:
    figures = weekly(0.9, 0.95, 0.9, 0.3)
    monitor = Monitor(parameters=load_parameters())
    panel = Panel([], coverage_from([("north", MONDAY.toordinal(), True)]))
    states = []
    for n in range(45):
        day = MONDAY + timedelta(days=n)
        further = signals_on(day, figures)
        decided, _ = monitor.feed(day.toordinal(), panel, end_of_day(day), further)
        states += [(d.alert.kind, d.alert.state) for d in decided if d.tell]
    kind = Classification.SHORTAGE
    assert states[0] == (kind, State.FIRING)
    assert states[-1] == (kind, State.RESOLVED)
    assert len({alert.alert_id for alert in monitor.alerts.values()}) <= 1
