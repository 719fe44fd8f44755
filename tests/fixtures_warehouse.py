"""An embedded warehouse for tests: `with start_warehouse(dir) as (host, port, secret): …`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Part, free_port, start_module

HOST = "127.0.0.1"
SECRET = "a-secret-of-the-tests"
MODULE = "labourwatch.embedded.warehouse"


def launch_warehouse(directory: Path, port: int | None = None, *, host: str = HOST) -> Part:
    """Start the server; the caller stops or kills it."""
    environment = {"LABOURWATCH_CLICKHOUSE_PASSWORD": SECRET}
    return start_module(MODULE, directory, port or free_port(), environment, host=host)


@contextmanager
def start_warehouse(directory: Path) -> Iterator[tuple[str, int, str]]:
    """(host, port, secret) of a warehouse over `directory`, stopped afterwards."""
    part = launch_warehouse(directory)
    try:
        yield HOST, part.port, SECRET
    finally:
        part.stop()
