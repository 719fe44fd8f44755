"""Periods as statistical offices write them → their first days. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from scrapers.parsing.supply_periods import read_period

_MONTH: Final = re.compile(r"(\d{4})[ \-]?M(\d{1,2})|(\d{4})(0[1-9]|1[0-2])", re.IGNORECASE)
"""2026M09 of Eurostat and PX-Web, and 202609."""

EXPECTED: Final = "a period such as 2026, 2026-Q3, 2026-09, 2026M09, 2026-W36 or 2026-09-30"


def first_day(text: str) -> date | None:
    """First day of what a cell names; `None` where it names no period."""
    if match := _MONTH.fullmatch(text.strip()):
        text = f"{match[1] or match[3]}-{match[2] or match[4]}"
    days = read_period(text)
    return None if days is None else days[0]
