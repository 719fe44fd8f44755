"""An embedded Redis for tests: `with start_redis(dir) as url: …`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.processes import Part, free_port, start_module, until

MODULE = "labourwatch.embedded.redis"


def launch_redis(directory: Path, port: int | None = None) -> Part:
    """Start the server; the caller stops or kills it. It answers: what it kept is loaded."""
    part = start_module(MODULE, directory, port or free_port())
    with redis.Redis(port=part.port) as store:
        until(lambda: _has_loaded(store))
    return part


def _has_loaded(store: redis.Redis) -> bool:
    try:
        return bool(store.ping())
    except redis.BusyLoadingError:
        return False


@contextmanager
def start_redis(directory: Path) -> Iterator[str]:
    """URL of a Redis over `directory`, stopped afterwards."""
    part = launch_redis(directory)
    try:
        yield f"redis://127.0.0.1:{part.port}/0"
    finally:
        part.stop()
