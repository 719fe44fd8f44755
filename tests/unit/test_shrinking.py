"""Drawing estimates of many cells towards their middle."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.shrinking import dispersed, shrunk, spread_of
from warehouse.series import Standing


def measured(rng: np.random.Generator, truth: np.ndarray, error: float) -> dict[int, Estimated]:
    found = {}
    for i, mean in enumerate(truth):
        y = float(mean + error * rng.standard_normal())
        found[i] = Estimated(
            value=y, lower=y - 1.96 * error, upper=y + 1.96 * error, n=30, method="x"
        )
    return found


def test_drawn_values_are_nearer_the_truth_and_percentiles_keep_its_spread() -> None:
    rng = np.random.default_rng(3)
    truth = rng.normal(1.0, 0.5, size=400)
    raw = measured(rng, truth, 0.5)
    drawn = shrunk(raw)
    apart = [float(np.mean([(each[i].value - t) ** 2 for i, t in enumerate(truth)]))
             for each in (raw, drawn)]  # fmt: skip
    assert apart[1] < 0.6 * apart[0]
    inside = [(drawn[i].lower or 0) <= t <= (drawn[i].upper or 0) for i, t in enumerate(truth)]
    assert 0.9 <= np.mean(inside) <= 0.99
    assert float(np.std(list(dispersed(raw).values()))) == pytest.approx(0.5, rel=0.1)


def test_exact_values_stay_and_few_cells_are_left_alone() -> None:
    exact = {i: Estimated(value=float(i), n=9, method="x") for i in range(12)}
    assert shrunk(exact) == exact
    few = measured(np.random.default_rng(1), np.zeros(9), 1.0)
    assert shrunk(few) == few
    assert spread_of(few) is None


def test_what_is_not_told_is_not_drawn() -> None:
    raw = measured(np.random.default_rng(1), np.zeros(20), 1.0)
    raw[20] = untold(Standing.TOO_FEW, n=1, method="x")
    assert shrunk(raw)[20] == raw[20]
    assert 20 not in dispersed(raw)


def test_cells_that_differ_by_chance_alone_are_drawn_together() -> None:
    raw = measured(np.random.default_rng(2), np.zeros(200), 1.0)
    values = [each.value or 0.0 for each in shrunk(raw).values()]
    assert max(values) - min(values) < 1.5
