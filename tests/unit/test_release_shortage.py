"""Shortage figures of a week: told with supply, called pressure without, percentiles frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from alerts.indicators.estimate import Estimated
from alerts.indicators.shortage import Component
from alerts.releases.cells import NATION, Place
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure
from alerts.releases.plan import Kind, period_of
from alerts.releases.shortage import _Week, cuts_for, fresh_cuts, week_figures
from warehouse.cuts import FrozenCuts
from warehouse.series import Standing

WEEK = period_of(Kind.WEEKLY, date(2026, 6, 10))
GROUPS = "0123456789"
FOUR = (Component.TIGHTNESS, Component.DURATION, Component.REPOSTS, Component.GROWTH)


class Known:
    """Evidence whose week is made already."""

    begins = date(2025, 1, 1)

    def __init__(self, week: _Week, frozen: list[FrozenCuts]) -> None:
        self.week, self.held = week, frozen

    def kept(self, _name: str, _first: date, _make: Callable[[], Any]) -> _Week:
        return self.week

    def frozen(self, year: int) -> list[FrozenCuts]:
        return [cuts for cuts in self.held if cuts.year == year]

    def flow(self, *_: Any) -> list[Any]:
        return []

    def people(self, *_: Any) -> list[Any]:
        return []


def evidence(*components: Component, frozen: tuple[FrozenCuts, ...] = ()) -> Evidence:
    """Province LA-VT: group n has n/10 of every component, and half a tenth of error."""
    values = {
        Place("LA-VT", g): Estimated(
            value=int(g) / 10, lower=int(g) / 10 - 0.01, upper=int(g) / 10 + 0.01, n=40, method="x"
        )
        for g in GROUPS
    }
    known: Mapping[Component, Mapping[Place, Estimated]] = dict.fromkeys(components, values)
    week = _Week(figures=(), values=known, samples={})
    return cast(Evidence, Known(week, list(frozen)))


def told(figures: list[Figure], indicator: str) -> dict[Place, Figure]:
    return {f.place: f for f in figures if f.indicator == indicator}


def test_the_tightest_groups_are_short_and_the_others_are_not() -> None:
    figures = week_figures(evidence(*FOUR), WEEK)
    chances = told(figures, "shortage_probability")
    assert (chances[Place("LA-VT", "9")].estimated.value or 0) > 0.9
    assert (chances[Place("LA-VT", "1")].estimated.value or 0) < 0.1
    assert NATION not in chances
    assert Place("LA-VT", "9") not in told(figures, "demand_pressure")


def test_without_supply_it_is_pressure_and_no_figure_of_a_shortage() -> None:
    figures = week_figures(evidence(*FOUR[1:]), WEEK)
    place = Place("LA-VT", "9")
    assert told(figures, "demand_pressure")[place].estimated.value == pytest.approx(3.0)
    for name in ("shortage_score", "shortage_probability"):
        held = told(figures, name)[place].estimated
        assert (held.value, held.standing) == (None, Standing.NO_SUPPLY)


def test_percentiles_that_are_frozen_are_used_and_not_frozen_again() -> None:
    fresh = fresh_cuts(evidence(*FOUR), WEEK)
    assert {cuts.component for cuts in fresh} == {name.value for name in FOUR}
    moved = tuple(replace(cuts, p20=5.0, p50=6.0, p80=7.0) for cuts in fresh)
    held = evidence(*FOUR, frozen=moved)
    assert fresh_cuts(held, WEEK) == []
    assert cuts_for(held, WEEK) == sorted(moved, key=lambda cuts: cuts.component)
    chances = told(week_figures(held, WEEK), "shortage_probability")
    assert (chances[Place("LA-VT", "9")].estimated.value or 0) < 0.01
    last_year = tuple(replace(cuts, year=2025) for cuts in moved)
    assert len(fresh_cuts(evidence(*FOUR, frozen=last_year), WEEK)) == 4
