"""Objectives: what counts as missed, when operators are told, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alerts.notify.operator import compose_notice
from alerts.objectives import Burn, Standing, lengths, marks_of, misses
from alerts.operators import Notice, tell
from config.objectives import Objectives, Severity, Signal, load_objectives
from config.settings import Settings
from warehouse.marks import Mark

SHIPPED = load_objectives()
LAG = next(one for one in SHIPPED.objectives if one.signal is Signal.WAITING_FOR_STREAM)
AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def standing(missed: list[int], now: int) -> Standing:
    """The objective of lag after the minutes given were missed."""
    counted = {
        length: sum(now - length < minute <= now for minute in missed)
        for length in lengths(SHIPPED)
    }
    return Standing(objective=LAG, missed=counted, measured=9000.0)


def burns(missed: list[int], now: int) -> Severity | None:
    window = standing(missed, now).burning(SHIPPED.windows)
    return window.severity if window else None


def test_a_value_at_its_limit_is_kept_and_what_is_not_measured_is_not_missed() -> None:
    assert misses(SHIPPED, {LAG.signal: 5000.0}) == {LAG.id: False}
    assert misses(SHIPPED, {LAG.signal: 5001.0}) == {LAG.id: True}


@pytest.mark.parametrize(
    ("missed", "now", "severity"),
    [
        (range(5), 5, None),  # five bad minutes
        (range(10), 9, Severity.PAGE),  # ten in a row: more than 14.4 % of an hour
        (range(10), 40, None),  # over half an hour ago
        (range(0, 360, 12), 359, Severity.PAGE),  # a minute in twelve for six hours: 8.3 %
        (range(0, 4320, 60), 4319, Severity.TICKET),  # a minute an hour for three days: 1.7 %
        (range(0, 4320, 240), 4319, None),  # within what is allowed
    ],
)
def test_burning_is_told_by_severity(missed: range, now: int, severity: Severity | None) -> None:
    assert burns(list(missed), now) is severity


@given(st.sets(st.integers(0, 400), max_size=120), st.integers(0, 400))
def test_more_misses_never_burn_less(missed: set[int], further: int) -> None:
    if burns(sorted(missed), 400) is not None:
        assert burns(sorted(missed | {further}), 400) is not None


def test_a_promise_that_cannot_be_broken_is_refused() -> None:
    loose = LAG.model_copy(update={"target": 0.5})
    with pytest.raises(ValidationError, match="never reached"):
        Objectives(windows=SHIPPED.windows, objectives=(loose,))


def step(missed: list[int], now: int, before: dict[str, Mark]) -> dict[str, Mark]:
    return marks_of((standing(missed, now),), SHIPPED.windows, before, AT + timedelta(minutes=now))


def test_operators_are_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    lag = list(range(20))
    begun = step(lag, 19, {})
    assert begun[LAG.id].reason == Burn.FAST
    assert step(lag, 21, begun) == begun
    over = step(lag, 60, begun)
    assert over[LAG.id].to_at == AT + timedelta(minutes=60)
    first = tell([*begun.values()], {}, AT + timedelta(minutes=19))
    again = tell([*begun.values()], first.troubles, AT + timedelta(minutes=20))
    last = tell([*over.values()], first.troubles, AT + timedelta(minutes=71))
    assert [len(told.notices) for told in (first, again, last)] == [1, 0, 1]
    assert last.troubles == {}


@pytest.mark.parametrize("over", [False, True])
def test_the_notice_says_what_is_missed_in_both_languages(over: bool) -> None:
    marks = step(list(range(20)), 19, {})
    trouble = tell([*marks.values()], {}, AT).notices[0].trouble
    ended = AT + timedelta(hours=2) if over else None
    mail = compose_notice(
        Notice(trouble=trouble, at=AT, over_at=ended, ending="met_again" if over else ""),
        Settings(),
    )
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "20 of the last 60 minutes" in text
    assert "9000 records" in text
    assert "ເປົ້າໝາຍ" in text
    assert ("docs/operations/runbooks/" in text) is not over
    assert "/operations" in text
