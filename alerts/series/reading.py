"""Dates and numbers as tables of statistics write them. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from math import isfinite
from typing import Final

from scrapers.parsing.dates import make_day, parse_date
from scrapers.parsing.months import month_number

MISSING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "-", ".", "..", "…", ":"})
_MONTH: Final = re.compile(r"(\d{4})[-/.]?M?(\d{1,2})", re.IGNORECASE)
_QUARTER: Final = re.compile(r"(\d{4})[-\s/.:]*Q([1-4])", re.IGNORECASE)
_QUARTER_FIRST: Final = re.compile(r"(?:Q([1-4])|([1-4])Q)[-\s/.:']*(\d{4})", re.IGNORECASE)
_WEEK: Final = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_NAMED: Final = re.compile(r"([^\W\d_]\S{2,9}?)[-\s.,']+(\d{2}|\d{4})")
_NAMED_LAST: Final = re.compile(r"(\d{4})[-\s.,/]+([^\W\d_]\S{2,9})")
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})[-/](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}|\d{4}-?\d{2}-?\d{2}[T ]\d{2}")
_LARGEST: Final = 1e100
"""Squares of larger numbers have no place in arithmetic."""
_CURRENCY: Final = re.compile(
    r"^(?:LAK|USD|THB|EUR|[₭$€฿])|(?:LAK|USD|THB|EUR|kip|ກີບ|[₭$€฿])$", re.IGNORECASE
)
_THOUSANDS: Final = re.compile(r"[-+−]?\d{1,3}(?:,\d{3}|['’]\d{3})+(?:\.\d+)?")
_DOTTED: Final = re.compile(r"[-+−]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
"""Thousands apart by dots: one dot alone may as well be a decimal point."""
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]")


@lru_cache(maxsize=65_536)
def period_of(text: str) -> date | None:
    """First day of the day, week, month or quarter that a text names; None where it names none."""
    cell = text.strip()
    if match := _ISO.fullmatch(cell):
        return make_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _QUARTER.fullmatch(cell):
        return make_day(int(match[1]), 3 * int(match[2]) - 2, 1)
    if match := _QUARTER_FIRST.fullmatch(cell):
        return make_day(int(match[3]), 3 * int(match[1] or match[2]) - 2, 1)
    if match := _WEEK.fullmatch(cell):
        return _week(int(match[1]), int(match[2]))
    if match := _NAMED.fullmatch(cell):
        return _named(match[1], match[2])
    if match := _NAMED_LAST.fullmatch(cell):
        return _named(match[2], match[1])
    if match := _MONTH_FIRST.fullmatch(cell):
        return make_day(int(match[2]), int(match[1]), 1)
    if (match := _MONTH.fullmatch(cell)) and (len(cell) > 6 or not cell.isdigit()):
        return make_day(int(match[1]), int(match[2]), 1)
    if re.fullmatch(r"(19|20)\d{2}(0[1-9]|1[0-2])", cell):
        return make_day(int(cell[:4]), int(cell[4:]), 1)
    if re.fullmatch(r"[-+]?\d*\.?\d+", cell) and not re.fullmatch(r"(19|20)\d{6}", cell):
        return None
    return parse_date(cell)


def moment_of(text: str) -> str:
    """What tells values of one day apart: the text of a date with a time of day, else ""."""
    return text.strip() if _CLOCK.search(text) else ""


def _week(year: int, week: int) -> date | None:
    last = date(year, 12, 28).isocalendar().week if 1 <= year <= 9998 else 0
    if not 1 <= week <= last:
        return None
    return date.fromisocalendar(year, 1, 1) + timedelta(weeks=week - 1)


def _named(month: str, year: str) -> date | None:
    whole = int(year) if len(year) == 4 else 2000 + int(year) - (100 if int(year) > 69 else 0)
    return make_day(whole, month_number(month), 1)


def number_of(text: str) -> float | None:
    """A number as written, with thousands apart or a decimal comma; None for what is none.

    A currency or a per cent sign beside it says nothing of its size; in brackets it is negative.
    """
    cell = _CURRENCY.sub("", _SPACES.sub("", text).rstrip("%"))
    if match := re.fullmatch(r"\((\d[\d.,]*)\)", cell):
        cell = f"-{match[1]}"
    if _THOUSANDS.fullmatch(cell):
        cell = re.sub(r"[,'’]", "", cell)
    elif _DOTTED.fullmatch(cell):
        cell = cell.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[-+−]?\d+,\d+", cell):
        cell = cell.replace(",", ".")
    try:
        value = float(cell.replace("−", "-"))
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) <= _LARGEST and "_" not in cell else None


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.strip().casefold() in MISSING
