"""Baselines: what they say of plain series, and that they are compared at like false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.evaluation.baselines import (
    BASELINES,
    Path,
    alarms_of,
    calibrate,
    cleaned,
    negative_binomial_cusum,
    year_on_year,
)
from alerts.evaluation.comparison import OURS, best_of, compare
from alerts.evaluation.river_methods import RIVER, river_alarms
from alerts.evaluation.scoring import Alarm, judge, summarise
from alerts.evaluation.simulator import TUNING_SEED, Simulated, simulate
from alerts.parameters import Density, load_parameters


def doubled(days: int = 900, at: int = 600) -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.poisson(np.where(np.arange(days) < at, 12.0, 24.0)).astype(float)


@pytest.mark.parametrize("name", list(BASELINES))
def test_a_doubling_raises_the_score_and_no_day_knows_the_next(name: str) -> None:
    y = doubled()
    path = BASELINES[name](y)
    assert np.nanmax(path.up[600:640]) > np.nanmedian(path.up[450:600])
    cut = BASELINES[name](y[:700])
    if name != "negative-binomial CUSUM":  # its spread is pooled over the series, in its favour
        np.testing.assert_array_equal(cut.up, path.up[:700])


def test_year_on_year_says_nothing_in_its_first_year() -> None:
    assert np.isnan(year_on_year(doubled()).up[: 364 + 27]).all()


def test_one_excess_is_one_alarm() -> None:
    up = np.zeros(100)
    up[[10, 11, 15, 40]] = 5.0
    assert alarms_of(Path(up, -up), 3.0) == [Alarm(10, up=True), Alarm(40, up=True)]


def test_silence_and_holidays_are_taken_out() -> None:
    counts = [30] * 200
    counts[150:155] = [0] * 5
    series = Simulated(
        name="a", density=Density.AGGREGATE, rate=30.0, counts=tuple(counts), events=(), faults=()
    )
    assert cleaned(series).tolist() == [30.0] * 200


def test_calibration_keeps_false_alarms_within_the_rate() -> None:
    series = simulate(Density.DENSE, 8, TUNING_SEED)
    paths = [negative_binomial_cusum(cleaned(s)) for s in series]
    threshold = calibrate(series, paths, 0.3)
    outcomes = [judge(s, alarms_of(p, threshold)) for s, p in zip(series, paths, strict=True)]
    assert summarise(outcomes).false_per_year <= 0.3


def test_page_hinkley_tells_the_direction_by_the_weeks_before() -> None:
    make, thresholds = RIVER["River PageHinkley, log1p"]
    alarms = river_alarms(make, thresholds[0], doubled())
    assert [alarm.up for alarm in alarms if 600 <= alarm.day < 660][:1] == [True]


def test_the_comparison_puts_ours_first_and_refuses_the_tuning_seed() -> None:
    compared = compare(Density.AGGREGATE, load_parameters(), tuning=4, test=4, seed=5)
    assert compared[0].method == OURS
    assert compared[0].advantage is None
    assert {c.method for c in compared[1:]} == {*BASELINES, *RIVER}
    assert best_of(compared).method != OURS
    with pytest.raises(ValueError, match="no test"):
        compare(Density.DENSE, load_parameters(), tuning=1, test=1, seed=TUNING_SEED)
