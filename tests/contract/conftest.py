"""Fixtures of the warehouse contract: an address, a client and a table of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.warehouse_servers import Address, client_of, embedded, server_by_address


@pytest.fixture(scope="module", params=["embedded", "server"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    kind = request.param
    opened = (
        embedded(tmp_path_factory.mktemp("contract") / "warehouse")
        if kind == "embedded"
        else server_by_address()
    )
    with opened as found:
        yield found


@pytest.fixture
def client(address: Address) -> Iterator[Any]:
    with client_of(address) as opened:
        yield opened


@pytest.fixture
def table(client: Any) -> Iterator[str]:
    client.command("CREATE TABLE t (a Int64, b String) ENGINE = MergeTree ORDER BY a")
    yield "t"
    client.command("DROP TABLE t")
