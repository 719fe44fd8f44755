"""Open vacancies by any cell at the ends of periods. For departments: see the release rules.

The stock is the sum of all events up to a day, of which only those stored by `as_of` count; an
event that re-classifies a vacancy moves it between cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, moment
from warehouse.vacancy_pages import Dimension, Span, VacancyFilter

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

DIMENSIONS: Final = (
    Dimension.PROVINCE, Dimension.OCCUPATION, Dimension.INDUSTRY, Dimension.SOURCE,
)  # fmt: skip
"""By which events are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStock:
    """Open vacancies of one cell at the end of `day`."""

    day: date
    cell: tuple[str, ...]
    """Codes in the order of the dimensions asked for."""
    open_now: int


def period_ends(span: Span, since: date, until: date) -> list[date]:
    """Last days of the whole periods that end within [since, until]; of `ALL`: `until`."""
    if span is Span.ALL:
        return [until]
    days = (since + timedelta(days=at) for at in range((until - since).days + 1))
    return [day for day in days if _ends(span, day)]


def _ends(span: Span, day: date) -> bool:
    if span is Span.WEEK:
        return day.weekday() == 6
    return span is Span.DAY or (day + timedelta(days=1)).day == 1


def stocks(
    client: Client,
    asked: VacancyFilter,
    *,
    span: Span,
    by: Sequence[Dimension],
    digits: int,
    as_of: datetime,
) -> Iterator[CellStock]:
    """Open vacancies at the ends of periods, by cell and then by day; empty ones are left out.

    Args:
        by: any of `DIMENSIONS`.
        digits: of ISCO-08 with the dimension occupation, 1 to 4.
    """
    days = period_ends(span, asked.since, asked.until)
    if not days:
        return
    cells = [_cell(one, digits) for one in by]
    columns = "".join(f"toString({cell}) AS c{at}, " for at, cell in enumerate(cells))
    names = "".join(f"c{at}, " for at in range(len(by)))
    terms, values = _conditions(asked)
    rows = fetch(
        client,
        f"""SELECT {columns}greatest(event_date, {{first:Date}}) AS day, sum(stock) AS delta
        FROM vacancy_events
        WHERE event_date <= {{last:Date}} AND loaded_at <= {moment("as_of")} AND {terms}
        GROUP BY {names}day HAVING delta != 0 ORDER BY {names}day""",
        first=days[0],
        last=days[-1],
        as_of=as_of,
        **values,
    )
    width = len(by)
    for cell, held in groupby(rows, key=lambda row: tuple(row[:width])):
        yield from _levels(cell, [(row[width], row[width + 1]) for row in held], days)


def _levels(
    cell: tuple[str, ...], deltas: list[tuple[date, int]], days: Sequence[date]
) -> Iterator[CellStock]:
    level, at = 0, 0
    for day in days:
        while at < len(deltas) and deltas[at][0] <= day:
            level += deltas[at][1]
            at += 1
        if level:
            yield CellStock(day=day, cell=cell, open_now=level)


def _cell(dimension: Dimension, digits: int) -> str:
    return {
        Dimension.PROVINCE: "province",
        Dimension.OCCUPATION: f"substring(isco08, 1, {int(digits)})",
        Dimension.INDUSTRY: "isic",
        Dimension.SOURCE: "source_id",
    }[dimension]


def _conditions(asked: VacancyFilter) -> tuple[str, dict[str, Any]]:
    terms, values = ["1"], {}
    lists = {"province": asked.provinces, "isic": asked.industries, "source_id": asked.sources}
    for column, wanted in lists.items():
        if wanted:
            terms.append(f"{column} IN {{w_{column}:Array(String)}}")
            values[f"w_{column}"] = list(wanted)
    if asked.occupations:
        terms.append(
            "arrayExists(p -> if(p = '', isco08 = '', startsWith(isco08, p)),"
            " {w_codes:Array(String)})"
        )
        values["w_codes"] = list(asked.occupations)
    return " AND ".join(terms), values
