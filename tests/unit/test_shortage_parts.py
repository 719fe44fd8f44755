"""Components of shortage, each as a pure function: known answers, properties, degenerate input."""

from __future__ import annotations

from math import exp, isclose, isfinite, log
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from alerts.indicators.estimate import Estimated
from alerts.indicators.filling import applicants_per_vacancy, fill_rate
from alerts.indicators.growth import AGAINST_EXPECTED, Expected, growth, inflation
from alerts.indicators.pay import Pay, effective, median_pay
from alerts.indicators.pooling import Cell, pooled_rate, weights
from alerts.indicators.reposts import Closed, Prior, jeffreys, prior_of, repost_rate
from alerts.indicators.spread import count_mean, difference, share
from alerts.indicators.tightness import Side, Supply, tightness
from alerts.indicators.wages import NOMINAL, Offer, Prices, wage_growth
from warehouse.series import Standing

COUNTS, DISPERSIONS = st.integers(0, 100_000), st.floats(1.0, 8.0)
PAYS = st.lists(st.floats(1e5, 1e8), min_size=6, max_size=60)


def ordered(found: Estimated) -> bool:
    """Finite, and its interval around its value; or no figure, and no interval."""
    ends = (found.lower, found.value, found.upper)
    if found.value is None:
        return ends == (None, None, None)
    told = [end for end in ends if end is not None]
    return all(map(isfinite, told)) and told == sorted(told)


@given(COUNTS, DISPERSIONS)
def test_a_count_lies_in_the_interval_of_its_mean_which_widens_with_dispersion(
    count: int, dispersion: float
) -> None:
    lower, upper = count_mean(count, dispersion)
    wide_lower, wide_upper = count_mean(count, dispersion * 2)
    assert lower >= 0
    assert lower <= count or count == 0
    assert count <= upper
    assert wide_upper > upper
    assert wide_lower <= lower or count < 2 * dispersion


def test_intervals_refuse_what_is_no_count_or_share() -> None:
    with pytest.raises(ValueError, match="-1"):
        count_mean(-1)
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)


def test_a_difference_of_equal_symmetric_intervals_is_wider_by_root_two() -> None:
    lower, upper = difference(3.0, (2.0, 4.0), 1.0, (0.0, 2.0))
    assert isclose(upper - 2.0, 2**0.5)
    assert isclose(2.0 - lower, 2**0.5)


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.1, 20)), min_size=1, max_size=30))
@settings(max_examples=15)
def test_a_pooled_rate_lies_between_the_cells_own_and_the_expected(
    rows: list[tuple[int, float]],
) -> None:
    cells = [Cell(count=count, weeks=13, expected=rate) for count, rate in rows]
    kappa = weights(cells)
    for cell in cells:
        found = pooled_rate(cell, kappa)
        assert ordered(found)
        assert found.value is not None
        low, high = sorted((cell.count / cell.weeks, cell.expected))
        assert low - 1e-9 <= found.value <= high + 1e-9


def test_the_weight_of_the_expectation_is_found_again() -> None:
    rng = np.random.default_rng(3)
    rates = rng.gamma(8 * 4.0, 1 / 8, size=800)
    cells = [Cell(count=int(rng.poisson(r * 10)), weeks=10, expected=4.0) for r in rates]
    assert 6 < weights(cells).usual < 10.5
    alike = [Cell(count=int(rng.poisson(40)), weeks=10, expected=4.0) for _ in range(400)]
    assert weights(alike).usual > 60


def test_nothing_expected_and_nothing_seen_is_no_rate() -> None:
    cell = Cell(count=0, weeks=4, expected=0.0)
    assert pooled_rate(cell, weights([cell])).standing is Standing.TOO_FEW
    with pytest.raises(ValueError, match="not a cell"):
        Cell(count=-1, weeks=4, expected=1)


@given(st.integers(5, 5000), st.integers(0, 50_000), st.integers(0, 50_000), DISPERSIONS)
def test_tightness_is_ordered_rises_with_vacancies_and_falls_with_supply(
    open_now: int, people: int, others: int, dispersion: float
) -> None:
    nation = Side(open_now=20_000, supply=Supply(people=people + others, error=50.0))
    cells = [
        Side(open_now=open_now, supply=Supply(people=people, error=10.0)),
        Side(open_now=open_now + 1, supply=Supply(people=people, error=10.0)),
        Side(open_now=open_now, supply=Supply(people=people + 1, error=10.0)),
    ]
    base, more, slack = (tightness(cell, nation, dispersion=dispersion) for cell in cells)
    assert ordered(base)
    assert (slack.value or 0) < (base.value or 0) < (more.value or 0)


