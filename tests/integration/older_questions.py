"""A question asked in the plainest way: by it the faster way of asking is judged."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from clickhouse_connect.driver.client import Client

from warehouse.client import fetch, moment
from warehouse.queries import VacancyRow

_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)
_VACANCY_COLUMNS: Final = tuple(VacancyRow.__dataclass_fields__)


def latest_vacancies(
    client: Client,
    *,
    limit: int = 20,
    province: str | None = None,
    isco1: str | None = None,
    since: date = date(1970, 1, 1),
    as_of: datetime | None = None,
) -> list[VacancyRow]:
    """The vacancies opened last, newest first, each in its latest version (at `as_of`).

    Pass `since` (say 60 days back) where the register is long: it bounds what is read.
    """
    columns = ", ".join(_VACANCY_COLUMNS)
    rows = fetch(
        client,
        f"""SELECT {columns} FROM (
          SELECT * FROM vacancies
          WHERE opened_on >= {{since:Date}} AND loaded_at <= {moment("as_of")}
          ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id)
        WHERE ({{any_province:UInt8}} OR province = {{province:String}})
          AND ({{any_isco1:UInt8}} OR isco1 = {{isco1:String}})
        ORDER BY opened_on DESC, version DESC, vacancy_id LIMIT {{limit:UInt32}}""",
        since=since,
        as_of=as_of or _LAST,
        limit=limit,
        any_province=int(province is None),
        province=province or "",
        any_isco1=int(isco1 is None),
        isco1=isco1 or "",
    )
    return [VacancyRow(**dict(zip(_VACANCY_COLUMNS, row, strict=True))) for row in rows]
