"""Fixtures of the contracts: brokers; a warehouse's address, a client, a table of one's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.warehouse_servers import Address, client_of, embedded, server_by_address
from tests.fixtures_broker import start_broker
from tests.fixtures_kafka import running_kafka

EXTERNAL = os.environ.get("LABOURWATCH_TEST_KAFKA", "")
BROKERS = ["embedded", "kafka", *(["external"] if EXTERNAL else [])]


@pytest.fixture(scope="session", params=BROKERS)
def bootstrap(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a broker; each is started once for all tests of the contract."""
    if request.param == "external":
        yield EXTERNAL
        return
    directory = tmp_path_factory.mktemp("broker")
    if request.param == "kafka":
        with running_kafka(directory) as [broker]:
            yield broker.bootstrap
        return
    with start_broker(directory) as address:
        yield address


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
