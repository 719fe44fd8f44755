"""When which release is due, what it is called, and how its file is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.releases.canonical import canonical, digest_of
from alerts.releases.office import Planned, in_turn
from alerts.releases.plan import (
    Kind,
    due,
    period_named,
    period_of,
    published_at,
    schedule,
)
from alerts.releases.triangle import by_lag
from warehouse.published import ReleaseRow
from warehouse.releases import Revision
from warehouse.series import Observation, SeriesKey

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TIMINGS = schedule().releases
ISSUE = datetime(2026, 11, 26, 3, tzinfo=UTC)


@given(kind=st.sampled_from(Kind), day=DAYS)
def test_a_period_holds_its_day_and_is_found_again_by_its_name(kind: Kind, day: date) -> None:
    period = period_of(kind, day)
    assert period.first <= day <= period.last
    assert period_named(period.name) == period
    following = period_of(kind, period.last + timedelta(days=1))
    assert following.first == period.last + timedelta(days=1)
    assert following.name != period.name


@pytest.mark.parametrize("name", ["", "W2026-W60", "D2026-13-01", "M2026", "Q2026-1", "W2026-W"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected a period"):
        period_named(name)


def test_weeks_are_released_before_months_which_take_longest() -> None:
    """A reader asks for the newest week: it need not wait until the months are caught up."""
    names = ["M2026-09", "W2026-W40", "D2026-11-24", "M2026-08", "W2026-W39", "D2026-11-23"]
    early = Planned(name="M2026-07", cutoff=ISSUE - timedelta(hours=1))
    planned = [Planned(name=name, cutoff=ISSUE) for name in names]
    assert [each.name for each in in_turn([*planned, early])] == [
        "M2026-07", "D2026-11-23", "D2026-11-24", "W2026-W39", "W2026-W40", "M2026-08", "M2026-09",
    ]  # fmt: skip


@given(days=st.integers(0, 1800), lag=st.integers(0, 20))
def test_nothing_is_due_before_its_time_and_nothing_twice(days: int, lag: int) -> None:
    now = datetime(2025, 1, 1, 3, tzinfo=UTC) + timedelta(days=days)
    through, first = now.date() - timedelta(days=lag), date(2024, 12, 1)
    ready = due(now, first, through, frozenset(), TIMINGS)
    for period in ready:
        assert first <= period.first
        assert period.last <= through
        assert published_at(period, TIMINGS[period.kind]) <= now
    for kind, timing in TIMINGS.items():
        ours = [period for period in ready if period.kind is kind]
        assert ours == sorted(ours)
        assert len(ours) <= timing.catch_up
    done = {period.name for period in ready}
    assert due(now, first, through, done, TIMINGS) == []


def test_nothing_is_published_while_history_is_read() -> None:
    now, first = datetime(2026, 11, 24, 23, tzinfo=UTC), date(2025, 1, 1)
    assert due(now, first, date(2026, 11, 10), frozenset(), TIMINGS) == []
    assert due(now, first, date(2026, 11, 11), frozenset(), TIMINGS) != []


def test_a_stand_still_is_caught_up_from_the_last_release_on() -> None:
    now, last = datetime(2026, 11, 24, 23, tzinfo=UTC), date(2026, 11, 23)
    done = {"W2026-W45", "M2026-10", "D2026-11-23"}
    names = [p.name for p in due(now, date(2026, 1, 1), last, done, TIMINGS)]
    assert names == ["W2026-W46"]  # W47 ends on the 22nd and is due on the 25th at 7 in Vientiane


def row(**changes: object) -> ReleaseRow:
    given = {
        "release_id": "W2026-W47.0", "kind": "weekly", "status": "final",
        "period_start": date(2026, 11, 16), "period_end": date(2026, 11, 22), "revision": 0,
        "cutoff": ISSUE, "issue": ISSUE, "methods": ("count/1",), "figures": 1, "digest": "",
        "supersedes": "", "note": "",
    }  # fmt: skip
    return ReleaseRow(**(given | changes))  # type: ignore[arg-type]


@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=8),
       order=st.randoms())  # fmt: skip
def test_the_file_depends_on_figures_not_on_their_order(values: list[float], order: object) -> None:
    figures = [
        Observation(
            series=SeriesKey(indicator="flow", province=f"LA-{n:02d}"), n=n, employers=1,
            time_value=date(2026, 11, 16), issue=ISSUE, value=value,
        )
        for n, value in enumerate(values)
    ]  # fmt: skip
    whole = canonical(row(), figures)
    shuffled = list(figures)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert canonical(row(), shuffled) == whole
    for value in values:
        assert repr(value) in whole.decode()
    assert digest_of(whole) != digest_of(canonical(row(note="changed"), figures))


def test_a_note_of_several_lines_stays_in_its_line() -> None:
    lines = canonical(row(note="late\nfigures"), []).decode().splitlines()
    assert "# note: late figures" in lines


def test_revisions_are_told_by_how_many_issues_lie_between() -> None:
    def issue(day: int, number: int, value: float | None) -> Revision:
        return Revision(
            time_value=date(2026, 11, day), issue=ISSUE + timedelta(days=number),
            release_id=f"W.{number}", value=value, lower=8.0, upper=12.0, n=10,
        )  # fmt: skip

    second, third = by_lag(
        [issue(2, 0, 10.0), issue(2, 1, 11.0), issue(2, 2, 13.0), issue(9, 0, 10.0),
         issue(9, 1, 8.0), issue(16, 0, None), issue(16, 1, 9.0)]
    )  # fmt: skip
    assert (second.lag, second.n, second.mean, second.mean_absolute) == (1, 2, -0.5, 1.5)
    assert (second.outside, second.intervals) == (0, 2)
    assert (third.lag, third.n, third.outside) == (2, 1, 1)
