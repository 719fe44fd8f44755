"""Rows of a roll-up of vacancies as they were known at a moment.

A sealed month answers for every moment after the last of its rows was stored, and only for those.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from warehouse.client import fetch
from warehouse.questions.basis import Basis
from warehouse.questions.monthly import COLUMNS, RAW
from warehouse.questions.sealing import last_day
from warehouse.questions.seals import judge, read_marks, read_seals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clickhouse_connect.driver.client import Client

    from warehouse.questions.seals import Sealed


def rows_known(
    client: Client,
    rollup: Sealed,
    *,
    since: date,
    until: date,
    where: str,
    as_of: datetime,
    basis: Basis = Basis.ROLLUP,
) -> str:
    """SQL of the rows with `where` of vacancies opened in [since, until], as known at `as_of`.

    The query needs parameters `since` and `until` (Date) and `as_of`. `rollup` is one of those
    computed from `vacancies`.
    """
    columns = ", ".join(COLUMNS[rollup])
    if basis is Basis.RAW:
        return f"(SELECT {columns} FROM ({RAW[rollup](as_of)}) WHERE {where})"
    sealed, raw = _months(client, rollup, since, until, as_of)
    names = ", ".join(f"('{month}', {revision})" for month, revision in sorted(sealed.items()))
    days = "opened_on BETWEEN {since:Date} AND {until:Date}"
    held = f"(month, revision) IN ({names})" if names else "0"
    pieces = [f"SELECT {columns} FROM {rollup.value} WHERE {held} AND {days} AND {where}"]
    for first, last in stretches(raw):
        given = {"since": max(first, since), "until": min(last, until)}
        sql = RAW[rollup](as_of)
        for name, day in given.items():
            sql = sql.replace(f"{{{name}:Date}}", f"toDate('{day}')")
        pieces.append(f"SELECT {columns} FROM ({sql}) WHERE {where}")
    return f"({' UNION ALL '.join(pieces)})"


def _months(
    client: Client, rollup: Sealed, since: date, until: date, as_of: datetime
) -> tuple[Mapping[date, int], list[date]]:
    """Months whose sealed rows are those known at `as_of`, and the others that have rows."""
    first, last = since.replace(day=1), until.replace(day=1)
    marks = read_marks(client, rollup)
    standing = judge(marks, read_seals(client, rollup, first, last))
    rows = fetch(
        client,
        """SELECT toStartOfMonth(opened_on) AS month, count(), max(loaded_at) FROM vacancies
        WHERE opened_on BETWEEN {first:Date} AND {end:Date} GROUP BY month""",
        first=first,
        end=last_day(last),
    )
    # The view behind the marks may be a moment behind the rows: so these are counted as well.
    settled = {
        month
        for month, count, stored in rows
        if month in standing.sealed and marks[month].rows == count and stored <= as_of
    }
    sealed = {month: standing.sealed[month] for month in settled}
    return sealed, sorted(row[0] for row in rows if row[0] not in settled)


def stretches(months: Iterable[date]) -> list[tuple[date, date]]:
    """First and last days of the longest runs of the given months, which are in order."""
    found: list[tuple[date, date]] = []
    for month in months:
        if found and found[-1][1] + timedelta(days=1) == month:
            found[-1] = (found[-1][0], last_day(month))
        else:
            found.append((month, last_day(month)))
    return found
