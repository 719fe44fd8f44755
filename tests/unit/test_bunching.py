"""What vacancies posted in bunches are worth, and what that does to intervals of mismatch."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.indicators.bunching import bunching
from alerts.indicators.mismatch import sahin, turnover
from alerts.indicators.sides import Group, SidesError, sides_of
from alerts.indicators.tightness import Supply
from alerts.releases.cells import Place, samples
from alerts.releases.supply import _sides
from warehouse.facts import Counted

TABLE: list[Group] = [(24.0, 100.0), (12.0, 300.0), (4.0, 200.0)]
names = st.dictionaries(st.integers(1, 8), st.integers(-2, 30), max_size=8)


def test_an_employer_that_always_posts_in_one_group_is_worth_little_more_than_one() -> None:
    """Ten employers with four vacancies each, groups apart: d comes near 4."""
    groups = [dict.fromkeys(range(1, 6), 4), dict.fromkeys(range(6, 11), 4)]
    # ρ seen is 1 over 30 further vacancies, believed 0.5 over 5; pairs 10 × 12 over 40.
    assert bunching(groups, 40) == pytest.approx(1 + (2.5 + 30) / 35 * 3)


def test_employers_that_post_as_all_do_cost_nothing_once_they_are_many() -> None:
    groups = [dict.fromkeys(range(1, 101), 5), dict.fromkeys(range(1, 101), 5)]
    assert bunching(groups, 1000) == pytest.approx(1, abs=1e-9)


def test_who_has_no_name_or_posts_once_is_drawn_alone() -> None:
    assert bunching([{}, {}], 50) == 1
    assert bunching([{1: 1, 2: 1}, {3: 1}], 3) == 1
    assert bunching([], 0) == 1


def test_one_employer_alone_is_judged_by_what_is_believed() -> None:
    assert bunching([{1: 10}], 10) == pytest.approx(1 + 0.5 * 9)


@given(st.lists(names, max_size=6), st.integers(0, 100))
def test_it_lies_between_1_and_all(groups: list[dict[int, int]], unnamed: int) -> None:
    n = unnamed + sum(max(count, 0) for group in groups for count in group.values())
    assert 1 <= bunching(groups, n) <= max(n, 1)


def test_intervals_are_wider_and_values_as_before() -> None:
    for index in (sahin, turnover):
        alone, bunched = index(sides_of(TABLE)), index(sides_of(TABLE, bunching=4.0))
        assert bunched.value == alone.value
        assert bunched.n == alone.n == 40
        assert None not in (alone.lower, alone.upper, bunched.lower, bunched.upper)
        assert (bunched.upper or 0) - (bunched.lower or 0) > (alone.upper or 0) - (alone.lower or 0)
        assert (alone.method, bunched.method) == (
            f"{index.__name__}/2", f"{index.__name__}-bunched/2",
        )  # fmt: skip


def test_a_design_effect_below_1_is_refused() -> None:
    for wrong in (0.5, 0.0, float("inf"), float("nan")):
        with pytest.raises(SidesError, match="bunching"):
            sides_of(TABLE, bunching=wrong)


def test_releases_take_it_from_the_employers_of_the_area() -> None:
    day = date(2026, 10, 31).toordinal()
    rows = [
        Counted(day, "LA-VT", group, "K", employer, "alpha", 4)
        for group, employer in (("1", 1), ("1", 2), ("2", 3), ("9", 4))
    ]
    held = samples((row, row.n) for row in rows)
    people = {Place(area, g): Supply(people=50.0) for area in ("", "LA-VT") for g in "12"}
    sides = _sides(held, people, "LA-VT")
    assert sides.vacancies_total == 12  # the ninth group has no supply
    assert sides.bunching == bunching([{1: 4, 2: 4}, {3: 4}], 12)
    assert _sides(held, people, "LA-SV").bunching == 1
