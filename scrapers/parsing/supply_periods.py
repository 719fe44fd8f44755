"""Periods as institutions write them → first and last day, checked against a feed's lengths."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from config.feeds import Period
from scrapers.parsing.dates import DateOrder, parse_date
from scrapers.parsing.supply_codes import LAO_DIGITS

Days = tuple[date, date]
"""First and last day."""

_YEAR: Final = re.compile(r"(\d{4})")
_QUARTER: Final = re.compile(r"(\d{4})[ \-/]?q([1-4])|q([1-4])[ \-/](\d{4})", re.IGNORECASE)
_MONTH: Final = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})/(\d{4})")
_WEEK: Final = re.compile(r"(\d{4})-?w(\d{1,2})", re.IGNORECASE)
_SCHOOL_YEAR: Final = re.compile(r"(\d{4}) ?[-/–] ?(\d{4})")
_BUDDHIST_FROM: Final = 2400
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

EXPECTED: Final = (
    "a period like 2026, 2026-Q3, 2026-09, 2026-W36, 2025-2026 (school year) or 2026-09-30, "
    "or a first and a last day"
)


def read_period(text: str, order: DateOrder = "dmy") -> Days | None:
    """First and last day of what one cell names; `None` where it names no period."""
    plain = " ".join(text.translate(LAO_DIGITS).split())
    if match := _QUARTER.fullmatch(plain):
        return _months(_christian(match[1] or match[4]), 3 * int(match[2] or match[3]) - 2, 3)
    if match := _SCHOOL_YEAR.fullmatch(plain):
        first, last = _christian(match[1]), _christian(match[2])
        return (
            (date(first, 9, 1), date(last, 8, 31)) if _sane(first) and last == first + 1 else None
        )
    if match := _WEEK.fullmatch(plain):
        return _week(_christian(match[1]), int(match[2]))
    if match := _YEAR.fullmatch(plain):
        return _months(_christian(plain), 1, 12)
    if match := _MONTH.fullmatch(plain):
        return _months(_christian(match[1] or match[4]), int(match[2] or match[3]), 1)
    day = parse_date(plain, order)
    return None if day is None else (day, day)


def joined(start: str, end: str, order: DateOrder = "dmy") -> Days | None:
    """The days from the first of what `start` names to the last of what `end` names."""
    first, last = read_period(start, order), read_period(end, order)
    if first is None or last is None or last[1] < first[0]:
        return None
    return first[0], last[1]


def length_of(days: Days) -> Period | None:
    """Which period `days` are exactly; `None` where they are none."""
    first, last = days
    if first == last:
        return Period.DAY
    if last - first == timedelta(days=6) and first.weekday() == 0:
        return Period.WEEK
    if (first.month, first.day, last.month, last.day) == (9, 1, 8, 31):
        return Period.SCHOOL_YEAR if last.year == first.year + 1 else None
    for period, months in ((Period.MONTH, 1), (Period.QUARTER, 3), (Period.YEAR, 12)):
        begins = first.day == 1 and (first.month - 1) % months == 0
        if begins and _months(first.year, first.month, months) == days:
            return period
    return None


def fits(days: Days, periods: Iterable[Period]) -> bool:
    """Whether `days` are exactly one of the periods."""
    return length_of(days) in set(periods)


def _months(year: int, month: int, count: int) -> Days | None:
    if not _sane(year) or not 1 <= month <= 13 - count:
        return None
    last = month + count - 1
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])


def _week(year: int, number: int) -> Days | None:
    if not _sane(year):
        return None
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=6)


def _christian(year: str) -> int:
    number = int(year)
    return number - 543 if number >= _BUDDHIST_FROM else number


def _sane(year: int) -> bool:
    return _FIRST_YEAR <= year <= _LAST_YEAR
