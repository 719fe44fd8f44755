"""Published figures in pages: filters in, figures out, in an order that new figures do not disturb.

A page begins after the key of the row before it, never at a count of rows, and only what had been
published by `as_of` is seen: figures that arrive meanwhile are neither doubled nor skipped over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, millis, moment
from warehouse.history import observation_of
from warehouse.queries import event_span
from warehouse.series import Observation, SeriesKey

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

PageKey = tuple[str | int, ...]
"""Where a page ended: the sort key of its last row, days and moments as numbers."""

_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)
FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2149, 6, 6)
_KEY: Final = ("indicator", "frequency", "province", "occupation", "industry", "skill")
_COLUMNS: Final = (
    *SeriesKey.__dataclass_fields__,
    *(name for name in Observation.__dataclass_fields__ if name != "series"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFilter:
    """Which figures are asked for. An empty sequence: no condition. "" in one: the total."""

    indicators: Sequence[str] = ()
    provinces: Sequence[str] = ()
    occupations: Sequence[str] = ()
    """Codes; with a star at the end, all codes that begin so (`25*`)."""
    industries: Sequence[str] = ()
    skills: Sequence[str] = ()
    frequencies: Sequence[str] = ()
    releases: Sequence[str] = ()
    standings: Sequence[str] = ()
    since: date = FIRST_DAY
    until: date = LAST_DAY
    released_only: bool = False
    """Leave out figures that no release published, and cells that no public lattice has."""
    vintages: bool = False
    """Every issue of a figure, the latest first, instead of the latest alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """One release as it was published."""

    release_id: str
    kind: str
    status: str
    period_start: date
    period_end: date
    revision: int
    cutoff: datetime
    issue: datetime
    methods: tuple[str, ...] = field(default=())
    figures: int
    digest: str
    supersedes: str
    note: str


def latest_issue(client: Client) -> tuple[datetime, int] | None:
    """Moment of the newest figure and how many there are; `None` before the first."""
    newest, count = fetch(client, "SELECT max(issue), count() FROM observations")[0]
    return (newest, count) if count else None


def history_begins(client: Client) -> date | None:
    """First day with an event: trends are told after so many weeks of history."""
    span = event_span(client)
    return span[0] if span else None


def latest_public_count(client: Client) -> tuple[datetime, int] | None:
    """Moment of the newest public count and how many there are; `None` before the first."""
    newest, count = fetch(client, "SELECT max(issue), count() FROM public_counts")[0]
    return (newest, count) if count else None


def page(
    client: Client, asked: SeriesFilter, *, after: PageKey, limit: int, as_of: datetime
) -> list[Observation]:
    """At most `limit` figures after the key `after` (`()`: from the first).

    Ordered by indicator, frequency, province, occupation, industry, skill, time value; with
    vintages then by issue, the latest first.
    """
    keys = [*_KEY, "time_value", *(["issue"] if asked.vintages else [])]
    terms, values = _conditions(asked)
    if after:
        terms.append(_beyond(vintages=asked.vintages))
        values |= {f"k{position}": value for position, value in enumerate(after)}
    where = " AND ".join(terms)
    rows = fetch(
        client,
        f"""SELECT {", ".join(_COLUMNS)} FROM observations WHERE {where}
        ORDER BY {", ".join([*_KEY, "time_value"])}, issue DESC
        LIMIT 1 BY {", ".join(keys)} LIMIT {{limit:UInt32}}""",
        limit=limit,
        as_of=as_of,
        **values,
    )
    return [observation_of(row) for row in rows]


def key_of(o: Observation, *, vintages: bool) -> PageKey:
    """The sort key of a figure, to begin the next page after it."""
    s = o.series
    day = (o.time_value - FIRST_DAY).days
    cell = (s.indicator, s.frequency.value, s.province, s.occupation, s.industry, s.skill, day)
    return (*cell, millis(o.issue)) if vintages else cell


def _conditions(asked: SeriesFilter) -> tuple[list[str], dict[str, Any]]:
    terms = [
        "time_value BETWEEN {since:Date} AND {until:Date}",
        f"issue <= {moment('as_of')}",
    ]
    values: dict[str, Any] = {"since": asked.since, "until": asked.until}
    lists = {
        "indicator": asked.indicators, "province": asked.provinces, "industry": asked.industries,
        "skill": asked.skills, "frequency": asked.frequencies, "release_id": asked.releases,
        "standing": asked.standings,
    }  # fmt: skip
    for column, wanted in lists.items():
        if wanted:
            terms.append(f"{column} IN {{w_{column}:Array(String)}}")
            values[f"w_{column}"] = list(wanted)
    if asked.occupations:
        terms.append(
            "(occupation IN {codes:Array(String)}"
            " OR arrayExists(p -> startsWith(occupation, p), {groups:Array(String)}))"
        )
        values["codes"] = [code for code in asked.occupations if not code.endswith("*")]
        values["groups"] = [code[:-1] for code in asked.occupations if code.endswith("*")]
    if asked.released_only:
        terms.append(
            "release_id != '' AND frequency != 'D' AND length(occupation) < 2"
            " AND length(industry) < 2"
        )
    return terms, values


def _beyond(*, vintages: bool) -> str:
    names = ", ".join(f"toString({name})" for name in _KEY)
    held = ", ".join(f"{{k{position}:String}}" for position in range(len(_KEY)))
    number = len(_KEY)
    cell = f"({names}, toInt64(toUInt16(time_value))) > ({held}, {{k{number}:Int64}})"
    if not vintages:
        return cell
    same = f"({names}, toInt64(toUInt16(time_value))) = ({held}, {{k{number}:Int64}})"
    older = f"toUnixTimestamp64Milli(issue) < {{k{number + 1}:Int64}}"
    return f"({cell} OR ({same} AND {older}))"


def releases(
    client: Client, *, kinds: Sequence[str] = (), as_of: datetime | None = None
) -> list[ReleaseRow]:
    """Releases issued by `as_of`, the newest first."""
    names = tuple(ReleaseRow.__dataclass_fields__)
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM releases
        WHERE issue <= {moment("as_of")}
          AND (empty({{kinds:Array(String)}}) OR kind IN {{kinds:Array(String)}})
        ORDER BY issue DESC, release_id LIMIT 1 BY release_id""",
        as_of=as_of or _LAST,
        kinds=list(kinds),
    )
    return [
        ReleaseRow(**dict(zip(names, row, strict=True)) | {"methods": tuple(row[8])})
        for row in rows
    ]
