"""What holds for every pair of distributions: bounds, identities, invariances, coverage."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alerts.indicators.chance import null_mean
from alerts.indicators.mismatch import _overlap, sahin, turnover, turnover_of, unmatched
from alerts.indicators.sides import Sides, sides_of
from alerts.indicators.skills_mismatch import hellinger

counts = st.integers(0, 5000).map(float)
tables = st.lists(st.tuples(counts, counts), min_size=1, max_size=40).filter(
    lambda rows: all(sum(side) > 0 for side in zip(*rows, strict=True))
)
alphas = st.floats(0.01, 0.99)


@given(tables, alphas, st.floats(1, 2), st.floats(1, 2))
@settings(max_examples=100)
def test_every_index_lies_between_0_and_1(
    rows: list[tuple[float, float]], alpha: float, more: float, others: float
) -> None:
    v, u = (sum(side) for side in zip(*rows, strict=True))
    sides = sides_of(rows, vacancies_total=v * more, unemployed_total=u * others)
    assert 0 <= unmatched(sides, alpha) <= 1
    assert 0 <= turnover_of(sides) <= 1


@given(tables, alphas, st.randoms(use_true_random=False), st.floats(1e-3, 1e3))
@settings(max_examples=100)
def test_order_and_scale_of_the_groups_do_not_matter(
    rows: list[tuple[float, float]], alpha: float, draw: random.Random, scale: float
) -> None:
    mixed = draw.sample(rows, len(rows))
    assert unmatched(sides_of(mixed), alpha) == unmatched(sides_of(rows), alpha)
    assert turnover_of(sides_of(mixed)) == turnover_of(sides_of(rows))
    scaled = sides_of([(v * scale, u / scale) for v, u in rows])
    assert unmatched(scaled, alpha) == pytest.approx(unmatched(sides_of(rows), alpha), abs=1e-12)
    assert turnover_of(scaled) == pytest.approx(turnover_of(sides_of(rows)), abs=1e-12)


@given(tables)
@settings(max_examples=60)
def test_m_is_the_square_of_hellinger_at_one_half(rows: list[tuple[float, float]]) -> None:
    sides = sides_of(rows)
    root = hellinger(sides, corrected=False, certain=False).value
    assert root is not None
    assert root**2 == pytest.approx(unmatched(sides, 0.5), abs=1e-12)
    # Le Cam: H² ≤ total variation ≤ H √(2 − H²)
    assert root**2 <= turnover_of(sides) + 1e-12
    assert turnover_of(sides) <= root * (2 - root**2) ** 0.5 + 1e-7


@given(tables.filter(lambda rows: len(rows) > 1), alphas)
@settings(max_examples=60)
def test_merging_groups_never_increases_mismatch(
    rows: list[tuple[float, float]], alpha: float
) -> None:
    (v, u), (w, x), *rest = rows
    merged = sides_of([(v + w, u + x), *rest])
    assert turnover_of(merged) <= turnover_of(sides_of(rows)) + 1e-12
    assert unmatched(merged, alpha) <= unmatched(sides_of(rows), alpha) + 1e-12


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=40), st.floats(0.1, 10), alphas)
@settings(max_examples=60)
def test_equal_distributions_have_none(sizes: list[int], ratio: float, alpha: float) -> None:
    sides = sides_of([(float(size), size * ratio) for size in sizes])
    assert unmatched(sides, alpha) == pytest.approx(0, abs=1e-12)
    assert turnover_of(sides) == pytest.approx(0, abs=1e-12)


@given(st.lists(counts.filter(bool), min_size=2, max_size=20), alphas)
@settings(max_examples=30)
def test_sides_that_share_no_group_are_wholly_mismatched(sizes: list[float], alpha: float) -> None:
    rows = [(size, 0.0) if i % 2 else (0.0, size) for i, size in enumerate(sizes)]
    assert unmatched(sides_of(rows), alpha) == 1
    assert turnover_of(sides_of(rows)) == pytest.approx(1, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=5))
@settings(max_examples=20)
def test_the_closed_mean_agrees_with_permutations(rows: list[tuple[int, int]]) -> None:
    v, u = (sum(side) for side in zip(*rows, strict=True))
    assume(v and u)
    draw = np.random.default_rng(1)
    sizes = [a + b for a, b in rows]
    drawn = draw.multivariate_hypergeometric(sizes, v, size=4000)
    simulated = 1 - np.sqrt(drawn / v * (np.asarray(sizes) - drawn) / u).sum(axis=1)
    exact = null_mean(_overlap(0.5), sides_of([(float(a), float(b)) for a, b in rows]))
    error = simulated.std() / 4000**0.5
    assert exact == pytest.approx(simulated.mean(), abs=5 * error + 1e-9)


@pytest.mark.parametrize("n", [10, 100, 3000])
def test_intervals_cover_the_truth(n: int) -> None:
    """120 samples from a known pair: fewer than 88 % covered has p < 0.001 at 95 %."""
    draw = np.random.default_rng(n)
    p, q = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.2, 0.2, 0.25, 0.35])
    truth = Sides(
        vacancies=tuple(p), unemployed=tuple(q), vacancies_total=1.0, unemployed_total=1.0
    )
    true_m, true_turnover, covered = unmatched(truth), turnover_of(truth), [0, 0]
    for seed in range(120):
        drawn = draw.multinomial(n, p), draw.multinomial(10 * n, q)
        sides = sides_of([(float(v), float(u)) for v, u in zip(*drawn, strict=True)])
        for i, (told, true) in enumerate(
            ((sahin(sides, seed=seed), true_m), (turnover(sides, seed=seed), true_turnover))
        ):
            assert told.lower is not None
            assert told.upper is not None
            covered[i] += told.lower <= true <= told.upper
    assert min(covered) >= 0.88 * 120
