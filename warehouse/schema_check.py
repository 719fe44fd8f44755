"""Whether the warehouse's schema is what the migrations say, by building it once more beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from warehouse.client import fetch, millis
from warehouse.migrate import MigrationError, migrate, parse, pending, read_files

if TYPE_CHECKING:
    from datetime import datetime

    from clickhouse_connect.driver.client import Client


class Fault(StrEnum):
    """What is wrong with the schema."""

    HISTORY = "history"
    """The record of migrations disagrees with the files."""
    PENDING = "pending"
    """A migration has not run yet."""
    MISSING = "missing"
    STRANGE = "strange"
    """No migration makes it."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One difference; `detail` names the first words that differ."""

    fault: Fault
    subject: str
    detail: str = ""


def check_schema(client: Client, *, database: str, now: datetime) -> list[Finding]:
    """Differences between `database` and what the migrations make; empty where there is none.

    Makes a database of its own for the comparison and drops it again: needs a writing client. For
    one server: on a cluster, tables have other engines and names.
    """
    history = _history(client, database)
    scratch = f"schema_check_{millis(now)}"
    home = client.database
    try:
        migrate(client, database=scratch, now=now)
        expected = _objects(client, scratch)
    finally:
        client.database = home
        client.command(f"DROP DATABASE IF EXISTS {scratch}")
    return history + compare(expected, _objects(client, database))


def _history(client: Client, database: str) -> list[Finding]:
    rows = fetch(client, f"SELECT version, part, checksum FROM {database}.schema_migrations")
    try:
        todo = pending(parse(read_files()), {(row[0], row[1]): row[2] for row in rows})
    except MigrationError as error:
        return [Finding(fault=Fault.HISTORY, subject="schema_migrations", detail=str(error))]
    names = sorted({part.name for part in todo})
    return [Finding(fault=Fault.PENDING, subject=name) for name in names]


def _objects(client: Client, database: str) -> dict[str, str]:
    """Statement that makes each table and view, without the database's name."""
    rows = fetch(
        client,
        "SELECT name, create_table_query FROM system.tables WHERE database = {home:String}",
        home=database,
    )
    return {row[0]: row[1].replace(f"{database}.", "") for row in rows}


def compare(expected: dict[str, str], found: dict[str, str]) -> list[Finding]:
    """Findings by name: what is missing, strange or different. Pure."""
    findings = []
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            findings.append(Finding(fault=Fault.MISSING, subject=name))
        elif name not in expected:
            findings.append(Finding(fault=Fault.STRANGE, subject=name))
        elif expected[name] != found[name]:
            detail = _first_difference(expected[name], found[name])
            findings.append(Finding(fault=Fault.DIFFERENT, subject=name, detail=detail))
    return findings


def _first_difference(expected: str, found: str) -> str:
    places = (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b)
    place = max(next(places, min(len(expected), len(found))) - 20, 0)
    return f"expected …{expected[place : place + 60]}…, found …{found[place : place + 60]}…"
