"""Questions of how many: new, open and closed vacancies by time and cell.

Days are days in Asia/Vientiane, bounds are inclusive. Province "" is unknown, group "" not codable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.queries import running_total
from warehouse.questions.basis import Basis, Cell, Counted, Weeks, counts_from

if TYPE_CHECKING:
    from datetime import date, datetime

    from clickhouse_connect.driver.client import Client

_ALL: Final = Cell()
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: new vacancies, those closed, and those open at its end."""

    day: date
    flow: int
    closed: int
    stock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWeek:
    """New vacancies of one group (province, major group or industry) in one week."""

    week: date
    code: str
    flow: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDay:
    """Open vacancies of one province at the end of one day."""

    day: date
    code: str
    stock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCount:
    """One cell over a period; `stock` is that at its end, `flow_before` of the period before."""

    province: str
    isco1: str
    flow: int
    flow_before: int
    closed: int
    stock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationCount:
    """One occupation of four digits over some weeks."""

    isco08: str
    flow: int
    stock: int
    """At the end of the last week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """New vacancies first seen at one source, and the last day with any event of it."""

    source_id: str
    flow: int
    stock: int
    last_event: date


def trend(
    client: Client,
    *,
    since: date,
    until: date,
    cell: Cell = _ALL,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[Day]:
    """Every day from `since` to `until`, gaps filled; of the nation or of a cell."""
    rows = fetch(
        client,
        f"""SELECT greatest(event_date, {{since:Date}}) AS day,
          sumIf(flow, event_date >= {{since:Date}}), sumIf(closed, event_date >= {{since:Date}}),
          sum(stock_delta)
        FROM {counts_from(Counted.CELLS, basis, as_of)}
        WHERE event_date <= {{until:Date}} AND {cell.where()} GROUP BY day ORDER BY day""",
        since=since,
        until=until,
        as_of=as_of,
        **cell.parameters(),
    )
    changes = {row[0]: row for row in rows}
    levels = running_total(((row[0], row[3]) for row in rows), since, until)
    none = (None, 0, 0, 0)
    return [
        Day(day=day, flow=found[1], closed=found[2], stock=stock)
        for day, stock in levels
        for found in (changes.get(day, none),)
    ]


def flow_by_province(
    client: Client,
    *,
    weeks: Weeks,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[GroupWeek]:
    """New vacancies by week and province; weeks without any are absent."""
    return _flow(client, Counted.WEEKLY, "province", weeks, as_of, basis)


def flow_by_major(
    client: Client,
    *,
    weeks: Weeks,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[GroupWeek]:
    """New vacancies by week and ISCO major group; weeks without any are absent."""
    return _flow(client, Counted.WEEKLY, "isco1", weeks, as_of, basis)


def _flow(
    client: Client,
    counted: Counted,
    key: str,
    weeks: Weeks,
    as_of: datetime | None,
    basis: Basis,
) -> list[GroupWeek]:
    rows = fetch(
        client,
        f"""SELECT week, {key}, sum(flow) AS n FROM {counts_from(counted, basis, as_of)}
        WHERE week BETWEEN {{first:Date}} AND {{last:Date}}
        GROUP BY week, {key} HAVING n != 0 ORDER BY week, {key}""",
        first=weeks.first,
        last=weeks.last,
        as_of=as_of,
    )
    return [GroupWeek(week=row[0], code=row[1], flow=row[2]) for row in rows]


def stock_by_province(
    client: Client,
    *,
    since: date,
    until: date,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[GroupDay]:
    """Open vacancies of every province that ever had one, at the end of every day."""
    rows = fetch(
        client,
        f"""SELECT province, greatest(event_date, {{since:Date}}) AS day, sum(stock_delta)
        FROM {counts_from(Counted.CELLS, basis, as_of)} WHERE event_date <= {{until:Date}}
        GROUP BY province, day ORDER BY province, day""",
        since=since,
        until=until,
        as_of=as_of,
    )
    return [
        GroupDay(day=day, code=province, stock=level)
        for province, days in groupby(rows, key=lambda row: row[0])
        for day, level in running_total(((row[1], row[2]) for row in days), since, until)
    ]


def cell_table(
    client: Client,
    *,
    since: date,
    until: date,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[CellCount]:
    """Province × major group over a period, beside the period of the same length before it.

    Cells in which nothing happened and nothing is open are absent.
    """
    rows = fetch(
        client,
        f"""SELECT province, isco1, sumIf(flow, event_date >= {{since:Date}}) AS f,
          sumIf(flow, event_date < {{since:Date}} AND event_date >= {{before:Date}}) AS b,
          sumIf(closed, event_date >= {{since:Date}}) AS c, sum(stock_delta) AS s
        FROM {counts_from(Counted.CELLS, basis, as_of)} WHERE event_date <= {{until:Date}}
        GROUP BY province, isco1 HAVING f != 0 OR b != 0 OR c != 0 OR s != 0
        ORDER BY province, isco1""",
        since=since,
        before=since - (until - since) - _DAY,
        until=until,
        as_of=as_of,
    )
    return [
        CellCount(province=r[0], isco1=r[1], flow=r[2], flow_before=r[3], closed=r[4], stock=r[5])
        for r in rows
    ]


def top_occupations(
    client: Client,
    *,
    weeks: Weeks,
    province: str | None = None,
    limit: int = 20,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[OccupationCount]:
    """Occupations (ISCO-08, four digits) with most new vacancies; without the not codable."""
    cell = Cell(province=province)
    rows = fetch(
        client,
        f"""SELECT isco08, sumIf(flow, week >= {{first:Date}}) AS n, sum(stock_delta)
        FROM {counts_from(Counted.OCCUPATIONS, basis, as_of)}
        WHERE week <= {{last:Date}} AND isco08 != '' AND {cell.where()}
        GROUP BY isco08 HAVING n > 0 ORDER BY n DESC, isco08 LIMIT {{limit:UInt32}}""",
        first=weeks.first,
        last=weeks.last,
        limit=limit,
        as_of=as_of,
        **cell.parameters(),
    )
    return [OccupationCount(isco08=r[0], flow=r[1], stock=r[2]) for r in rows]


def source_counts(
    client: Client,
    *,
    since: date,
    until: date,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[SourceCount]:
    """Sources by the new vacancies first seen there; `stock` is that at the end of `until`."""
    rows = fetch(
        client,
        f"""SELECT source_id, sumIf(flow, event_date >= {{since:Date}}) AS n, sum(stock_delta),
          max(event_date)
        FROM {counts_from(Counted.SOURCES, basis, as_of)} WHERE event_date <= {{until:Date}}
        GROUP BY source_id ORDER BY n DESC, source_id""",
        since=since,
        until=until,
        as_of=as_of,
    )
    return [SourceCount(source_id=r[0], flow=r[1], stock=r[2], last_event=r[3]) for r in rows]
