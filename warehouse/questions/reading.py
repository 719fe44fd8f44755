"""Rows of a sealed roll-up: from sealed months where these stand, raw where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.questions.basis import Basis
from warehouse.questions.monthly import COLUMNS, RAW
from warehouse.questions.sealing import last_day
from warehouse.questions.seals import read_standing

if TYPE_CHECKING:
    from datetime import date, datetime

    from clickhouse_connect.driver.client import Client

    from warehouse.questions.seals import Sealed


def rows_of(
    client: Client,
    rollup: Sealed,
    *,
    since: date,
    until: date,
    where: str,
    as_of: datetime | None,
    basis: Basis,
) -> str:
    """SQL of the rows with `where`, months that [since, until] only touches whole or in part.

    So `where` has to name the days or weeks. With `as_of` the query needs a parameter of it.
    """
    if basis is Basis.RAW or as_of is not None:
        pieces = [_bounded(RAW[rollup](as_of), since, until)]
    else:
        pieces = _pieces(client, rollup, since, until)
    return "(" + " UNION ALL ".join(f"SELECT * FROM ({p}) WHERE {where}" for p in pieces) + ")"


def _bounded(sql: str, since: date, until: date) -> str:
    return sql.replace("{since:Date}", f"toDate('{since}')").replace(
        "{until:Date}", f"toDate('{until}')"
    )


def _pieces(client: Client, rollup: Sealed, since: date, until: date) -> list[str]:
    """Queries that together give the rows of [since, until], each month once."""
    standing = read_standing(client, rollup, since, until)
    columns = ", ".join(COLUMNS[rollup])
    names = ", ".join(f"('{month}', {rev})" for month, rev in sorted(standing.sealed.items()))
    held = f"(month, revision) IN ({names})" if names else "0"
    pieces = [f"SELECT {columns} FROM {rollup.value} WHERE {held}"]
    for month in standing.unsealed:
        first, last = max(month, since), min(last_day(month), until)
        pieces.append(f"SELECT {columns} FROM ({_bounded(RAW[rollup](None), first, last)})")
    return pieces
