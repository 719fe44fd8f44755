"""The register as the dashboard reads it: few, small answers that stay small as it grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

_FIRST: Final = date(1970, 1, 1)
_RECENT_DAYS: Final = 60
"""How far back a vacancy may have been opened and still be among the newest in the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyDeltas:
    """What each day changed in each cell, as columns of equal length: a row object each is slow."""

    days: Sequence[int]
    """Days since 1970-01-01."""
    provinces: Sequence[int]
    """Place in the list of provinces asked for; its length where the code is not in it."""
    groups: Sequence[int]
    """Place in the list of major groups asked for; its length where the code is not in it."""
    flows: Sequence[int]
    stock_deltas: Sequence[int]


def daily_deltas(
    client: Client,
    provinces: Sequence[str],
    groups: Sequence[str],
    *,
    since: date = _FIRST,
    sources: Sequence[str] | None = None,
) -> DailyDeltas:
    """New vacancies and change of stock by day × province × major group, from `since` on.

    Codes not asked for (above all "", unknown) are counted together under one place of their own.
    Only what `sources` opened or closed is counted, where they are given.
    """
    of_sources = "" if sources is None else "AND has({sources:Array(String)}, source_id)"
    result = client.query(
        f"""SELECT toUInt16(event_date) AS day,
          {_place("province", "provinces")} AS p, {_place("isco1", "groups")} AS g,
          sum(flow) AS new, sum(stock_delta) AS delta
        FROM rollup_daily WHERE event_date >= {{since:Date}} {of_sources}
        GROUP BY day, p, g HAVING new != 0 OR delta != 0""",
        parameters={
            "provinces": list(provinces),
            "groups": list(groups),
            "since": since,
            **({} if sources is None else {"sources": list(sources)}),
        },
        column_oriented=True,
    )
    columns = result.result_columns or [[], [], [], [], []]
    return DailyDeltas(
        days=columns[0],
        provinces=columns[1],
        groups=columns[2],
        flows=columns[3],
        stock_deltas=columns[4],
    )


def _place(column: str, codes: str) -> str:
    """SQL for the place of `column` in a list, or its length: indexOf is 0 where there is none."""
    held = f"{{{codes}:Array(String)}}"
    place = f"toInt32(indexOf({held}, {column})) - 1"
    return f"if(has({held}, {column}), {place}, toInt32(length({held})))"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the register has come; equal twice when nothing was loaded in between."""

    loaded_at: datetime
    """When the newest event reached the warehouse (UTC)."""
    events: int
    flow: int
    """New vacancies over all history."""
    stock: int


def progress(client: Client) -> Progress | None:
    """How far the register has come, or `None` before the first event."""
    row = fetch(
        client,
        """SELECT (SELECT max(loaded_at) FROM vacancy_events), (SELECT count() FROM vacancy_events),
          sum(flow), sum(stock_delta) FROM rollup_daily""",
    )[0]
    return Progress(loaded_at=row[0], events=row[1], flow=row[2], stock=row[3]) if row[1] else None


def first_day_loaded_since(client: Client, since: datetime) -> date | None:
    """The earliest day of the events loaded at or after `since`, or `None` where there are none."""
    ((day, count),) = fetch(
        client,
        f"SELECT min(event_date), count() FROM vacancy_events WHERE loaded_at >= {moment('since')}",
        since=since,
    )
    return day if count else None


def listed_last(client: Client) -> dict[str, int]:
    """Postings on each source's listing when it was last read whole.

    Between whole readings only its newest pages, or nothing, are listed. Of a source that does not
    list everything: what its last successful run gave.
    """
    rows = fetch(
        client,
        """SELECT source_id, argMax(listed, (unseen_runs > 0, finished_at)) FROM source_runs
        WHERE outcome IN ('ok', 'partial') GROUP BY source_id""",
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
