"""Beveridge curve, surplus risk, growing and falling shares: by hand and by simulation."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.indicators import beveridge, surplus
from alerts.indicators.emerging import Counted, Direction, changes, share_ratio
from alerts.indicators.estimate import Estimated
from streams.classify.emerging import q_values
from warehouse.series import Standing

CALM = surplus.Market(vacancies=200, unemployed=1000, separations=100)


def value_of(told: Estimated) -> float:
    assert told.value is not None
    return told.value


def test_a_boom_moves_along_the_curve_and_mismatch_moves_the_curve() -> None:
    before = beveridge.Market(vacancies=100, unemployed=400)
    boom = beveridge.Market(vacancies=200, unemployed=200)
    worse = beveridge.Market(vacancies=200, unemployed=800)
    assert value_of(beveridge.shift(boom, before)) == pytest.approx(0, abs=1e-15)
    told = beveridge.shift(worse, before)
    assert told.value == pytest.approx(log(2))
    assert told.lower is not None
    assert 0 < told.lower < log(2)
    assert value_of(beveridge.shift(before, worse)) == -value_of(told)


def test_rates_need_the_labour_force() -> None:
    unknown = beveridge.position(beveridge.Market(vacancies=50, unemployed=50))
    assert unknown.vacancy_rate.standing is Standing.NO_SUPPLY
    known = beveridge.position(beveridge.Market(vacancies=50, unemployed=50, labour_force=1000))
    assert known.unemployment_rate.value == 0.05
    assert known.vacancy_rate.value == 50 / 1000
    assert known.unemployment_rate.lower == pytest.approx(0.0381, abs=1e-4)
    assert known.unemployment_rate.upper == pytest.approx(0.0653, abs=1e-4)


def test_a_growing_labour_force_is_no_shift() -> None:
    before = beveridge.Market(vacancies=100, unemployed=400, labour_force=5000)
    now = beveridge.Market(vacancies=200, unemployed=800, labour_force=10000)
    assert value_of(beveridge.shift(now, before)) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("v", "u", "standing"), [(0, 4, Standing.TOO_FEW), (4, 0, Standing.NO_SUPPLY)]
)
def test_no_shift_without_one_side(v: int, u: int, standing: Standing) -> None:
    full = beveridge.Market(vacancies=3, unemployed=3)
    assert beveridge.shift(beveridge.Market(vacancies=v, unemployed=u), full).standing is standing


def test_surplus_risk_rises_with_each_of_its_signals() -> None:
    same = surplus.surplus_risk(CALM, CALM)
    fewer = surplus.surplus_risk(replace(CALM, vacancies=120), CALM)
    both = surplus.surplus_risk(replace(CALM, vacancies=120, separations=180), CALM)
    assert value_of(same) == pytest.approx(0.25)
    assert value_of(same) < value_of(fewer) < value_of(both)
    assert value_of(both) > 0.95
    assert both.lower is not None
    assert both.upper is not None
    assert 0 <= both.lower < value_of(both) < both.upper <= 1


def test_surplus_risk_says_what_it_rests_on() -> None:
    alone = replace(CALM, separations=None)
    told = surplus.surplus_risk(alone, alone)
    assert told.value == pytest.approx(0.5)
    assert told.method == "surplus-tightness/1"
    unknown = surplus.surplus_risk(replace(CALM, unemployed=None), CALM)
    assert unknown.standing is Standing.NO_SUPPLY
    few = replace(CALM, vacancies=9)
    assert surplus.surplus_risk(few, few).standing is Standing.TOO_FEW


@given(st.integers(10, 900), st.integers(0, 900), st.integers(0, 900))
@settings(max_examples=60)
def test_surplus_risk_is_a_probability_within_its_interval(v: int, u: int, s: int) -> None:
    told = surplus.surplus_risk(surplus.Market(vacancies=v, unemployed=u, separations=s), CALM)
    assert told.lower is not None
    assert told.upper is not None
    assert 0 <= told.lower <= value_of(told) <= told.upper <= 1


def test_growing_and_falling_codes_are_found() -> None:
    counts = [
        Counted(code="2512", recent=60, before=20, employers=9),
        Counted(code="4110", recent=20, before=60, employers=9),
        Counted(code="5223", recent=100, before=100, employers=20),
        Counted(code="9999", recent=40, before=1, employers=2),
    ]
    found = {
        direction: changes(counts, recent_of=1000, before_of=1000, direction=direction)
        for direction in Direction
    }
    (up,), (down,) = found[Direction.EMERGING], found[Direction.AT_RISK]
    assert (up.code, down.code) == ("2512", "4110")
    assert value_of(up.ratio) == pytest.approx(60.5 / 20.5)
    assert up.ratio.lower is not None
    assert up.ratio.lower > 1
    assert down.ratio.upper is not None
    assert down.ratio.upper < 1


def test_false_discoveries_are_held_where_nothing_changes() -> None:
    draw, false = np.random.default_rng(5), 0
    for _ in range(100):
        recent, before = draw.poisson(20, 60), draw.poisson(20, 60)
        counts = [
            Counted(code=str(i), recent=int(a), before=int(b), employers=5)
            for i, (a, b) in enumerate(zip(recent, before, strict=True))
        ]
        false += bool(
            changes(
                counts, recent_of=int(recent.sum()), before_of=int(before.sum()),
                direction=Direction.EMERGING,
            )
        )  # fmt: skip
    assert false <= 12  # 5 are expected; more than 12 has p < 0.002


def test_intervals_of_share_ratios_cover() -> None:
    draw, covered = np.random.default_rng(6), 0
    for _ in range(400):
        counted = Counted(
            code="x", recent=int(draw.poisson(20)), before=int(draw.poisson(10)), employers=5
        )
        told = share_ratio(counted, recent_of=1000, before_of=1000)
        assert told.lower is not None
        assert told.upper is not None
        covered += told.lower <= 2 <= told.upper
    assert 0.92 <= covered / 400 <= 0.99


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=60)
def test_q_values_keep_the_order_and_agree_with_scipy(p_values: list[float]) -> None:
    from scipy.stats import false_discovery_control

    assert q_values(p_values) == pytest.approx(list(false_discovery_control(p_values)))
