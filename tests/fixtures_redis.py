"""An embedded Redis for tests: `with start_redis(dir) as url: …`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Part, free_port, start_module

MODULE = "labourwatch.embedded.redis"


def launch_redis(directory: Path, port: int | None = None) -> Part:
    """Start the server; the caller stops or kills it."""
    return start_module(MODULE, directory, port or free_port())


@contextmanager
def start_redis(directory: Path) -> Iterator[str]:
    """URL of a Redis over `directory`, stopped afterwards."""
    part = launch_redis(directory)
    try:
        yield f"redis://127.0.0.1:{part.port}/0"
    finally:
        part.stop()
