"""What is stored of the stream's decisions, as the register can be rebuilt from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from streams.decisions import MEMORY_MS
from streams.opinions import CorrectionMode
from streams.rebuilt import StoredSight, StoredStatement, StoredVacancy
from streams.records import NormalisedPosting
from warehouse.client import aware, fetch, millis, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

_AT_ONCE: Final = 20_000
"""Vacancies whose texts are held in memory together."""
_POSTING: Final = tuple(field.name for field in fields(NormalisedPosting))

# Vacancies that count, and are open or were closed no longer ago than the register remembers.
_REMEMBERED: Final = f"""SELECT vacancy_id,
    minIf(event_date, kind = 'opened') AS opened_on,
    argMaxIf(event_date, (event_time, event_date), kind IN ('opened', 'reposted')
      OR (kind = 'reclassified' AND stock = 1)) AS started_on,
    maxIf(event_time, kind IN ('closed', 'expired')) AS closed_at,
    argMaxIf(event_date, (event_time, event_date), kind IN ('closed', 'expired')) AS closed_on,
    countIf(kind IN ('closed', 'expired')) AS closings,
    argMaxIf((province, isco08, isic), event_time, flow = 1) AS cell,
    sum(flow) AS flows, sum(stock) AS stocks
  FROM vacancy_events GROUP BY vacancy_id
  HAVING flows = 1 AND (stocks > 0 OR closed_at >= {moment("cutoff")})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPosting:
    """All that is stored of one posting, oldest observation first."""

    posting_key: str
    source_id: str
    posting_id: str
    employer: str
    sights: Sequence[StoredSight]
    ended_at: int | None
    """Event time of its last ending, milliseconds of the epoch."""
    last_seen_at: datetime
    """Event time of its newest observation; a person's word is none."""
    date_posted: date | None
    valid_through: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How much is remembered."""

    newest: datetime
    """Event time of what was decided last."""
    vacancies: int
    open: int
    """Of these, open ones."""

    @property
    def cutoff(self) -> datetime:
        """What was closed before is forgotten."""
        return self.newest - timedelta(milliseconds=MEMORY_MS)


def horizon(client: Client) -> Horizon | None:
    """What the register remembered when it last decided; `None` where nothing is stored."""
    ((changed, count, seen),) = fetch(
        client,
        "SELECT max(event_time), count(), (SELECT max(fetched_at) FROM postings)"
        " FROM vacancy_events",
    )
    if not count:
        return None
    newest = max(aware(changed), aware(seen))
    found = Horizon(newest=newest, vacancies=0, open=0)
    ((vacancies, is_open),) = fetch(
        client, f"SELECT count(), countIf(stocks > 0) FROM ({_REMEMBERED})", cutoff=found.cutoff
    )
    return Horizon(newest=found.newest, vacancies=vacancies, open=is_open)


def remembered_vacancies(client: Client, known: Horizon) -> Iterator[StoredVacancy]:
    """Vacancies of the register with the observations that opened them, in no order."""
    said = _statements(client, known)
    parts = 1 + known.vacancies // _AT_ONCE
    opener = ", ".join(f"p.{name}" for name in _POSTING)
    for part in range(parts):
        rows = fetch(
            client,
            f"""SELECT v.vacancy_id, v.opened_on, v.started_on, v.closed_at, v.closed_on,
              v.closings, v.cell, {opener}
            FROM ({_REMEMBERED}) AS v INNER JOIN (
              SELECT * FROM postings WHERE role = 'original'
              AND cityHash64(vacancy_id) % {{parts:UInt32}} = {{part:UInt32}}
            ) AS p ON p.vacancy_id = v.vacancy_id""",
            cutoff=known.cutoff,
            parts=parts,
            part=part,
        )
        for row in rows:
            yield _vacancy(row, said.get(row[0], []))


def remembered_postings(client: Client, known: Horizon) -> Iterator[StoredPosting]:
    """Postings that have ever stood for one of these vacancies, each with all observations."""
    rows = fetch(
        client,
        f"""SELECT p.posting_key, p.source_id, p.posting_id, p.employer, p.fetched_at,
          p.vacancy_id, p.role_reason, p.content_hash, p.opened_on, p.date_posted,
          p.valid_through, e.ended_at, e.endings
        FROM (
          SELECT * FROM postings WHERE posting_key IN (
            SELECT posting_key FROM postings
            WHERE vacancy_id IN (SELECT vacancy_id FROM ({_REMEMBERED}))
          )
        ) AS p LEFT JOIN (
          SELECT posting_key, max(withdrawn_at) AS ended_at, count() AS endings
          FROM posting_ends GROUP BY posting_key
        ) AS e ON e.posting_key = p.posting_key
        ORDER BY p.posting_key, p.fetched_at, p.role_reason LIKE '%_by_hand'""",
        cutoff=known.cutoff,
    )
    for _, group in groupby(rows, key=itemgetter(0)):
        yield _posting(list(group))


def last_runs(client: Client) -> dict[str, tuple[datetime, datetime | None]]:
    """Event times of each source's newest good run, and of its newest over the whole listing."""
    rows = fetch(
        client,
        """SELECT source_id, max(finished_at), maxIf(finished_at, unseen_runs > 0),
          countIf(unseen_runs > 0)
        FROM source_runs WHERE outcome IN ('ok', 'partial') GROUP BY source_id""",
    )
    return {row[0]: (aware(row[1]), aware(row[2]) if row[3] else None) for row in rows}


