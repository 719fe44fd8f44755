"""The alert process waits for a schema that is still being made, and for a dead leader's lease."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from alerts import scheduler
from alerts.lead import LEADER, Lead
from alerts.scheduler import serve
from config.settings import Settings
from tests.fixtures_redis import start_redis
from tests.integration.warehouse_tables import running_warehouse
from warehouse.client import connect
from warehouse.migrate import lacking, migrate, read_files

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with start_redis(tmp_path / "redis") as url, running_warehouse(tmp_path) as found:
        yield found.model_copy(update={"redis_url": url, "clickhouse_database": "half"})


async def test_it_waits_until_the_last_migration_has_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, started = read_files(), asyncio.Event()
    last = max(files)

    def clock() -> datetime:
        started.set()
        return NOW

    with connect(settings, database="default") as client:
        migrate(client, database="half", now=NOW, files={k: files[k] for k in files if k != last})
        assert lacking(client) == [last]
        monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.1)
        serving = asyncio.create_task(serve(settings, clock))
        await asyncio.sleep(2.0)
        assert not started.is_set(), "it ticks on half a schema"
        migrate(client, database="half", now=NOW)
        assert lacking(client) == []
    await asyncio.wait_for(started.wait(), 30)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


def test_a_lease_is_kept_by_its_holder_only(tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(start_redis(tmp_path))
        client = stack.enter_context(redis.Redis.from_url(url))
        one, other = Lead(client, "one"), Lead(client, "other")
        one.keep()
        assert client.get(LEADER) is None, "what was never taken is not taken by keeping"
        assert one.hold()
        client.pexpire(LEADER, 50)
        other.keep()
        assert client.pttl(LEADER) <= 50
        one.keep()
        assert 5_000 < client.pttl(LEADER) <= 20_000
