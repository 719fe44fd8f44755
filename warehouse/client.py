"""One way to reach ClickHouse, embedded or a server, and to judge its failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import clickhouse_connect
from clickhouse_connect.driver import options
from clickhouse_connect.driver.exceptions import (
    DataError,
    Error,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

    from config.settings import Settings

DASHBOARD_QUERY_LIMIT_S: Final = 10
"""Longest a reading client's query may run."""

_READER: Final[dict[str, Any]] = {"readonly": 2, "max_execution_time": DASHBOARD_QUERY_LIMIT_S}
_WRITER: Final[dict[str, Any]] = {
    "insert_deduplicate": 1,
    "deduplicate_blocks_in_dependent_materialized_views": 1,
    "max_insert_threads": 1,
    # An institution's file may span decades, each month a partition. The default of 100 refuses
    # that, and chDB does not tell the writer: what was inserted would be gone without an error.
    "max_partitions_per_insert_block": 0,
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def connect(settings: Settings, *, readonly: bool = False, database: str | None = None) -> Client:
    """A client on the configured warehouse. Its queries may run side by side in threads.

    Args:
        settings: address and credentials.
        readonly: refuse anything but reading, and limit a query's time (dashboard, analysts).
        database: default the configured one; another before that exists.

    Raises:
        clickhouse_connect.driver.exceptions.Error: unreachable, refused, or no such database.
    """
    return clickhouse_connect.get_client(
        host=settings.clickhouse_host,
        port=settings.clickhouse_port,
        username=settings.clickhouse_user,
        password=settings.clickhouse_password.get_secret_value(),
        database=database or settings.clickhouse_database,
        autogenerate_session_id=False,
        compress=settings.clickhouse_host not in _LOOPBACK,
        connect_timeout=5,
        send_receive_timeout=120,
        query_retries=1,
        tz_mode="aware",
        settings=dict(_READER if readonly else _WRITER),
    )


def forgo_frames() -> None:
    """Keep the client library from importing pandas in this process: 2.5 s and 70 MB.

    It does so at the first insert, only to ask whether the rows are a data frame. For processes
    that write rows and never ask for frames.
    """
    options.pd = None


def fetch(client: Client, sql: str, **parameters: Any) -> Sequence[Sequence[Any]]:
    """Rows of a query with `{name:Type}` parameters.

    Aware datetimes are passed as milliseconds since 1970: declare them `Int64` and compare with
    `moment("name")`. A parameter that is `None` is left out.
    """
    given = {
        name: millis(value) if isinstance(value, datetime) else value
        for name, value in parameters.items()
        if value is not None
    }
    return client.query(sql, parameters=given).result_rows


def moment(name: str) -> str:
    """SQL for the moment passed to `fetch` as `name`."""
    return f"fromUnixTimestamp64Milli({{{name}:Int64}}, 'UTC')"


def millis(value: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime, rounded down: the warehouse's resolution."""
    return (value - _EPOCH) // timedelta(milliseconds=1)


def aware(value: Any) -> Any:
    """A value of a row: times of the warehouse are UTC, whether or not its client says so."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


class Failure(StrEnum):
    """What to do about an error of the warehouse."""

    RETRY = "retry"
    """Not there or cut off: the same request may succeed later."""
    OVERLOADED = "overloaded"
    """There but at a limit: the same request later, more slowly."""
    INVALID = "invalid"
    """The data of this request can never be stored."""
    FATAL = "fatal"
    """Set-up or programming error: crash, and let the supervisor say so."""


# Numbers of ClickHouse's ErrorCodes.cpp.
_RETRY_CODES: Final = frozenset(
    {159, 209, 210, 236, 242, 279, 285, 319, 394, 425, 473, 999, 1000}
)  # time-outs, lost connections, replica read-only, cancelled, keeper
_OVERLOADED_CODES: Final = frozenset(
    {202, 241, 243, 252, 439, 745}
)  # too many queries, memory, disk space, too many parts, no thread
_INVALID_CODES: Final = frozenset(
    {6, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 131, 190, 321, 349}
)  # unparsable, out of range, wrong type, null where none may be


_DISK_IS_FULL: Final = "No space left on device"


def classify_failure(error: Error) -> Failure:
    """Judge an error of the client library; unknown codes are fatal.

    A full disk has many codes (what was written when it filled up decides) and one text. An error
    without a code never reached the server's SQL layer: refused or broken connections and
    time-outs, which are retried, and wrong use of the library, which is not.
    """
    if error.code in _RETRY_CODES:
        return Failure.RETRY
    if error.code in _OVERLOADED_CODES or _DISK_IS_FULL in str(error):
        return Failure.OVERLOADED
    if error.code in _INVALID_CODES or isinstance(error, DataError):
        return Failure.INVALID
    misuse = isinstance(error, ProgrammingError | InterfaceError | NotSupportedError)
    return Failure.FATAL if error.code is not None or misuse else Failure.RETRY


def backoff_s(attempt: int, failure: Failure = Failure.RETRY) -> float:
    """Seconds to wait after the `attempt`-th failure (from 0): doubling, 5 s at most.

    An overloaded warehouse gets ten times the first wait and at most 30 s.
    """
    base, cap = (2.0, 30.0) if failure is Failure.OVERLOADED else (0.2, 5.0)
    return float(min(cap, base * 2 ** min(attempt, 10)))