def _statements(client: Client, known: Horizon) -> dict[str, list[StoredStatement]]:
    rows = fetch(
        client,
        f"""SELECT vacancy_id, field, after, corrected_at, correction_id, mode, revokes
        FROM corrections WHERE vacancy_id IN (SELECT vacancy_id FROM ({_REMEMBERED}))
        ORDER BY corrected_at, correction_id""",
        cutoff=known.cutoff,
    )
    said: dict[str, list[StoredStatement]] = {}
    for vacancy_id, name, after, at, correction_id, mode, revokes in rows:
        one = StoredStatement(
            field=name,
            value=after,
            at=millis(aware(at)),
            correction_id=correction_id,
            mode=CorrectionMode(mode),
            revokes=revokes,
        )
        said.setdefault(vacancy_id, []).append(one)
    return said


def _vacancy(row: Sequence[Any], said: Sequence[StoredStatement]) -> StoredVacancy:
    vacancy_id, opened_on, started_on, closed_at, closed_on, closings, cell, *opener = row
    province, isco08, isic = cell
    values = dict(zip(_POSTING, map(aware, opener), strict=True))
    return StoredVacancy(
        vacancy_id=vacancy_id,
        opener=NormalisedPosting(**values),
        opened_on=opened_on.toordinal(),
        started_on=started_on.toordinal(),
        closed_at=millis(aware(closed_at)) if closings else 0,
        closed_on=closed_on.toordinal() if closings else 0,
        province=province,
        isco08=isco08,
        isic=isic,
        statements=said,
    )


def _posting(rows: Sequence[Sequence[Any]]) -> StoredPosting:
    sights = [
        StoredSight(
            at=millis(aware(row[4])),
            vacancy_id=row[5],
            reason=row[6],
            content_hash=row[7],
            opened_on=row[8].toordinal(),
        )
        for row in rows
    ]
    seen = [row for row in rows if not row[6].endswith("_by_hand")]
    last = rows[-1]
    return StoredPosting(
        posting_key=last[0],
        source_id=last[1],
        posting_id=last[2],
        employer=last[3],
        sights=sights,
        ended_at=millis(aware(last[11])) if last[12] else None,
        last_seen_at=max(aware(row[4]) for row in seen),
        date_posted=last[9],
        valid_through=last[10],
    )
