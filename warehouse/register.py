"""The register as the dashboard reads it: few, small answers that stay small as it grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_RECENT_DAYS: Final = 60
"""How far back a vacancy may have been opened and still be among the newest in the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyDelta:
    """What one day changed in one cell. "" is an unknown province or an uncodable occupation."""

    day: date
    province: str
    isco1: str
    flow: int
    stock_delta: int


def daily_deltas(client: Client) -> list[DailyDelta]:
    """New vacancies and change of stock by day × province × major group, over all history."""
    rows = fetch(
        client,
        """SELECT event_date, province, isco1, sum(flow) AS new, sum(stock_delta) AS delta
        FROM rollup_daily GROUP BY event_date, province, isco1 HAVING new != 0 OR delta != 0""",
    )
    return [
        DailyDelta(day=r[0], province=r[1], isco1=r[2], flow=r[3], stock_delta=r[4]) for r in rows
    ]


def stock_by_source(client: Client) -> dict[str, int]:
    """Open vacancies by the source whose posting opened them."""
    rows = fetch(client, "SELECT source_id, sum(stock_delta) FROM rollup_daily GROUP BY source_id")
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestVacancy:
    """A vacancy as it came into the register, in its latest version."""

    vacancy_id: str
    title: str
    employer: str
    province: str
    isco08: str
    isco08_probability: float
    isco08_reason: str
    source_id: str
    language: str
    opened_on: date
    loaded_at: datetime


_NEWEST: Final = tuple(NewestVacancy.__dataclass_fields__)


def newest_vacancies(client: Client, *, limit: int) -> list[NewestVacancy]:
    """The vacancies that came into the register last, newest first."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_NEWEST)} FROM vacancies
        WHERE opened_on >= (SELECT max(opened_on) - {_RECENT_DAYS} FROM vacancies)
        ORDER BY version DESC, opened_on DESC, vacancy_id LIMIT 1 BY vacancy_id
        LIMIT {{limit:UInt32}}""",
        limit=limit,
    )
    return [NewestVacancy(**dict(zip(_NEWEST, row, strict=True))) for row in rows]


def last_loaded(client: Client) -> datetime | None:
    """When the newest event reached the warehouse (UTC), or `None` before the first."""
    ((latest, count),) = fetch(client, "SELECT max(loaded_at), count() FROM vacancy_events")
    return latest if count else None


def listed_last(client: Client) -> dict[str, int]:
    """Postings on each source's listing at its last crawl."""
    rows = fetch(
        client, "SELECT source_id, argMax(listed, finished_at) FROM source_runs GROUP BY source_id"
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCount:
    """How many records a stage refused for one reason."""

    stage: str
    reason: str
    count: int
    latest: datetime


def refusal_counts(client: Client) -> list[RefusalCount]:
    """Dead letters by stage and reason, most frequent first."""
    rows = fetch(
        client,
        """SELECT stage, reason, uniqExact(letter_id) AS n, max(failed_at) FROM dead_letters
        GROUP BY stage, reason ORDER BY n DESC, stage, reason""",
    )
    return [RefusalCount(stage=r[0], reason=r[1], count=r[2], latest=r[3]) for r in rows]
