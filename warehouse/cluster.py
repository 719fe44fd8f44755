"""The schema of a cluster, generated from the migrations that the embedded warehouse runs. Pure.

One source: what a statement says of columns, order, partitions and retention holds everywhere.
Added for a cluster are replication, a sharded table behind each name that programs use, and the
window within which Keeper remembers the tokens of inserts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warehouse.migrate import Part

WINDOW: Final = 10_000
"""Inserts whose tokens are remembered: three hours at one batch a second."""
WINDOW_S: Final = 7 * 86_400
LOCAL: Final = "_local"
_CLUSTER: Final = re.compile(r"[a-z][a-z0-9_]*")
_TABLE: Final = re.compile(
    r"^CREATE TABLE IF NOT EXISTS (?P<name>\w+) (?P<columns>\(.*\)) ENGINE = (?P<engine>\w+)"
    r"(?P<arguments>\(.*?\))?(?= *\n)(?P<rest>.*)$",
    re.DOTALL,
)
_SETTINGS: Final = re.compile(r"\s*SETTINGS non_replicated_deduplication_window = \d+\s*$")
_ALTER: Final = re.compile(r"^ALTER TABLE (\w+) (ADD COLUMN|ADD INDEX|MODIFY TTL|MODIFY|COMMENT)")
_MATERIALISED: Final = re.compile(r"^(CREATE MATERIALIZED VIEW IF NOT EXISTS \w+) TO (\w+) AS(.*)$",
                                  re.DOTALL)  # fmt: skip
_VIEW: Final = re.compile(r"^(CREATE (?:OR REPLACE )?VIEW (?:IF NOT EXISTS )?\w+)(.*)$", re.DOTALL)
_FROM: Final = re.compile(r"\bFROM (\w+)")


SETTINGS_PROFILE: Final = {
    "insert_deduplicate": "1",
    "deduplicate_blocks_in_dependent_materialized_views": "1",
    "distributed_foreground_insert": "1",
    "insert_quorum": "'auto'",
    "distributed_product_mode": "'global'",
    "prefer_localhost_replica": "1",
}
"""What programs need of a cluster: an insert returns when every shard and most copies have it, and
a subquery inside a question is asked of all shards, not of each alone."""


class Spread(StrEnum):
    """How the rows of a table are laid over the shards."""

    VACANCY = "cityHash64(vacancy_id)"
    """All of a vacancy in one shard: its latest version, its events and their pairs are found
    without asking another shard, and a repeated batch meets its first writing."""
    SOURCE = "cityHash64(source_id)"
    """All of a source in one shard; small tables."""
    CELL = "cityHash64(province)"
    """Findings by cell: series are read whole."""
    EVERYWHERE = ""
    """One shard holding a copy for each server: small, or written seldom."""


SPREADS: Final = {
    "postings": Spread.VACANCY,
    "vacancies": Spread.VACANCY,
    "vacancy_events": Spread.VACANCY,
    "posting_ends": Spread.VACANCY,
    "source_runs": Spread.SOURCE,
    "source_health": Spread.SOURCE,
    "observations": Spread.CELL,
}
"""Tables that are laid over shards by what they hold; roll-ups follow the table that feeds them,
and every other table is kept whole by every server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A table of the cluster."""

    name: str
    spread: Spread
    follows: str = ""
    """Table whose rows its own come from, in the same shard: a roll-up."""

    @property
    def sharded(self) -> bool:
        """Whether each shard holds a part of it."""
        return self.spread is not Spread.EVERYWHERE or bool(self.follows)

    @property
    def stored(self) -> str:
        """Name of the table that holds rows on each server."""
        return f"{self.name}{LOCAL}" if self.sharded else self.name


class ClusterError(ValueError):
    """A name that DDL may not carry, or a statement that no rule covers."""


def layouts(parts: Iterable[Part]) -> dict[str, Layout]:
    """Layout of every table of the migrations, by name."""
    held = list(parts)
    fed = {
        view[2]: _FROM.findall(view[3])[-1]
        for part in held
        if (view := _MATERIALISED.match(part.statement))
    }
    names = [found["name"] for part in held if (found := _TABLE.match(part.statement))]
    return {
        name: Layout(
            name=name,
            spread=SPREADS.get(name, Spread.EVERYWHERE),
            follows=fed.get(name, ""),
        )
        for name in names
    }


def cluster_statements(parts: Iterable[Part], cluster: str) -> list[str]:
    """DDL of an empty cluster, in order; run it once, on any server.

    Fillings of roll-ups are left out: in an empty cluster nothing is to be filled.

    Raises:
        ClusterError: see there.
    """
    if not _CLUSTER.fullmatch(cluster):
        raise ClusterError(f"expected a name of small letters and digits, got {cluster!r}")
    held = list(parts)
    tables = layouts(held)
    given = ", ".join(f"{name} = {value}" for name, value in SETTINGS_PROFILE.items())
    made = [
        f"CREATE SETTINGS PROFILE IF NOT EXISTS labourwatch ON CLUSTER {cluster} SETTINGS {given}"
    ]
    for part in held:
        made += _statement(part.statement, tables, cluster)
    return made


def _statement(sql: str, tables: dict[str, Layout], cluster: str) -> list[str]:
    if found := _TABLE.match(sql):
        return _table(found, tables[found["name"]], cluster)
    if found := _MATERIALISED.match(sql):
        source = _FROM.sub(lambda name: f"FROM {_stored(tables, name[1])}", found[3])
        source = _qualified(source, tables)
        return [f"{found[1]} ON CLUSTER {cluster} TO {_stored(tables, found[2])} AS{source}"]
    if found := _VIEW.match(sql):
        return [f"{found[1]} ON CLUSTER {cluster}{found[2]}"]
    if found := _ALTER.match(sql):
        return _alter(sql, tables[found[1]], found[2], cluster)
    if sql.startswith("INSERT INTO"):
        return []
    raise ClusterError(f"no rule makes a cluster's statement of: {sql[:60]}")


def _stored(tables: dict[str, Layout], name: str) -> str:
    return tables[name].stored if name in tables else name


def _qualified(sql: str, tables: dict[str, Layout]) -> str:
    """Columns named with their table, of the table as it is stored."""
    return re.sub(r"\b(\w+)\.(\w+)", lambda m: f"{_stored(tables, m[1])}.{m[2]}", sql)


def _table(found: re.Match[str], layout: Layout, cluster: str) -> list[str]:
    shard = "{shard}" if layout.sharded else "all"
    path = f"'/clickhouse/tables/{{database}}/{shard}/{layout.stored}', '{{replica}}'"
    arguments = (found["arguments"] or "")[1:-1]
    engine = f"Replicated{found['engine']}({', '.join(part for part in (path, arguments) if part)})"
    rest = _SETTINGS.sub("", found["rest"]).rstrip()
    window = (
        f"SETTINGS replicated_deduplication_window = {WINDOW},"
        f" replicated_deduplication_window_seconds = {WINDOW_S}"
    )
    stored = (
        f"CREATE TABLE IF NOT EXISTS {layout.stored} ON CLUSTER {cluster} {found['columns']}"
        f" ENGINE = {engine}{rest}\n{window}"
    )
    return [stored, _distributed(layout, cluster)] if layout.sharded else [stored]


def _distributed(layout: Layout, cluster: str) -> str:
    key = f", {layout.spread.value}" if layout.spread is not Spread.EVERYWHERE else ""
    return (
        f"CREATE TABLE IF NOT EXISTS {layout.name} ON CLUSTER {cluster} AS {layout.stored}"
        f" ENGINE = Distributed('{cluster}', currentDatabase(), '{layout.stored}'{key})"
    )


def _alter(sql: str, layout: Layout, kind: str, cluster: str) -> list[str]:
    body = sql.removeprefix(f"ALTER TABLE {layout.name} ")
    made = [f"ALTER TABLE {layout.stored} ON CLUSTER {cluster} {body}"]
    if layout.sharded and kind == "ADD COLUMN":  # indexes and retention are the stored table's
        made.append(f"ALTER TABLE {layout.name} ON CLUSTER {cluster} {body}")
    return made
