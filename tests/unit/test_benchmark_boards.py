"""The benchmark of faults: its boards are drawn for every seed, its ceiling is a true one."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.volumes import WHOLE
from benchmarks.fault_worlds import BUNCHED, market
from benchmarks.source_notices import Tally, day_counts, figures
from benchmarks.warning_faults import large_board


@pytest.mark.parametrize(("seed", "number"), [(20261130, 4), (20261130, 7), (301, 5)])
def test_a_large_board_is_found_where_the_first_draws_are_small(seed: int, number: int) -> None:
    board, again = large_board(seed, number), large_board(seed, number)
    assert board.size == again.size >= 60


@pytest.mark.parametrize("kept", [1.0, 0.35])
def test_probabilities_of_a_days_count_have_the_mean_and_spread_of_bunches(kept: float) -> None:
    chances = day_counts(16.0, kept)
    counts = np.arange(len(chances))
    mean = float(chances @ counts)
    spread = float(chances @ counts**2) - mean**2
    pairs = 2.0 * BUNCHED / (1.0 + BUNCHED)
    assert float(chances.sum()) == pytest.approx(1.0)
    assert mean == pytest.approx(16.0 * kept)
    assert spread / mean == pytest.approx(1.0 + pairs * kept)


def test_no_test_tells_more_of_a_price_change_than_the_ceiling_of_its_source() -> None:
    few, some = figures_of(0.5), figures_of(50.0)
    assert 0.8 < few < some < 1.0


def figures_of(false_per_year: float) -> float:
    """The ceiling of one market."""
    tally = Tally(source_days=3652, by_chance=round(false_per_year * 10), tried={}, found={})
    found = figures({WHOLE: tally}, [market(np.random.default_rng(5))])
    return float(next(each.value for each in found if each.key == "faults_reported_ceiling"))
