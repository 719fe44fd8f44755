"""The warehouses that the contract is run against: the embedded one and any server by address.

`LABOURWATCH_TEST_CLICKHOUSE_URL=http://user:password@host:port` adds a real ClickHouse server.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
import pytest

from tests.fixtures_warehouse import start_warehouse

URL_VARIABLE = "LABOURWATCH_TEST_CLICKHOUSE_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a warehouse answers, and a database of the test run's own in it."""

    host: str
    port: int
    user: str
    password: str
    database: str

    def options(self, **more: Any) -> dict[str, Any]:
        """Arguments of `clickhouse_connect.get_client`."""
        return {
            "host": self.host,
            "port": self.port,
            "username": self.user,
            "password": self.password,
            "database": self.database,
            "autogenerate_session_id": False,
            **more,
        }

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"

    @property
    def headers(self) -> dict[str, str]:
        return {"X-ClickHouse-User": self.user, "X-ClickHouse-Key": self.password}


@contextmanager
def client_of(address: Address, **options: Any) -> Iterator[Any]:
    """A client that is closed afterwards."""
    client = clickhouse_connect.get_client(**address.options(**options))
    try:
        yield client
    finally:
        client.close()


@contextmanager
def with_database(host: str, port: int, user: str, password: str) -> Iterator[Address]:
    """Create a database for this run and drop it at the end."""
    name = f"contract_{uuid.uuid4().hex[:8]}"
    plain = Address(host=host, port=port, user=user, password=password, database="default")
    with client_of(plain) as client:
        client.command(f"CREATE DATABASE {name}")
    try:
        yield Address(host=host, port=port, user=user, password=password, database=name)
    finally:
        with client_of(plain) as client:
            client.command(f"DROP DATABASE {name}")


@contextmanager
def embedded(directory: Path) -> Iterator[Address]:
    """The embedded warehouse over `directory`."""
    with (
        start_warehouse(directory) as (host, port, secret),
        with_database(host, port, "default", secret) as address,
    ):
        yield address


@contextmanager
def server_by_address() -> Iterator[Address]:
    """The server named in the environment; skips where none is."""
    text = os.environ.get(URL_VARIABLE, "")
    if not text:
        pytest.skip(f"{URL_VARIABLE} names no ClickHouse server")
    parts = urlsplit(text)
    with with_database(
        parts.hostname or "127.0.0.1",
        parts.port or 8123,
        parts.username or "default",
        parts.password or "",
    ) as address:
        yield address
