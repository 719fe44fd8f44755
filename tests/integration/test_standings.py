"""What `labourwatch sources list` tells of sources that turned us away or are in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from labourwatch.standings import standings
from scrapers.context import utc_now
from scrapers.health.history import History, Period
from scrapers.health.store import HealthStore
from scrapers.health_records import HealthReason, Verdict
from scrapers.refusals import Absences, asked_to_wait, refused_again
from scrapers.source_files import load_source
from tests.fixtures_redis import start_redis

pytestmark = pytest.mark.integration
FEED = "name: A\nkind: rss\nbase_url: https://a.example\nlist: {url: /feed}\n"
DOUBTED = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    for name in ("fine", "away", "patient", "over", "doubted"):
        (tmp_path / f"{name}.yaml").write_text(FEED)
    (tmp_path / "wrong.yaml").write_text("name: 1")
    with start_redis(tmp_path / "redis") as url:
        yield Settings(redis_url=url, sources_dir=tmp_path)


async def _happened(settings: Settings) -> None:
    now = utc_now()
    source = {path.stem: load_source(path) for path in settings.sources_dir.glob("[!w]*.yaml")}
    once = refused_again(None, source["away"], "HTTP 403", now)
    async with Redis.from_url(settings.redis_url) as client:
        absences = Absences(client)
        await absences.keep("away", refused_again(once, source["away"], "HTTP 403", now))
        await absences.keep("patient", asked_to_wait(None, source["patient"], "HTTP 503", now, 600))
        ended = asked_to_wait(None, source["over"], "HTTP 503", now - timedelta(hours=1), 600)
        await absences.keep("over", ended)
        period = Period(
            mark_id="1",
            kind=Verdict.CHANGED,
            from_at=DOUBTED,
            reasons=frozenset({HealthReason.TEXT_SHRANK}),
        )
        history = replace(History(), period=period)
        await HealthStore(client, "doubted").keep(history, now, news=True, accepted=False)


def test_only_sources_that_are_not_as_they_should_be_are_noted(settings: Settings) -> None:
    asyncio.run(_happened(settings))
    found = standings(settings)
    assert {name for name, notes in found.items() if notes} == {"away", "patient", "doubted"}
    assert found["away"][0].startswith("turned us away 2 times, first on ")
    assert found["away"][0].endswith("UTC: HTTP 403")
    assert found["patient"][0].startswith("asked us to wait; not asked until ")
    assert found["doubted"] == ["changed since 2026-11-20 04:00 UTC: text_shrank"]
