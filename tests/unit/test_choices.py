"""What a reader's choice makes the server draw again."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.callbacks import _filters_alone
from dashboard.figures import rolling_expectation


def test_a_choice_alone_is_told_from_news() -> None:
    choice = {'{"filter":"province"}.data': {"filter": "province"}}
    assert _filters_alone(choice) == frozenset({"province"})
    assert _filters_alone({**choice, "live.data": "live"}) is None
    assert _filters_alone({"live.data": "live"}) is None
    assert _filters_alone({}) is None


def test_expectations_of_the_weeks_shown_are_those_of_all_weeks() -> None:
    counts = [20 + (at * 7) % 11 for at in range(120)]
    ends = [date(2026, 1, 4) + timedelta(weeks=at) for at in range(120)]
    whole = rolling_expectation(ends, counts)
    assert rolling_expectation(ends, counts, shown=53)[-53:] == whole[-53:]
    assert rolling_expectation(ends[:5], counts[:5], shown=53) == [None] * 5
