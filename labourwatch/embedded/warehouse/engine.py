"""Running statements on chDB. Blocking: call it from a pool of threads.

chDB keeps its own threads, so a process that has opened an engine must never fork; start other
processes with `spawn`.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from labourwatch.embedded.warehouse import sql as grammar
from labourwatch.embedded.warehouse.blocks import store_block
from labourwatch.embedded.warehouse.configuration import SERVICE, blocks_folder, prepare
from labourwatch.embedded.warehouse.errors import (
    CORRUPTED_DATA,
    StatementError,
    engine_error,
)
from labourwatch.embedded.warehouse.handles import Handle, Handles, literal
from labourwatch.embedded.warehouse.limits import Limits
from labourwatch.embedded.warehouse.protocol import QueryRequest
from labourwatch.embedded.warehouse.statements import (
    Answer,
    refuse_in_values,
    run_confined,
    run_statement,
    whole,
)
from labourwatch.embedded.warehouse.torn import forget_torn, is_torn

_LOG = logging.getLogger(__name__)
_IDENTITY = "insert_deduplication_token"


class DataDirectoryInUseError(Exception):
    """Another process owns the data directory; the message names directory and process."""


def _end() -> None:
    """End as by a crash: an orderly end would remove the parts that a torn one was made of."""
    os.kill(os.getpid(), signal.SIGKILL)


def _lock_directory(data_dir: Path) -> int:
    data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data_dir / "owner.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.read(descriptor, 32).decode().strip() or "unknown"
        os.close(descriptor)
        raise DataDirectoryInUseError(
            f"{data_dir} is in use by another warehouse, process {owner}: stop that one first"
        ) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


class Engine:
    """One chDB store, owned by this process alone."""

    def __init__(
        self,
        data_dir: Path,
        limits: Limits,
        clock: Callable[[], float],
        database: str = "labourwatch",
        end: Callable[[], None] = _end,
    ) -> None:
        """Open the store.

        Args:
            data_dir: folder of store and configuration.
            limits: of memory and time.
            clock: monotonic seconds, of sessions.
            database: whose tables analysts may read as far as they are allowed.
            end: ends this process where a part is torn, which the next start mends.

        Raises:
            DataDirectoryInUseError: another process has it.
            OSError: a torn part could not be forgotten for want of room.
        """
        data_dir = data_dir.absolute()
        self._lock = _lock_directory(data_dir)
        self._end = end
        for part in forget_torn(data_dir / "store"):
            _LOG.warning("torn by a full disk, to be stored again: %s", part)
        import chdb  # after the lock: it takes a second and starts threads

        config = prepare(data_dir, limits, database)
        self._address = f"{data_dir / 'store'}?config-file={config}"
        self._connect: Callable[[], Any] = partial(chdb.connect, self._address)
        self._root = self._connect()
        self._handles = Handles(self._connect, clock, blocks_folder(data_dir))
        facts = bytes(self._root.query("SELECT version(), timezone()", "TSV").bytes()).decode()
        self.version, self.timezone = facts.rstrip("\n").split("\t")

    def expire_sessions(self) -> None:
        """Close sessions nobody used for as long as they asked."""
        self._handles.expire()

    def cancel(self, query_id: str) -> None:
        """Stop what runs under this id; the thread that runs it sees code 394."""
        self._kill(f"Settings['log_comment'] = {literal(query_id)}")

    def cancel_all(self) -> None:
        """Stop every running statement."""
        self._kill("true")

    def _kill(self, condition: str) -> None:
        handle = self._handles.open(None)
        try:
            handle.run(f"KILL QUERY WHERE {condition} ASYNC")
        finally:
            handle.release()

    def close(self) -> None:
        """Close sessions and engine, then let the next owner in."""
        self._handles.close()
        self._root.close()
        os.close(self._lock)

    def execute(self, request: QueryRequest) -> Answer:
        """Run one statement.

        Raises:
            StatementError: it was refused or failed before its first block.
        """
        handle = self._handles.open(None if request.confined else request.session)
        try:
            run = run_confined if request.confined else self._execute
            answer = run(handle, request)
        except BaseException as error:
            handle.release()
            if isinstance(error, StatementError) and (
                error.code == CORRUPTED_DATA or grammar.verb_of(request.sql) == "INSERT"
            ):
                self._end_if_torn()
            raise
        return replace(answer, chunks=self._watched(answer.chunks))

    def _watched(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from chunks
        except StatementError as error:
            if error.code == CORRUPTED_DATA:
                self._end_if_torn()
            raise

    def _end_if_torn(self) -> None:
        """End the process where a full disk left a part in use without its content.

        An insert that failed may have left one whose token counts as stored; a question that
        failed has met one.
        """
        handle = self._handles.open(None)
        try:
            handle.take(SERVICE)
            paths = handle.run("SELECT path FROM system.parts WHERE active AND rows > 0").decode()
        finally:
            handle.release()
        torn = [path for path in paths.splitlines() if is_torn(Path(path))]
        if torn:
            _LOG.critical("torn by a full disk, ending to begin anew: %s", ", ".join(torn))
            self._end()

    def _execute(self, handle: Handle, request: QueryRequest) -> Answer:
        handle.take(SERVICE)
        handle.apply(request.database, {"log_comment": request.query_id, **request.settings})
        try:
            for table in request.tables:
                grammar.refuse_local_access(table.structure.encode(), {})
                refuse_in_values(table.format, table.data)
                handle.run(f"CREATE TEMPORARY TABLE `{table.name}` ({table.structure})")
                store_block(handle, f"INSERT INTO `{table.name}`", table.format, table.data)
            return self._route(handle, request)
        except RuntimeError as error:
            raise engine_error(str(error)) from error

    def _route(self, handle: Handle, request: QueryRequest) -> Answer:
        insert = grammar.find_insert(request.sql)
        if insert is not None:
            grammar.refuse_local_access(insert.head.encode(), request.parameters)
            data = memoryview(request.sql)[insert.data_start :]
            refuse_in_values(insert.format, data)
            if request.parameters:
                handle.apply("", {f"param_{k}": v for k, v in request.parameters.items()})
            token = bool(request.settings.get(_IDENTITY)) or _IDENTITY in insert.head
            stored = store_block(handle, insert.head, insert.format, data, token=token)
            return whole(handle, None, stored, b"")
        grammar.refuse_local_access(request.sql, request.parameters)
        return run_statement(handle, request)