def test_tightness_without_supply_is_never_imputed() -> None:
    nation = Side(open_now=900, supply=Supply(people=4000))
    assert tightness(Side(open_now=50, supply=None), nation).standing is Standing.NO_SUPPLY
    alone = Side(open_now=50, supply=Supply(people=9))
    missing = Side(open_now=900, supply=None)
    assert tightness(alone, missing).standing is Standing.NO_SUPPLY
    few = Side(open_now=4, supply=Supply(people=9))
    assert tightness(few, nation).standing is Standing.TOO_FEW


def test_tightness_is_the_formula_and_a_survey_widens_it() -> None:
    nation = Side(open_now=900, supply=Supply(people=4000))
    counted = tightness(Side(open_now=50, supply=Supply(people=100)), nation)
    surveyed = tightness(Side(open_now=50, supply=Supply(people=100, error=30)), nation)
    assert isclose(counted.value or 0, log(50.5 / 100.5) - log(900.5 / 4000.5))
    assert surveyed.value == counted.value
    assert (surveyed.lower or 0) < (counted.lower or 0) < (counted.upper or 0)
    assert tightness(nation, nation).value == 0.0


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.2, 20), st.floats(0.2, 20))
def test_a_repost_rate_is_ordered_and_within_0_and_1(
    hits: int, misses: int, a: float, b: float
) -> None:
    found = repost_rate(
        Closed(reposted=hits, closed=hits + misses),
        Prior(mean=a / (a + b), sizes=np.array([a + b]), chances=np.array([1.0])),
    )
    assert ordered(found)
    assert found.value is None or 0 < found.value < 1
    assert (found.value is None) == (hits + misses < 5)


def test_the_prior_of_repost_rates_is_found_again_whatever_the_order() -> None:
    rng = np.random.default_rng(4)
    shares = rng.beta(3, 9, size=600)
    cells = [Closed(reposted=int(rng.binomial(30, p)), closed=30) for p in shares]
    found, again = prior_of(cells), prior_of(cells[::-1])
    assert 0.23 < found.mean < 0.27
    assert 9 < float(found.chances @ found.sizes) < 16
    assert again.chances == pytest.approx(found.chances)
    assert prior_of(cells[:2]) == jeffreys()
    with pytest.raises(ValueError, match="re-posted"):
        Closed(reposted=2, closed=1)


@given(st.integers(0, 500), st.integers(0, 500), COUNTS)
def test_filling_is_ordered(filled: int, unfilled: int, applicants: int) -> None:
    vacancies = filled + unfilled
    assert ordered(fill_rate(filled, vacancies))
    assert ordered(applicants_per_vacancy(applicants, vacancies))


def test_filling_refuses_the_impossible() -> None:
    with pytest.raises(ValueError, match="filled"):
        fill_rate(3, 2)
    with pytest.raises(ValueError, match="applicants"):
        applicants_per_vacancy(-1, 5)


@given(st.lists(st.integers(0, 80), min_size=0, max_size=90), DISPERSIONS)
def test_growth_is_ordered_or_too_short(weekly: list[int], inflated: float) -> None:
    found = growth(weekly, inflated=inflated)
    assert ordered(found)
    assert (found.standing is Standing.TOO_SHORT) == (len(weekly) < 65)


def test_growth_is_the_formula() -> None:
    weekly = [10] * 13 + [3] * 39 + [20] * 13
    found = growth(weekly)
    assert isclose(found.value or 0, log(20.5 / 10.5))
    assert found.n == 390
    assert (found.lower or 0) > 0


def test_growth_stands_against_what_is_expected_while_history_is_short() -> None:
    expected = Expected(weekly=10, relative_error=0.1)
    found = growth([20] * 20, expected=expected)
    sure = growth([20] * 20, expected=Expected(weekly=10, relative_error=0))
    assert found.method == AGAINST_EXPECTED
    assert isclose(found.value or 0, log(20.5 / 10.5))
    assert (found.lower or 0) < (sure.lower or 0)


def test_correlation_and_bunches_inflate_and_independence_does_not() -> None:
    rng = np.random.default_rng(5)
    plain = [rng.poisson(20, size=104).tolist() for _ in range(30)]
    bunched = [(4 * rng.poisson(5, size=104)).tolist() for _ in range(30)]
    slow = [np.repeat(rng.poisson(20, size=26), 4).tolist() for _ in range(30)]
    assert inflation(plain) < 1.3
    assert 3.3 < inflation(bunched) < 4.8
    assert inflation(slow) > 2.2
    assert inflation([]) == inflation([[0] * 60]) == inflation([[1, 2]]) == 1.0


def test_weeks_further_apart_than_the_sum_is_long_inflate_nothing() -> None:
    rng = np.random.default_rng(5)
    slow = [np.repeat(rng.poisson(20, size=26), 4).tolist() for _ in range(30)]
    variances, means = [np.var(each, ddof=1) for each in slow], [np.mean(each) for each in slow]
    assert isclose(inflation(slow, weeks=1), max(sum(variances) / sum(means), 1.0))
    assert inflation(slow, weeks=1) < inflation(slow, weeks=2) < inflation(slow, weeks=3)


