"""Agreement statistics against published worked examples."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dashboard.coding.agreement import (
    DoubleCoded,
    Statistic,
    agreements,
    cohen_kappa,
    estimate,
    krippendorff_alpha,
    share_equal,
    share_estimate,
)


def value(statistic: Statistic, items: int) -> float:
    return float(statistic(np.ones((1, items)))[0])


def from_table(table: list[list[int]]) -> tuple[list[str], list[str]]:
    """Two coders' values from a cross table of counts."""
    cells = [
        (str(i), str(j)) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)
    ]
    return [first for first, _ in cells], [second for _, second in cells]


def test_kappa_of_two_psychiatrists() -> None:
    # Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1.
    first, second = from_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert value(share_equal(first, second), 100) == pytest.approx(0.89)
    assert value(cohen_kappa(first, second), 100) == pytest.approx(0.676, abs=5e-4)


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: examples A, B and C.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbccceddd")
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def units(*observers: str) -> list[list[str]]:
    return [[one for one in column if one != "."] for column in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("observers", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692), (FOUR_OBSERVERS, 0.743)]
)
def test_alpha_of_the_published_examples(observers: tuple[str, ...], alpha: float) -> None:
    given = units(*observers)
    assert value(krippendorff_alpha(given), len(given)) == pytest.approx(alpha, abs=5e-4)


def test_without_variation_nothing_can_be_said() -> None:
    same = ["5223"] * 10
    for statistic in (cohen_kappa(same, same), krippendorff_alpha([*zip(same, same, strict=True)])):
        assert estimate(statistic, [1.0] * 10, seed=1).value is None
    assert estimate(share_equal(same, same), [1.0] * 10, seed=1).value == 1.0
    assert estimate(share_equal([], []), [], seed=1).value is None


def test_an_item_of_weight_two_counts_as_two_items_in_shares() -> None:
    first, second = ["1", "2", "1"], ["1", "1", "1"]
    doubled = share_equal([*first, "2"], [*second, "1"])
    weighted = share_equal(first, second)
    assert float(weighted(np.array([[1.0, 2.0, 1.0]]))[0]) == value(doubled, 4)


def test_intervals_hold_the_value_come_from_the_seed_and_narrow_with_items() -> None:
    widths = []
    for size in (40, 400):
        first = ["5"] * size
        second = ["5" if i % 4 else "9" for i in range(size)]
        given = estimate(share_equal(first, second), [1.0] * size, seed=7)
        assert given == estimate(share_equal(first, second), [1.0] * size, seed=7)
        assert given.lower is not None
        assert given.upper is not None
        assert given.value is not None
        assert given.lower < given.value < given.upper
        widths.append(given.upper - given.lower)
    assert widths[1] < widths[0] / 2


def test_where_all_agree_resampling_tells_nothing() -> None:
    first = ["5223", "2411"] * 5
    assert estimate(cohen_kappa(first, first), [1.0] * 10, seed=1).lower is None
    share = share_estimate(share_equal(first, first), [1.0] * 10, seed=1)
    # Wilson (1927): lower limit n / (n + z^2) where all of n agree.
    assert share.lower == pytest.approx(10 / (10 + 1.959964**2))
    assert share.upper == pytest.approx(1.0)
    uneven = share_estimate(share_equal(first, first), [9.0, *[1.0] * 9], seed=1)
    assert uneven.lower is not None
    assert share.lower is not None
    assert uneven.lower < share.lower


def test_fewer_digits_agree_at_least_as_often_and_the_machine_is_held_to_the_final_code() -> None:
    items = [
        DoubleCoded(vacancy_id="1", language="lo", first="5223", second="5221", coder="5223"),
        DoubleCoded(
            vacancy_id="2", language="lo", first="2411", second="2411", coder="3313", final="2411"
        ),
        DoubleCoded(vacancy_id="3", language="en", first="", second="9112", coder="", final=""),
    ]
    rows = agreements(items, seed=1)
    assert [(row.language, row.level) for row in rows[:5]] == [
        ("all", 1), ("all", 2), ("all", 3), ("all", 4), ("en", 1),
    ]  # fmt: skip
    overall = [row.percent.value or 0.0 for row in rows[:4]]
    assert overall == pytest.approx([2 / 3, 2 / 3, 2 / 3, 1 / 3])
    assert all(before >= after for before, after in pairwise(overall))
    assert (rows[0].settled, rows[0].accuracy.value) == (2, 0.5)
