"""What release 0.3.0 has stored, kept by a backup, is continued by this release."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import redis
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from alerts.backlog import backlog
from alerts.parameters import load_parameters
from alerts.store import AlertStore
from config.settings import Settings
from labourwatch.backup.about import newest_schema
from labourwatch.backup.folder import opened
from labourwatch.backup.restoring import restore
from streams.register import BLOCK_PREFIX
from streams.state import decode_block
from tests.fixtures_broker import running_broker
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import SECRET, start_warehouse
from warehouse.client import connect, fetch
from warehouse.loader import prepare
from warehouse.quality.rollups import rollup_differences
from warehouse.schema_check import check_schema

pytestmark = pytest.mark.integration
KEPT: Final = Path(__file__).parents[1] / "pages" / "state_0_3_0"
FIGURES: Final[dict[str, Any]] = json.loads((KEPT / "figures.json").read_text())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The restored state under this release's parts, with its schema brought forward."""
    place = tmp_path_factory.mktemp("upgrade")
    shutil.copytree(KEPT, place / "backups")
    (place / "backups" / "figures.json").unlink()
    with opened(place / "backups", None) as folder:
        restore(folder, folder.head("latest"), place / "var", newest_schema=newest_schema())
    with ExitStack() as stack:
        url = stack.enter_context(start_redis(place / "var" / "redis"))
        broker = stack.enter_context(running_broker(place / "var"))
        _, port, _ = stack.enter_context(start_warehouse(place / "var" / "warehouse"))
        settings = Settings(
            var_dir=place / "var",
            redis_url=url,
            broker_url=f"kafka://{broker.bootstrap}",
            clickhouse_port=port,
            clickhouse_password=SecretStr(SECRET),
        )
        prepare(settings).close()
        yield settings


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    with connect(settings) as client:
        yield client


def test_every_row_reads_as_release_0_3_0_read_it(client: Client) -> None:
    for table, was in FIGURES["tables"].items():
        listed = ", ".join(was["columns"])
        sql = f"SELECT count(), toString(groupBitXor(cityHash64({listed}))) FROM {table}"
        assert (table, *fetch(client, sql)[0]) == (table, was["rows"], was["digest"].strip())
    sums = fetch(client, "SELECT sum(flow), sum(stock_delta) FROM rollup_daily")[0]
    assert tuple(sums) == (FIGURES["flow"], FIGURES["stock"])


def test_the_schema_is_that_of_this_release(client: Client) -> None:
    assert FIGURES["max_version"] < newest_schema()
    assert fetch(client, "SELECT max(version) FROM schema_migrations")[0][0] == newest_schema()
    assert check_schema(client, database="labourwatch", now=datetime.now(UTC)) == []


def test_rollups_that_came_later_count_the_rows_of_before(client: Client) -> None:
    found = list(rollup_differences(client))
    assert sum(one.cells for one in found) > 0
    assert [one for one in found if one.differing] == []


def test_register_and_detectors_are_read(settings: Settings) -> None:
    with redis.Redis.from_url(settings.redis_url) as client:
        blocks = [decode_block(client.get(key)) for key in client.scan_iter(f"{BLOCK_PREFIX}*")]
        monitor = AlertStore(client).load(load_parameters())
    assert len(blocks) > 10
    assert monitor.fed_through > 0


def test_nothing_waits_that_was_done(settings: Settings) -> None:
    assert set(asyncio.run(backlog(settings)).values()) == {0}
