"""Holidays: when they are, and that no page takes a feast for a fall of labour demand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from alerts.calendar import holiday
from dashboard.cube import PROVINCES
from dashboard.figures import rolling_expectation
from dashboard.holidays import ordinary_counts, ordinary_share, with_holidays
from dashboard.intervals import expected_count, log_change, p_value
from dashboard.language import CODES, language
from dashboard.summary import province_changes, summarise
from dashboard.text import week_sentence, week_verdict, what_changed
from tests.factories_dashboard import NOW, DailyRow, build, whole

EN = language("en")
PI_MAI_END = date(2026, 4, 19)


def test_moving_feasts_are_known_for_as_long_as_the_service_is_planned() -> None:
    """Days of 2026 and 2035 as Lao calendars have them."""
    assert holiday(date(2026, 7, 29)) == "Boun Khao Phansa"
    assert holiday(date(2025, 10, 7)) == "Boun Ok Phansa"
    assert holiday(date(2026, 11, 24)) == "Boun That Luang"
    assert holiday(date(2026, 2, 17)) == "Lunar New Year"
    for year in range(2024, 2056):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        assert len({holiday(day) for day in days} - {None}) == 9


@pytest.mark.parametrize("code", CODES)
def test_every_holiday_has_words_in_every_language(code: str) -> None:
    told = language(code)
    for ahead in range(3 * 366):
        day = date(2026, 1, 1) + timedelta(days=ahead)
        if holiday(day):
            assert with_holidays(told, "", day).strip()
    assert with_holidays(EN, "Said.", date(2026, 6, 28)) == "Said."
    assert with_holidays(EN, "Said.", PI_MAI_END).endswith("expected: Pi Mai Lao.")


def test_a_holiday_on_a_working_day_takes_a_fifth_of_a_week_at_most() -> None:
    assert ordinary_share(date(2026, 6, 28)) == 1.0
    assert ordinary_share(PI_MAI_END) == 0.0  # 13 to 17 April 2026, Monday to Friday
    assert ordinary_share(date(2026, 5, 3)) == pytest.approx(0.8)  # Labour Day, a Friday
    assert ordinary_share(date(2026, 3, 8)) == pytest.approx(6 / 7)  # Women's Day, a Sunday
    assert ordinary_share(PI_MAI_END, 28) == pytest.approx(0.75)
    assert ordinary_counts([PI_MAI_END, date(2026, 6, 28)], [3, 50]) == [50]


def test_holidays_widen_what_is_expected_to_their_side_alone() -> None:
    plain, short = expected_count([100] * 8), expected_count([100] * 8, 0.6)
    assert plain is not None
    assert short is not None
    assert short.upper == plain.upper
    assert short.lower < 60
    assert plain.lower > short.lower
    assert short.value == pytest.approx(80)


def test_a_fall_that_holidays_explain_is_no_finding_and_a_rise_beside_it_is() -> None:
    fall = log_change(900, 1200, now_share=0.75)
    assert not fall.excludes_zero
    assert p_value(fall) > 0.05
    assert log_change(900, 1200).excludes_zero
    assert log_change(1200, 900, now_share=0.75).excludes_zero
    assert not log_change(1200, 900, before_share=0.75).excludes_zero


def daily(of_day: Callable[[date], int], last: date, count: int = 200) -> list[DailyRow]:
    days = [last - timedelta(days=back) for back in range(count - 1, -1, -1)]
    return [
        DailyRow(day=day, province=code, isco1="5", flow=of_day(day), stock_delta=0)
        for day in days
        for code in PROVINCES
    ]


@pytest.mark.parametrize("after", [0, 10, 21])
def test_pi_mai_is_no_fall_on_any_page(after: int) -> None:
    """Boards fall silent for the feast: no page may call that below expectation or a change."""
    last = PI_MAI_END + timedelta(days=after + 1)
    cube = build(daily(lambda day: 2 if holiday(day) else 10, last))
    assert cube is not None
    basis = whole(cube)
    summary = summarise(cube, (), (), NOW, basis)
    assert summary.week_expected is not None
    assert week_verdict(summary) == "within"
    assert not any(one.change.excludes_zero for one in province_changes(cube).values())
    assert ("Pi Mai Lao" in week_sentence(EN, summary)) == (after == 0)
    assert any("none changed" in said for said in what_changed(EN, basis, summary))
    ends, counts = cube.weekly_flow()
    bands = rolling_expectation(ends, counts)
    judged = [(n, band) for n, band in zip(counts, bands, strict=True) if band]
    assert judged
    assert all(band.lower <= n <= band.upper for n, band in judged)


def test_a_collapse_after_the_feast_is_still_seen() -> None:
    last = PI_MAI_END + timedelta(days=22)
    cube = build(daily(lambda day: 2 if holiday(day) or day > PI_MAI_END else 10, last))
    assert cube is not None
    assert week_verdict(summarise(cube, (), (), NOW, whole(cube))) == "below"
    assert all(one.change.excludes_zero for one in province_changes(cube).values())
