"""Mismatch on small cases whose answers are known by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from alerts.indicators.chance import null_mean
from alerts.indicators.mismatch import _overlap, sahin, turnover, turnover_of, unmatched
from alerts.indicators.sides import SidesError, sides_of
from alerts.indicators.skills_mismatch import hellinger
from warehouse.series import Standing

TWO = sides_of([(30.0, 10.0), (10.0, 30.0)])


def test_two_groups_by_hand() -> None:
    assert unmatched(TWO) == pytest.approx(1 - 2 * sqrt(0.75 * 0.25), abs=1e-15)
    assert turnover_of(TWO) == 0.5
    assert unmatched(TWO, 0.3) == pytest.approx(
        1 - 0.75**0.3 * 0.25**0.7 - 0.25**0.3 * 0.75**0.7, abs=1e-15
    )


def test_units_of_no_known_group_are_in_the_totals_only() -> None:
    apart = sides_of([(30.0, 10.0), (10.0, 30.0)], vacancies_total=50, unemployed_total=80)
    matched = sqrt(30 / 50 * 10 / 80) + sqrt(10 / 50 * 30 / 80)
    assert unmatched(apart) == pytest.approx(1 - matched, abs=1e-15)


def test_a_group_missing_on_one_side_is_left_out_and_counted() -> None:
    summed = sides_of([(30.0, 10.0), (10.0, 30.0), (None, 5.0), (7.0, None)])
    assert (summed.untold, summed.vacancies_total, summed.unemployed_total) == (2, 40, 40)
    assert unmatched(summed) == unmatched(TWO)
    stated = sides_of([(30.0, 10.0), (10.0, 30.0), (7.0, None)], vacancies_total=47)
    zero = sides_of([(30.0, 10.0), (10.0, 30.0), (7.0, 0.0)])
    assert unmatched(stated) == unmatched(zero) > unmatched(TWO)


@pytest.mark.parametrize(
    ("groups", "standing"),
    [
        ([(0.0, 4.0)], Standing.TOO_FEW),
        ([(4.0, 0.0)], Standing.NO_SUPPLY),
        ([], Standing.TOO_FEW),
        ([(None, 4.0)], Standing.TOO_FEW),
    ],
)
def test_a_side_without_units_is_told_as_such(
    groups: list[tuple[float | None, float | None]], standing: Standing
) -> None:
    sides = sides_of(groups)
    for told in (sahin(sides), turnover(sides), hellinger(sides)):
        assert (told.value, told.standing) == (None, standing)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_alpha_is_between_0_and_1(alpha: float) -> None:
    with pytest.raises(SidesError, match="alpha"):
        sahin(TWO, alpha=alpha)


@pytest.mark.parametrize("groups", [[(-1.0, 2.0)], [(float("inf"), 1.0)], [(1.0, float("nan"))]])
def test_figures_that_cannot_be_counts_are_refused(groups: list[tuple[float, float]]) -> None:
    with pytest.raises(SidesError):
        sides_of(groups)


def test_groups_exceed_their_total_by_a_vintage_at_most() -> None:
    with pytest.raises(SidesError, match="exceeds"):
        sides_of([(30.0, 10.0)], vacancies_total=20)
    other_vintage = sides_of([(30.0, 10.0)], vacancies_total=29, unemployed_total=9.9)
    assert unmatched(other_vintage) == 1 - sqrt(30 / 29) * sqrt(10 / 9.9)
    assert sahin(other_vintage).lower == 0


def test_the_mean_by_chance_is_that_of_all_permutations() -> None:
    """Vacancies 2 of 4 units in groups of 2: 6 equally likely draws, told by hand."""
    sides = sides_of([(2.0, 0.0), (0.0, 2.0)])
    apart, even = 1.0, 0.0
    assert null_mean(_overlap(0.5), sides) == pytest.approx((2 * apart + 4 * even) / 6, abs=1e-12)


def test_correction_takes_chance_away_and_never_goes_below_0() -> None:
    few = sides_of([(1.0, 200.0), (2.0, 200.0), (2.0, 200.0)])
    plain, corrected = sahin(few), sahin(few, corrected=True)
    assert plain.value is not None
    assert plain.value > 0.01
    assert (corrected.value, corrected.method) == (0.0, "sahin-corrected/2")
    assert (plain.n, plain.method) == (5, "sahin/2")


def test_intervals_are_reproducible_and_blind_to_the_order_of_groups() -> None:
    turned = sides_of([(10.0, 30.0), (30.0, 10.0)])
    assert sahin(TWO, seed=7) == sahin(turned, seed=7)
    told = sahin(TWO, seed=7)
    assert told.lower is not None
    assert told.upper is not None
    assert 0 < told.lower < told.upper < 1


def test_hellinger_is_the_root() -> None:
    told = hellinger(TWO, corrected=False, certain=False)
    assert told.value == sqrt(unmatched(TWO))
    assert told.lower is None


def test_intervals_stand_at_the_edges() -> None:
    nobody_known = sides_of([(0.0, 0.0)], vacancies_total=5, unemployed_total=5)
    assert sahin(nobody_known).value == 1
    rounded = sides_of([(1e4 / 3 + 1e-6, 1e4)] * 3, vacancies_total=1e4)
    assert sahin(rounded).value == pytest.approx(0, abs=1e-9)
