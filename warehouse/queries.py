"""Questions about vacancies, each a named function: client and bounds in, typed rows out.

Days are days in Asia/Vientiane. `since` and `until` are both inclusive. Where `as_of` is given,
only what was stored by then counts, so that a figure can be given again; such answers read the
events, the others the roll-up. Province "" is unknown and major group "" is not codable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clickhouse_connect.driver.client import Client

_FAR: Final = date(2149, 6, 6)
"""The last day of ClickHouse's `Date`."""
_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)
_SUMS: Final = (
    "(SELECT event_date, province, isco1, source_id, flow, stock_delta FROM rollup_daily)"
)
_SUMS_AS_OF: Final = (
    "(SELECT event_date, province, isco1, source_id, flow, stock AS stock_delta"
    f" FROM vacancy_events WHERE loaded_at <= {moment('as_of')})"
)


class Grain(StrEnum):
    """Cells in which counts are asked for."""

    NATION = "nation"
    PROVINCE = "province"
    MAJOR = "isco1"
    CELL = "cell"
    """Province × major group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """New vacancies of a cell in the week that begins on Monday `week`."""

    week: date
    province: str
    isco1: str
    flow: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Open vacancies of a cell at the end of `day`; "" where the grain has no such dimension."""

    day: date
    province: str
    isco1: str
    stock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCount:
    """New vacancies first seen at one source, by cell and day; absent means none."""

    day: date
    province: str
    isco1: str
    source_id: str
    flow: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendDay:
    """The nation on one day: new vacancies, and those open at its end."""

    day: date
    flow: int
    stock: int


def _sums(as_of: datetime | None) -> str:
    return _SUMS if as_of is None else _SUMS_AS_OF


def weekly_flow(
    client: Client, *, since: date, until: date | None = None, as_of: datetime | None = None
) -> list[Flow]:
    """New vacancies by week × province × major group; weeks without any are absent."""
    rows = fetch(
        client,
        f"""SELECT toMonday(event_date) AS week, province, isco1, sum(flow) AS n
        FROM {_sums(as_of)}
        WHERE event_date BETWEEN {{since:Date}} AND {{until:Date}}
        GROUP BY week, province, isco1 HAVING n != 0 ORDER BY week, province, isco1""",
        since=since,
        until=until or _FAR,
        as_of=as_of,
    )
    return [Flow(week=r[0], province=r[1], isco1=r[2], flow=r[3]) for r in rows]


def daily_counts(
    client: Client, *, since: date, until: date | None = None, as_of: datetime | None = None
) -> list[DailyCount]:
    """New vacancies by day × province × major group × source, ordered by day."""
    rows = fetch(
        client,
        f"""SELECT event_date, province, isco1, source_id, sum(flow) AS n
        FROM {_sums(as_of)}
        WHERE event_date BETWEEN {{since:Date}} AND {{until:Date}}
        GROUP BY event_date, province, isco1, source_id HAVING n != 0
        ORDER BY event_date, province, isco1, source_id""",
        since=since,
        until=until or _FAR,
        as_of=as_of,
    )
    return [
        DailyCount(day=r[0], province=r[1], isco1=r[2], source_id=r[3], flow=r[4]) for r in rows
    ]


_CELLS: Final = {
    Grain.NATION: ("''", "''"),
    Grain.PROVINCE: ("province", "''"),
    Grain.MAJOR: ("''", "isco1"),
    Grain.CELL: ("province", "isco1"),
}


def stock_by_day(
    client: Client, *, grain: Grain, since: date, until: date, as_of: datetime | None = None
) -> list[Stock]:
    """Open vacancies at the end of every day from `since` to `until`, by cell, gaps filled.

    The stock is the sum of all deltas up to the day; a cell that never had an event is absent.
    """
    province, isco1 = _CELLS[grain]
    rows = fetch(
        client,
        f"""SELECT toString({province}) AS p, toString({isco1}) AS m,
          greatest(event_date, {{since:Date}}) AS day, sum(stock_delta) AS delta
        FROM {_sums(as_of)} WHERE event_date <= {{until:Date}}
        GROUP BY p, m, day ORDER BY p, m, day""",
        since=since,
        until=until,
        as_of=as_of,
    )
    return [
        Stock(day=day, province=key[0], isco1=key[1], stock=level)
        for key, cell in groupby(rows, key=lambda row: (row[0], row[1]))
        for day, level in running_total(((row[2], row[3]) for row in cell), since, until)
    ]


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


def national_trend(
    client: Client, *, since: date, until: date, as_of: datetime | None = None
) -> list[TrendDay]:
    """New and open vacancies of the nation on every day from `since` to `until`, gaps filled."""
    rows = fetch(
        client,
        f"""SELECT greatest(event_date, {{since:Date}}) AS day,
          sumIf(flow, event_date >= {{since:Date}}), sum(stock_delta)
        FROM {_sums(as_of)} WHERE event_date <= {{until:Date}} GROUP BY day""",
        since=since,
        until=until,
        as_of=as_of,
    )
    flows = {row[0]: row[1] for row in rows}
    levels = running_total(((row[0], row[2]) for row in rows), since, until)
    return [TrendDay(day=day, flow=flows.get(day, 0), stock=level) for day, level in levels]


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


_VACANCY_COLUMNS: Final = tuple(VacancyRow.__dataclass_fields__)


def latest_vacancies(
    client: Client,
    *,
    limit: int = 20,
    province: str | None = None,
    isco1: str | None = None,
    since: date = date(1970, 1, 1),
    as_of: datetime | None = None,
) -> list[VacancyRow]:
    """The vacancies opened last, newest first, each in its latest version (at `as_of`).

    Pass `since` (say 60 days back) where the register is long: it bounds what is read.
    """
    columns = ", ".join(_VACANCY_COLUMNS)
    rows = fetch(
        client,
        f"""SELECT {columns} FROM (
          SELECT * FROM vacancies
          WHERE opened_on >= {{since:Date}} AND loaded_at <= {moment("as_of")}
          ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id)
        WHERE ({{any_province:UInt8}} OR province = {{province:String}})
          AND ({{any_isco1:UInt8}} OR isco1 = {{isco1:String}})
        ORDER BY opened_on DESC, version DESC, vacancy_id LIMIT {{limit:UInt32}}""",
        since=since,
        as_of=as_of or _LAST,
        limit=limit,
        any_province=int(province is None),
        province=province or "",
        any_isco1=int(isco1 is None),
        isco1=isco1 or "",
    )
    return [VacancyRow(**dict(zip(_VACANCY_COLUMNS, row, strict=True))) for row in rows]
