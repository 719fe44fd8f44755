"""Running statements on chDB. Blocking: call it from a pool of threads.

chDB keeps its own threads, so a process that has opened an engine must never fork; start other
processes with `spawn`.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from labourwatch.embedded.warehouse import sql as grammar
from labourwatch.embedded.warehouse.blocks import store_block
from labourwatch.embedded.warehouse.configuration import SERVICE, blocks_folder, prepare
from labourwatch.embedded.warehouse.errors import (
    ACCESS_DENIED,
    BAD_ARGUMENTS,
    READONLY,
    SYNTAX_ERROR,
    engine_error,
    refusal,
)
from labourwatch.embedded.warehouse.handles import Handle, Handles, literal
from labourwatch.embedded.warehouse.limits import Limits
from labourwatch.embedded.warehouse.native import header_block
from labourwatch.embedded.warehouse.protocol import QueryRequest
from warehouse.door.allowed import ROLE
from warehouse.door.profile import PROFILE

# Formats whose blocks can simply follow one another; any other needs the whole result at once.
STREAMED_FORMATS = frozenset({
    "Native", "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "CSV", "RowBinary", "JSONEachRow",
})  # fmt: skip
# Names the Python binding takes for objects of its own, not for bytes.
_BINDING_FORMATS = frozenset({"dataframe", "arrowtable", "datastore"})
_CHUNK = 1 << 20
_IDENTITY = "insert_deduplication_token"
CONFINED_VERBS = frozenset({"SELECT", "WITH", "EXPLAIN", "DESCRIBE", "DESC", "SHOW", "EXISTS"})
"""With which a statement of analysts may begin: none of them can change role or settings."""


class DataDirectoryInUseError(Exception):
    """Another process owns the data directory; the message names directory and process."""


@dataclass(slots=True, kw_only=True)
class Answer:
    """A result: `chunks` must be read to its end or `close` be called, from any thread."""

    format: str | None
    summary: Mapping[str, str]
    chunks: Iterator[bytes]
    close: Callable[[], None]


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
    ) -> None:
        """Open the store.

        Raises:
            DataDirectoryInUseError: another process has it.
        """
        data_dir = data_dir.absolute()
        self._lock = _lock_directory(data_dir)
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
            if request.confined:
                return _run_confined(handle, request)
            return self._execute(handle, request)
        except BaseException:
            handle.release()
            raise

    def _execute(self, handle: Handle, request: QueryRequest) -> Answer:
        handle.take(SERVICE)
        handle.apply(request.database, {"log_comment": request.query_id, **request.settings})
        try:
            for table in request.tables:
                grammar.refuse_local_access(table.structure.encode(), {})
                _refuse_in_values(table.format, table.data)
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
            _refuse_in_values(insert.format, data)
            if request.parameters:
                handle.apply("", {f"param_{k}": v for k, v in request.parameters.items()})
            token = bool(request.settings.get(_IDENTITY)) or _IDENTITY in insert.head
            stored = store_block(handle, insert.head, insert.format, data, token=token)
            return _whole(handle, None, stored, b"")
        grammar.refuse_local_access(request.sql, request.parameters)
        return _run_statement(handle, request)


def _refuse_in_values(written: str, data: bytes | memoryview) -> None:
    """The format Values evaluates expressions, so its data are code."""
    if written.casefold() == "values":
        grammar.refuse_local_access(bytes(data), {})


def _whole(handle: Handle, name: str | None, summary: Mapping[str, str], data: bytes) -> Answer:
    handle.release()
    return Answer(format=name, summary=summary, chunks=iter([data]), close=lambda: None)


def _run_confined(handle: Handle, request: QueryRequest) -> Answer:
    """One reading statement in the analysts' role, under limits that it cannot lift."""
    if request.tables or grammar.find_insert(request.sql) is not None:
        raise refusal(ACCESS_DENIED, "Analysts read only.")
    if request.settings.keys() - {"readonly"}:
        names = ", ".join(sorted(request.settings))
        raise refusal(READONLY, f"Cannot modify {names} setting in readonly mode.")
    if grammar.shape_of(request.sql).verb not in CONFINED_VERBS:
        raise refusal(ACCESS_DENIED, "Analysts read only.")
    grammar.refuse_local_access(request.sql, request.parameters)
    handle.confine(request.database, ROLE, {**PROFILE, "log_comment": request.query_id})
    try:
        return _run_statement(handle, request)
    except RuntimeError as error:
        raise engine_error(str(error)) from error


def _run_statement(handle: Handle, request: QueryRequest) -> Answer:
    text = request.sql.decode("utf-8", "surrogateescape")
    kind = handle.connection._conn.classify_query(text)  # offered nowhere else
    if kind["statement_count"] > 1:
        raise refusal(SYNTAX_ERROR, "Multi-statements are not allowed.")
    reads = kind["query_class"].name == "READ_ONLY"
    shape = grammar.shape_of(request.sql) if reads else _shape_of_change(request.sql)
    output = shape.format or request.default_format
    if output.casefold() in _BINDING_FORMATS:
        raise refusal(BAD_ARGUMENTS, f"Unknown format {output}.")
    if shape.verb == "KILL":
        text = grammar.kill_by_name(request.sql).decode()
    streams = reads and shape.verb in ("SELECT", "WITH") and not request.buffered
    if streams and output in STREAMED_FORMATS:
        return _stream(handle, request, text, output, shape.without_format)
    result = handle.connection.query(text, output, params=dict(request.parameters))
    data = bytes(result.bytes())
    if not data and output == "Native" and reads:
        data = _empty_native(handle, request, shape.without_format)
    return _whole(handle, output if data or reads else None, _summary(result), data)


def _shape_of_change(sql: bytes) -> grammar.Shape:
    verb = next(grammar.tokens(sql), None)
    return grammar.Shape(verb=verb.text.upper() if verb else "", format=None, without_format="")


def _summary(result: Any) -> dict[str, str]:
    return {
        "read_rows": str(result.rows_read()),
        "read_bytes": str(result.bytes_read()),
        "written_rows": str(result.rows_written()),
        "written_bytes": str(result.bytes_written()),
        "elapsed_ns": str(int(result.elapsed() * 1e9)),
    }


def _stream(
    handle: Handle, request: QueryRequest, text: str, output: str, described: str
) -> Answer:
    stream = handle.connection.send_query(text, output, params=dict(request.parameters))
    first = next(stream, None)
    if first is None:
        stream.close()
        empty = _empty_native(handle, request, described) if output == "Native" else b""
        return _whole(handle, output, {}, empty)

    def close() -> None:
        try:
            stream.close()
        finally:
            handle.release()

    return Answer(format=output, summary={}, chunks=_chunks(first, stream), close=close)


def _chunks(first: Any, stream: Any) -> Iterator[bytes]:
    yield bytes(first.bytes())
    try:
        for block in stream:
            yield bytes(block.bytes())
    except RuntimeError as error:
        raise engine_error(str(error)) from error


def _empty_native(handle: Handle, request: QueryRequest, described: str) -> bytes:
    """chDB writes nothing for no rows; a server writes the header block. Statements that cannot
    be described (SHOW, EXISTS, …) keep the empty body, which clients also take."""
    try:
        answer = handle.connection.query(
            f"DESCRIBE TABLE ({described}\n)", "JSONCompact", params=dict(request.parameters)
        )
    except RuntimeError:
        return b""
    rows = json.loads(bytes(answer.bytes()))["data"]
    return header_block([(row[0], row[1]) for row in rows])
