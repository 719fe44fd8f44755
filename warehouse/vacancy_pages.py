"""Vacancies counted by any cell, and one by one in pages. For departments: see the release rules.

What was stored by `as_of` counts, each vacancy as it was then coded. Days are in Asia/Vientiane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, moment
from warehouse.published import FIRST_DAY
from warehouse.questions.basis import Basis
from warehouse.questions.known import rows_known
from warehouse.questions.seals import Sealed

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from warehouse.published import PageKey


class Span(StrEnum):
    """Length of the periods by which vacancies are counted."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    """The whole time asked for, as one period."""


class Dimension(StrEnum):
    """By what vacancies are counted."""

    PROVINCE = "province"
    DISTRICT = "district"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    SKILL = "skill"
    """A vacancy that asks for several counts once for each."""
    SOURCE = "source"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyFilter:
    """Which vacancies are asked for. An empty sequence: no condition; "" in one: not known."""

    since: date
    until: date
    provinces: Sequence[str] = ()
    districts: Sequence[str] = ()
    occupations: Sequence[str] = ()
    """ISCO-08 codes of 1 to 4 digits; a group holds all below it."""
    industries: Sequence[str] = ()
    skills: Sequence[str] = ()
    sources: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCount:
    """New vacancies of one cell in one period."""

    period: date
    cell: tuple[str, ...]
    """Codes in the order of the dimensions asked for."""
    n: int
    openings: int
    """Places to be filled."""
    employers: int
    """Employers with a name."""
    top_share: float
    """Share of `n` of the largest employer with a name."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyRecord:
    """One vacancy as coded."""

    vacancy_id: str
    opened_on: date
    title: str
    employer: str
    province: str
    district: str
    isco08: str
    isco08_probability: float
    isco08_reason: str
    isic: str
    pay_lower_lak: float | None
    pay_upper_lak: float | None
    education: str
    experience_months: int | None
    employment_type: str
    skills: tuple[str, ...]
    openings: int
    language: str
    source_id: str
    coder_version: str
    loaded_at: datetime


_COLUMNS: Final = tuple(VacancyRecord.__dataclass_fields__)
_NEWEST: Final = f"""(SELECT * FROM vacancies
  WHERE opened_on BETWEEN {{since:Date}} AND {{until:Date}} AND loaded_at <= {moment("as_of")}
  ORDER BY opened_on DESC, vacancy_id DESC, version DESC, record_id DESC
  LIMIT 1 BY opened_on, vacancy_id)"""
"""In the table's own order backwards, so that it is read in order and not sorted: a vacancy's day
of opening is the same in all its versions."""
_REACHES: Final = (31, 186)
"""Days in which a page is looked for before the whole time is."""
_PERIODS: Final = {
    Span.DAY: "opened_on",
    Span.WEEK: "toMonday(opened_on)",
    Span.MONTH: "toStartOfMonth(opened_on)",
    Span.ALL: "{since:Date}",
}


def latest_load(client: Client) -> tuple[datetime, int] | None:
    """When the newest row of `vacancies` was stored and how many there are; `None`: none yet."""
    newest, count = fetch(client, "SELECT max(loaded_at), count() FROM vacancies")[0]
    return (newest, count) if count else None


def counts(
    client: Client,
    asked: VacancyFilter,
    *,
    span: Span,
    by: Sequence[Dimension],
    digits: int,
    as_of: datetime,
    limit: int,
    basis: Basis = Basis.ROLLUP,
) -> list[CellCount]:
    """New vacancies by period and cell, empty cells left out, by period and then by codes.

    Args:
        digits: of ISCO-08 with the dimension occupation, 1 to 4.
        limit: rows at most.
        basis: sealed months where these stand, or raw rows only; the answers are equal.
    """
    terms, values = _conditions(asked)
    source = rows_known(
        client, Sealed.COUNTED, since=asked.since, until=asked.until, where=terms, as_of=as_of,
        basis=basis,
    )  # fmt: skip
    names = ", ".join(["period", *(f"c{at}" for at in range(len(by)))])
    rows = fetch(
        client,
        f"""SELECT {names}, n, places, employers, top / n, found
        FROM ({_totals_of(source, span, by, digits)}) AS totals
        LEFT JOIN ({_employers_of(source, span, by, digits)}) AS named USING ({names})
        ORDER BY {names} LIMIT {{limit:UInt32}}""",
        since=asked.since,
        until=asked.until,
        as_of=as_of,
        limit=limit,
        **values,
    )
    width = len(by)
    return [
        CellCount(
            period=row[0], cell=tuple(row[1 : 1 + width]), n=row[1 + width],
            openings=row[2 + width], employers=row[3 + width], top_share=row[4 + width],
            sources=tuple(row[5 + width]),
        )
        for row in rows
    ]  # fmt: skip


