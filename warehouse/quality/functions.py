"""Checks that one query cannot answer, by the names that `checks.yaml` calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.quality.records import Reading, Scope
from warehouse.quality.rollups import rollup_differences
from warehouse.tables import FED_TABLES

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def rollups_equal_raw(client: Client, scope: Scope) -> list[Reading]:
    """A reading for each roll-up, as it stands now: roll-ups keep no time of loading."""
    del scope
    return [
        Reading(
            subject=found.rollup,
            value=found.differing,
            n=found.cells,
            detail=", ".join(found.examples),
        )
        for found in rollup_differences(client)
    ]


def stored_once(client: Client, scope: Scope) -> list[Reading]:
    """A reading for each fed table: rows beyond the number of their identities."""
    queries = [
        f"SELECT '{table.name}', count() - uniqExact({table.identity}), count() FROM {table.name}"
        f" WHERE loaded_at <= {moment('as_of')}"
        for table in FED_TABLES
    ]
    rows = fetch(client, " UNION ALL ".join(queries), as_of=scope.as_of)
    return [Reading(subject=name, value=more, n=n) for name, more, n in sorted(map(tuple, rows))]


FUNCTIONS: Final[Mapping[str, Callable[[Client, Scope], list[Reading]]]] = {
    "rollups_equal_raw": rollups_equal_raw,
    "stored_once": stored_once,
}