@given(PAYS, st.floats(0.01, 100), st.randoms())
@settings(max_examples=50)
def test_median_pay_scales_with_the_currency_and_knows_no_order(
    pays: list[float], scale: float, random: Random
) -> None:
    found = median_pay([Pay(lower=pay, upper=pay) for pay in pays])
    mixed = list(pays)
    random.shuffle(mixed)
    scaled = median_pay([Pay(lower=pay * scale, upper=pay * scale) for pay in mixed])
    assert ordered(found)
    for one, other in ((found.value, scaled.value), (found.lower, scaled.lower)):
        assert one is not None
        assert other is not None
        assert isclose(one * scale, other, rel_tol=1e-9)


def test_the_interval_of_a_median_uses_the_ranks_of_the_sign_test() -> None:
    found = median_pay([Pay(lower=rank, upper=rank) for rank in range(1, 101)])
    assert binom.cdf(39, 100, 0.5) < 0.025 < binom.cdf(40, 100, 0.5)
    assert 40 <= (found.lower or 0) <= 41
    assert 60 <= (found.upper or 0) <= 61
    five = median_pay([Pay(lower=1, upper=3)] * 5)
    assert five.standing is Standing.TOO_FEW


def test_one_employers_postings_are_worth_fewer() -> None:
    pays = [Pay(lower=1, upper=3, employer=place % 2) for place in range(20)]
    assert effective(pays, 0.0) == 20
    assert effective(pays, 1.0) == pytest.approx(20 / 5.5)
    assert effective([], 0.5) == 0.0
    assert median_pay(pays, correlation=1.0).standing is Standing.TOO_FEW
    with pytest.raises(ValueError, match="lower"):
        Pay(lower=3, upper=2)


def offers(rng: np.random.Generator, growth_rate: float, n: int = 120) -> list[Offer]:
    """Pay by occupation and source, the mix moving towards the better paid one."""
    made = []
    for place in range(n):
        now = place % 2 == 0
        good = rng.random() < (0.7 if now else 0.3)
        level = 15 + 0.8 * good + growth_rate * now + rng.normal(0, 0.1)
        made.append(
            Offer(pay=exp(level), now=now, occupation="2" if good else "9",
                  source="ab"[place % 3 > 0], employer=place % 40 + 1)
        )  # fmt: skip
    return made


def test_wage_growth_is_free_of_the_mix_and_of_prices() -> None:
    sample = offers(np.random.default_rng(6), 0.2)
    nominal = wage_growth(sample, None, seed=1)
    real = wage_growth(sample, Prices(before=100, now=110), seed=1)
    assert nominal.method == NOMINAL
    assert (nominal.lower or 0) < 0.2 < (nominal.upper or 0)
    assert isclose((nominal.value or 0) - (real.value or 0), log(1.1))
    assert nominal == wage_growth(sample, None, seed=1)


def test_wage_growth_is_the_same_in_another_currency_and_agrees_with_statsmodels() -> None:
    from statsmodels.regression.quantile_regression import QuantReg

    from alerts.indicators.wages import _design

    sample = offers(np.random.default_rng(7), 0.1, 151)
    found = wage_growth(sample, None, seed=1)
    dear = [
        Offer(pay=o.pay * 21_000, now=o.now, occupation=o.occupation, source=o.source,
              employer=o.employer)
        for o in sample
    ]  # fmt: skip
    assert isclose(wage_growth(dear, None, seed=1).value or 0, found.value or 0, abs_tol=1e-6)
    theirs = QuantReg(np.log([o.pay for o in sample]), _design(sample)).fit(q=0.5, max_iter=5000)
    assert isclose(float(theirs.params[0]), found.value or 0, abs_tol=5e-3)


def test_wage_growth_is_not_told_from_a_mix_that_changed_wholly() -> None:
    sample, code = offers(np.random.default_rng(8), 0.1, 40), {True: "2", False: "9"}
    apart = [Offer(pay=o.pay, now=o.now, occupation=code[o.now], source="a") for o in sample]
    assert wage_growth(apart, None, seed=1).standing is Standing.DOES_NOT_CONVERGE
    assert wage_growth(sample[:20], None, seed=1).standing is Standing.TOO_FEW
    same = [Offer(pay=5.0, now=o.now, occupation="2", source="a") for o in sample]
    assert wage_growth(same, None, seed=1).value == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(ValueError, match="pay"):
        Offer(pay=0, now=True, occupation="", source="")
    with pytest.raises(ValueError, match="prices"):
        Prices(before=0, now=1)
