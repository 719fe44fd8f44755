"""Forecasts of one series: what they promise whatever the series."""

from __future__ import annotations

import json
from math import cos, pi

import pytest

from alerts.forecasts.forecaster import LEAST_HISTORY, Forecaster
from alerts.forecasts.replay import replay
from alerts.forecasts.scores import Outcome, pinball, score


def _fed(values: list[float | None], period: int = 52) -> Forecaster:
    made = Forecaster(period=period, aheads=(4, 12))
    for t, value in enumerate(values):
        made.update(t % period, value)
    return made


def test_a_constant_series_is_forecast_as_it_is() -> None:
    for told in _fed([9.0] * 60).forecasts():
        assert told.value == pytest.approx(9.0, rel=0.02)
        assert told.lower_95 <= told.lower_80 <= told.value <= told.upper_80 <= told.upper_95


def test_nothing_is_told_before_there_is_a_history() -> None:
    assert _fed([5.0] * (LEAST_HISTORY - 1)).forecasts() == []
    assert len(_fed([5.0] * LEAST_HISTORY).forecasts()) == 2
    assert _fed([None] * 30).forecasts() == []


def test_a_silent_series_is_forecast_silent() -> None:
    told = _fed([0.0] * 80).forecasts()[0]
    assert told.value == pytest.approx(0.0, abs=0.01)
    assert told.lower_95 == 0.0


def test_a_season_is_learned() -> None:
    months = [100.0 + 60.0 * cos(2 * pi * t / 12) for t in range(120)]
    done = replay([t % 12 for t in range(120)], months, period=12, aheads=(1, 3))
    after = score(done.of(3, since=60))
    assert after is not None
    assert after.relative_mae is not None
    assert after.relative_mae < 0.3


def test_a_period_that_was_not_observed_is_no_zero() -> None:
    seen = _fed([50.0] * 40 + [None] * 4).forecasts()[0]
    assert seen.value == pytest.approx(50.0, rel=0.05)
    assert seen.n == 44


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_what_is_no_count_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        _fed([1.0, value])


def test_the_chance_of_exceeding_falls_with_the_bar() -> None:
    made = _fed([20.0 + (t * 7) % 5 for t in range(100)])
    chances = [made.chance_above(12, bar) or 0.0 for bar in (0.0, 21.0, 23.0, 60.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.95
    assert chances[-1] < 0.05
    assert _fed([3.0] * 9).chance_above(12, 3.0) is None


def test_scores_are_those_of_the_textbook() -> None:
    made = _fed([10.0] * 30).forecasts()[0]
    truth = made.value + 4.0
    outcome = Outcome(forecast=made, truth=truth, naive=made.value - 4.0, seasonal=made.value)
    found = score([outcome])
    assert found is not None
    assert found.mae == pytest.approx(4.0)
    assert found.relative_mae == pytest.approx(0.5)
    assert found.mase == pytest.approx(1.0)
    assert pinball(outcome) >= 0.5 * 4.0 / 5
    assert score([]) is None


def test_a_replay_knows_no_future() -> None:
    values = [float(30 + (t * 13) % 17) for t in range(90)]
    whole = replay(list(range(90)), values, period=52, aheads=(4,))
    shorter = replay(list(range(70)), values[:70], period=52, aheads=(4,))
    assert whole.outcomes[4][: len(shorter.outcomes[4])] == shorter.outcomes[4]


def test_a_state_is_plain_json() -> None:
    state = _fed([3.0, 4.0, 0.0] * 30).export()
    assert json.loads(json.dumps(state)) == state
