"""What releases are computed from, as it stood at a cut-off: counts, pay, skills and supply.

Every function takes the cut-off: only rows that were stored by then are read, so that the same
question gives the same answer for good. Province "", group "" and section "" are unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_EPOCH: Final = date(1970, 1, 1).toordinal()
_EMPLOYER: Final = "if(employer = '', 0, cityHash64(lowerUTF8(employer)))"


class Counted(NamedTuple):
    """Vacancies of one day, cell, employer and source that began (flow) or stand (stock)."""

    day: int
    """Ordinal of the day in Asia/Vientiane; of a stock, the day that it is of."""
    province: str
    isco1: str
    isic: str
    employer: int
    """Hash of the employer's name; 0: none is named."""
    source_id: str
    n: int


class Described(NamedTuple):
    """One vacancy with its pay and skills, as coded at the cut-off."""

    day: int
    province: str
    isco1: str
    isco2: str
    isic: str
    employer: int
    source_id: str
    lower: float | None
    """Kip a month."""
    upper: float | None
    skills: tuple[str, ...]


class People(NamedTuple):
    """Persons on the supply side of one cell; "" is all of a dimension."""

    source_id: str
    province: str
    isco1: str
    measure: str
    period_start: date
    period_end: date
    persons: float
    releasable: bool


def read_flow(client: Client, *, since: date, until: date, cutoff: datetime) -> list[Counted]:
    """Vacancies opened from `since` through `until`; re-coded ones count where they are now."""
    return _counted(
        client, "flow", "toInt32(toUInt16(event_date))", "event_date >= {since:Date}",
        since=since, until=until, cutoff=cutoff,
    )  # fmt: skip


def read_stock(client: Client, *, day: date, cutoff: datetime) -> list[Counted]:
    """Vacancies open at the end of `day`."""
    return _counted(
        client, "stock", "toInt32(toUInt16({until:Date}))", "1", until=day, cutoff=cutoff
    )


def _counted(client: Client, column: str, day: str, bound: str, **given: Any) -> list[Counted]:
    rows: Sequence[Sequence[Any]] = fetch(
        client,
        f"""SELECT day, province, isco1, isic, employer, source, sum(n) AS counted FROM (
          SELECT {day} AS day, vacancy_id, province, isco1, isic,
            min(toString(source_id)) AS source, sum({column}) AS n
          FROM (
            SELECT * FROM vacancy_events
            WHERE {bound} AND event_date <= {{until:Date}} AND loaded_at <= {moment("cutoff")}
            ORDER BY event_id LIMIT 1 BY event_id)
          GROUP BY day, vacancy_id, province, isco1, isic HAVING n != 0
        ) AS e LEFT JOIN (
          SELECT vacancy_id, {_EMPLOYER} AS employer FROM vacancies
          WHERE opened_on <= {{until:Date}} AND loaded_at <= {moment("cutoff")}
          ORDER BY version, record_id LIMIT 1 BY vacancy_id
        ) AS v USING (vacancy_id)
        GROUP BY day, province, isco1, isic, employer, source HAVING counted != 0
        ORDER BY day, province, isco1, isic, employer, source""",
        **given,
    )
    return [
        Counted(_EPOCH + day, province, isco1, isic, int(employer), source, int(n))
        for day, province, isco1, isic, employer, source, n in rows
    ]


def read_described(
    client: Client, *, since: date, until: date, cutoff: datetime
) -> list[Described]:
    """Vacancies opened from `since` through `until` with their latest codes; no pay outliers."""
    rows: Sequence[Sequence[Any]] = fetch(
        client,
        f"""SELECT toInt32(toUInt16(opened_on)), province, isco1, isco2, isic, {_EMPLOYER},
          toString(source_id), if(pay_outlier, NULL, pay_lower_lak),
          if(pay_outlier, NULL, pay_upper_lak), skills
        FROM (
          SELECT * FROM vacancies
          WHERE opened_on BETWEEN {{since:Date}} AND {{until:Date}}
            AND loaded_at <= {moment("cutoff")}
          ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id)
        ORDER BY opened_on, vacancy_id""",
        since=since, until=until, cutoff=cutoff,
    )  # fmt: skip
    return [
        Described(
            day=_EPOCH + row[0],
            province=row[1],
            isco1=row[2],
            isco2=row[3],
            isic=row[4],
            employer=int(row[5]),
            source_id=row[6],
            lower=row[7],
            upper=row[8],
            skills=tuple(row[9]),
        )
        for row in rows
    ]


def read_people(
    client: Client, *, measures: Sequence[str], until: date, cutoff: datetime
) -> list[People]:
    """Persons by province × major group, both sexes and all ages, of every period up to `until`.

    Of each cell and period the issue that stood at the cut-off.
    """
    rows: Sequence[Sequence[Any]] = fetch(
        client,
        f"""SELECT source_id, province, occupation, measure, period_start, period_end, count,
          releasable
        FROM supply
        WHERE measure IN {{measures:Array(String)}} AND unit = 'persons' AND system != ''
          AND period_end <= {{until:Date}} AND loaded_at <= {moment("cutoff")}
          AND length(occupation) <= 1 AND occupation != 'unknown' AND province != 'unknown'
          AND district = '' AND industry = '' AND field = '' AND level = '' AND sex = ''
          AND age_group = '' AND country = '' AND residence = '' AND category = ''
        ORDER BY published_at DESC, received_at DESC, record_id DESC
        LIMIT 1 BY source_id, measure, period_start, period_end, province, occupation""",
        measures=list(measures), until=until, cutoff=cutoff,
    )  # fmt: skip
    return sorted(People._make((*row[:7], bool(row[7]))) for row in rows)


def read_employers(client: Client, *, since: date, until: date, cutoff: datetime) -> dict[str, int]:
    """Hash of the employer by vacancy opened from `since` through `until`; 0: none is named."""
    rows = fetch(
        client,
        f"""SELECT vacancy_id, {_EMPLOYER} FROM vacancies
        WHERE opened_on BETWEEN {{since:Date}} AND {{until:Date}}
          AND loaded_at <= {moment("cutoff")}
        ORDER BY version, record_id LIMIT 1 BY vacancy_id""",
        since=since, until=until, cutoff=cutoff,
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in rows}
