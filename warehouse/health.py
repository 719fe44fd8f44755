"""Questions about the service itself: are its sources observed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from datetime import date

    from clickhouse_connect.driver.client import Client


_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


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
    published: int = 0
    """New or changed postings that came from the day's runs."""


def run_days(client: Client, *, since: date, as_of: datetime | None = None) -> list[RunDay]:
    """Per source and day, how many runs can be believed: tells an outage from a quiet day.

    A table of persons that was taken in leaves a run too. What never gave a posting by `as_of`, but
    such figures, is no source of vacancies: days do not wait for it, and no comparison names it.
    """
    rows = fetch(
        client,
        f"""SELECT source_id, toDate(finished_at, 'Asia/Vientiane') AS day, countIf(believed),
          countIf(NOT believed), max(listed), sum(published)
        FROM (SELECT r.source_id AS source_id, r.finished_at AS finished_at, r.listed AS listed,
            r.published AS published,
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
    return [
        RunDay(source_id=r[0], day=r[1], ok=r[2], failed=r[3], listed=r[4], published=r[5])
        for r in rows
    ]
