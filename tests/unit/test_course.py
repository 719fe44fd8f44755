"""Level, trend and season of a cell, learned together: what is learned, and what stays in doubt."""

from __future__ import annotations

import json
from math import cos, exp, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.course import SeasonalExpectation

_GUARD = 14
_FIRST = 739_000
_HALF_LIFE = 120.0


def fed(counts: list[float], half_life: float = _HALF_LIFE) -> SeasonalExpectation:
    made = SeasonalExpectation(_GUARD)
    for day, count in enumerate(counts):
        made.observe(_FIRST + day, count, 1.0, half_life)
    return made


def wave(day: int, depth: float) -> float:
    return exp(depth * cos(2.0 * pi * day / 365.25))


def test_a_season_that_came_twice_is_expected_the_third_time() -> None:
    rng = np.random.default_rng(1)
    counts = [float(rng.poisson(30.0 * wave(day, 0.2))) for day in range(760)]
    made = fed(counts)
    errors = [
        made.predict(_FIRST + 760 + ahead, 1.0) / (30.0 * wave(760 + ahead, 0.2)) - 1.0
        for ahead in range(0, 180, 10)
    ]
    assert max(map(abs, errors)) < 0.1
    flat = [30.0 * wave(760, 0.2) / (30.0 * wave(760 + ahead, 0.2)) - 1.0 for ahead in (90, 170)]
    assert min(map(abs, flat)) > 0.15, "without a season the same months are missed by far"


def test_a_trend_is_followed_without_lagging_behind() -> None:
    counts = [40.0 * exp(0.2 * day / 365.25) for day in range(700)]
    made = fed(counts, half_life=300.0)
    expected = made.predict(_FIRST + 700, 1.0)
    assert expected == pytest.approx(40.0 * exp(0.2 * 700 / 365.25), rel=0.02)


def test_what_a_year_is_like_is_doubted_until_it_has_come_round() -> None:
    def doubt_of_half_a_year_ahead(days: int) -> float:
        made = fed([5.0] * days)
        made.predict(_FIRST + days + 180, 1.0)
        return made.doubt

    doubts = [doubt_of_half_a_year_ahead(days) for days in (60, 400, 800)]
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[0] > 3.0 * doubts[-1]


def test_a_level_that_begins_far_from_the_prior_is_found_at_once() -> None:
    for level in (0.0, 0.05, 5_000.0):
        made = fed([level] * 60)
        assert made.predict(_FIRST + 60, 1.0) == pytest.approx(level, rel=0.25, abs=0.1)


def test_a_new_level_leaves_the_season_what_it_was() -> None:
    made = fed([20.0 * wave(day, 0.2) for day in range(760)])
    before = made.predict(_FIRST + 900, 1.0) / made.predict(_FIRST + 760, 1.0)
    made.settle(50.0, 100.0)
    assert made.rate == pytest.approx(50.0)
    after = made.predict(_FIRST + 900, 1.0) / made.predict(_FIRST + 760, 1.0)
    assert after == pytest.approx(before)


@given(
    counts=st.lists(st.one_of(st.integers(0, 12), st.integers(0, 2_000)), min_size=1, max_size=120),
    gap=st.integers(1, 40),
    half_life=st.floats(14.0, 400.0),
    settle=st.floats(1e-3, 1e4),
)
def test_variances_stay_variances_and_expectations_finite(
    counts: list[int], gap: int, half_life: float, settle: float
) -> None:
    made = SeasonalExpectation(_GUARD)
    for n, count in enumerate(counts):
        made.observe(_FIRST + n * (gap if n % 10 == 9 else 1), float(count), 1.0, half_life)
        if n == 60:
            made.settle(settle, settle)
    rows = np.array(made.covariance)
    assert np.allclose(rows, rows.T)
    assert np.linalg.eigvalsh(rows).min() > -1e-9
    assert made.a == pytest.approx(1.0 / rows[0, 0])
    expected = made.predict(_FIRST + 5_000, 1.0)
    assert 0.0 < expected < 1e9
    assert made.doubt > 0.0
    assert made.precision(expected) > 0.0


@given(counts=st.lists(st.integers(0, 30), min_size=1, max_size=60), split=st.integers(0, 60))
def test_a_restored_state_continues_bit_for_bit(counts: list[int], split: int) -> None:
    whole = fed([float(count) for count in counts])
    parted = fed([float(count) for count in counts[:split]])
    parted = SeasonalExpectation.restore(json.loads(json.dumps(parted.export())))
    for day, count in enumerate(counts[split:], len(counts[:split])):
        parted.observe(_FIRST + day, float(count), 1.0, _HALF_LIFE)
    assert parted.export() == whole.export()


def test_a_state_from_before_there_was_a_season_is_taken_up_without() -> None:
    made = fed([8.0] * 200)
    old = {
        name: value
        for name, value in made.export().items()
        if name not in ("seasons", "covariance", "doubt", "today")
    } | {"calm": True, "season_y": [0.0] * 26, "season_e": [0.0] * 26}
    taken = SeasonalExpectation.restore(old)
    assert taken.rate == made.rate
    assert taken.predict(_FIRST + 200, 1.0) == pytest.approx(8.0, rel=0.1)
    taken.observe(_FIRST + 200, 8.0, 1.0, _HALF_LIFE)
    assert taken.a > 0.0
