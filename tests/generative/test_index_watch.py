"""Whatever releases tell, and wherever it is cut: the watch of indicators goes on as without."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.indices.watch import IndexWatch, waiting_from
from alerts.signal import Signal
from tests.factories_indices import figures
from warehouse.series import Frequency, Observation

VALUE = st.none() | st.floats(0.01, 3.0) | st.sampled_from([0.2, 0.21, 2.5])


def rows_of(values: list[float | None], monthly: bool) -> list[Observation]:
    name = "wage_median" if monthly else "growth"
    return figures(
        values, indicator=name, frequency=Frequency.MONTHLY if monthly else Frequency.WEEKLY,
        half=0.05,
    )  # fmt: skip


def days_of(rows: list[Observation]) -> list[date]:
    first, last = rows[0].time_value, rows[-1].time_value + timedelta(days=60)
    return [first + timedelta(days=n) for n in range(0, (last - first).days, 3)]


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(VALUE, min_size=14, max_size=45),
    monthly=st.booleans(),
    cut=st.floats(0.0, 1.0),
)
def test_a_restart_anywhere_changes_nothing(
    values: list[float | None], monthly: bool, cut: float
) -> None:
    rows = rows_of([0.2, *values], monthly)
    days = days_of(rows)
    straight, waiting = IndexWatch(), waiting_from(rows)
    expected: list[list[Signal]] = [straight.on(day, waiting) for day in days]
    at = int(cut * len(days))
    first, waiting = IndexWatch(), waiting_from(rows)
    found = [first.on(day, waiting) for day in days[:at]]
    second = IndexWatch.thaw(first.freeze())
    assert second.freeze() == first.freeze()
    waiting = waiting_from(row for row in rows if row.time_value >= second.since)
    found += [second.on(day, waiting) for day in days[at:]]
    assert found == expected
    assert second.freeze() == straight.freeze()


@settings(max_examples=25, deadline=None)
@given(values=st.lists(VALUE, min_size=14, max_size=45), monthly=st.booleans())
def test_a_change_begins_before_it_ends_and_each_direction_speaks_once_a_day(
    values: list[float | None], monthly: bool
) -> None:
    rows = rows_of([0.2, *values], monthly)
    watch, waiting = IndexWatch(), waiting_from(rows)
    told: set[tuple[object, date]] = set()
    for day in days_of(rows):
        signals = watch.on(day, waiting)
        assert len({signal.direction for signal in signals}) == len(signals)
        for signal in signals:
            if signal.is_over:
                assert (signal.direction, signal.detected_on) in told
            told.add((signal.direction, signal.detected_on))
            assert signal.size.lower <= signal.size.ratio <= signal.size.upper
            assert signal.onset_on <= signal.detected_on <= signal.day
