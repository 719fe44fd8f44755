"""Sentences say what the data say, with their uncertainty, and no more."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from dashboard.comparison import Basis, Fitness
from dashboard.cube import PROVINCES, Cube
from dashboard.language import language
from dashboard.summary import dispersion, group_changes, province_changes, summarise
from dashboard.text import map_sentence, what_changed
from tests.factories_dashboard import (
    LAST_DAY,
    NOW,
    DailyRow,
    alerts,
    build,
    fitness,
    snapshot,
    sources,
    whole,
)

LAO, ENGLISH = language("lo"), language("en")


def flat(changed: dict[str, float] | None = None) -> Cube:
    """A year without change, but for the last four weeks of some provinces."""
    rng = random.Random(5)
    rows = []
    for ahead in range(200):
        for code in PROVINCES:
            factor = (changed or {}).get(code, 1.0) if ahead >= 171 else 1.0
            flow = max(0, round(rng.gauss(10 * factor, 1)))
            rows.append(
                DailyRow(
                    day=date(2026, 1, 1) + timedelta(days=ahead),
                    province=code,
                    isco1=str(1 + ahead % 9),
                    flow=flow,
                    stock_delta=0,
                )
            )
    cube = build(rows)
    assert cube is not None
    return cube


def said(cube: Cube, basis: Basis | None = None) -> list[str]:
    held = basis or whole(cube)
    return what_changed(ENGLISH, held, summarise(cube, (), (), NOW, held))


def test_a_quiet_week_is_said_to_be_quiet() -> None:
    cube = flat()
    sentences = said(cube)
    assert len(sentences) == 2
    assert "within what was expected" in sentences[0]
    assert "none changed by more than chance explains" in sentences[1]


def test_a_collapse_is_named_with_its_interval_and_counts() -> None:
    cube = flat({"LA-XA": 0.4})
    sentences = said(cube)
    named = next(text for text in sentences if text.startswith("Xayabury:"))
    change = province_changes(cube)["LA-XA"]
    assert "down" in named
    assert f"{change.now} against {change.before}" in named
    assert "95% interval" in named
    assert not any(text.startswith("Champasak") for text in sentences)


def test_a_silent_source_is_told_and_lowers_what_is_confirmed() -> None:
    held = snapshot(days=120, mean=80)
    assert held.cube is not None
    summary = summarise(held.cube, sources(), alerts(), NOW, whole(held.cube))
    assert summary.silent_sources == ("champa-work",)
    assert summary.stock_confirmed < summary.stock
    assert summary.firing == 3
    assert summary.open_alerts == 4
    text = what_changed(LAO, whole(held.cube), summary)[-1]
    assert "champa-work" in text


def test_without_history_nothing_is_expected() -> None:
    day = date(2026, 1, 1)
    cube = build([DailyRow(day=day, province="", isco1="", flow=3, stock_delta=3)])
    assert cube is not None
    summary = summarise(cube, (), (), None, whole(cube))
    assert summary.week_expected is None
    assert "not enough history" in what_changed(ENGLISH, whole(cube), summary)[0]
    assert summary.today_flow == 3


def test_few_vacancies_are_too_few_to_tell() -> None:
    rows = [
        DailyRow(
            day=date(2026, 1, 1) + timedelta(days=ahead),
            province="LA-XS",
            isco1="2",
            flow=1,
            stock_delta=1,
        )
        for ahead in range(0, 80, 8)
    ]
    cube = build(rows)
    assert cube is not None
    assert not province_changes(cube)["LA-XS"].enough


def test_the_map_in_words() -> None:
    values: dict[str, float | None] = dict.fromkeys(PROVINCES, 1.0)
    flow = map_sentence(ENGLISH, "flow", {**values, "LA-CH": 9.0, "LA-XS": 0.25})
    assert flow == "Highest: Champasak (9.00); lowest: Xaisomboun (0.25)."
    change = map_sentence(ENGLISH, "change", {**values, "LA-CH": -0.2, "LA-XS": None, "LA-SV": 0.0})
    assert change == "Up in 15 provinces, down in 1, unclear in 2."


def days(count: int, flow: int, doubled: int = 0) -> Cube:
    """So many days with one count; the last `doubled` complete ones have twice as many."""
    rows = [
        DailyRow(
            day=LAST_DAY - timedelta(days=count - 1 - ahead),
            province="LA-VT",
            isco1="5",
            flow=flow * (2 if ahead >= count - 1 - doubled else 1),
            stock_delta=0,
        )
        for ahead in range(count)
    ]
    cube = build(rows)
    assert cube is not None
    return cube


def test_36_flat_days_are_no_rise() -> None:
    cube = days(37, 50)
    assert province_changes(cube) == group_changes(cube) == {}
    sentences = said(cube)
    assert len(sentences) == 2
    assert "not enough history" in sentences[0]
    assert sentences[1] == "A four-week change needs eight weeks of history."


def test_history_counts_from_the_first_observed_day_and_not_from_the_first_dated_one() -> None:
    cube = days(120, 50)
    basis = Basis(cube=cube, sources=whole(cube).sources, history_days=56)
    assert said(cube, basis)[1] == "A four-week change needs eight weeks of history."


def test_a_source_that_joined_is_named_and_is_no_rise() -> None:
    register, compared = days(120, 50, doubled=28), days(120, 50)
    assert any("up 100%" in text for text in said(register))
    joined = fitness("new-board", first_day=date(2026, 10, 25), fitness=Fitness.JOINED)
    basis = Basis(cube=compared, sources=(fitness("lao-jobs"), joined), history_days=119)
    sentences = said(register, basis)
    assert not any("over four weeks" in text for text in sentences)
    assert "the compared sources posted 350 new vacancies: within" in sentences[0]
    assert sentences[-1] == (
        "Source new-board joined on 25 October 2026: left out of the comparison."
    )


def test_sources_that_were_out_are_named() -> None:
    cube = days(120, 50)
    brief = fitness("savan-feed", days_out=1)
    long = fitness("champa-work", days_out=9, fitness=Fitness.OUT)
    sentences = said(cube, Basis(cube=cube, sources=(brief, long), history_days=119))
    assert sentences[-2:] == [
        "Source savan-feed: days it was out: 1.",
        "Source champa-work is left out of the comparison; days it was out: 9.",
    ]


def test_without_any_source_to_compare_no_change_is_stated() -> None:
    cube = days(120, 50, doubled=28)
    out = fitness("champa-work", days_out=9, fitness=Fitness.OUT)
    basis = Basis(cube=cube, sources=(out,), history_days=119)
    assert summarise(cube, (), (), NOW, basis).week_expected is None
    assert "No source was read throughout" in said(cube, basis)[1]


def test_unrest_is_averaged_before_it_is_held_at_chance() -> None:
    calm, wild = [100, 100, 100, 100], [70, 130, 100, 100]
    assert dispersion([*calm * 5, *wild]) == 1.0
    assert dispersion([*wild * 6]) == pytest.approx(6.0)
