"""Days as Laos counts them: local dates, public holidays, and which days say nothing of demand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LAO_TIME: Final = ZoneInfo("Asia/Vientiane")

# (month, day) of holidays that do not move. Pi Mai Lao is officially 14-16 April; offices close a
# day on either side in practice, and boards fall silent with them.
_FIXED: Final[dict[tuple[int, int], str]] = {
    (1, 1): "New Year",
    (3, 8): "Women's Day",
    (4, 13): "Pi Mai Lao",
    (4, 14): "Pi Mai Lao",
    (4, 15): "Pi Mai Lao",
    (4, 16): "Pi Mai Lao",
    (4, 17): "Pi Mai Lao",
    (5, 1): "Labour Day",
    (12, 2): "National Day",
}

# Holidays of the lunar calendar, by table: a wrong formula would be worse than a finite list.
_LUNAR: Final[dict[str, tuple[str, ...]]] = {
    "Lunar New Year": (
        "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26",
    ),
    "Boun Khao Phansa": (
        "2024-07-20", "2025-07-10", "2026-07-29", "2027-07-18", "2028-07-06",
    ),
    "Boun Ok Phansa": (
        "2024-10-17", "2025-10-07", "2026-10-26", "2027-10-15", "2028-10-03",
    ),
    "Boun That Luang": (
        "2024-11-15", "2025-11-05", "2026-11-24", "2027-11-13", "2028-11-02",
    ),
}  # fmt: skip
LAST_YEAR: Final = 2028


def local_day(moment: datetime) -> date:
    """The day in Asia/Vientiane of an aware moment."""
    return moment.astimezone(LAO_TIME).date()


def end_of_day(day: date) -> datetime:
    """The moment (UTC) at which the local day is over: the event time of what it shows."""
    return datetime.combine(day + timedelta(days=1), time(), LAO_TIME).astimezone(UTC)


def week_start(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def _table() -> dict[date, str]:
    return {date.fromisoformat(day): name for name, days in _LUNAR.items() for day in days}


_LUNAR_DAYS: Final = _table()


def holiday(day: date) -> str | None:
    """Name of the holiday on `day`, or None.

    Moving holidays are known for 2024 to `LAST_YEAR`; fixed ones always.
    """
    return _LUNAR_DAYS.get(day) or _FIXED.get((day.month, day.day))
