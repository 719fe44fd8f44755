"""Objectives on a real Redis: misses are remembered, and operators are told of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import redis
from prometheus_client import REGISTRY
from typer.testing import CliRunner

from alerts.coverage import coverage_from
from alerts.objective_round import ObjectiveDesk
from config.settings import Settings
from config.topics import BEATING, CRAWL_STATUS_KEY, heartbeat_key
from labourwatch.cli import app
from tests.fixtures_redis import start_redis

pytestmark = pytest.mark.integration
DAY = date(2026, 11, 10).toordinal()
COVERAGE = coverage_from((s, day, True) for s in ("a", "b") for day in range(DAY - 90, DAY + 2))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ObjectiveDesk]:
    with start_redis(tmp_path / "redis") as url, redis.Redis.from_url(url) as client:
        settings = Settings(var_dir=tmp_path, redis_url=url, broker_url="kafka://127.0.0.1:1")
        yield ObjectiveDesk(settings, client)


def _turn(client: redis.Redis, *, well: bool) -> None:
    client.hset(CRAWL_STATUS_KEY, "phase", "live")
    for name in BEATING:
        client.set(heartbeat_key(name), "1")
    if not well:
        client.delete(heartbeat_key("stream"))


def test_a_part_that_stays_silent_is_told_and_its_return_too(
    desk: ObjectiveDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC) - timedelta(hours=2)
    assert desk.look(lambda: COVERAGE, DAY, now) == {}, "history is still being read"
    before = _counted("missed")
    _turn(desk.redis, well=False)
    for minute in range(10):
        found = desk.look(lambda: COVERAGE, DAY, now + timedelta(minutes=minute))
    assert found["parts-turn"] is True
    assert found["completeness"] is False
    assert "stream-lag" not in found, "the broker is away: there is no number"
    (mark,) = desk.marks()
    assert (mark.source_id, mark.to_at) == ("parts-turn", None)
    assert _counted("missed") - before == 10
    _turn(desk.redis, well=True)
    desk.look(lambda: COVERAGE, DAY, now + timedelta(minutes=40))
    (mark,) = desk.marks()
    assert mark.to_at == now + timedelta(minutes=40)
    monkeypatch.setenv("LABOURWATCH_REDIS_URL", desk.settings.redis_url)
    monkeypatch.setenv("LABOURWATCH_BROKER_URL", desk.settings.broker_url)
    shown = CliRunner().invoke(app, ["objectives", "status"])
    assert shown.exit_code == 0, shown.output
    assert "parts-turn" in shown.output


def _counted(what: str) -> float:
    name = f"labourwatch_objective_{what}_total"
    return REGISTRY.get_sample_value(name, {"objective": "parts-turn"}) or 0.0
