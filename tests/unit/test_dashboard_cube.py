"""The cube: parts sum to the nation, weeks end on the last complete day, stock is a running sum."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from dashboard.cube import GROUPS, PROVINCES, framed, spliced
from tests.factories_dashboard import DailyRow, build, daily_rows

DAY = date(2026, 3, 2)
LATE: Any = {"province": "LA-CH", "isco1": "5", "flow": 4, "stock_delta": 3}


def row(ahead: int, province: str, isco1: str, flow: int, delta: int) -> DailyRow:
    return DailyRow(
        day=DAY + timedelta(days=ahead),
        province=province,
        isco1=isco1,
        flow=flow,
        stock_delta=delta,
    )


def test_no_rows_make_no_cube() -> None:
    assert build([]) is None


def test_rows_of_one_cell_are_added_up_and_unheard_of_codes_count_as_unknown() -> None:
    cube = build([row(0, "LA-VT", "5", 2, 2), row(0, "LA-VT", "5", 3, 1), row(1, "XX", "x", 7, 7)])
    assert cube is not None
    assert cube.daily_flow("LA-VT", "5").tolist() == [5, 0]
    assert cube.daily_flow("unknown", "unknown").tolist() == [0, 7]
    assert cube.daily_stock().tolist() == [3, 10]


def test_provinces_and_unknown_sum_to_the_nation_as_do_groups() -> None:
    cube = build(daily_rows(seed=3, days=30, mean=60))
    assert cube is not None
    areas = [cube.daily_flow(code) for code in (*PROVINCES, "")]
    groups = [cube.daily_flow("all", code) for code in (*GROUPS, "")]
    assert (
        np.sum(areas, axis=0).tolist()
        == np.sum(groups, axis=0).tolist()
        == cube.daily_flow().tolist()
    )


def test_weeks_end_on_the_last_complete_day_and_leave_the_newest_out() -> None:
    cube = build([row(ahead, "LA-VT", "5", 1, 1) for ahead in range(17)])
    assert cube is not None
    ends, counts = cube.weekly_flow()
    assert ends == [DAY + timedelta(days=8), DAY + timedelta(days=15)]
    assert counts == [7, 7]
    assert cube.complete_day == DAY + timedelta(days=15)
    assert int(cube.recent_flow(7).sum()) == 7


@pytest.mark.parametrize(("days", "told"), [(37, False), (57, False), (58, True)])
def test_two_periods_are_of_equal_length_or_not_compared(days: int, told: bool) -> None:
    cube = build([row(ahead, "LA-VT", "5", 2, 2) for ahead in range(days)])
    assert cube is not None
    periods = cube.change_flows()
    assert [int(flow.sum()) for flow in periods or ()] == ([56, 56] if told else [])


def test_a_framed_cube_keeps_its_days_and_fills_the_others_with_zeros() -> None:
    cube = build([row(ahead, "LA-VT", "5", 1 + ahead, 1) for ahead in range(4)])
    wider = framed(cube, DAY - timedelta(days=2), DAY + timedelta(days=5))
    assert wider.daily_flow().tolist() == [0, 0, 1, 2, 3, 4, 0, 0]
    within = framed(cube, DAY + timedelta(days=1), DAY + timedelta(days=2))
    assert within.daily_flow().tolist() == [2, 3]
    assert framed(None, DAY, DAY).daily_flow().tolist() == [0]
    assert framed(cube, DAY + timedelta(days=9), DAY + timedelta(days=9)).daily_flow().tolist() == [
        0
    ]


def test_a_single_day_has_no_week() -> None:
    cube = build([row(0, "", "", 4, 4)])
    assert cube is not None
    assert cube.weekly_flow() == ([], [])
    assert cube.daily_stock().tolist() == [4]


def test_splicing_the_days_that_changed_equals_reading_everything_again() -> None:
    rows = daily_rows(seed=4, days=40, mean=30)
    later = [*rows, row(0, "LA-VT", "5", 9, 9)]
    whole = build([*rows, DailyRow(day=rows[-1].day + timedelta(days=3), **LATE)])
    held, since = build(rows), rows[-1].day - timedelta(days=2)
    fresh = build(
        [
            *(item for item in rows if item.day >= since),
            DailyRow(day=rows[-1].day + timedelta(days=3), **LATE),
        ]
    )
    assert held is not None
    assert whole is not None
    again = spliced(held, since, fresh)
    assert again.first_day == whole.first_day
    assert (again.flow == whole.flow).all()
    assert (again.stock_delta == whole.stock_delta).all()
    earlier = build(later)
    assert earlier is not None
    assert spliced(held, earlier.first_day, earlier) is earlier
