"""Puts a batch into the warehouse so that doing it again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from clickhouse_connect.driver.external import ExternalData

from warehouse.client import millis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from clickhouse_connect.datatypes.base import ClickHouseType
    from clickhouse_connect.driver.client import Client

    from warehouse.batch import Batch
    from warehouse.tables import Table

_PROVIDED: Final = ("loaded_at", "batch")


class Store:
    """Writes batches through one client. Blocking; one thread at a time.

    Raises:
        clickhouse_connect.driver.exceptions.Error: from every method; see `classify_failure`.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._types: dict[str, list[ClickHouseType]] = {}

    def write(self, batch: Batch) -> Mapping[str, int]:
        """Store what no other batch has stored; rows offered by table.

        A repeated call with an equal batch adds only what is missing of it: the tables and the
        roll-ups behind them recognise the parts they have by the plan's token.
        """
        fresh = batch.without(self.stored_elsewhere(batch))
        self.insert(fresh)
        return {table.name: len(rows) for table, rows in fresh.rows.items()}

    def insert(self, batch: Batch) -> None:
        """Insert the batch's rows under its token, without a look at other batches' rows."""
        for table, rows in batch.rows.items():
            self._insert(table, rows, batch)

    def stored_elsewhere(self, batch: Batch) -> dict[str, frozenset[str]]:
        """Identities of the batch's rows that another batch has stored, by table: one query."""
        if not batch.rows:
            return {}
        external, parameters = ExternalData(), {"token": batch.plan.token}
        queries = []
        for table in batch.rows:
            external.add_file(
                file_name=f"ids_{table.name}",
                data=_row_binary(batch.identities(table)),
                fmt="RowBinary",
                structure="id String",
            )
            queries.append(_search(table, batch.days(table), parameters))
        found = self._client.query(
            " UNION ALL ".join(queries), parameters=parameters, external_data=external
        )
        known = defaultdict(set)
        for name, identity in found.result_rows:
            known[name].add(identity)
        return {name: frozenset(identities) for name, identities in known.items()}

    def _insert(self, table: Table, rows: Sequence[Any], batch: Batch) -> None:
        count = len(rows)
        columns = [*zip(*rows, strict=True)]
        columns += [(millis(batch.plan.loaded_at),) * count, (batch.plan.token,) * count]
        self._client.insert(
            table.name,
            columns,
            column_names=[*table.columns, *_PROVIDED],
            column_types=self._types_of(table),
            column_oriented=True,
            settings={"insert_deduplication_token": batch.plan.token},
        )

    def _types_of(self, table: Table) -> list[ClickHouseType]:
        """Types of the loaded columns, asked of the schema once."""
        if table.name not in self._types:
            names = [*table.columns, *_PROVIDED]
            context = self._client.create_insert_context(table.name, names)
            self._types[table.name] = list(context.column_types)
        return self._types[table.name]


def _search(table: Table, days: tuple[Any, Any] | None, parameters: dict[str, Any]) -> str:
    """A query for known identities of one table; its bounds are added to `parameters`."""
    bounds = ""
    if days is not None:
        kind, form = _bound_types(days[0])
        for side, value in zip(("from", "to"), days, strict=True):
            parameters[f"{side}_{table.name}"] = value
        low, high = (form.format(f"{{{side}_{table.name}:{kind}}}") for side in ("from", "to"))
        bounds = f" AND {table.day} BETWEEN {low} AND {high}"
    return (
        f"SELECT '{table.name}' AS name, {table.identity} AS id FROM {table.name}"
        f" WHERE {table.identity} IN (SELECT id FROM ids_{table.name})"
        f" AND batch != {{token:String}}{bounds}"
    )


def _bound_types(value: Any) -> tuple[str, str]:
    if isinstance(value, date):
        return "Date", "{}"
    return "Int64", "fromUnixTimestamp64Milli({}, 'UTC')"


def _row_binary(values: Iterable[str]) -> bytes:
    """A column of strings in ClickHouse's RowBinary: length as LEB128, then the bytes."""
    out = bytearray()
    for value in values:
        data = value.encode()
        length = len(data)
        while length > 127:
            out.append(length & 127 | 128)
            length >>= 7
        out.append(length)
        out += data
    return bytes(out)
