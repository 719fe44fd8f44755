"""Days as Laos counts them: local dates, public holidays, and which days say nothing of demand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
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

_LUNAR: Final = "Lunar New Year"
# Days that move with the Buddhist calendar, by the names that the library of holidays has for them.
_MOVING: Final = {
    "Begin of Buddhist Lent": "Boun Khao Phansa",
    "End of Buddhist Lent": "Boun Ok Phansa",
    "Boun That Luang Festival": "Boun That Luang",
}


def local_day(moment: datetime) -> date:
    """The day in Asia/Vientiane of an aware moment."""
    return moment.astimezone(LAO_TIME).date()


def end_of_day(day: date) -> datetime:
    """The moment (UTC) at which the local day is over: the event time of what it shows."""
    return datetime.combine(day + timedelta(days=1), time(), LAO_TIME).astimezone(UTC)


def week_start(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def holiday(day: date) -> str | None:
    """Name of the holiday on `day`, or None."""
    return _moving(day.year).get(day) or _FIXED.get((day.month, day.day))


@cache
def _moving(year: int) -> dict[date, str]:
    """Holidays of a year that have no fixed day; the first day of the Lunar New Year is one."""
    # The library takes a twelfth of a second to come in; who needs no calendar need not wait.
    from holidays import country_holidays

    laos = country_holidays("LA", years=year, categories=("school",), language="en_US")
    found = {day: _MOVING[name] for day in laos for name in laos.get_list(day) if name in _MOVING}
    # Laos does not close for it, but its traders and many employers do, as over the border.
    for day in country_holidays("VN", years=year, language="en_US").get_named(
        _LUNAR, lookup="exact"
    ):
        found.setdefault(day, _LUNAR)
    return found
