"""Errors of the warehouse are told apart, and waiting grows to a limit."""

from __future__ import annotations

import pytest
from clickhouse_connect.driver.exceptions import (
    DatabaseError,
    DataError,
    Error,
    OperationalError,
    ProgrammingError,
)

from warehouse.client import Failure, backoff_s, classify_failure


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (OperationalError("connection refused"), Failure.RETRY),
        (OperationalError("time-out", code=159), Failure.RETRY),
        (DatabaseError("too many parts", code=252), Failure.OVERLOADED),
        (DatabaseError("memory limit", code=241), Failure.OVERLOADED),
        (
            DatabaseError("Code: 75. … strerror: No space left on device", code=75),
            Failure.OVERLOADED,
        ),
        (DatabaseError("type mismatch", code=53), Failure.INVALID),
        (DataError("value out of range"), Failure.INVALID),
        (DatabaseError("unknown table", code=60), Failure.FATAL),
        (DatabaseError("authentication failed", code=516), Failure.FATAL),
        (ProgrammingError("no data"), Failure.FATAL),
    ],
)
def test_failures_are_told_apart(error: Error, failure: Failure) -> None:
    assert classify_failure(error) is failure


def test_waiting_doubles_up_to_a_limit() -> None:
    waits = [backoff_s(attempt) for attempt in range(60)]
    assert waits[:3] == [0.2, 0.4, 0.8]
    assert max(waits) == waits[-1] == 5.0


def test_an_overloaded_warehouse_is_given_more_time() -> None:
    assert backoff_s(0, Failure.OVERLOADED) == 2.0
    assert backoff_s(60, Failure.OVERLOADED) == 30.0
