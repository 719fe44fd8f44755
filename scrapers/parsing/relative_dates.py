"""Dates that are stated from the day of observation: "3 days ago", "ມື້ວານ", "5 days left", "4 Mar".

Days and weeks are counted exactly; months and years are calendar months and years, as boards
count them. "30+ days ago" states no day and gives none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from scrapers.parsing.dates import (
    DateOrder,
    day_and_month,
    local_day,
    make_day,
    parse_date,
)
from scrapers.parsing.periods import stated_days


class DayOf(StrEnum):
    """What a date says, which tells on which side of the observation it lies."""

    POSTING = "posting"
    CLOSING = "closing"


_MINUTE: Final = r"min(?:ute)?s?|ນາທີ|นาที|phút|分钟|分鐘"
_HOUR: Final = r"hours?|hrs?|h|ຊົ່ວໂມງ|ชั่วโมง|ชม\.?|giờ|小时|小時"
_DAY: Final = r"days?|d|ມື້|ວັນ|วัน|ngày|天|日"
_WEEK: Final = r"weeks?|wks?|w|ອາທິດ|ສັບປະດາ|สัปดาห์|อาทิตย์|tuần|周|星期|個星期|个星期"
_MONTH: Final = r"months?|mos?|ເດືອນ|เดือน|tháng|个月|個月"
_YEAR: Final = r"years?|yrs?|y|ປີ|ปี|năm|年"
_UNITS: Final = {"minute": _MINUTE, "hour": _HOUR, "day": _DAY, "week": _WEEK, "month": _MONTH,
                 "year": _YEAR}  # fmt: skip
_COUNTED: Final = re.compile(
    r"(?<![\da-z.,/\-])(?P<count>\d{1,3}|an?|one|ໜຶ່ງ|ຫນຶ່ງ|หนึ่ง|một|一)\s*(?P<more>\+)?\s*(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS.items())
    + r")(?![a-z\u00e0-\u024f\u1ea0-\u1eff])",
)
_NAMED_DAYS: Final = (
    (-2, r"day before yesterday|ມື້ຊືນ|เมื่อวานซืน|hôm kia|前天"),
    (-1, r"\byesterday\b|ມື້ວານ|ວານນີ້|เมื่อวาน|hôm qua|昨天|昨日"),
    (1, r"\btomorrow\b|ມື້ອື່ນ|พรุ่งนี้|ngày mai|明天|明日"),
    (0, (r"\btoday\b|\bjust (?:now|posted|added)\b|moments? ago|seconds? ago|ມື້ນີ້|ວັນນີ້|ຫາກໍ່|ຕອນນີ້"
        r"|วันนี้|เมื่อสักครู่|เมื่อครู่|hôm nay|vừa xong|mới đăng|今天|今日|刚刚|刚才|剛剛")),
)  # fmt: skip
_NAMED: Final = tuple((days, re.compile(pattern)) for days, pattern in _NAMED_DAYS)
_PAST: Final = re.compile(
    r"\bago\b|\bold\b|ກ່ອນ|ທີ່ແລ້ວ|ແລ້ວ|ຜ່ານມາ|ที่แล้ว|ที่ผ่านมา|ก่อน|trước|前|posted|ປະກາດ|ລົງເມື່ອ"
)
_AHEAD: Final = re.compile(
    r"\bleft\b|\bin\s|remain|\bmore\b|closes|expires|ເຫຼືອ|ເຫລືອ|ອີກ|ຂ້າງໜ້າ|เหลือ|อีก|còn|sau|剩|还有|還有|后|後"
)
_LONGEST: Final = 80
_FARTHEST: Final = timedelta(days=3_660)
"""No board counts farther from today: the text was no age."""
_PASSED_AT_MOST: Final = timedelta(days=90)
"""A closing day without year that lies further back than this is meant to be next year's."""


@lru_cache(maxsize=8192)
def read_day(raw: str, of: DayOf, *, order: DateOrder, seen_at: datetime) -> date | None:
    """The day that a text states, itself or counted from the moment at which it was seen (UTC)."""
    if not raw:
        return None
    several = stated_days(raw, order)
    if len(several) > 1:
        return min(several) if of is DayOf.POSTING else max(several)
    stated = parse_date(raw, order)
    if stated is not None:
        return stated
    day = _from_observation(raw, of, order, seen_at)
    return day if day is not None and abs(day - local_day(seen_at)) <= _FARTHEST else None


def is_relative(raw: str) -> bool:
    """Whether a text counts from the day on which it is read, so that it changes by itself."""
    if not raw or len(raw) > _LONGEST or parse_date(raw) is not None:
        return False
    text = raw.casefold()
    return _named_offset(text) is not None or _COUNTED.search(text) is not None


def _from_observation(raw: str, of: DayOf, order: DateOrder, seen_at: datetime) -> date | None:
    text = raw.strip().casefold()
    if len(text) > _LONGEST:
        return None
    today = local_day(seen_at)
    offset = _named_offset(text)
    if offset is not None:
        return today + timedelta(days=offset)
    if match := _COUNTED.search(text):
        return _counted(match, _direction(text, of), seen_at)
    found = day_and_month(raw, order)
    return _in_nearest_year(*found, of, today) if found else None


def _named_offset(text: str) -> int | None:
    return next((days for days, pattern in _NAMED if pattern.search(text)), None)


def _direction(text: str, of: DayOf) -> int:
    """-1 for the past, 1 for what is ahead; words decide, else what the date says."""
    if _AHEAD.search(text) and not _PAST.search(text):
        return 1
    if _PAST.search(text):
        return -1
    return -1 if of is DayOf.POSTING else 1


def _counted(match: re.Match[str], direction: int, seen_at: datetime) -> date | None:
    if match["more"]:
        return None
    count = direction * (int(match["count"]) if match["count"].isdecimal() else 1)
    unit = next(name for name in _UNITS if match[name])
    if unit in ("minute", "hour"):
        return local_day(seen_at + timedelta(**{f"{unit}s": count}))
    today = local_day(seen_at)
    if unit in ("day", "week"):
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    return _months_on(today, count * (12 if unit == "year" else 1))


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _in_nearest_year(day: int, month: int, of: DayOf, today: date) -> date | None:
    """The last such day for a posting; for a closing, one that has not long passed."""
    this_year = make_day(today.year, month, day)
    if this_year is None:
        return None
    if of is DayOf.POSTING:
        return this_year if this_year <= today else make_day(today.year - 1, month, day)
    if this_year < today - _PASSED_AT_MOST:
        return make_day(today.year + 1, month, day)
    return this_year
