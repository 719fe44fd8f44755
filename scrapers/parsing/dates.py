"""Dates as boards write them. A text that states no date gives `None`, never a guess."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

VIENTIANE: Final = ZoneInfo("Asia/Vientiane")
DateOrder = Literal["dmy", "mdy", "ymd"]

_LAO_MONTHS: Final = [
    "ມັງກອນ",
    "ກຸມພາ",
    "ມີນາ",
    "ເມສາ",
    "ພຶດສະພາ",
    "ມິຖຸນາ",
    "ກໍລະກົດ",
    "ສິງຫາ",
    "ກັນຍາ",
    "ຕຸລາ",
    "ພະຈິກ",
    "ທັນວາ",
]
_ENGLISH_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:.*)?")
_NUMBERS: Final = re.compile(r"(?<!\d)(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,4})(?!\d)")
_EPOCH: Final = re.compile(r"\d{10}|\d{13}")
_DAY_MONTH: Final = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s,.\-/]+([^\W\d][^\d\s,.]*)\.?")
_MONTH_DAY: Final = re.compile(r"([^\W\d][^\d\s,.]*)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d)")
_YEAR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_BUDDHIST_FROM: Final = 2400
_LONGEST: Final = 120


@lru_cache(maxsize=8192)
def parse_date(raw: str, order: DateOrder = "dmy") -> date | None:
    """The day a text states, in Asia/Vientiane where it carries a time zone.

    Reads ISO 8601, epoch seconds and milliseconds, RFC 822, `dd/mm/yyyy` in the given order
    (with `/`, `.` or `-`), and day, month name (English or Lao) and year in either order. Lao
    digits and Buddhist years are understood. Years outside 1990–2100 give `None`.
    """
    text = raw.strip()
    if not text or len(text) > _LONGEST:
        return None
    moment = parse_moment(text)
    if moment is not None:
        return _plausible(moment.astimezone(VIENTIANE).date())
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.search(text):
        return _numbered(int(match[1]), int(match[2]), int(match[3]), order, len(match[1]))
    return _named(text)


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


def end_of_day(day: date) -> datetime:
    """The first instant (UTC) after `day` in Asia/Vientiane."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), VIENTIANE).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """The day in Asia/Vientiane on which `moment` falls."""
    return moment.astimezone(VIENTIANE).date()


def _numbered(
    first: int, second: int, third: int, order: DateOrder, first_digits: int
) -> date | None:
    if first_digits == 4 or order == "ymd":
        return _day(first, second, third)
    year = third if third > 99 else 2000 + third
    return _day(year, second, first) if order == "dmy" else _day(year, first, second)


def _named(text: str) -> date | None:
    years = _YEAR.findall(text)
    if not years:
        return None
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for match in pattern.finditer(text):
            month = _month(match[month_group])
            if month:
                return _day(int(years[-1]), month, int(match[day_group]))
    return None


def _month(name: str) -> int:
    for number, lao in enumerate(_LAO_MONTHS, start=1):
        if name.startswith(lao):
            return number
    short = name[:3].casefold()
    return _ENGLISH_MONTHS.index(short) + 1 if short in _ENGLISH_MONTHS else 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _plausible(date(year - 543 if year >= _BUDDHIST_FROM else year, month, day))
    except ValueError:
        return None


def _plausible(day: date) -> date | None:
    return day if 1990 <= day.year <= 2100 else None
