"""The newest vacancies, as lists show them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.queries import VacancyRow
from warehouse.questions.basis import Cell

if TYPE_CHECKING:
    from datetime import date, datetime

    from clickhouse_connect.driver.client import Client

_COLUMNS: Final = tuple(VacancyRow.__dataclass_fields__)
_LATEST: Final = "(version, record_id)"
_ALL: Final = Cell()
_REACHES: Final = (2, 8)
"""Days in which the newest are looked for before all are."""


def newest_vacancies(
    client: Client,
    *,
    until: date,
    days: int = 28,
    cell: Cell = _ALL,
    limit: int = 20,
    as_of: datetime | None = None,
) -> list[VacancyRow]:
    """The vacancies opened last in the `days` up to `until`, newest first, in their latest version.

    They are looked for in the last days first, and in all only where those do not hold enough. Only
    the few columns that order and select are read of all of them; the rest of those shown.
    """
    for reach in (*(reach for reach in _REACHES if reach < days), days):
        found = _opened_within(client, until, reach, cell, limit, as_of)
        if len(found) >= limit:
            break
    return found


def _opened_within(
    client: Client, until: date, days: int, cell: Cell, limit: int, as_of: datetime | None
) -> list[VacancyRow]:
    known = f"AND loaded_at <= {moment('as_of')}" if as_of else ""
    codes = ", ".join(f"argMax({name}, {_LATEST}) AS {name}" for name in ("province", "isco1"))
    within = f"opened_on BETWEEN {{since:Date}} AND {{until:Date}} {known}"
    shown = ", ".join(_COLUMNS)
    rows = fetch(
        client,
        f"""SELECT {shown} FROM (
          SELECT {shown}, version FROM vacancies
          WHERE {within} AND (opened_on, vacancy_id) IN (
            SELECT opened_on, vacancy_id FROM (
              SELECT opened_on, vacancy_id, {codes}, max(vacancies.version) AS latest
              FROM vacancies WHERE {within} GROUP BY opened_on, vacancy_id)
            WHERE {cell.where()}
            ORDER BY opened_on DESC, latest DESC, vacancy_id LIMIT {{limit:UInt32}})
          ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id)
        ORDER BY opened_on DESC, version DESC, vacancy_id""",
        since=until - timedelta(days=days - 1),
        until=until,
        limit=limit,
        as_of=as_of,
        **cell.parameters(),
    )
    return [VacancyRow(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]
