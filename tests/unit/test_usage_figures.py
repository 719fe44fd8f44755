"""Indicators 1.2 and 1.3: counting without persons, sums of response times, what is kept a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.cards.use import use_tables
from dashboard.language import CODES, language
from dashboard.markup import to_html
from tests.factories_dashboard import snapshot
from tests.unit.test_strategy_page import drawn, entry
from warehouse.active_users import (
    BUCKETS,
    QuarterUse,
    bucket,
    counted,
    is_machine,
    last_of_quarter,
    quarter_of,
)
from warehouse.disclosure.records import View
from warehouse.quality.strategy import ValueOrigin
from warehouse.response_times import Asked, ResponseTimes, RouteTimes, asked_of, times_of
from warehouse.strategy_values import Found, StrategyValue, told_values, values_of
from warehouse.usage_figures import Use, usage_figures

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SECRET = b"of the quarter"


def use(**changes: object) -> Use:
    facts: dict[str, object] = {
        "today": TODAY, "as_of": NOW,
        "quarters": (
            QuarterUse(quarter=date(2026, 7, 1), requests=900, filled=300, filled_inside=12),
            QuarterUse(quarter=date(2026, 10, 1), requests=500, filled=100, filled_inside=9),
        ),
        "times": tuple(
            times_of(
                [
                    RouteTimes(route="/en/v1/series", timed=0, total_ms=0, total_ms2=0,
                               within_2s=0, within_5s=0),
                    RouteTimes(route="/v1/series", timed=4, total_ms=8000, total_ms2=40e6,
                               within_2s=2, within_5s=3),
                    RouteTimes(route="/en/alerts", timed=10, total_ms=1000, total_ms2=2e5,
                               within_2s=9, within_5s=10),
                    RouteTimes(route="unknown", timed=99, total_ms=9e9, total_ms2=9e18,
                               within_2s=0, within_5s=0),
                ],
                since=TODAY - timedelta(days=27), until=TODAY,
            )
        ),
    }  # fmt: skip
    return Use(**(facts | changes))  # type: ignore[arg-type]


@given(st.integers(0, 60_000), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_the_number_of_users_is_estimated_within_its_interval(users: int, seed: int) -> None:
    """Linear counting against the truth: five standard errors, so that no draw fails by chance."""
    filled = len({bucket(f"{seed} {number}", SECRET) for number in range(users)})
    found = counted(filled)
    wide = 2.6 * max(1.0, found.upper - found.value)
    assert found.lower <= found.value <= found.upper
    assert found.lower - wide <= users <= found.upper + wide
    assert filled <= found.value + 1e-6


def test_a_full_sketch_is_still_a_number() -> None:
    assert counted(0).value == 0
    assert counted(BUCKETS).value > BUCKETS


def test_who_is_active_is_known_by_nothing_but_the_secret() -> None:
    assert bucket("account officer-7", SECRET) == bucket("account officer-7", SECRET)
    others = {bucket("account officer-7", f"{number}".encode()) for number in range(50)}
    assert len(others) > 40
    assert 0 <= bucket("", SECRET) < BUCKETS


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_quarters_cover_every_day_once(day: date) -> None:
    first = quarter_of(day)
    assert first <= day <= last_of_quarter(first)
    assert first.day == 1
    assert first.month in (1, 4, 7, 10)
    assert quarter_of(last_of_quarter(first) + timedelta(days=1)) != first


@pytest.mark.parametrize(
    ("agent", "machine"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", True), ("SemrushBot", True),
        ("Mozilla/5.0 (Linux; Android 10) Chrome/120", False), ("Robotica Browser", False),
        ("", False),
    ],
)  # fmt: skip
def test_declared_crawlers_are_nobodys_activity(agent: str, machine: bool) -> None:
    assert is_machine(agent) is machine


@pytest.mark.parametrize(
    ("route", "asked"),
    [
        ("/", Asked.BASIC), ("/en/alerts/{item}", Asked.BASIC), ("/en/explore", Asked.COMPLEX),
        ("/v1/series", Asked.COMPLEX), ("/sdmx/3.0/data/{rest:path}", Asked.COMPLEX),
        ("/v1x", Asked.BASIC), ("/feedback", Asked.BASIC),
    ],
)  # fmt: skip
def test_questions_of_the_data_are_complex(route: str, asked: Asked) -> None:
    assert asked_of(route) is asked


def test_response_times_are_means_with_interval_and_share_within_the_goal() -> None:
    basic, complex_ = use().times
    assert (basic.n, basic.mean_s, basic.within) == (10, 0.1, 0.9)
    assert (complex_.n, complex_.mean_s, complex_.within) == (4, 2.0, 0.75)
    # variance 10e6 - 4e6 = 6e6 ms²; half-width 1.96 * sqrt(6e6 / 4) ms
    assert complex_.upper_s == pytest.approx(2 + 1.96 * 1.2247, abs=1e-3)
    assert complex_.lower_s == 0
    empty = times_of([], since=TODAY, until=TODAY)
    assert [(one.n, one.mean_s, one.within) for one in empty] == [(0, None, None)] * 2


def test_the_last_whole_quarter_counts_and_before_it_the_running_one() -> None:
    users, response = usage_figures(use())
    assert (users.number, users.value, users.n) == ("1.2", 300.0, 900)
    assert (users.period_start, users.period_end) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (response.number, response.value, response.n) == ("1.3", 2.0, 4)
    running, _ = usage_figures(use(quarters=use().quarters[1:]))
    assert (running.value, running.period_end) == (100.0, TODAY)
    nothing = usage_figures(use(quarters=(), times=tuple(times_of([], since=TODAY, until=TODAY))))
    assert [(one.value, one.n, one.as_of) for one in nothing] == [(None, 0, None)] * 2


def kept(*, demonstration: bool, day: date = TODAY) -> list[StrategyValue]:
    found = Found(standings=(), computed=(), measured=usage_figures(use()))
    return values_of(found, on_day=day, demonstration=demonstration, computed_at=NOW)


def test_what_a_demonstration_finds_is_kept_apart() -> None:
    users, _ = kept(demonstration=False)
    assert (users.origin, users.value, users.invented) == (ValueOrigin.USED, 300.0, None)
    invented, _ = kept(demonstration=True)
    assert (invented.value, invented.lower, invented.invented) == (None, None, 300.0)


def test_the_public_is_told_how_much_a_check_looked_at_by_a_band() -> None:
    checked = replace(kept(demonstration=False)[0], origin=ValueOrigin.MEASURED, n=347)
    own = kept(demonstration=False)[0]
    assert [one.n for one in told_values([checked, own], View.PUBLIC)] == [200, 900]
    assert [one.n for one in told_values([checked, own], View.DEPARTMENT)] == [347, 900]


@pytest.mark.parametrize("code", CODES)
def test_use_is_told_with_n_period_and_source(code: str) -> None:
    lang = language(code)
    text = to_html(use_tables(lang, use()))
    for said in (lang.say("use_running"), lang.say("use_basic"), lang.number(900), "90"):
        assert said in text
    assert lang.say("use_none") in to_html(use_tables(lang, None))
    none = ResponseTimes(
        asked=Asked.BASIC, since=TODAY, until=TODAY, n=0, mean_s=None, lower_s=None, upper_s=None,
        within=None,
    )  # fmt: skip
    assert lang.say("use_none") in to_html(use_tables(lang, use(quarters=(), times=(none,))))


def test_the_page_draws_the_course_of_what_is_found_and_of_what_is_entered() -> None:
    days = [TODAY - timedelta(days=back) for back in (2, 1, 0)]
    values = tuple(
        replace(kept(demonstration=False, day=day)[0], value=float(300 + at))
        for at, day in enumerate(days)
    )
    entries = (entry("2.1", 1, date(2026, 9, 1)), entry("2.1", 2))
    held = replace(snapshot(days=70, mean=60), values=values, entries=entries, use=use())
    text = drawn(held)
    assert text.count('class="spark"') == 2
    assert "From 300 (20 Nov 2026) to 302 (22 Nov 2026); 3 values." in text
    assert "From 1 (1 Sep 2026) to 2 (1 Nov 2026); 2 values." in text
    assert "Day by day: the last 3" in text
    assert 'href="/v1/strategy?format=csv"' in text
    assert "Period: 1 Jul 2026 to 30 Sep 2026" in text
    assert "Counted from the service&#x27;s own use" in text
    once = drawn(replace(held, values=values[:1], entries=()))
    assert 'class="spark"' not in once
    invented = drawn(replace(held, values=tuple(kept(demonstration=True))), demonstration=True)
    assert "counts of invented data" in invented
