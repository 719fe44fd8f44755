"""Reading a request of ClickHouse's HTTP interface. Pure."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from labourwatch.embedded.warehouse.errors import (
    AUTHENTICATION_FAILED,
    BAD_ARGUMENTS,
    NOT_IMPLEMENTED,
    SYNTAX_ERROR,
    refusal,
)

# Parameters of the transport; every other name in the address is a setting of the engine.
TRANSPORT = frozenset({
    "query", "database", "default_format", "session_id", "session_timeout", "session_check",
    "query_id", "quota_key", "compress", "decompress", "wait_end_of_query", "role",
    "client_protocol_version", "send_progress_in_http_headers", "enable_http_compression",
    "http_headers_progress_interval_ms", "buffer_size", "user", "password", "log_comment",
    "cancel_http_readonly_queries_on_client_close", "http_zlib_compression_level",
})  # fmt: skip
READ_METHODS = frozenset({"GET", "HEAD"})
USER = "default"
ANALYST = "analyst"
"""Whose statements run in the role of this name and read only."""
DEFAULT_SESSION_SECONDS = 60

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalTable:
    """Data sent along with a query, readable in it as a temporary table."""

    name: str
    structure: str
    format: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionName:
    """A session to use; with `must_exist` an unknown one is an error."""

    id: str
    seconds: int
    must_exist: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRequest:
    """One statement with everything that bears on how it runs and how its answer is written."""

    sql: bytes
    database: str
    default_format: str
    query_id: str
    session: SessionName | None
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    tables: tuple[ExternalTable, ...]
    buffered: bool
    compressed: bool
    confined: bool = False
    """Asked by `ANALYST`."""


def given_credentials(headers: Mapping[str, str], url: Mapping[str, str]) -> tuple[str, str]:
    """(user, password) from the headers, Basic authentication or the address; else empty."""
    if "X-ClickHouse-Key" in headers:
        return headers.get("X-ClickHouse-User", USER), headers["X-ClickHouse-Key"]
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "basic":
        try:
            text = base64.b64decode(token, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        user, _, password = text.partition(":")
        return user, password
    return url.get("user", USER), url.get("password", "")


def authenticate(credentials: tuple[str, str], secret: str) -> str:
    """The user, if one of the two with the shared secret, compared in constant time.

    Raises:
        StatementError: 516 for any other user or secret.
    """
    user, password = credentials
    known = any(hmac.compare_digest(user.encode(), one.encode()) for one in (USER, ANALYST))
    right = hmac.compare_digest(password.encode(), secret.encode())
    if not (known and right):
        raise refusal(AUTHENTICATION_FAILED, f"{user}: Authentication failed.")
    return user


def _whole_number(url: Mapping[str, str], name: str, default: int) -> int:
    text = url.get(name, str(default))
    if not text.isdecimal():
        raise refusal(BAD_ARGUMENTS, f"{name} must be a whole number, got {text!r}.")
    return int(text)


def _session(url: Mapping[str, str], longest: int) -> SessionName | None:
    if not url.get("session_id"):
        return None
    seconds = _whole_number(url, "session_timeout", DEFAULT_SESSION_SECONDS)
    if seconds > longest:
        raise refusal(BAD_ARGUMENTS, f"session_timeout is at most {longest} seconds.")
    return SessionName(
        id=url["session_id"], seconds=seconds, must_exist=url.get("session_check") == "1"
    )


def _tables(url: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[ExternalTable, ...]:
    return tuple(_table(url, name, data) for name, data in files.items())


def _table(url: Mapping[str, str], name: str, data: bytes) -> ExternalTable:
    structure = url.get(f"{name}_structure", "")
    types = url.get(f"{name}_types", "")
    if not structure and types:
        structure = ", ".join(f"_{n} {kind}" for n, kind in enumerate(types.split(","), 1))
    if not structure or not _NAME.fullmatch(name):
        raise refusal(BAD_ARGUMENTS, f"External table {name!r} needs a name and a structure.")
    written = url.get(f"{name}_format", "TabSeparated")
    return ExternalTable(name=name, structure=structure, format=written, data=data)


def _settings(url: Mapping[str, str], files: Mapping[str, bytes], method: str) -> dict[str, str]:
    own = {f"{name}_{part}" for name in files for part in ("format", "structure", "types")}
    settings = {
        name: value
        for name, value in url.items()
        if name not in TRANSPORT and name not in own and not name.startswith("param_")
    }
    for name in settings:
        if not _NAME.fullmatch(name):
            raise refusal(BAD_ARGUMENTS, f"{name!r} is no name of a setting.")
    if method in READ_METHODS:
        settings.setdefault("readonly", "2")
    return settings


def read_request(
    method: str,
    url: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    files: Mapping[str, bytes],
    *,
    query_id: str,
    longest_session: int,
) -> QueryRequest:
    """The request behind address, headers and (decompressed) body.

    `url` holds the address's parameters and, for multipart bodies, the form's fields. A query in
    the address and a body are one text, as with a server: `INSERT … FORMAT X` and its data.

    Raises:
        StatementError: 62 for an empty query, 36 for arguments that make no sense, 48 for
            ClickHouse's own block compression, which is not offered.
    """
    if url.get("compress") == "1" or url.get("decompress") == "1":
        raise refusal(NOT_IMPLEMENTED, "Use HTTP compression instead of compress and decompress.")
    query = url.get("query", "").encode("utf-8", "surrogateescape")
    sql = query.rstrip() + b"\n" + body if query.strip() and body else query or body
    if not sql.strip():
        raise refusal(SYNTAX_ERROR, "Empty query.")
    return QueryRequest(
        sql=sql,
        database=url.get("database") or headers.get("X-ClickHouse-Database", ""),
        default_format=url.get("default_format")
        or headers.get("X-ClickHouse-Format", "TabSeparated"),
        query_id=query_id,
        session=_session(url, longest_session),
        settings=_settings(url, files, method),
        parameters={k.removeprefix("param_"): v for k, v in url.items() if k.startswith("param_")},
        tables=_tables(url, files),
        buffered=url.get("wait_end_of_query") == "1",
        compressed=url.get("enable_http_compression") == "1",
    )
