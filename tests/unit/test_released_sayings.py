"""Sentences made of published figures: what is unusual, what changed, and what cannot be told."""

from __future__ import annotations

import pytest

from dashboard.geography import provinces
from dashboard.language import language
from dashboard.released import NATION, WEEKLY, Cell, Figures, figures_of
from dashboard.sayings import (
    change_saying,
    expected_week,
    four_weeks_change,
    growth_saying,
    moved_sayings,
    shortage_saying,
    week_saying,
)
from tests.factories_released import line, observation, of, released
from warehouse.disclosure.records import View
from warehouse.series import Standing

EN = language("en")


def test_the_newest_week_is_held_to_the_weeks_before_it() -> None:
    calm = [100.0, 104, 98, 101, 97, 103, 99, 102, 100]
    for newest, verdict in ((101.0, "within"), (190.0, "more than"), (20.0, "fewer than")):
        said = week_saying(EN, of({"flow": line([*calm, newest])}), NATION)
        assert verdict in said
        assert EN.number(newest) in said
    assert "Eight weeks" in week_saying(EN, of({"flow": line([100, 100, 110])}), NATION)


@pytest.mark.parametrize("newest", [190.0, 20.0])
def test_no_week_is_called_unusual_where_the_sources_were_not_the_same(newest: float) -> None:
    figures = of({"flow": line([100.0, 104, 98, 101, 97, 103, 99, 102, 100, newest])})
    said = week_saying(EN, figures, NATION, comparable=False)
    assert EN.number(newest) in said
    assert "the sources were not the same" in said
    assert "more than" not in said
    assert "fewer than" not in said
    calm = of({"flow": line([100.0, 104, 98, 101, 97, 103, 99, 102, 100, 101])})
    assert week_saying(EN, calm, NATION, comparable=False) == week_saying(EN, calm, NATION)


def test_a_week_that_is_not_told_gives_its_reason() -> None:
    said = week_saying(EN, of({"flow": line([100.0] * 9 + [None])}), NATION)
    assert "too few vacancies" in said


def test_rounding_makes_expectations_and_changes_less_sure() -> None:
    counts = [40.0, 45, 35, 40, 45, 40, 35, 40, 45, 40, 40, 45]
    exact, rounded = line(counts), line(counts, step=5)
    first, second = expected_week(exact), expected_week(rounded)
    assert first is not None
    assert second is not None
    assert second.upper - second.lower == pytest.approx(first.upper - first.lower + 5)
    narrow, wide = four_weeks_change(exact), four_weeks_change(rounded)
    assert narrow is not None
    assert wide is not None
    assert wide[0].upper > narrow[0].upper


def test_a_gap_in_the_weeks_is_no_change() -> None:
    held = of({"flow": line([100, 100, 100, 100, None, 100, 100, 100, 400])})
    assert "not assessable" in change_saying(EN, held, NATION)


def test_four_weeks_are_told_up_down_and_unclear() -> None:
    for after, words in ((300, "more vacancies"), (30, "fewer vacancies"), (100, "no change")):
        said = change_saying(EN, of({"flow": line([100] * 6 + [after] * 4)}), NATION)
        assert words in said
    assert "too few" in change_saying(EN, of({"flow": line([1] * 10)}), NATION)


def test_of_many_cells_only_those_that_stand_out_are_named() -> None:
    cells = [Cell(province=code) for code in provinces()]
    calm = [100.0, 104, 98, 101, 97, 103, 99, 102, 100, 101]
    held = {cell: line(calm) for cell in cells[2:]}
    held[cells[0]] = line([*calm[:6], 160, 170, 165, 158])
    lines = {cell.series("flow", WEEKLY): found for cell, found in held.items()}
    said = moved_sayings(EN, Figures(lines=lines), cells)
    assert len(said) == 2
    assert provinces()["LA-VT"].name_en in said[0]
    assert "up 6" in said[0]
    assert "1 cannot be compared" in said[1]
    lines.pop(cells[0].series("flow", WEEKLY))
    assert "none changed" in moved_sayings(EN, Figures(lines=lines), cells)[0]


def test_an_answer_of_a_coarser_cell_is_not_told_as_this_ones() -> None:
    held = released(
        [observation("growth", value=0.3, standing=Standing.ROLLED_UP, answered_province="LA-CH")]
    )
    said = growth_saying(EN, figures_of(held, View.DEPARTMENT), NATION)
    assert "35%" not in said
    assert "too few" in said


def test_shortage_needs_supply_and_pressure_says_that_it_lacks_it() -> None:
    group = Cell(group="7")
    short = released([observation("shortage_probability", ("", "7", ""), value=0.8, n=90)])
    pressed = released([observation("demand_pressure", ("", "7", ""), value=2.6, n=90)])
    assert "probably short" in shortage_saying(EN, figures_of(short, View.PUBLIC), [group])
    said = shortage_saying(EN, figures_of(pressed, View.PUBLIC), [group])
    assert "no proof of a shortage" in said
    assert "not assessable" in shortage_saying(EN, Figures(), [group])
