"""Answers of the SQL door as tables: types of ClickHouse → types of columns. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from dashboard.v1.citing import House
from dashboard.v1.columns import RUNS, SAVED
from dashboard.v1.tables import Column, Kind, Row, Table
from warehouse.disclosure.guard import departmental
from warehouse.disclosure.records import View
from warehouse.door.asking import Told
from warehouse.door.desk import Provenance
from warehouse.door.saved import QueryRun, SavedQuery

_WRAPPED: Final = re.compile(r"(?:Nullable|LowCardinality)\((.*)\)")
_MOST_WHOLE: Final = 2**63 - 1


def table_of(
    told: Told, provenance: Provenance, house: House, *, view: View = View.DEPARTMENT
) -> Table:
    """An answer with all that is needed to ask the same again."""
    kinds = [kind_of(name) for name in told.types]
    columns = [
        Column(name=name, kind=kind, meaning=type_name)
        for name, kind, type_name in zip(told.columns, kinds, told.types, strict=True)
    ]
    saved = provenance.saved
    title = f"Saved question {saved.reference}" if saved else "Question by SQL"
    about = house.about(
        title, view=view, as_of=provenance.asked_at, path="/v1/sql", more=_facts(provenance)
    )
    rows = departmental(told.rows, view)
    blocks = iter([[_row(row, kinds) for row in rows]])
    return Table(about=about, columns=columns, blocks=blocks, name=saved.name if saved else "sql")


def _facts(provenance: Provenance) -> Mapping[str, str]:
    facts = {
        "run_id": provenance.run_id, "asked_by": provenance.asker, "sql": provenance.sql,
        "sql_sha256": provenance.sql_sha256,
        **{f"parameter {name}": value for name, value in provenance.parameters.items()},
    }  # fmt: skip
    saved = provenance.saved
    if saved is not None:
        facts |= {
            "query_id": saved.query_id, "query": saved.reference, "owner": saved.owner,
            "description": saved.description,
        }  # fmt: skip
    return facts


def kind_of(type_name: str) -> Kind:
    """The type of a column whose values ClickHouse gives as `type_name`."""
    while wrapped := _WRAPPED.fullmatch(type_name):
        type_name = wrapped[1]
    if type_name == "Bool":
        return Kind.TRUTH
    if re.match(r"U?Int(8|16|32|64)$", type_name):
        return Kind.WHOLE
    if re.match(r"B?Float|Decimal", type_name):
        return Kind.NUMBER
    if type_name in ("Date", "Date32"):
        return Kind.DAY
    return Kind.MOMENT if type_name.startswith("DateTime") else Kind.TEXT


def _row(row: Sequence[Any], kinds: Sequence[Kind]) -> Row:
    return tuple(_value(value, kind) for value, kind in zip(row, kinds, strict=True))


def _value(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind is Kind.NUMBER:
        return float(value)
    if kind is Kind.MOMENT and isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if kind is Kind.WHOLE:
        return min(int(value), _MOST_WHOLE)
    return value if kind is not Kind.TEXT or isinstance(value, str) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def saved_table(found: Sequence[SavedQuery], house: House) -> Table:
    """Saved questions."""
    rows = [tuple(getattr(one, column.name) for column in SAVED) for one in found]
    newest = max((one.saved_at for one in found), default=None)
    about = house.about("Saved questions", view=View.DEPARTMENT, as_of=newest, path="/v1/saved")
    return Table(about=about, columns=SAVED, blocks=iter([rows]), name="saved")


def runs_table(found: Sequence[QueryRun], house: House) -> Table:
    """Who asked what."""
    rows = [tuple(getattr(one, column.name) for column in RUNS) for one in found]
    newest = max((one.at for one in found), default=None)
    about = house.about("Questions asked", view=View.DEPARTMENT, as_of=newest, path="/v1/runs")
    return Table(about=about, columns=RUNS, blocks=iter([rows]), name="runs")
