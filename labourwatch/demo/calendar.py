"""Days of the simulated market: numbering, holidays, the week and the year.

A day is an integer, 0 being the first day of history; all days are civil days in Vientiane.
Fixed public holidays follow the Lao calendar; lunar ones are looked up, not computed.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

VIENTIANE: Final = timezone(timedelta(hours=7), "Asia/Vientiane")

WEEK: Final = (1.25, 1.20, 1.15, 1.10, 1.05, 0.70, 0.55)
"""Monday to Sunday; the mean is 1."""

# Full moon of the twelfth lunar month (Boun That Luang), and the Lunar New Year, by civil date.
THAT_LUANG: Final = (
    date(2023, 11, 27), date(2024, 11, 15), date(2025, 11, 5), date(2026, 11, 24),
    date(2027, 11, 13), date(2028, 11, 2), date(2029, 11, 21), date(2030, 11, 10),
)  # fmt: skip
LUNAR_NEW_YEAR: Final = (
    date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6),
    date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3),
)  # fmt: skip
_FIXED: Final = {
    (1, 1): 0.20, (3, 8): 0.40, (5, 1): 0.25, (12, 2): 0.15,
    (4, 13): 0.45, (4, 14): 0.10, (4, 15): 0.08, (4, 16): 0.10, (4, 17): 0.45, (4, 18): 0.7,
}  # fmt: skip
TREND_PER_YEAR: Final = 0.06
# Yearly season by major group: amplitude and day of the year of the peak.
_SEASON: Final = {
    1: (0.06, 45), 2: (0.07, 60), 3: (0.07, 60), 4: (0.08, 60), 5: (0.12, 335),
    6: (0.25, 165), 7: (0.10, 20), 8: (0.08, 30), 9: (0.12, 340),
}  # fmt: skip


def start_of(day: date) -> datetime:
    """Midnight in Vientiane at the start of a civil day, as UTC."""
    return datetime.combine(day, time(), VIENTIANE).astimezone(UTC)


def civil_day(moment: datetime) -> date:
    """The civil day in Vientiane of an aware moment."""
    return moment.astimezone(VIENTIANE).date()


@lru_cache(maxsize=4096)
def holiday_factor(day: date) -> float:
    """Share of an ordinary day's postings that appear on `day`; 1 where it is no holiday."""
    factor = _FIXED.get((day.month, day.day), 1.0)
    for feast in THAT_LUANG:
        factor *= {0: 0.25, 1: 0.6, -1: 0.8}.get((feast - day).days, 1.0)
    for new_year in LUNAR_NEW_YEAR:
        if 0 <= (day - new_year).days < 5:
            factor *= 0.85
    return factor


def season_factor(day: date, isco1: int) -> float:
    """Yearly season of a major group, mean about 1."""
    amplitude, peak = _SEASON[isco1]
    return 1 + amplitude * math.cos(2 * math.pi * (day.timetuple().tm_yday - peak) / 365.25)


def day_factor(day: date, number: int) -> float:
    """Week, holiday and slow trend together, for day `number` of the market."""
    return WEEK[day.weekday()] * holiday_factor(day) * (1 + TREND_PER_YEAR * number / 365.25)
