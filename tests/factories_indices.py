"""Published figures of one series as releases told them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from warehouse.series import Frequency, Observation, SeriesKey

MONDAY = date(2026, 1, 5)
ISSUED = datetime(2026, 1, 14, tzinfo=UTC)


def period(frequency: Frequency, n: int) -> date:
    """The n-th week from `MONDAY`, or month from January 2020, by its first day."""
    if frequency is Frequency.WEEKLY:
        return MONDAY + timedelta(weeks=n)
    return date(2020 + n // 12, n % 12 + 1, 1)


def figures(
    values: Iterable[float | None], *, indicator: str = "tightness", half: float = 0.1,
    frequency: Frequency = Frequency.WEEKLY, province: str = "LA-VT", occupation: str = "",
    relative: bool = False,
) -> list[Observation]:  # fmt: skip
    """One figure a period; None: not told. `half` of its interval, `relative`: to the value."""
    rows = []
    for n, value in enumerate(values):
        if value is None:
            continue
        away = half * abs(value) if relative else half
        rows.append(
            Observation(
                series=SeriesKey(
                    indicator=indicator, province=province, occupation=occupation,
                    frequency=frequency,
                ),
                time_value=period(frequency, n), issue=ISSUED + timedelta(weeks=n), value=value,
                lower=value - away, upper=value + away, n=40, employers=9,
                sources=("north", "south"), release_id=f"R{n}.0",
            )
        )  # fmt: skip
    return rows
