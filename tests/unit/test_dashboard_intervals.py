"""Intervals: known values, limits, and that they hold what they promise."""

from __future__ import annotations

import math
import random

import pytest

from dashboard.intervals import (
    discoveries,
    expected_count,
    fano,
    log_change,
    p_value,
    share,
)
from tests.factories_dashboard import _poisson


def test_fano_is_one_at_least_and_where_it_cannot_be_known() -> None:
    assert fano([]) == fano([3, 9]) == fano([0, 0, 0, 0]) == fano([5, 5, 5, 5]) == 1.0
    assert fano([0, 10, 0, 10]) == pytest.approx(100 / 3 / 5)


def test_nothing_is_expected_without_past() -> None:
    assert expected_count([]) is None


def test_expectation_is_the_mean_of_the_last_eight() -> None:
    interval = expected_count([900, *[100] * 8])
    assert interval is not None
    assert interval.value == pytest.approx(100)
    assert interval.n == 800
    assert interval.lower < 100 < interval.upper


def test_expected_interval_covers_95_percent_of_stable_counts() -> None:
    rng = random.Random(1)
    inside = 0
    for _ in range(400):
        counts = [_poisson(rng, 40.0) for _ in range(40)]
        interval = expected_count(counts[:-1])
        assert interval is not None
        inside += interval.lower <= counts[-1] <= interval.upper
    assert 0.91 <= inside / 400 <= 1.0


def test_expected_interval_never_goes_below_zero() -> None:
    interval = expected_count([0, 1, 0, 0, 2, 0, 0, 1])
    assert interval is not None
    assert interval.lower == 0.0


def test_change_of_equal_counts_is_none_and_symmetric() -> None:
    same = log_change(50, 50)
    assert same.value == 0.0
    assert not same.excludes_zero
    up, down = log_change(80, 40), log_change(40, 80)
    assert up.value == pytest.approx(-down.value)
    assert up.excludes_zero
    assert log_change(0, 0).value == 0.0


def test_more_dispersion_widens_a_change() -> None:
    narrow, wide = log_change(80, 40), log_change(80, 40, 4.0)
    assert wide.upper - wide.lower == pytest.approx(2 * (narrow.upper - narrow.lower))


def test_wilson_interval_of_a_share() -> None:
    assert share(0, 0) is None
    half = share(50, 100)
    assert half is not None
    assert half.lower == pytest.approx(0.4038, abs=1e-4)
    assert half.upper == pytest.approx(0.5962, abs=1e-4)
    none = share(0, 10)
    assert none is not None
    assert none.lower == 0.0
    assert none.upper == pytest.approx(0.2775, abs=1e-4)


def test_p_value_at_the_edge_of_the_interval_is_five_percent() -> None:
    change = log_change(100, 75)
    edge = log_change(100, 75)
    error = (edge.upper - edge.lower) / (2 * 1.959964)
    assert p_value(change) == pytest.approx(math.erfc(change.value / error / math.sqrt(2)))


def test_discoveries_are_ordered_and_leave_chance_out() -> None:
    changes = {
        "clear": log_change(400, 200),
        "likely": log_change(150, 100),
        "noise": log_change(52, 50),
    }
    assert discoveries(changes) == ["clear", "likely"]
    assert discoveries({}) == []
