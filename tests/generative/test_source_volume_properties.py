"""Whatever sources show: periods are in order, state is exact, each is told once."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.calendar import end_of_day
from alerts.coverage import coverage_from
from alerts.operators import Trouble, tell
from alerts.panel import Panel
from alerts.source_marks import joining_marks, volume_marks
from alerts.volumes import Volumes
from tests.factories_alerts import FIRST
from warehouse.openings import Opening

DAYS, START = 75, FIRST.toordinal()
SOURCES = ("a", "b", "c")
levels = st.lists(st.integers(0, 25), min_size=4, max_size=4)


def market(shown: list[list[int]]) -> list[Opening]:
    """For each source, a number of adverts a day that changes every fortnight from day 33 on."""
    rows = []
    for day in range(DAYS):
        era = max(0, (day - 33) // 14 + 1)
        for source, counts in zip(SOURCES, shown, strict=True):
            on = START + day
            rows += [Opening(on, "LA-VT", "5", 1, (source,), (on,))] * counts[era]
    return rows


@settings(max_examples=15, deadline=None)
@given(st.lists(levels, min_size=3, max_size=3), st.sets(st.integers(0, DAYS)), st.integers(1, 70))
def test_periods_are_in_order_state_is_exact_and_each_is_told_once(
    shown: list[list[int]], out: set[int], cut: int
) -> None:
    coverage = coverage_from(
        (s, START + d, s != "a" or d not in out) for s in SOURCES for d in range(DAYS + 3)
    )
    volumes, panel = Volumes(), Panel(market(shown), coverage)
    troubles: dict[str, Trouble] = {}
    notices: list[str] = []
    for day in range(START + 1, START + DAYS):
        if day == START + cut:
            volumes = Volumes.restore(volumes.export())
        volumes.follow(day, panel, lambda _: 1.0)
        told = tell(volume_marks(volumes), troubles, end_of_day(date.fromordinal(day + 1)))
        troubles = dict(told.troubles)
        notices += [notice.message_id for notice in told.notices]
    whole = Volumes()
    for day in range(START + 1, START + DAYS):
        whole.follow(day, panel, lambda _: 1.0)
    assert volumes.export() == whole.export()
    assert len(notices) == len(set(notices))
    for stream in volumes.streams.values():
        if (p := stream.period) is not None:
            assert p.onset <= p.detected <= (p.over or p.detected)
            assert bool(p.ending) is (p.over is not None)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 120), st.booleans()), max_size=40), st.integers(0, 120))
def test_a_new_source_stands_until_it_counts_or_is_silent(
    visits: list[tuple[int, bool]], newest: int
) -> None:
    rows = [("old", START + day, True) for day in range(newest + 1)]
    rows += [("new", START + day, ok) for day, ok in visits if day <= newest]
    firsts = [day for day, ok in visits if ok and day <= newest]
    marks = joining_marks(coverage_from(rows))
    assert len(marks) == bool(firsts and min(firsts) > 14)
    for mark in marks:
        assert mark.opened_at == end_of_day(FIRST + timedelta(days=min(firsts)))
        assert mark.to_at is None or mark.opened_at < mark.to_at
        assert mark.to_at is None or mark.to_at <= end_of_day(FIRST + timedelta(days=newest))
