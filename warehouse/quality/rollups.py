"""Whether each roll-up holds what its raw rows give, for whatever roll-ups the schema has.

The view behind a roll-up tells how its rows are made, and the catalogue which of its columns are
keys; so roll-ups that later migrations add are checked without a word here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clickhouse_connect.driver.client import Client

_EXAMPLES: Final = 3
_APPROXIMATE: Final = ("quantileTDigest", "quantilesTDigest", "quantileTiming", "quantileBFloat16",
                       "quantilesBFloat16", "quantilesTiming")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A roll-up, the number of its cells, and those that differ from the raw rows."""

    rollup: str
    cells: int
    differing: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """A roll-up table with the query of the view that fills it."""

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    """Aggregations that give one exact value for each cell."""
    query: str


def rollups(client: Client) -> list[Rollup]:
    """All tables that materialised views of this database fill, by name."""
    views = fetch(
        client,
        """SELECT create_table_query, as_select FROM system.tables
        WHERE database = currentDatabase() AND engine = 'MaterializedView' ORDER BY name""",
    )
    columns = fetch(
        client,
        """SELECT table, name, type, is_in_sorting_key FROM system.columns
        WHERE database = currentDatabase() ORDER BY table, position""",
    )
    return [
        Rollup(
            name=target,
            keys=tuple(name for table, name, _, key in columns if table == target and key),
            measures=tuple(
                measure_of(name, kind) for table, name, kind, key in columns
                if table == target and not key and not _approximate(kind)
            ),
            query=query,
        )
        for target, query in map(_target, views)
    ]  # fmt: skip


def _target(view: Sequence[str]) -> tuple[str, str]:
    created, query = view
    return created.split(" TO ", 1)[1].split()[0].strip("`").split(".")[-1].strip("`"), query


def _approximate(kind: str) -> bool:
    """Whether equal rows in another order give another value: no basis for comparison."""
    return kind.startswith("AggregateFunction") and any(name in kind for name in _APPROXIMATE)


def measure_of(name: str, kind: str) -> str:
    """SQL that makes one value of a roll-up column's parts, by the column's type."""
    if not kind.startswith(("AggregateFunction", "SimpleAggregateFunction")):
        return f"sum(`{name}`)"
    function = kind.split("(", 1)[1]
    if kind.startswith("SimpleAggregateFunction"):
        return f"{function.split(',', 1)[0]}(`{name}`)"
    depth, end = 0, 0
    for end, letter in enumerate(function):  # noqa: B007 (where the first argument ends)
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            break
    called = function[:end]
    base, bracket, parameters = called.partition("(")
    return f"{base}Merge{bracket}{parameters}(`{name}`)"


def rollup_differences(client: Client) -> Iterator[Difference]:
    """Each roll-up against its raw rows as both stand now. A cell whose sums are all 0 is none."""
    for rollup in rollups(client):
        keys = ", ".join(f"`{key}`" for key in rollup.keys)
        measures = ", ".join(f"{measure} AS m{i}" for i, measure in enumerate(rollup.measures))
        filled = " OR ".join(f"m{i} != defaultValueOfArgumentType(m{i})"
                             for i in range(len(rollup.measures)))  # fmt: skip
        told = ", ".join(f"m{i}" for i in range(len(rollup.measures)))
        side = "SELECT {keys}, {measures} FROM {origin} GROUP BY {keys} HAVING {filled}"
        parts = {"keys": keys, "measures": measures, "filled": filled}
        held = side.format(origin=f"`{rollup.name}`", **parts)
        raw = side.format(origin=f"({rollup.query})", **parts)
        row = fetch(
            client,
            f"""SELECT count(), countIf(sides != 2 OR kinds > 1),
              groupArrayIf({_EXAMPLES})(cell, sides != 2 OR kinds > 1)
            FROM (SELECT toString(tuple({keys})) AS cell, count() AS sides,
                uniqExact(toString(tuple({told}))) AS kinds
              FROM ({held} UNION ALL {raw}) GROUP BY cell)""",
        )[0]
        yield Difference(
            rollup=rollup.name, cells=row[0], differing=row[1], examples=tuple(sorted(row[2]))
        )
