"""chDB handles: one per request, or one per session kept between requests.

A handle carries `USE`, `SET` and temporary tables, so a fresh one (0.3 ms) keeps requests apart.
Queries on different handles run in parallel; one handle runs one statement at a time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labourwatch.embedded.warehouse.errors import (
    SESSION_IS_LOCKED,
    SESSION_NOT_FOUND,
    engine_error,
    refusal,
)
from labourwatch.embedded.warehouse.protocol import SessionName

Connect = Callable[[], Any]


def literal(text: str) -> str:
    """A quoted SQL string."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(text: str) -> str:
    """A quoted SQL identifier."""
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"


class Handle:
    """One statement's use of a chDB connection; `release` must be called once, always."""

    def __init__(self, connection: Any, on_release: Callable[[Handle], None], blocks: Path) -> None:
        self.connection = connection
        self.blocks = blocks
        """Folder for blocks on their way into a table."""
        self._on_release = on_release

    def run(self, sql: str, output: str = "TSVRaw") -> bytes:
        """Run an internal statement and return its bytes.

        Raises:
            StatementError: what the engine raised.
        """
        try:
            return bytes(self.connection.query(sql, output).bytes())
        except RuntimeError as error:
            raise engine_error(str(error)) from error

    def apply(self, database: str, settings: Mapping[str, str]) -> None:
        """Choose database and settings; `readonly` goes last, since it forbids the rest."""
        if database:
            self.run(f"USE {identifier(database)}")
        ordered = sorted(settings.items(), key=lambda item: item[0] == "readonly")
        if ordered:
            self.run("SET " + ", ".join(f"{name} = {literal(text)}" for name, text in ordered))

    def confine(self, database: str, role: str, settings: Mapping[str, str]) -> None:
        """Take on `role` alone, then `settings`, of which `readonly` forbids all further ones."""
        self.take(role)
        self.apply(database, settings)

    def take(self, role: str) -> None:
        """Have the rights of `role` and no others."""
        self.run(f"SET ROLE {identifier(role)}")

    @contextmanager
    def taking(self, role: str, *, instead_of: str) -> Iterator[None]:
        """Have the rights of `role` for one statement of our own."""
        self.take(role)
        try:
            yield
        finally:
            self.take(instead_of)

    def release(self) -> None:
        """Give the connection back or close it."""
        self._on_release(self)


class SessionHandle(Handle):
    """A session's handle: what one request alone asked for is undone after it.

    `readonly` is the exception: the engine does not lift it, so it stays for the session, which
    then refuses more than a server would. It is held at 2, since 1 would forbid our own `SET`.
    """

    def __init__(self, connection: Any, on_release: Callable[[Handle], None], blocks: Path) -> None:
        super().__init__(connection, on_release, blocks)
        self._undo: list[str] = []

    def apply(self, database: str, settings: Mapping[str, str]) -> None:
        """As for a plain handle, remembering what was before."""
        before = self._values([*settings, "readonly"])
        current = before.pop("readonly", ("0", False))[0]
        wanted = {name: text for name, text in settings.items() if name != "readonly"}
        if settings.get("readonly", "0") != "0" and current == "0":
            wanted["readonly"] = "2"
        if database:
            home = self.run("SELECT currentDatabase()").decode().rstrip("\n")
            self._undo.append(f"USE {identifier(home)}")
        self._undo += [
            f"SET {name} = {literal(text) if changed else 'DEFAULT'}"
            for name, (text, changed) in before.items()
        ]
        super().apply(database, wanted)

    def _values(self, names: Iterable[str]) -> dict[str, tuple[str, bool]]:
        listed = ", ".join(literal(name) for name in names)
        rows = self.run(
            f"SELECT name, value, changed FROM system.settings WHERE name IN ({listed})",
            "JSONCompact",
        )
        return {name: (text, bool(changed)) for name, text, changed in json.loads(rows)["data"]}

    def release(self) -> None:
        """Undo and hand the session back."""
        try:
            for statement in self._undo:
                self.run(statement)
        finally:
            super().release()


@dataclass(slots=True)
class _Session:
    connection: Any
    expires: float
    lock: threading.Lock = field(default_factory=threading.Lock)


class Handles:
    """Opens handles and keeps sessions. `clock` gives monotonic seconds."""

    def __init__(self, connect: Connect, clock: Callable[[], float], blocks: Path) -> None:
        self._connect = connect
        self._blocks = blocks
        self._clock = clock
        self._sessions: dict[str, _Session] = {}
        self._guard = threading.Lock()

    def open(self, name: SessionName | None) -> Handle:
        """A handle of the named session, or a fresh one.

        Raises:
            StatementError: 372 for a session that must exist, 373 for one in use.
        """
        if name is None:
            return Handle(self._connect(), lambda handle: handle.connection.close(), self._blocks)
        session = self._session(name)
        if not session.lock.acquire(blocking=False):
            raise refusal(SESSION_IS_LOCKED, f"Session {name.id} is locked by a concurrent client.")
        return SessionHandle(session.connection, lambda _: session.lock.release(), self._blocks)

    def _session(self, name: SessionName) -> _Session:
        self.expire()
        with self._guard:
            session = self._sessions.get(name.id)
            if session is None and name.must_exist:
                raise refusal(SESSION_NOT_FOUND, f"Session {name.id} not found.")
            if session is None:
                session = self._sessions[name.id] = _Session(self._connect(), 0.0)
            session.expires = self._clock() + name.seconds
            return session

    def expire(self) -> None:
        """Close sessions whose time is over and that run nothing."""
        now = self._clock()
        with self._guard:
            over = [
                key
                for key, session in self._sessions.items()
                if session.expires < now and not session.lock.locked()
            ]
            for key in over:
                self._sessions.pop(key).connection.close()

    def close(self) -> None:
        """Close every session."""
        with self._guard:
            for session in self._sessions.values():
                session.connection.close()
            self._sessions.clear()
