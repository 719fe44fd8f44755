"""The judge of intervals: its exact part against known values, its worlds against their means."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import mismatch_bunches
from benchmarks.coverage_fixed import fixed_rows
from benchmarks.coverage_held_out import HELD_OUT, campaigns, posted
from benchmarks.coverage_worlds import FANO, WORLDS, bunched, weeks_of


def test_a_fixed_truth_is_held_less_than_the_average() -> None:
    rows = fixed_rows([10])
    assert [row["interval"][:5] for row in rows] == ["share", "count", "count"]
    assert all(row["worst"] < row["mean"] for row in rows)
    assert all(0.94 < row["mean"] < 0.965 for row in rows)


def test_counts_have_the_mean_they_are_asked_for_and_more_variance() -> None:
    rng = np.random.default_rng(1)
    for draw in (bunched, posted, lambda rng, mean, size: campaigns(rng, np.full(size, mean))):
        counts = draw(rng, 6.0, (200, 200))
        assert counts.mean() == pytest.approx(6.0, rel=0.03)
        assert counts.var() > 2 * counts.mean()
    assert bunched(rng, 6.0, 40_000).var() / 6.0 == pytest.approx(FANO, rel=0.05)


def test_rates_spread_over_cells_and_weeks() -> None:
    rng = np.random.default_rng(2)
    counts = weeks_of(rng, np.repeat([[2.0], [20.0]], 2000, axis=1))
    assert counts.mean(axis=1) == pytest.approx([2, 20], rel=0.1)


def test_both_families_judge_the_same_indicators_of_known_truth() -> None:
    assert list(WORLDS) == list(HELD_OUT)
    for family in (WORLDS, HELD_OUT):
        for name, world in family.items():
            found, truth = world(np.random.default_rng(3), 100)
            assert found.value is not None, name
            assert np.isfinite(truth), name


def test_bunches_are_of_the_mix_that_is_asked_for() -> None:
    designs = {}
    for name, around in mismatch_bunches._MIXES.items():
        rng = np.random.default_rng(4)
        made = [mismatch_bunches._sample(rng, around) for _ in range(150)]
        assert {sum(float(v or 0) for v, _ in pairs) for pairs, _, _ in made} == {30.0}
        designs[name] = float(np.mean([design for _, design, _ in made]))
    assert designs["one group"] > designs["few groups"] > designs["the market's"] >= 1
    rows = mismatch_bunches.bunched(5, 2)
    assert rows.keys() == designs.keys()
    assert {len(row) for row in rows.values()} == {4}