def _totals_of(source: str, span: Span, by: Sequence[Dimension], digits: int) -> str:
    keys, names = _keys(span, by, digits)
    return (
        f"SELECT {keys}, count() AS n, sum(toUInt64(openings)) AS places,"
        f" arraySort(groupUniqArray(source_id)) AS found FROM {source} GROUP BY {names}"
    )


def _employers_of(source: str, span: Span, by: Sequence[Dimension], digits: int) -> str:
    """Beside the totals: there are millions of groups by employer, which should hold little."""
    keys, names = _keys(span, by, digits)
    return (
        f"SELECT {names}, count() AS employers, max(c) AS top FROM (SELECT {keys}, firm,"
        f" count() AS c FROM {source} WHERE firm != 0 GROUP BY {names}, firm) GROUP BY {names}"
    )


def _keys(span: Span, by: Sequence[Dimension], digits: int) -> tuple[str, str]:
    """What is grouped by, and the names of that."""
    cells = {f"c{at}": _cell(one, digits) for at, one in enumerate(by)}
    columns = [f"{_PERIODS[span]} AS period", *(f"{sql} AS {name}" for name, sql in cells.items())]
    return ", ".join(columns), ", ".join(["period", *cells])


def records(
    client: Client, asked: VacancyFilter, *, after: PageKey, limit: int, as_of: datetime
) -> list[VacancyRecord]:
    """At most `limit` vacancies after the key `after` (`()`: from the first), newest day first.

    Looked for in the newest days first: a page does not cost the whole time asked for.
    """
    last = FIRST_DAY + timedelta(days=int(after[0])) if after else asked.until
    for days in (*_REACHES, (last - asked.since).days):
        since = max(asked.since, last - timedelta(days=max(days, 0)))
        found = _records(client, replace(asked, since=since, until=last), after, limit, as_of)
        if len(found) == limit or since == asked.since:
            break
    return found


def _records(
    client: Client, asked: VacancyFilter, after: PageKey, limit: int, as_of: datetime
) -> list[VacancyRecord]:
    terms, values = _conditions(asked)
    if after:
        terms += (
            " AND (toInt64(toUInt16(opened_on)) < {k0:Int64}"
            " OR (toInt64(toUInt16(opened_on)) = {k0:Int64} AND vacancy_id < {k1:String}))"
        )
        values |= {"k0": after[0], "k1": after[1]}
    rows = fetch(
        client,
        f"""SELECT {", ".join(_COLUMNS)} FROM {_NEWEST} WHERE {terms}
        ORDER BY opened_on DESC, vacancy_id DESC LIMIT {{limit:UInt32}}""",
        since=asked.since,
        until=asked.until,
        as_of=as_of,
        limit=limit,
        **values,
    )
    found = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    return [VacancyRecord(**row | {"skills": tuple(row["skills"])}) for row in found]


def key_of(record: VacancyRecord) -> PageKey:
    """The sort key of a vacancy, to begin the next page after it."""
    return ((record.opened_on - FIRST_DAY).days, record.vacancy_id)


def _cell(dimension: Dimension, digits: int) -> str:
    return {
        Dimension.PROVINCE: "province",
        Dimension.DISTRICT: "district",
        Dimension.OCCUPATION: f"substring(isco08, 1, {int(digits)})",
        Dimension.INDUSTRY: "isic",
        Dimension.SKILL: "arrayJoin(arrayDistinct(skills))",
        Dimension.SOURCE: "source_id",
        Dimension.LANGUAGE: "language",
    }[dimension]


def _conditions(asked: VacancyFilter) -> tuple[str, dict[str, Any]]:
    terms, values = ["1"], {}
    lists = {
        "province": asked.provinces, "district": asked.districts, "isic": asked.industries,
        "source_id": asked.sources,
    }  # fmt: skip
    for column, wanted in lists.items():
        if wanted:
            terms.append(f"{column} IN {{w_{column}:Array(String)}}")
            values[f"w_{column}"] = list(wanted)
    if asked.skills:
        terms.append("hasAny(skills, {w_skills:Array(String)})")
        values["w_skills"] = list(asked.skills)
    if asked.occupations:
        terms.append(
            "arrayExists(p -> if(p = '', isco08 = '', startsWith(isco08, p)),"
            " {w_codes:Array(String)})"
        )
        values["w_codes"] = list(asked.occupations)
    return " AND ".join(terms), values
