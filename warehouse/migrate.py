"""Brings the warehouse's schema forward: ordered, checksummed, recorded, safe to repeat.

A migration is a file `schema/NNNN_name.sql` of statements ended by `;` at the end of a line. Each
statement is one part, recorded by its checksum in `schema_migrations` after its migration ran.
ClickHouse has no transactional DDL, so every statement must be repeatable (`IF NOT EXISTS`): a
crash between running and recording then costs nothing, and two processes may migrate at once.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from importlib.resources.abc import Traversable

    from clickhouse_connect.driver.client import Client

_NAME: Final = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")
_REPEATABLE: Final = re.compile(
    r"^(CREATE (TABLE|VIEW|MATERIALIZED VIEW|DICTIONARY) IF NOT EXISTS|CREATE OR REPLACE (VIEW"
    r"|DICTIONARY|FUNCTION)|DROP (TABLE|VIEW|DICTIONARY) IF EXISTS|ALTER TABLE \w+ (ADD"
    r" (COLUMN|INDEX|PROJECTION) IF NOT EXISTS|DROP (COLUMN|INDEX|PROJECTION) IF EXISTS"
    r"|MODIFY|COMMENT)"
    # A filling that leaves out the partitions it has already filled.
    r"|INSERT INTO (?P<filled>\w+) SELECT (?=.* NOT IN \(SELECT \w+\(\w+\) FROM (?P=filled)\)"
    r".* min_insert_block_size_rows = 1000000000\b).*)\b"
)
_RECORD: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
  version UInt16, part UInt16, name String, checksum String, applied_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (version, part)
"""


class MigrationError(RuntimeError):
    """The schema's history and its files disagree; the message names the migration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One statement of one migration."""

    version: int
    part: int
    name: str
    statement: str

    @property
    def checksum(self) -> str:
        """Hash of the statement without its comments and layout."""
        return hashlib.sha256(" ".join(self.statement.split()).encode()).hexdigest()[:32]


def split_statements(sql: str) -> list[str]:
    """Statements of a file: whole-line comments removed, each ended by `;` at a line's end."""
    lines = (line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    pieces = re.split(r";[ \t]*(?:\n|$)", "\n".join(lines))
    return [piece.strip() for piece in pieces if piece.strip()]


def parse(files: Mapping[str, str]) -> list[Part]:
    """Parts of the migrations in `files` (name → text), in order.

    Raises:
        MigrationError: a badly named file, a repeated or missing number, an unrepeatable statement.
    """
    parts: list[Part] = []
    for expected, name in enumerate(sorted(files), start=1):
        match = _NAME.match(name)
        if match is None or int(match[1]) != expected:
            raise MigrationError(f"{name}: expected a file {expected:04d}_lower_case_name.sql")
        for number, statement in enumerate(split_statements(files[name]), start=1):
            if not _REPEATABLE.match(" ".join(statement.split())):
                raise MigrationError(f"{name}, statement {number}: cannot be repeated safely")
            parts.append(Part(version=expected, part=number, name=name, statement=statement))
    return parts


def pending(parts: Sequence[Part], applied: Mapping[tuple[int, int], str]) -> list[Part]:
    """The parts still to run, given the checksums of those `applied`.

    Raises:
        MigrationError: an applied part was changed or removed, or a gap lies before one.
    """
    known = {(part.version, part.part): part for part in parts}
    for key, checksum in sorted(applied.items()):
        if key not in known:
            raise MigrationError(f"migration {key[0]:04d} part {key[1]} was applied but is gone")
        if known[key].checksum != checksum:
            raise MigrationError(
                f"{known[key].name} part {key[1]} was changed after it was applied; "
                "put it back and write a further migration"
            )
    todo = [part for part in parts if (part.version, part.part) not in applied]
    if todo and any(key > (todo[0].version, todo[0].part) for key in applied):
        raise MigrationError(f"{todo[0].name} part {todo[0].part} comes before applied ones")
    return todo


def read_files(folder: Traversable | None = None) -> dict[str, str]:
    """The migrations shipped with the package, or those in `folder`: name → text."""
    place = folder or resources.files("warehouse") / "schema"
    return {item.name: item.read_text("utf-8") for item in place.iterdir() if _is_sql(item)}


def _is_sql(item: Traversable) -> bool:
    return item.is_file() and item.name.endswith(".sql")


def migrate(
    client: Client, *, database: str, now: datetime, files: Mapping[str, str] | None = None
) -> list[str]:
    """Create `database` if needed and run what is pending in it.

    Args:
        client: connected to any existing database; it is pointed at `database`.
        database: the schema's home.
        now: recorded as the time of application (UTC).
        files: default the shipped migrations.

    Returns:
        Names of the migrations of which something ran, in order; empty when up to date.

    Raises:
        MigrationError: see `parse` and `pending`; nothing has been changed then.
    """
    parts = parse(read_files() if files is None else files)
    client.command(f"CREATE DATABASE IF NOT EXISTS {database}")
    client.database = database
    client.command(_RECORD)
    rows = client.query("SELECT version, part, checksum FROM schema_migrations").result_rows
    return _run(client, pending(parts, {(row[0], row[1]): row[2] for row in rows}), now)


def lacking(client: Client) -> list[str]:
    """Names of the shipped migrations of which something has not run in the client's database.

    For programs that read what the loader migrates and may start before it has done so. What the
    database has beyond this release's files is no lack.

    Raises:
        clickhouse_connect.driver.exceptions.Error: away, or nothing was ever migrated.
    """
    rows = client.query("SELECT version, part FROM schema_migrations").result_rows
    applied = {(row[0], row[1]) for row in rows}
    missing = (part for part in parse(read_files()) if (part.version, part.part) not in applied)
    return list(dict.fromkeys(part.name for part in missing))


def _run(client: Client, parts: Iterable[Part], now: datetime) -> list[str]:
    """Run parts in order, and record those of a migration together once all of it ran.

    A statement in ClickHouse costs less than storing a row about it. After a crash the parts of
    one migration run again, which changes nothing.
    """
    names: list[str] = []
    for name, migration in groupby(parts, key=lambda part: part.name):
        ran = list(migration)
        for part in ran:
            client.command(part.statement)
        client.insert(
            "schema_migrations",
            [[part.version, part.part, part.name, part.checksum, now] for part in ran],
            column_names=["version", "part", "name", "checksum", "applied_at"],
        )
        names.append(name)
    return names
