"""Saved questions, and the record of who asked what. A change of a question is a new version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.history import insert_token

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,60}")
_REFERENCE: Final = re.compile(r"([a-z][a-z0-9_-]{0,60})(?:@(\d{1,6}))?")
_AS_OF: Final = re.compile(r"\{\s*as_of\s*:")


class SavedError(ValueError):
    """A saved question cannot be kept or found; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """One version of a named question."""

    query_id: str
    name: str
    version: int
    owner: str
    """Account identifier, never a name."""
    description: str
    sql: str
    parameters: Mapping[str, str]
    """Values that hold where none are given."""
    as_of: datetime | None
    """Pinned moment (UTC): the value of `{as_of:DateTime64(3)}`; None: the moment of asking."""
    saved_at: datetime

    @property
    def reference(self) -> str:
        """How this version is named for good."""
        return f"{self.name}@{self.version}"

    def values(self, given: Mapping[str, str], now: datetime) -> dict[str, str]:
        """The parameters of a run: those given, else those saved, else the moment of asking."""
        values = {**self.parameters, **given}
        if _AS_OF.search(self.sql) and "as_of" not in values:
            moment = self.as_of or now
            values["as_of"] = moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment:%f}"[:3]
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRun:
    """Who asked what, when, and how it ended. Not what was answered."""

    run_id: str
    at: datetime
    asker: str
    way: str
    """`rest` or `shell`."""
    query_id: str
    sql: str
    outcome: str
    """`answered`, or a `warehouse.door.judging.Refused`."""
    rows: int
    elapsed_ms: int


_COLUMNS: Final = tuple(field.name for field in fields(SavedQuery))


def save(
    client: Client,
    *,
    name: str,
    owner: str,
    description: str,
    sql: str,
    parameters: Mapping[str, str],
    as_of: datetime | None,
    now: datetime,
) -> SavedQuery:
    """Keep a question under a name, as its next version; the same statement again: as it is.

    Raises:
        SavedError: the name is another owner's or not as expected, or no description.
    """
    if not NAME.fullmatch(name):
        raise SavedError(
            "name: expected small letters, digits, - and _, at most 61, a letter first"
        )
    if not 0 < len(description.strip()) <= 1_000:
        raise SavedError("description: expected 1 to 1,000 characters, what the question is for")
    before = next(iter(_read(client, name)), None)
    if before is not None and before.owner != owner:
        raise SavedError(f"name: {name!r} is a question of {before.owner}; choose another name")
    said = (description, sql, dict(parameters), as_of)
    if before is not None and said == (
        before.description, before.sql, dict(before.parameters), before.as_of,
    ):  # fmt: skip
        return before
    version = before.version + 1 if before else 1
    made = SavedQuery(
        query_id=_identity(name, version, owner, sql), name=name, version=version, owner=owner,
        description=description, sql=sql, parameters=dict(parameters), as_of=as_of, saved_at=now,
    )  # fmt: skip
    row = tuple(getattr(made, column) for column in _COLUMNS)
    _insert(client, "saved_queries", _COLUMNS, row, made.query_id)
    return made


def current(client: Client) -> list[SavedQuery]:
    """The highest version of every saved question, by name."""
    return _read(client, "", "LIMIT 1 BY name")


def find(client: Client, reference: str) -> SavedQuery:
    """The question of a name (`flows`: its highest version), a version (`flows@2`) or an id.

    Raises:
        SavedError: there is none.
    """
    named = _REFERENCE.fullmatch(reference)
    found = _read(client, named[1]) if named else []
    if named and named[2]:
        found = [one for one in found if one.version == int(named[2])]
    if not found and re.fullmatch(r"[0-9a-f]{16}", reference):
        found = [one for one in _read(client, "") if one.query_id == reference]
    if not found:
        raise SavedError(f"there is no saved question {reference[:80]!r}")
    return found[0]


def note_run(client: Client, run: QueryRun) -> None:
    """Keep the record of a run; the same run again changes nothing."""
    names = tuple(field.name for field in fields(QueryRun))
    _insert(client, "query_runs", names, astuple(run), run.run_id)


def runs_of(client: Client, *, asker: str = "", limit: int = 100) -> list[QueryRun]:
    """The latest runs, newest first, of one asker or of all."""
    names = tuple(field.name for field in fields(QueryRun))
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM query_runs
        WHERE {{asker:String}} = '' OR asker = {{asker:String}}
        ORDER BY at DESC, run_id LIMIT 1 BY run_id LIMIT {{limit:UInt32}}""",
        asker=asker,
        limit=limit,
    )
    return [QueryRun(**dict(zip(names, row, strict=True))) for row in rows]


def _read(client: Client, name: str, more: str = "") -> list[SavedQuery]:
    """Versions, the highest first; of two writers of one version the first counts."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_COLUMNS)} FROM (
          SELECT * FROM saved_queries
          WHERE {{name:String}} = '' OR name = {{name:String}}
          ORDER BY name, version DESC, saved_at, query_id LIMIT 1 BY name, version
        ) ORDER BY name, version DESC {more}""",
        name=name,
    )
    return [SavedQuery(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _identity(name: str, version: int, owner: str, sql: str) -> str:
    said = f"{name}\0{version}\0{owner}\0{sql}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _insert(
    client: Client, table: str, columns: tuple[str, ...], row: tuple[object, ...], identity: str
) -> None:
    token = {"insert_deduplication_token": insert_token([identity])}
    client.insert(table, [row], column_names=columns, settings=token)
