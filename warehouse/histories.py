"""What was stored of vacancies and of the watch over their sources, read for `warehouse.spells`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.marks import read_marks
from warehouse.spells import Change, End, History, Sight, Spell, Watch, spells_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)
_EPOCH: Final = date(1970, 1, 1).toordinal()
_LATEST: Final = "(event_time, loaded_at, event_id)"
"""A correction may bear the moment of the opening that it corrects: one order for both."""
_ARRIVES: Final = "kind != 'reclassified' OR flow + stock > 0"
"""Events of the cell in which a vacancy stands, not of one that it leaves."""


def read_spells(
    client: Client,
    *,
    since: date = date(1970, 1, 1),
    until: date = date(2149, 6, 6),
    province: str | None = None,
    occupation: str = "",
    as_of: datetime | None = None,
) -> list[Spell]:
    """Spells of the vacancies that opened from `since` through `until`, as was known at `as_of`.

    Args:
        province: ISO 3166-2:LA; "" for unknown ones, `None` for the nation.
        occupation: ISCO-08, 1 to 4 digits; "" for all.
    """
    watches = read_watches(client, as_of=as_of)
    histories = read_histories(
        client, since=since, until=until, province=province, occupation=occupation, as_of=as_of
    )
    return [spell for history in histories for spell in spells_of(history, watches)]


def read_histories(
    client: Client,
    *,
    since: date,
    until: date,
    province: str | None = None,
    occupation: str = "",
    as_of: datetime | None = None,
) -> Iterator[History]:
    """Everything stored of each vacancy; see `read_spells`."""
    known = f"loaded_at <= {moment('as_of')}"
    rows = fetch(
        client,
        f"""SELECT e.vacancy_id, e.place, e.code, e.changes, p.sights, w.ends
        FROM (
          SELECT vacancy_id, argMaxIf(province, {_LATEST}, {_ARRIVES}) AS place,
            argMaxIf(isco08, {_LATEST}, {_ARRIVES}) AS code,
            groupArrayIf((toUnixTimestamp64Milli(event_time), stock, posting_key,
              toString(source_id)), kind != 'reclassified') AS changes
          FROM vacancy_events WHERE {known}
          GROUP BY vacancy_id
          HAVING minIf(event_date, stock > 0 AND kind != 'reclassified')
              BETWEEN {{since:Date}} AND {{until:Date}}
            AND ({{any_province:UInt8}} OR place = {{province:String}})
            AND startsWith(code, {{occupation:String}})
        ) AS e
        LEFT JOIN (
          SELECT vacancy_id, groupArray((posting_key, toUnixTimestamp64Milli(fetched_at),
            toInt32(ifNull(date_posted, toDate32('1900-01-01'))))) AS sights
          FROM postings WHERE {known} GROUP BY vacancy_id
        ) AS p USING (vacancy_id)
        LEFT JOIN (
          SELECT vacancy_id, groupArray((posting_key, toUnixTimestamp64Milli(withdrawn_at),
            toUnixTimestamp64Milli(ended_after), toUnixTimestamp64Milli(ended_before),
            toString(cause))) AS ends
          FROM posting_ends WHERE {known} GROUP BY vacancy_id
        ) AS w USING (vacancy_id)
        ORDER BY e.vacancy_id""",
        since=since,
        until=until,
        as_of=as_of or _LAST,
        any_province=int(province is None),
        province=province or "",
        occupation=occupation,
    )
    for vacancy_id, place, isco08, changes, sights, ends in rows:
        yield History(
            vacancy_id=vacancy_id,
            province=place,
            isco08=isco08,
            changes=[Change(*change) for change in changes],
            sights=[Sight(key, at, _ordinal(stated)) for key, at, stated in sights],
            ends=[End(*end) for end in ends],
        )


def _ordinal(days: int) -> int | None:
    """Ordinal of a day counted from 1970; dates before that are not given or not credible."""
    return _EPOCH + days if days > 0 else None


def read_watches(client: Client, *, as_of: datetime | None = None) -> dict[str, Watch]:
    """How each source was watched, by its name.

    A source fails while its latest crawl did, or while it is marked as not to be believed.
    """
    doubted = {mark.source_id for mark in read_marks(client, as_of=as_of) if mark.to_at is None}
    rows = fetch(
        client,
        f"""SELECT source_id,
          arraySort(groupUniqArrayIf(at, outcome IN ('ok', 'partial') AND unseen_runs > 0)),
          arraySort(groupUniqArrayIf(at, outcome IN ('ok', 'partial'))),
          argMaxIf(unseen_runs, at, unseen_runs > 0),
          argMax(outcome, at) IN ('failed', 'refused')
        FROM (SELECT source_id, toString(outcome) AS outcome, unseen_runs,
          toUnixTimestamp64Milli(finished_at) AS at
          FROM source_runs WHERE loaded_at <= {moment("as_of")})
        GROUP BY source_id""",
        as_of=as_of or _LAST,
    )
    return {
        source: Watch(
            looks=whole or looks, unseen_runs=k, failing=bool(failing) or source in doubted
        )
        for source, whole, looks, k, failing in rows
    }
