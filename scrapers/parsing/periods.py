"""The days of a text that states more than one: "5 November – 30 November 2026"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from scrapers.parsing.dates import DateOrder, make_day, numbered_dates
from scrapers.parsing.months import in_digits, month_number

_SHORTEST: Final = 10
_LONGEST: Final = 120
_MONTH: Final = r"(?P<month>[^\W\d_][^\d\s,./\-–—]*)"
_DAY: Final = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_YEAR: Final = r"(?:[\s,./\-]{0,3}(?P<year>\d{4})(?!\d))?"
_NAMED: Final = (
    re.compile(rf"{_DAY}[\s,.\-/]*{_MONTH}{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}[\s.,\-/]*{_DAY}{_YEAR}", re.IGNORECASE),
)
_DAY_BEFORE: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s*(?:[–—~-]|to|until|ຫາ|ເຖິງ|ຮອດ|ถึง|đến|至|到)\s*$",
    re.IGNORECASE,
)


def stated_days(raw: str, order: DateOrder = "dmy") -> list[date]:
    """Every day that a text states with a month, in the order written; a year or a month that
    stands only once ("1 - 30 November 2026") is that of the day before it too."""
    if not _SHORTEST <= len(raw) <= _LONGEST:
        return []
    text = in_digits(raw)
    numbered = numbered_dates(text, order)
    if len(numbered) > 1:
        return numbered
    named = max((list(_named_days(text, pattern)) for pattern in _NAMED), key=len)
    return named or numbered


def _named_days(text: str, pattern: re.Pattern[str]) -> Iterator[date]:
    found = [match for match in pattern.finditer(text) if month_number(match["month"])]
    if not found or not found[-1]["year"]:
        return
    last = _day(found[-1], int(found[-1]["year"]), int(found[-1]["day"]))
    if last is None:
        return
    if len(found) == 1 and (earlier := _DAY_BEFORE.search(text, 0, found[0].start())):
        yield from filter(None, [_day(found[0], int(found[0]["year"]), int(earlier[1]))])
    for match in found[:-1]:
        day = _day(match, int(match["year"] or last.year), int(match["day"]))
        if day is not None and day > last and not match["year"]:
            day = _day(match, last.year - 1, int(match["day"]))
        if day is not None:
            yield day
    yield last


def _day(match: re.Match[str], year: int, day: int) -> date | None:
    return make_day(year, month_number(match["month"]), day)
