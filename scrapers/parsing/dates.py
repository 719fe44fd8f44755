"""Dates as boards write them. A text that states no date gives `None`, never a guess."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from scrapers.parsing.months import in_digits, month_number

VIENTIANE: Final = ZoneInfo("Asia/Vientiane")
DateOrder = Literal["dmy", "mdy", "ymd"]

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:.*)?")
# A site that knows no time writes the first or the last minute of the day, in whatever zone.
_WHOLE_DAY: Final = re.compile(
    r"T(?:00:00(?::00(?:\.0+)?)?|23:59(?::\d\d(?:\.\d+)?)?)(?:Z|[+-]\d\d:?\d\d)?$"
)
_NUMBERS: Final = re.compile(r"(?<!\d)(\d{1,4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?!\d)")
_EPOCH: Final = re.compile(r"\d{10}|\d{13}")
_DOTNET: Final = re.compile(r"/Date\((\d{10,13})(?:[+-]\d{4})?\)/")
_COMPACT: Final = re.compile(r"(?<!\d)(19|20)(\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
_DAY_MONTH: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s,.\-/]*([^\W\d_][^\d\s,./\-]*)", re.IGNORECASE
)
_MONTH_DAY: Final = re.compile(
    r"([^\W\d_][^\d\s,./\-]*)[\s.,\-/]*(\d{1,2})(?:st|nd|rd|th)?(?!\d)", re.IGNORECASE
)
_YEAR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_SHORT_YEAR: Final = re.compile(r"[^\W\d][\s\-/.,']{1,3}(\d{2})(?!\d)")
_BUDDHIST_FROM: Final = 2400
_BUDDHIST_SHORT_FROM: Final = 60
_LONGEST: Final = 120


@lru_cache(maxsize=8192)
def parse_date(raw: str, order: DateOrder = "dmy") -> date | None:
    """The day a text states, in Asia/Vientiane where it carries a time zone.

    Reads ISO 8601, epoch seconds and milliseconds, RFC 822, `dd/mm/yyyy` in the given order
    (with `/`, `.` or `-`), `yyyymmdd`, and day, month and year with the month's name, in the
    languages of `months`. Lao and Thai digits and Buddhist years are understood. Years outside
    1990–2100 give `None`.
    """
    text = raw.strip()
    if not text or len(text) > _LONGEST:
        return None
    if match := _DOTNET.search(text):
        text = match[1]
    moment = parse_moment(text)
    if moment is not None and not _WHOLE_DAY.search(text):
        return _plausible(moment.astimezone(VIENTIANE).date())
    text = in_digits(text)
    if match := _ISO.fullmatch(text):
        return make_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.search(text):
        return _numbered(match, order)
    if named := _named(text):
        return named
    match = _COMPACT.search(text)
    return make_day(int(match[1] + match[2]), int(match[3]), int(match[4])) if match else None


def numbered_dates(text: str, order: DateOrder) -> list[date]:
    """Every day that a text (of `in_digits`) states in digits alone: "08/09/2026 to 30/09/2026"."""
    found = (_numbered(match, order) for match in _NUMBERS.finditer(text))
    return [day for day in found if day is not None]


def day_and_month(raw: str, order: DateOrder = "dmy") -> tuple[int, int] | None:
    """Day and month of a text that states no year ("4 Mar", "28/11")."""
    text = in_digits(raw.strip())
    if len(text) > _LONGEST or _YEAR.search(text):
        return None
    if match := re.fullmatch(r"\D{0,30}?(\d{1,2})[/.\-](\d{1,2})\D{0,10}", text):
        first, second = int(match[1]), int(match[2])
        return (second, first) if order in ("mdy", "ymd") else (first, second)
    return _day_of_month(text)


def parse_moment(raw: str) -> datetime | None:
    """The instant (UTC) of a text with date, time and zone: ISO 8601, epoch or RFC 822."""
    text = raw.strip()
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    if len(text) > _LONGEST or ":" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if moment.tzinfo is None or not 1990 <= moment.year <= 2100:
        return None
    return moment.astimezone(UTC)


def local_day(moment: datetime) -> date:
    """The day in Asia/Vientiane on which `moment` falls."""
    return moment.astimezone(VIENTIANE).date()


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, a Buddhist year converted; `None` where there is none such or not plausible."""
    try:
        return _plausible(date(year - 543 if year >= _BUDDHIST_FROM else year, month, day))
    except ValueError:
        return None


def _numbered(match: re.Match[str], order: DateOrder) -> date | None:
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4 or order == "ymd":
        return make_day(first, second, third)
    year = third if third > 99 else _century(third)
    if order == "mdy":
        return make_day(year, first, second)
    return make_day(year, second, first)


def _named(text: str) -> date | None:
    found = _day_of_month(text)
    if found is None:
        return None
    years = _YEAR.findall(text)
    if years:
        return make_day(int(years[-1]), found[1], found[0])
    short = _SHORT_YEAR.search(text)
    return make_day(_century(int(short[1])), found[1], found[0]) if short else None


def _day_of_month(text: str) -> tuple[int, int] | None:
    """Day and month where a day stands beside a month's name."""
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for match in pattern.finditer(text):
            month = month_number(match[month_group])
            if month:
                return int(match[day_group]), month
    return None


def _century(year: int) -> int:
    """The year of two digits: no advert is of 2060 or later, but 69 is the Buddhist 2569."""
    return year + (2500 if year >= _BUDDHIST_SHORT_FROM else 2000)


def _plausible(day: date) -> date | None:
    return day if 1990 <= day.year <= 2100 else None
