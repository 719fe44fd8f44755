"""New vacancies with every source that showed them: what detection and its cross-checks count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

SEEN_WITHIN_DAYS: Final = 7
"""A source that first showed a vacancy later than this is no evidence of its opening."""


_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


class Opening(NamedTuple):
    """One new vacancy. Place and occupation as first classified; "" is unknown."""

    day: int
    """Ordinal of the day on which it opened (Asia/Vientiane)."""
    province: str
    isco1: str
    employer: int
    """Hash of the employer's name, to count employers; 0 where none is named."""
    sources: tuple[str, ...]
    seen: tuple[int, ...]
    """Per source, ordinal of the day on which it was first seen there."""
    isic: str = ""
    """ISIC section; "" is unknown."""


def read_openings(
    client: Client, *, since: date, until: date, as_of: datetime | None = None,
    stored: bool = False,
) -> list[Opening]:  # fmt: skip
    """Vacancies opened from `since` through `until`, by day, with all their sources.

    Args:
        client: of the warehouse.
        since: first day.
        until: last day.
        as_of: only what was stored by then.
        stored: `seen` is the day on which it was stored, where that is later than it was seen.
    """
    seen = "greatest(fetched_at, loaded_at)" if stored else "fetched_at"
    rows = fetch(
        client,
        f"""SELECT v.opened_on, v.province, v.isco1, v.employer, p.sources, p.days, v.isic
        FROM (
          SELECT vacancy_id, opened_on, province, isco1, isic,
            if(employer = '', 0, cityHash64(lowerUTF8(employer))) AS employer
          FROM vacancies
          WHERE opened_on BETWEEN {{since:Date}} AND {{until:Date}}
            AND loaded_at <= {moment("as_of")}
          ORDER BY version, record_id LIMIT 1 BY vacancy_id
        ) AS v
        INNER JOIN (
          SELECT vacancy_id, groupArray(source_id) AS sources, groupArray(day) AS days
          FROM (
            SELECT vacancy_id, toString(source_id) AS source_id,
              min(toUInt32(toDate({seen}, 'Asia/Vientiane'))) AS day
            FROM postings
            WHERE fetched_at >= toDateTime({{since:Date}}) - INTERVAL 1 DAY
              AND fetched_at < toDateTime({{last:Date}}) AND loaded_at <= {moment("as_of")}
            GROUP BY vacancy_id, source_id
          ) GROUP BY vacancy_id
        ) AS p USING (vacancy_id)
        ORDER BY v.opened_on""",
        since=since, until=until, last=until + timedelta(days=SEEN_WITHIN_DAYS + 1),
        as_of=as_of or _LAST,
    )  # fmt: skip
    epoch = date(1970, 1, 1).toordinal()
    return [
        Opening(
            day=opened.toordinal(), province=province, isco1=isco1, employer=employer,
            sources=tuple(sources), seen=tuple(epoch + day for day in days),
            isic=isic,
        )
        for opened, province, isco1, employer, sources, days, isic in rows
    ]  # fmt: skip


def stored_late(
    client: Client, *, since: date, until: date, days: int, as_of: datetime
) -> tuple[int, int]:
    """Of vacancies opened in that time and stored by `as_of`: those first stored more than `days`
    after they were first seen, and all."""
    ((late, every),) = fetch(
        client,
        f"""SELECT countIf(stored > seen + toIntervalDay({{days:UInt32}})), count() FROM (
          SELECT vacancy_id, min(fetched_at) AS seen, min(loaded_at) AS stored FROM postings
          WHERE opened_on BETWEEN {{since:Date}} AND {{until:Date}}
            AND loaded_at <= {moment("as_of")} GROUP BY vacancy_id)""",
        since=since, until=until, days=days, as_of=as_of,
    )  # fmt: skip
    return late, every
