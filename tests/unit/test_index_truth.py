"""The rules of truth on real indices, and the wide table that holds them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from alerts.series.columns import Wanted, choose
from benchmarks.index_baselines import alarms_of
from benchmarks.index_truth import judge, truth_of

FIRST = date(2020, 2, 1)


def made(slopes: list[tuple[int, float]]) -> np.ndarray:
    """Logs that grow by a slope a day for so many days each."""
    return np.cumsum(np.concatenate([np.full(days, slope) for days, slope in slopes]))


def test_onsets_are_where_the_slopes_change_and_alarms_are_judged_by_them() -> None:
    logs = made([(45, 0.0), (30, -0.02), (270, 0.0), (120, 0.004), (280, 0.0), (150, -0.003),
                 (500, 0.0)])  # fmt: skip
    truth = truth_of(FIRST, logs)
    assert 0 <= (truth.onsets["covid"] - FIRST).days - 45 <= 3
    assert abs((truth.onsets["boom"] - FIRST).days - 345) <= 30
    assert abs((truth.onsets["downturn"] - FIRST).days - 745) <= 59
    late = FIRST + timedelta(days=1300)
    judged = judge(truth, [(truth.onsets["covid"] + timedelta(days=3), -1), (late, 1)])
    assert judged.delays == {"covid": 3, "boom": None, "downturn": None}
    assert (judged.false, judged.unannounced, judged.alarms) == (1, 1, 2)


def test_a_quiet_series_has_no_events() -> None:
    assert truth_of(FIRST, np.zeros(2000)).onsets == {}


def test_a_baseline_tells_a_lasting_excess_once_in_its_patience() -> None:
    score = np.concatenate([np.zeros(100), np.full(60, 2.0)])
    days = [(day - FIRST).days for day, _ in alarms_of(FIRST, score, 1.0)]
    assert days == [100, 143]


def test_numeric_columns_named_like_keys_are_values_where_no_date_comes_twice() -> None:
    rows = [{"date": f"2020-02-0{n}", "region CA ab": f"{n}.5", "country US": "9"} for n in (1, 2)]
    chosen = choose(list(rows[0]), rows, Wanted())
    assert (chosen.keys, chosen.values) == ((), ("region CA ab", "country US"))
