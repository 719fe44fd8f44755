"""The door as its users meet it: a statement or a saved question in, an answer with provenance out.

Every question is noted with who asked it, answered or not. Blocking; safe to use from threads.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from warehouse.client import connect
from warehouse.door.asking import DoorError, Told, ask, connect_analyst
from warehouse.door.saved import QueryRun, SavedQuery, find, note_run

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings

ANSWERED: Final = "answered"
REST: Final = "rest"
SHELL: Final = "shell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Enough to ask the same again."""

    run_id: str
    asked_at: datetime
    asker: str
    sql: str
    sql_sha256: str
    parameters: Mapping[str, str]
    saved: SavedQuery | None = None


class Desk:
    """The analysts' door of one installation."""

    def __init__(self, settings: Settings, way: str, clock: Callable[[], datetime]) -> None:
        """Nothing is connected before the first question.

        Args:
            settings: address, users and database.
            way: `REST` or `SHELL`, noted with every question.
            clock: this moment (aware).
        """
        self._settings = settings
        self._way = way
        self._clock = clock

    def writer(self) -> Client:
        """A client of the service's own, for saved questions and the record."""
        return connect(self._settings)

    def ask(self, sql: str, parameters: Mapping[str, str], asker: str) -> tuple[Told, Provenance]:
        """The answer to a statement, noted as asked by `asker`.

        Raises:
            DoorError: refused or failed.
            clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
        """
        return self._run(sql, parameters, asker, None)

    def ask_saved(
        self, reference: str, parameters: Mapping[str, str], asker: str
    ) -> tuple[Told, Provenance]:
        """The answer to a saved question.

        Raises:
            SavedError: there is none of this name.
            DoorError: refused or failed.
            clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
        """
        writer = self.writer()
        try:
            saved = find(writer, reference)
        finally:
            writer.close()
        return self._run(saved.sql, saved.values(parameters, self._clock()), asker, saved)

    def _run(
        self, sql: str, parameters: Mapping[str, str], asker: str, saved: SavedQuery | None
    ) -> tuple[Told, Provenance]:
        at, began = self._clock(), time.monotonic()
        outcome, rows, run_id = "failed", 0, uuid4().hex
        client = connect_analyst(self._settings)
        try:
            told = ask(client, sql, parameters, database=self._settings.clickhouse_database)
            outcome, rows = ANSWERED, len(told.rows)
        except DoorError as error:
            outcome = error.refusal.reason.value
            raise
        finally:
            client.close()
            run = QueryRun(
                run_id=run_id, at=at, asker=asker, way=self._way,
                query_id=saved.query_id if saved else "", sql=sql[:40_000], outcome=outcome,
                rows=rows, elapsed_ms=int((time.monotonic() - began) * 1000),
            )  # fmt: skip
            self._note(run)
        return told, Provenance(
            run_id=run_id, asked_at=at, asker=asker, sql=sql, parameters=dict(parameters),
            sql_sha256=hashlib.sha256(sql.encode()).hexdigest(), saved=saved,
        )  # fmt: skip

    def _note(self, run: QueryRun) -> None:
        writer = self.writer()
        try:
            note_run(writer, run)
        finally:
            writer.close()
