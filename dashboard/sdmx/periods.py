"""SDMX time periods ↔ days. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.sdmx.problems import syntax
from warehouse.series import Frequency

_ZONE: Final = ZoneInfo("Asia/Vientiane")
_PERIOD: Final = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<kind>[ASTQMWDAB])(?P<number>\d{1,3})|-(?P<month>\d{2}))?", re.ASCII
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?", re.ASCII)
_MONTHS: Final = {"S": 6, "T": 4, "Q": 3, "M": 1}
_EARLIEST: Final = date(1970, 1, 1)
_LATEST: Final = date(2149, 6, 6)
_EXPECTED: Final = "a period such as 2026, 2026-Q1, 2026-03, 2026-M03, 2026-W12 or 2026-03-31"


def period_of(frequency: Frequency, day: date) -> str:
    """The period that a figure dated `day` describes: 2026-W47, 2026-11 or 2026-11-23."""
    if frequency is Frequency.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{day:%Y-%m}" if frequency is Frequency.MONTHLY else day.isoformat()


def span_of(text: str, name: str) -> tuple[date, date]:
    """First and last day of a period.

    Raises:
        SdmxError: it is none, or outside 1970 to 2149.
    """
    try:
        first, last = _span(text)
    except (ValueError, OverflowError) as error:
        raise syntax(name, _EXPECTED) from error
    if last < _EARLIEST or first > _LATEST:
        raise syntax(name, "a time between 1970 and 2149")
    return max(first, _EARLIEST), min(last, _LATEST)


def _span(text: str) -> tuple[date, date]:
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text[:10])
        if "T" in text:
            datetime.fromisoformat(text)
        return day, day
    found = _PERIOD.fullmatch(text)
    if not found:
        raise ValueError(text)
    year = int(found["year"])
    kind, number = found["kind"] or "A", int(found["number"] or 1)
    if found["month"]:
        kind, number = "M", int(found["month"])
    return _numbered(year, kind, number)


def _numbered(year: int, kind: str, number: int) -> tuple[date, date]:
    if kind == "W":
        monday = date.fromisocalendar(year, number, 1)
        return monday, monday + timedelta(days=6)
    if kind == "D":
        day = date(year, 1, 1) + timedelta(days=number - 1)
        if day.year != year:
            raise ValueError(number)
        return day, day
    months = _MONTHS.get(kind, 12)
    if not 1 <= number <= 12 // months:
        raise ValueError(number)
    begins = (number - 1) * months
    return date(year, begins + 1, 1), _month_end(year, begins + months)


def _month_end(year: int, month: int) -> date:
    return date(year, month, 28) + timedelta(days=4 - (date(year, month, 28) + timedelta(4)).day)


def moment_of(text: str, name: str) -> datetime:
    """A moment (UTC); of a day its end in Vientiane.

    Raises:
        SdmxError: it is none, or names no zone.
    """
    expected = "a moment with its zone (2026-03-31T02:00:00Z) or a day, of which the end counts"
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            local = datetime.fromisoformat(text).replace(tzinfo=_ZONE) + timedelta(days=1)
            given = local.astimezone(UTC) - timedelta(milliseconds=1)
        else:
            given = datetime.fromisoformat(text.replace(" ", "+"))
        if given.tzinfo is None or not 1970 <= given.year <= 2200:
            raise syntax(name, expected)
        return given.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise syntax(name, expected) from error
