"""What questions about vacancies share: levels from changes, the days there are, a row of a list.

Days are days in Asia/Vientiane; `since` and `until` are both inclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from warehouse.client import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clickhouse_connect.driver.client import Client


def running_total(
    deltas: Iterable[tuple[date, int]], since: date, until: date
) -> list[tuple[date, int]]:
    """Level at the end of every day of [since, until]; days without a delta keep the level."""
    changes = dict(deltas)
    level, levels = 0, []
    for offset in range((until - since).days + 1):
        day = since + timedelta(days=offset)
        level += changes.get(day, 0)
        levels.append((day, level))
    return levels


def event_span(client: Client) -> tuple[date, date] | None:
    """First and last day with an event, or `None` while there is none."""
    first, last, n = fetch(
        client, "SELECT min(event_date), max(event_date), count() FROM rollup_daily"
    )[0]
    return (first, last) if n else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyRow:
    """A vacancy as lists show it. Employer and title are as redacted by the stream."""

    vacancy_id: str
    opened_on: date
    title: str
    employer: str
    province: str
    district: str
    isco08: str
    isco08_probability: float
    isic: str
    pay_lower_lak: float | None
    pay_upper_lak: float | None
    openings: int
    language: str
    source_id: str
    posting_key: str
    loaded_at: datetime
