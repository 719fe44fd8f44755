"""P(shortage within 12 weeks): what moves it, what makes it unsure, and when there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.forecasts.course import Course, course_of
from alerts.forecasts.forecaster import Forecast
from alerts.forecasts.shortage import MARKS, Counted, shortage_within
from alerts.indicators.estimate import Estimated
from alerts.indicators.shortage import Component, Cuts
from alerts.releases.cells import Place
from alerts.releases.evidence import Evidence
from alerts.releases.foreseen import WITHIN, foreseen_figures
from alerts.releases.plan import Kind, period_of
from alerts.releases.shortage import _Week
from alerts.releases.supply import counted_when
from warehouse.facts import Counted as Opened
from warehouse.facts import People
from warehouse.series import Standing

CUTS = Cuts(p20=-0.5, p50=0.0, p80=0.5, year=2026)
PARTS = (Component.TIGHTNESS, Component.DURATION, Component.GROWTH, Component.WAGES)
FRESH = Counted(age_days=20.0, drift=0.1)


def told(value: float, half: float = 0.05) -> Estimated:
    return Estimated(value=value, lower=value - half, upper=value + half, n=90, method="x")


def forecast(ahead: int, value: float) -> Forecast:
    reach = 0.25 * value
    return Forecast(
        ahead=ahead, value=value, lower_80=value - reach, upper_80=value + reach,
        lower_95=value - 1.5 * reach, upper_95=value + 1.5 * reach, n=80,
    )  # fmt: skip


def course(to: float = 20.0, past: Sequence[float | None] = (20.0,) * 80) -> Course:
    found = course_of(past, [forecast(4, (20.0 + to) / 2), forecast(12, to)], MARKS)
    assert found is not None
    return found


def within(
    value: float, *, cell: Course | None = None, counted: Counted = FRESH, half: float = 0.05,
    names: Sequence[Component] = PARTS, others: float | None = None,
) -> Estimated:  # fmt: skip
    parts = {name: told(value if others is None else others, half) for name in names}
    if Component.TIGHTNESS in names:
        parts[Component.TIGHTNESS] = told(value, half)
    return shortage_within(
        parts, dict.fromkeys(Component, CUTS), cell=cell or course(), nation=course(),
        counted=counted, n=90, seed=1,
    )  # fmt: skip


def chance(found: Estimated) -> float:
    assert found.value is not None
    return found.value


def test_what_is_short_today_mostly_stays_and_what_is_far_from_it_mostly_does_not_come() -> None:
    assert chance(within(0.9)) > 0.9
    assert chance(within(-0.4)) < 0.1
    assert 0.2 < chance(within(0.05)) < 0.9


def test_demand_that_is_expected_to_rise_raises_it() -> None:
    rising, falling = course(45.0), course(8.0)
    for value in (-0.1, 0.1):
        steady = chance(within(value, others=0.1))
        assert chance(within(value, cell=rising, others=0.1)) > steady + 0.02
        assert chance(within(value, cell=falling, others=0.1)) < steady


def test_old_supply_makes_it_less_sure() -> None:
    old = Counted(age_days=400.0, drift=0.5)
    assert chance(within(-2.0, counted=old, others=0.2)) > chance(within(-2.0, others=0.2))
    assert chance(within(1.0, counted=old, others=0.1)) < chance(within(1.0, others=0.1))
    assert old.error(12) > FRESH.error(12) > FRESH.error(4) > 0.0


def test_its_range_is_wider_with_less_data() -> None:
    rough, fine = within(0.1, half=0.6), within(0.1, half=0.05)

    def width(found: Estimated) -> float:
        assert found.lower is not None
        assert found.upper is not None
        return found.upper - found.lower

    assert width(rough) > 2 * width(fine)


@pytest.mark.parametrize(
    ("names", "standing"),
    [
        (PARTS[1:], Standing.NO_SUPPLY),
        (PARTS[:2], Standing.TOO_FEW),
        ((Component.FILLING, Component.GROWTH, Component.WAGES), Standing.TOO_FEW),
    ],
)
def test_without_supply_or_components_there_is_none(
    names: Sequence[Component], standing: Standing
) -> None:
    assert within(0.9, names=names).standing is standing


def test_without_a_forecast_there_is_none() -> None:
    assert course_of([20.0] * 80, [], MARKS) is None
    assert course_of([None] * 80, [forecast(4, 2), forecast(12, 2)], MARKS) is None
    parts = {name: told(0.9) for name in PARTS}
    for cell, nation, why in (
        (None, course(), Standing.TOO_FEW), (course(), None, Standing.TOO_SHORT),
    ):  # fmt: skip
        found = shortage_within(
            parts, dict.fromkeys(Component, CUTS), cell=cell, nation=nation, counted=FRESH, n=3,
            seed=1,
        )  # fmt: skip
        assert found.standing is why


def test_what_growth_will_be_measured_against_is_known() -> None:
    past = [20.0] * 30 + [60.0] * 50
    assert course(past=past).base == {4: (260, 340), 8: (260, 500), 12: (260, 660)}
    short = course_of([20.0] * 40, [forecast(4, 20), forecast(12, 20)], MARKS)
    assert short is not None
    assert short.base == {}


@given(
    value=st.floats(-2, 2), half=st.floats(0.01, 2), to=st.floats(0, 80),
    past=st.lists(st.none() | st.integers(0, 60), min_size=30, max_size=90),
    drift=st.floats(0, 2), age=st.floats(0, 460),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_it_is_a_probability_within_its_range_and_the_same_again(
    value: float, half: float, to: float, past: list[int | None], drift: float, age: float
) -> None:
    weekly = [None if n is None else float(n) for n in past]
    cell = course_of(weekly, [forecast(4, to), forecast(12, to)], MARKS)
    found = [
        shortage_within(
            {name: told(value, half) for name in PARTS}, dict.fromkeys(Component, CUTS),
            cell=cell, nation=course(), counted=Counted(age_days=age, drift=drift), n=9, seed=5,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert found[0] == found[1]
    if cell is not None:
        assert 0.0 <= (found[0].lower or 0.0) <= chance(found[0]) <= (found[0].upper or 0.0) <= 1.0


class Register:
    """Counts of people as an employment service would file them."""

    def __init__(self, *rows: tuple[date, str, float]) -> None:
        self.rows = [
            People("ess", province, "", "jobseekers_registered", end, end, persons, True)
            for end, province, persons in rows
        ]

    def people(self, _measures: object, until: date) -> list[People]:
        return [row for row in self.rows if row.period_end <= until]


def test_supply_is_dated_and_its_unrest_learned_from_its_own_history() -> None:
    ends = [date(2025, 3, 31) + timedelta(days=91 * n) for n in range(6)]
    steady = [(end, place, n) for end in ends for place, n in (("", 900.0), ("LA-VT", 300.0))]
    wild = [
        (end, place, n * (3.0 if place and i % 2 else 1.0))
        for i, end in enumerate(ends) for place, n in (("", 900.0), ("LA-VT", 300.0))
    ]  # fmt: skip
    day = ends[-1] + timedelta(days=40)
    calm, moved = (counted_when(cast(Evidence, Register(*rows)), day) for rows in (steady, wild))
    assert calm.age_days == moved.age_days == 40.0
    assert calm.drift < 0.3 < moved.drift
    none = counted_when(cast(Evidence, Register()), day)
    assert (none.age_days, none.drift) == (460.0, 0.3)


class Known:
    """Evidence of a week without a supply side."""

    begins = date(2025, 1, 1)

    def kept(self, *_: Any) -> _Week:
        held: Mapping[Component, dict[Any, Any]] = {Component.GROWTH: {}, Component.DURATION: {}}
        return _Week(figures=(), values=held, samples={})

    def frozen(self, _year: int) -> list[Any]:
        return []

    def people(self, *_: Any) -> list[Any]:
        return []


def test_a_release_says_of_every_cell_why_there_is_no_forecast_of_a_shortage() -> None:
    figures = foreseen_figures(cast(Evidence, Known()), period_of(Kind.WEEKLY, date(2026, 6, 10)))
    assert len(figures) > 200
    assert {f.indicator for f in figures} == {WITHIN}
    assert {f.estimated.standing for f in figures} == {Standing.NO_SUPPLY}


def test_a_course_keeps_its_level_where_nothing_changes() -> None:
    still = course()
    assert all(abs(still.level[mark]) < 0.05 and abs(still.quarter[mark]) < 0.05 for mark in MARKS)
    assert still.error[4] <= still.error[12]


class Supplied(Known):
    """A register of one dense cell with jobseekers counted, and ten cells of every component."""

    begins = date(2024, 6, 3)

    def kept(self, *_: Any) -> _Week:
        cells = {Place("LA-VT", group): told(0.1 * int(group), 0.05) for group in "0123456789"}
        return _Week(figures=(), values=dict.fromkeys(PARTS, cells), samples={})

    def people(self, *_: Any) -> list[Any]:
        return Register((date(2026, 3, 31), "", 900.0), (date(2026, 3, 31), "LA-VT", 300.0)).rows

    def observed(self, *_: date) -> float:
        return 1.0

    def flow(self, since: date, until: date) -> list[Opened]:
        days = range(since.toordinal(), until.toordinal() + 1)
        return [Opened(day, "LA-VT", group, "G", 1, "one", 2) for day in days for group in "19"]


def test_a_release_foresees_the_cells_that_it_can() -> None:
    week = period_of(Kind.WEEKLY, date(2026, 6, 10))
    figures = {f.place: f for f in foreseen_figures(cast(Evidence, Supplied()), week)}
    short, easy = (figures[Place("LA-VT", group)].estimated for group in "91")
    assert chance(short) > 0.9
    assert chance(easy) < 0.1
    thin = figures[Place("LA-VT", "5")].estimated
    assert (thin.value, thin.standing) == (None, Standing.TOO_FEW), "its flow is not forecast"
    assert figures[Place("LA-SV", "5")].estimated.standing is Standing.NO_SUPPLY
