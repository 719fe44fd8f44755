"""Questions about the service itself: are sources observed, is everything accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from clickhouse_connect.driver.client import Client


_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Everything stored, for the sum check: served = postings + refused with a reason."""

    postings_by_role: Mapping[str, int]
    """Stored observations of postings by `streams.records.Role`."""
    refused: Mapping[tuple[str, str], int]
    """Dead letters by (stage, reason)."""
    distinct_postings: int
    """Distinct posting keys stored."""
    vacancies: int
    """Distinct vacancies."""
    events: int
    flow: int
    stock: int
    """Vacancies open now, by the roll-up."""
    runs: int


def totals(client: Client) -> Totals:
    """Count what is stored, in four queries; not a snapshot while loading goes on."""
    roles = fetch(client, "SELECT role, count() FROM postings GROUP BY role ORDER BY role")
    refused = fetch(
        client,
        "SELECT stage, reason, count() FROM dead_letters GROUP BY stage, reason"
        " ORDER BY stage, reason",
    )
    counts = fetch(
        client,
        """SELECT (SELECT uniqExact(posting_key) FROM postings),
          (SELECT uniqExact(vacancy_id) FROM vacancies), (SELECT count() FROM vacancy_events),
          (SELECT sum(flow) FROM rollup_daily), (SELECT sum(stock_delta) FROM rollup_daily),
          (SELECT count() FROM source_runs)""",
    )[0]
    return Totals(
        postings_by_role={row[0]: row[1] for row in roles},
        refused={(row[0], row[1]): row[2] for row in refused},
        distinct_postings=counts[0],
        vacancies=counts[1],
        events=counts[2],
        flow=counts[3] or 0,
        stock=counts[4] or 0,
        runs=counts[5],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source is doing, from its runs."""

    source_id: str
    last_run_at: datetime
    last_outcome: str
    last_detail: str
    last_ok_at: datetime | None
    """End of the last successful run, or `None` if none ever was."""
    runs: int
    failed: int
    """Runs with any outcome but `ok`."""
    published: int
    refused: int
    withdrawn: int


def source_health(client: Client, *, as_of: datetime | None = None) -> list[SourceHealth]:
    """One row per source that ever ran, by name; `as_of` bounds the runs' event time."""
    rows = fetch(
        client,
        f"""SELECT source_id, max(finished_at), argMax(outcome, finished_at),
          argMax(detail, finished_at), maxIf(finished_at, outcome = 'ok'),
          countIf(outcome = 'ok'), count(), countIf(outcome != 'ok'),
          sum(published), sum(refused), sum(withdrawn)
        FROM source_runs {_until(as_of)} GROUP BY source_id ORDER BY source_id""",
        as_of=as_of,
    )
    return [
        SourceHealth(
            source_id=r[0], last_run_at=r[1], last_outcome=r[2], last_detail=r[3],
            last_ok_at=r[4] if r[5] else None, runs=r[6], failed=r[7], published=r[8],
            refused=r[9], withdrawn=r[10],
        )
        for r in rows
    ]  # fmt: skip


def _until(as_of: datetime | None) -> str:
    return "" if as_of is None else f"WHERE finished_at <= {moment('as_of')}"


def last_successful_runs(client: Client, *, as_of: datetime | None = None) -> dict[str, datetime]:
    """Per source, the event time of its last successful run: what a watermark is made of.

    Sources that never ran successfully are absent.
    """
    return {
        health.source_id: health.last_ok_at
        for health in source_health(client, as_of=as_of)
        if health.last_ok_at is not None
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One crawl of one source."""

    source_id: str
    run_id: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    detail: str
    listed: int
    published: int
    refused: int
    withdrawn: int


_RUN_COLUMNS: Final = tuple(RunRow.__dataclass_fields__)


def run_history(
    client: Client,
    *,
    source_id: str | None = None,
    since: datetime | None = None,
    limit: int = 1000,
) -> list[RunRow]:
    """Runs, newest first, of one source or all."""
    conditions = ["1"]
    if source_id is not None:
        conditions.append("source_id = {source_id:String}")
    if since is not None:
        conditions.append(f"finished_at >= {moment('since')}")
    rows = fetch(
        client,
        f"""SELECT {", ".join(_RUN_COLUMNS)} FROM source_runs WHERE {" AND ".join(conditions)}
        ORDER BY finished_at DESC, source_id, run_id LIMIT {{limit:UInt32}}""",
        source_id=source_id, since=since, limit=limit,
    )  # fmt: skip
    return [RunRow(**dict(zip(_RUN_COLUMNS, row, strict=True))) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDay:
    """Runs of one source that ended on one day (Asia/Vientiane)."""

    source_id: str
    day: date
    ok: int
    """Successful runs outside of marked periods: those that can be believed."""
    failed: int
    """All others."""
    listed: int
    """Largest listing of the day's runs."""


def run_days(client: Client, *, since: date, as_of: datetime | None = None) -> list[RunDay]:
    """Per source and day, how many runs can be believed: tells an outage from a quiet day.

    A table of persons that was taken in leaves a run too. What never gave a posting by `as_of`, but
    such figures, is no source of vacancies: days do not wait for it, and no comparison names it.
    """
    rows = fetch(
        client,
        f"""SELECT source_id, toDate(finished_at, 'Asia/Vientiane') AS day, countIf(believed),
          countIf(NOT believed), max(listed)
        FROM (SELECT r.source_id AS source_id, r.finished_at AS finished_at, r.listed AS listed,
            r.outcome = 'ok' AND NOT arrayExists(
              p -> r.finished_at > p.1 AND r.finished_at < p.2, m.periods) AS believed
          FROM source_runs AS r LEFT JOIN (
            SELECT source_id, groupArray((from_at,
              ifNull(to_at, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')))) AS periods
            FROM (SELECT * FROM source_marks WHERE loaded_at <= {moment("as_of")}
              ORDER BY issue DESC, loaded_at DESC, record_id DESC LIMIT 1 BY mark_id)
            GROUP BY source_id) AS m ON r.source_id = m.source_id
          WHERE r.loaded_at <= {moment("as_of")} AND r.source_id NOT IN (
            SELECT source_id FROM supply WHERE loaded_at <= {moment("as_of")} AND source_id NOT IN (
              SELECT source_id FROM postings WHERE loaded_at <= {moment("as_of")}
                AND source_id IN (SELECT source_id FROM supply))))
        WHERE day >= {{since:Date}} GROUP BY source_id, day ORDER BY day, source_id""",
        since=since,
        as_of=as_of or _LAST,
    )
    return [RunDay(source_id=r[0], day=r[1], ok=r[2], failed=r[3], listed=r[4]) for r in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """The dashboard's headline figures on one day."""

    open_now: int
    """Vacancies open at the end of `day`."""
    open_before: int
    """The same, 28 days before."""
    new_7d: int
    """New vacancies of the 7 days that end with `day`."""
    new_before_7d: int
    """New vacancies of the 7 days before those."""
    provinces: int
    """Provinces with a vacancy open."""
    sources_ok: int
    """Sources whose last run succeeded."""
    sources: int
    postings: int
    """Postings stored."""
    refused: int
    loaded_at: datetime | None
    """When a posting was last loaded."""


def key_figures(client: Client, *, day: date) -> KeyFigures:
    """All headline figures in one round trip, from the roll-up and small tables."""
    row = fetch(
        client,
        """SELECT c.1, c.2, c.3, c.4, c.5, s.1, s.2, p.1, d, if(p.1 = 0, NULL, p.2) FROM (SELECT
          (SELECT tuple(sum(now), sum(before), sum(new), sum(earlier),
                        countIf(province != '' AND now > 0))
            FROM (SELECT province, sum(stock_delta) AS now,
                sumIf(stock_delta, event_date <= {day:Date} - 28) AS before,
                sumIf(flow, event_date > {day:Date} - 7) AS new,
                sumIf(flow, event_date BETWEEN {day:Date} - 13 AND {day:Date} - 7) AS earlier
              FROM rollup_daily WHERE event_date <= {day:Date} GROUP BY province)) AS c,
          (SELECT tuple(countIf(outcome = 'ok'), count()) FROM (
              SELECT argMax(outcome, finished_at) AS outcome FROM source_runs
              GROUP BY source_id)) AS s,
          (SELECT tuple(count(), max(loaded_at)) FROM postings) AS p,
          (SELECT count() FROM dead_letters) AS d)""",
        day=day,
    )[0]
    return KeyFigures(
        open_now=row[0], open_before=row[1], new_7d=row[2], new_before_7d=row[3],
        provinces=row[4], sources_ok=row[5], sources=row[6], postings=row[7], refused=row[8],
        loaded_at=row[9],
    )  # fmt: skip
