"""How much of a period its holidays may have taken, so that a feast reads as no fall. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from alerts.calendar import holiday
from dashboard.language import Language
from dashboard.words import joined

_KEYS: Final = {
    "New Year": "new_year",
    "Lunar New Year": "lunar_new_year",
    "Women's Day": "womens_day",
    "Pi Mai Lao": "pi_mai",
    "Labour Day": "labour_day",
    "Boun Khao Phansa": "khao_phansa",
    "Boun Ok Phansa": "ok_phansa",
    "Boun That Luang": "that_luang",
    "National Day": "national_day",
}
"""Names of the calendar, and the strings under which readers' words for them stand."""
_WORKING: Final = 5
"""Days of a week, from Monday on, of which most boards live."""


def ordinary_share(last: date, days: int = 7) -> float:
    """The least share of its usual vacancies that a period can hold if nothing changed.

    How much holidays bring is not known, so the worst is taken: nothing, on a working day where
    weekends bring nothing either (a fifth of a week), and on a weekend where they bring as much as
    other days (a seventh).

    Args:
        last: last day of the period.
        days: its length, whole weeks.

    Returns:
        0 to 1; 1 without holidays.
    """
    lost = sum(
        1 / _WORKING if day.weekday() < _WORKING else 1 / 7
        for day in _days(last, days)
        if holiday(day)
    )
    return max(0.0, 1 - lost * 7 / days)


def ordinary_counts(ends: Sequence[date], counts: Sequence[int]) -> list[int]:
    """Of counts by week, those of weeks without holidays."""
    return [count for end, count in zip(ends, counts, strict=True) if ordinary_share(end) == 1.0]


def with_holidays(lang: Language, said: str, last: date) -> str:
    """A sentence on the week to `last`, and where holidays fell into it, which."""
    names = dict.fromkeys(name for day in _days(last, 7) if (name := holiday(day)))
    if not names:
        return said
    told = joined(lang.say(f"holiday_{_KEYS[name]}") for name in names)
    return f"{said} {lang.say('holidays_in_week', holidays=told)}"


def _days(last: date, days: int) -> Iterator[date]:
    return (last - timedelta(days=back) for back in range(days - 1, -1, -1))
