"""Dates as boards of the region write them, absolute and counted from the day of reading."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scrapers.parsing.dates import parse_date
from scrapers.parsing.relative_dates import DayOf, is_relative, read_day

SEEN = datetime(2026, 11, 25, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "ວັນທີ 4 ເດືອນ 3 ປີ 2026",
        "ວັນທີ 4 ເດືອນ ມີນາ ປີ 2026",
        "4 ມີນາ 2569",
        "๔ มีนาคม ๒๕๖๙",
        "4 มี.ค. 2569",
        "วันที่ 4 เดือน มีนาคม พ.ศ. 2569",
        "ngày 4 tháng 3 năm 2026",
        "04 tháng 03, 2026",
        "4 tháng ba 2026",
        "2026年3月4日",
        "4-Mar-26",
        "4 มี.ค. 69",
        "04/03/69",
        "Mar 4, 2026",
        "4th of March 2026",
        "20260304",
        "/Date(1772582400000)/",
        "Posted on 04.03.2026",
        "2026/3/4",
    ],
)
def test_one_day_in_many_writings(raw: str) -> None:
    assert parse_date(raw) == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("3 days ago", date(2026, 11, 22)),
        ("Posted today", date(2026, 11, 25)),
        ("just now", date(2026, 11, 25)),
        ("yesterday", date(2026, 11, 24)),
        ("2 weeks ago", date(2026, 11, 11)),
        ("a month ago", date(2026, 10, 25)),
        ("13 hours ago", date(2026, 11, 24)),
        ("ມື້ວານ", date(2026, 11, 24)),
        ("ມື້ນີ້", date(2026, 11, 25)),
        ("5 ມື້ກ່ອນ", date(2026, 11, 20)),
        ("ປະກາດເມື່ອ ໒ ອາທິດ ທີ່ແລ້ວ", date(2026, 11, 11)),
        ("เมื่อวาน", date(2026, 11, 24)),
        ("3 วันที่แล้ว", date(2026, 11, 22)),
        ("2 ngày trước", date(2026, 11, 23)),
        ("hôm nay", date(2026, 11, 25)),
        ("3天前", date(2026, 11, 22)),
        ("4 days", date(2026, 11, 21)),
        ("28/11", date(2025, 11, 28)),
        ("4 Mar", date(2026, 3, 4)),
        ("30+ days ago", None),
        ("recently", None),
        ("we need 5 days a week people and more than eighty characters of text to say so at last",
         None),
    ],
)  # fmt: skip
def test_the_day_of_posting(raw: str, day: date | None) -> None:
    assert read_day(raw, DayOf.POSTING, order="dmy", seen_at=SEEN) == day


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("5 days left", date(2026, 11, 30)),
        ("closes in 2 weeks", date(2026, 12, 9)),
        ("tomorrow", date(2026, 11, 26)),
        ("ຍັງເຫຼືອ 5 ມື້", date(2026, 11, 30)),
        ("เหลืออีก 5 วัน", date(2026, 11, 30)),
        ("còn 5 ngày", date(2026, 11, 30)),
        ("还有5天", date(2026, 11, 30)),
        ("closed 3 days ago", date(2026, 11, 22)),
        ("4 Jan", date(2027, 1, 4)),
        ("20/11", date(2026, 11, 20)),
        ("08/09/2026 to 30/09/2026", date(2026, 9, 30)),
        ("until filled", None),
    ],
)
def test_the_closing_day(raw: str, day: date | None) -> None:
    assert read_day(raw, DayOf.CLOSING, order="dmy", seen_at=SEEN) == day


@pytest.mark.parametrize(
    "raw",
    [
        "05/11/2026 to 30/11/2026",
        "05/11/2026 - 30/11/2026",
        "2026-11-05 – 2026-11-30",
        "5 November 2026 – 30 November 2026",
        "5 Nov - 30 Nov 2026",
        "Nov 5 to Nov 30, 2026",
        "5th - 30th November 2026",
        "ວັນທີ ໕ ພະຈິກ ໒໐໒໖ – ໓໐ ພະຈິກ ໒໐໒໖",
        "ແຕ່ວັນທີ 5 ຫາ 30 ພະຈິກ 2026",
        "5 พ.ย. 2569 ถึง 30 พ.ย. 2569",
        "Posted 5 November 2026, closes 30 November 2026",
    ],
)
def test_of_two_dates_the_first_is_the_posting_and_the_last_the_closing(raw: str) -> None:
    assert read_day(raw, DayOf.POSTING, order="dmy", seen_at=SEEN) == date(2026, 11, 5)
    assert read_day(raw, DayOf.CLOSING, order="dmy", seen_at=SEEN) == date(2026, 11, 30)


def test_a_period_over_the_new_year_begins_in_the_old() -> None:
    raw = "20 December - 5 January 2027"
    assert read_day(raw, DayOf.POSTING, order="dmy", seen_at=SEEN) == date(2026, 12, 20)


def test_a_time_of_day_is_no_second_date() -> None:
    raw = "Friday, December 4, 2026 - 17:00"
    assert read_day(raw, DayOf.POSTING, order="dmy", seen_at=SEEN) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2026-12-15T23:59:59+00:00", 15),
        ("2026-12-15T23:59Z", 15),
        ("2026-12-15T00:00:00+09:00", 15),
        ("2026-12-15T00:00:00.000Z", 15),
        ("2026-12-14T17:00:00Z", 15),
        ("2026-12-15T23:00:00Z", 16),
    ],
)
def test_the_first_and_last_minute_mean_the_day_that_is_written(raw: str, day: int) -> None:
    assert parse_date(raw) == date(2026, 12, day)


def test_what_changes_by_itself_is_known() -> None:
    assert is_relative("3 days ago")
    assert is_relative("ມື້ວານ")
    assert not is_relative("04/03/2026")
    assert not is_relative("Cook")
    assert not is_relative("")
