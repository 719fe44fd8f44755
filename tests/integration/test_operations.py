"""*Operations* against a real Redis and warehouse; the event log is away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import redis

from config.topics import CRAWL_STATUS_KEY, heartbeat_key
from dashboard.language import language
from dashboard.markup import to_html
from dashboard.operating.page import operations, standing
from dashboard.operating.reading import read_facts
from dashboard.v1.reading import Reading
from tests.fixtures_redis import start_redis
from tests.reading_stack import NOW, Tokens, filled

pytestmark = pytest.mark.integration


def test_facts_are_those_of_the_stores(tmp_path: Path) -> None:
    with filled(tmp_path / "warehouse", vacancies=50) as held, start_redis(tmp_path) as redis_url:
        settings = held.model_copy(
            update={
                "redis_url": redis_url,
                "broker_url": "kafka://127.0.0.1:9",
                "var_dir": tmp_path,
            }
        )
        with redis.Redis.from_url(redis_url) as client:
            client.set(heartbeat_key("load"), "1")
            client.hset(CRAWL_STATUS_KEY, "phase", "live")
        reading = Reading(settings, Tokens(), lambda: NOW)  # type: ignore[arg-type]
        facts = asyncio.run(read_facts(reading, None))
    assert facts.store is not None
    assert facts.warehouse is not None
    assert (facts.store.beating["load"], facts.store.beating["crawl"]) == (True, False)
    assert (facts.store.phase, facts.store.fed_through) == ("live", None)
    assert facts.store.memory > 0
    assert facts.waiting is None
    assert len(facts.faults) == 1, facts.faults
    assert facts.warehouse.loaded_at is not None
    assert facts.warehouse.tables is None or dict(facts.warehouse.tables)["vacancies"] > 0
    assert standing(facts)["broker"] is False
    assert "Not at work: Event log" in to_html(operations(language("en"), facts))
