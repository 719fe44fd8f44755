"""What a reader's choice makes the server draw again."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.callbacks import _only_chosen
from dashboard.figures import rolling_expectation


def test_a_choice_alone_is_told_from_news() -> None:
    choice = {'{"filter":"province"}.data': {"filter": "province"}}
    assert _only_chosen(choice)
    assert not _only_chosen({**choice, "live.data": "live"})
    assert not _only_chosen({"live.data": "live"})
    assert not _only_chosen({})


def test_expectations_of_the_weeks_shown_are_those_of_all_weeks() -> None:
    counts = [20 + (at * 7) % 11 for at in range(120)]
    ends = [date(2026, 1, 4) + timedelta(weeks=at) for at in range(120)]
    whole = rolling_expectation(ends, counts)
    assert rolling_expectation(ends, counts, shown=53)[-53:] == whole[-53:]
    assert rolling_expectation(ends[:5], counts[:5], shown=53) == [None] * 5
