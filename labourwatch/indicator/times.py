"""Periods as statistical offices write them → their first days. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from scrapers.parsing.supply_periods import read_period

_MONTH: Final = re.compile(
    r"(?P<y1>\d{4})[ \-]?M(?P<m1>\d{1,2})|(?P<y2>\d{4})[. ]?(?P<m2>0[1-9]|1[0-2])"
    r"|(?P<m3>0?[1-9]|1[0-2])\.(?P<y3>\d{4})",
    re.IGNORECASE,
)
"""2026M09 of Eurostat and PX-Web, 202609, 2026.09 and 09.2026."""

_YEARS: Final = ("y1", "y2", "y3")
_MONTHS: Final = ("m1", "m2", "m3")
EXPECTED: Final = "a period such as 2026, 2026-Q3, 2026-09, 2026M09, 2026-W36 or 2026-09-30"


def first_day(text: str) -> date | None:
    """First day of what a cell names; `None` where it names no period."""
    if match := _MONTH.fullmatch(text.strip()):
        year, month = (next(filter(None, map(match.group, of))) for of in (_YEARS, _MONTHS))
        text = f"{year}-{month}"
    days = read_period(text)
    return None if days is None else days[0]
