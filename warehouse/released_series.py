"""Published figures of many series as a view may see them, read in blocks of whole series.

First the list of series (what there is), then their figures, some thousand at a time: memory holds
one block and one public table, however much is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, moment
from warehouse.disclosure.records import Released, View
from warehouse.disclosure.release import (
    NO_COUNTS,
    Counts,
    count_of,
    in_lattice,
    period_end,
    release,
)
from warehouse.disclosure.rules import kinds
from warehouse.disclosure.table import public_table
from warehouse.history import observation_of
from warehouse.published import history_begins
from warehouse.series import Frequency, Observation, SeriesKey

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

BLOCK: Final = 20_000
MOST_SERIES: Final = 100_000
_FIRST_DAY: Final = date(1970, 1, 1)
_LAST_DAY: Final = date(2149, 6, 6)
_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)
_CELL: Final = "province, occupation, industry, skill"
_KEY: Final = tuple(SeriesKey.__dataclass_fields__)
_COLUMNS: Final = ", ".join(
    (*_KEY, *(name for name in Observation.__dataclass_fields__ if name != "series"))
)
_COUNTS_LIMIT: Final = 1_000_000


class TooManySeriesError(Exception):
    """More than `MOST_SERIES` series were asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figures are asked for. An empty sequence: no condition. "" in one: the total."""

    indicators: Sequence[str] = ()
    frequencies: Sequence[str] = ()
    provinces: Sequence[str] = ()
    occupations: Sequence[str] = ()
    industries: Sequence[str] = ()
    skills: Sequence[str] = ()
    since: date = _FIRST_DAY
    until: date = _LAST_DAY
    as_of: datetime = _LAST
    """What had been issued by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One series of which there are figures."""

    series: SeriesKey
    first: date
    last: date
    figures: int
    """Points in time."""
    issue: datetime
    """Of its newest figure."""


def spans(client: Client, asked: Asked, view: View) -> list[Span]:
    """Series that hold figures and that `view` may ask for, in the order of blocks.

    The public is shown released figures of the lattice's cells, hidden ones as such; a series
    without any figure of its cell is not there for anybody.

    Raises:
        TooManySeriesError: ask for less at once.
    """
    where, values = _conditions(asked, view)
    rows = fetch(
        client,
        f"""SELECT {", ".join(_KEY)}, min(time_value), max(time_value), uniqExact(time_value),
          max(issue) AS newest
        FROM observations WHERE {where} GROUP BY {", ".join(_KEY)}
        ORDER BY indicator, frequency, {_CELL} LIMIT {{most:UInt32}}""",
        most=MOST_SERIES + 1,
        **values,
    )
    if len(rows) > MOST_SERIES:
        raise TooManySeriesError(f"more than {MOST_SERIES:,} series")
    found = map(_span, rows)
    return [each for each in found if view is View.DEPARTMENT or _is_public(each.series)]


def issues(client: Client, asked: Asked, view: View) -> list[datetime]:
    """Moments at which the figures asked for were issued, the first one first."""
    where, values = _conditions(asked, view)
    sql = f"SELECT DISTINCT issue FROM observations WHERE {where} ORDER BY issue"
    return [row[0] for row in fetch(client, sql, **values)]


def newest_issue(client: Client, view: View, as_of: datetime = _LAST) -> datetime | None:
    """When the newest figure, or the newest public count behind one, was issued; `None` before."""
    where, values = _conditions(Asked(as_of=as_of), view)
    tables = [f"SELECT max(issue) AS newest, count() AS n FROM observations WHERE {where}"]
    if view is not View.DEPARTMENT:
        tables.append(
            "SELECT max(issue) AS newest, count() AS n FROM public_counts"
            f" WHERE issue <= {moment('as_of')}"
        )
    sql = f"SELECT max(newest), sum(n) FROM ({' UNION ALL '.join(tables)})"
    newest, count = fetch(client, sql, **values)[0]
    return newest if count else None


def provisional_releases(client: Client) -> frozenset[str]:
    """Releases that are to be followed by a final one of their period."""
    sql = "SELECT DISTINCT release_id FROM releases WHERE status = 'provisional'"
    return frozenset(row[0] for row in fetch(client, sql))


def blocks(
    client: Client,
    wanted: Iterable[Span],
    asked: Asked,
    view: View,
    *,
    issue: datetime | None = None,
) -> Iterator[list[Released]]:
    """Figures of the series, each series whole and by time, series after series.

    Args:
        client: may be read-only.
        wanted: of `spans`, in its order.
        asked: the same question.
        view: for whom.
        issue: only figures issued at this very moment, instead of the newest of each time.
    """
    began = history_begins(client)
    for (indicator, frequency), group in groupby(wanted, key=_head):
        counts = _counts(client, indicator, frequency, asked, view, issue)
        for part in _parts(group):
            held = _observations(client, part, asked, view, issue)
            yield release(held, view, counts=counts, history_since=began)


def _head(span: Span) -> tuple[str, Frequency]:
    return span.series.indicator, span.series.frequency


def _parts(group: Iterable[Span]) -> Iterator[list[Span]]:
    part: list[Span] = []
    size = 0
    for span in group:
        if part and size + span.figures > BLOCK:
            yield part
            part, size = [], 0
        part.append(span)
        size += span.figures
    if part:
        yield part


def _counts(
    client: Client, indicator: str, frequency: Frequency, asked: Asked, view: View,
    issue: datetime | None,
) -> Counts:  # fmt: skip
    measure = count_of(indicator)
    if view is View.DEPARTMENT or measure is None:
        return NO_COUNTS
    key = SeriesKey(indicator=indicator, frequency=frequency)
    found = public_table(
        client,
        measure=measure,
        frequency=frequency,
        since=asked.since,
        until=min(period_end(key, asked.until), _LAST_DAY),
        as_of=issue or asked.as_of,
        limit=_COUNTS_LIMIT,
    )
    return {(each.measure, each.frequency, each.time_value, each.cell): each for each in found}


def _observations(
    client: Client, part: Sequence[Span], asked: Asked, view: View, issue: datetime | None
) -> list[Observation]:
    where, values = _conditions(asked, view)
    if issue is not None:
        where += f" AND issue = {moment('issue')}"
        values["issue"] = issue
    first = part[0].series
    rows = fetch(
        client,
        f"""SELECT {_COLUMNS} FROM observations
        WHERE {where} AND indicator = {{indicator:String}} AND frequency = {{frequency:String}}
          AND province IN {{near:Array(String)}}
          AND concat(province, '|', occupation, '|', industry, '|', skill)
            IN {{cells:Array(String)}}
        ORDER BY {_CELL}, time_value, issue DESC LIMIT 1 BY {_CELL}, time_value""",
        indicator=first.indicator,
        frequency=first.frequency.value,
        near=sorted({span.series.province for span in part}),
        cells=[_cell(span.series) for span in part],
        **values,
    )
    return [observation_of(row) for row in rows]


def _cell(key: SeriesKey) -> str:
    return f"{key.province}|{key.occupation}|{key.industry}|{key.skill}"


def _conditions(asked: Asked, view: View) -> tuple[str, dict[str, Any]]:
    terms = ["time_value BETWEEN {since:Date} AND {until:Date}", f"issue <= {moment('as_of')}"]
    values: dict[str, Any] = {"since": asked.since, "until": asked.until, "as_of": asked.as_of}
    lists = {
        "indicator": asked.indicators, "frequency": asked.frequencies,
        "province": asked.provinces, "occupation": asked.occupations,
        "industry": asked.industries, "skill": asked.skills,
    }  # fmt: skip
    for column, wanted in lists.items():
        if wanted:
            terms.append(f"{column} IN {{any_{column}:Array(String)}}")
            values[f"any_{column}"] = list(wanted)
    if view is not View.DEPARTMENT:
        terms.append("release_id != '' AND length(occupation) <= 1 AND length(industry) <= 1")
    return " AND ".join(terms), values


def _is_public(series: SeriesKey) -> bool:
    return series.indicator in kinds() and in_lattice(series)


def _span(row: Sequence[Any]) -> Span:
    key = dict(zip(_KEY, row[: len(_KEY)], strict=True))
    first, last, figures, newest = row[len(_KEY) :]
    series = SeriesKey(**key | {"frequency": Frequency(key["frequency"])})
    return Span(series=series, first=first, last=last, figures=figures, issue=newest)
