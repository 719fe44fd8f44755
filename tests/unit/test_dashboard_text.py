"""Sentences say what the data say, with their uncertainty, and no more."""

from __future__ import annotations

import random
from datetime import date, timedelta

from dashboard.cube import PROVINCES, Cube, DailyRow, build
from dashboard.language import language
from dashboard.summary import province_changes, summarise
from dashboard.text import map_sentence, what_changed
from tests.factories_dashboard import NOW, alerts, snapshot, sources

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


def test_a_quiet_week_is_said_to_be_quiet() -> None:
    cube = flat()
    sentences = what_changed(ENGLISH, cube, summarise(cube, (), (), NOW))
    assert len(sentences) == 2
    assert "within what was expected" in sentences[0]
    assert "none changed by more than chance explains" in sentences[1]


def test_a_collapse_is_named_with_its_interval_and_counts() -> None:
    cube = flat({"LA-XA": 0.4})
    sentences = what_changed(ENGLISH, cube, summarise(cube, (), (), NOW))
    named = next(text for text in sentences if text.startswith("Xayabury:"))
    change = province_changes(cube)["LA-XA"]
    assert "down" in named
    assert f"{change.now} against {change.before}" in named
    assert "95% interval" in named
    assert not any(text.startswith("Champasak") for text in sentences)


def test_a_silent_source_is_told_and_lowers_what_is_confirmed() -> None:
    held = snapshot(days=120, mean=80)
    assert held.cube is not None
    summary = summarise(held.cube, sources(), alerts(), NOW)
    assert summary.silent_sources == ("champa-work",)
    assert summary.stock_confirmed < summary.stock
    assert summary.firing == 3
    assert summary.open_alerts == 4
    text = what_changed(LAO, held.cube, summary)[-1]
    assert "champa-work" in text


def test_without_history_nothing_is_expected() -> None:
    day = date(2026, 1, 1)
    cube = build([DailyRow(day=day, province="", isco1="", flow=3, stock_delta=3)])
    assert cube is not None
    summary = summarise(cube, (), (), None)
    assert summary.week_expected is None
    assert "not enough history" in what_changed(ENGLISH, cube, summary)[0]
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
