"""Running one statement on a chDB handle, and what comes back. Blocking."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labourwatch.embedded.warehouse import sql as grammar
from labourwatch.embedded.warehouse.errors import (
    ACCESS_DENIED,
    BAD_ARGUMENTS,
    READONLY,
    SYNTAX_ERROR,
    engine_error,
    refusal,
)
from labourwatch.embedded.warehouse.handles import Handle
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
CONFINED_VERBS = frozenset({"SELECT", "WITH", "EXPLAIN", "DESCRIBE", "DESC", "SHOW", "EXISTS"})
"""With which a statement of analysts may begin: none of them can change role or settings."""


@dataclass(slots=True, kw_only=True)
class Answer:
    """A result: `chunks` must be read to its end or `close` be called, from any thread."""

    format: str | None
    summary: Mapping[str, str]
    chunks: Iterator[bytes]
    close: Callable[[], None]


def refuse_in_values(written: str, data: bytes | memoryview) -> None:
    """The format Values evaluates expressions, so its data are code."""
    if written.casefold() == "values":
        grammar.refuse_local_access(bytes(data), {})


def whole(handle: Handle, name: str | None, summary: Mapping[str, str], data: bytes) -> Answer:
    """An answer in one piece, the handle given back."""
    handle.release()
    return Answer(format=name, summary=summary, chunks=iter([data]), close=lambda: None)


def run_confined(handle: Handle, request: QueryRequest) -> Answer:
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
        return run_statement(handle, request)
    except RuntimeError as error:
        raise engine_error(str(error)) from error


def run_statement(handle: Handle, request: QueryRequest) -> Answer:
    """Run one statement that is no insert with data.

    Raises:
        StatementError: it is several statements, or asks for a format that is not offered.
        RuntimeError: the engine refused it.
    """
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
    return whole(handle, output if data or reads else None, _summary(result), data)


def _shape_of_change(sql: bytes) -> grammar.Shape:
    return grammar.Shape(verb=grammar.verb_of(sql), format=None, without_format="")


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
        return whole(handle, output, {}, empty)

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
