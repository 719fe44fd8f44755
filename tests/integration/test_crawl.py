"""Crawling a real site with the real broker and Redis: what is asked, published and remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio as redis_async
from aiokafka import TopicPartition

from config.settings import Settings
from config.topics import DEAD_LETTERS, POSTINGS, SOURCE_RUNS
from scrapers.backfill import backfill
from scrapers.context import CrawlContext
from scrapers.items import DeadLetter, JobPosting, PostingWithdrawn, RunOutcome, SourceRun
from scrapers.live import crawl_once
from scrapers.publish import Publisher
from scrapers.topics_admin import ensure_topics
from tests.crawl_stack import broker_and_redis
from tests.tiny_site import TinySite, node, tiny_site
from tests.topic_reader import records

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with broker_and_redis(tmp_path_factory) as parts:
        yield parts


@pytest.fixture
async def site() -> AsyncIterator[TinySite]:
    async with tiny_site() as board:
        yield board


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def crawling(
    parts: tuple[str, str], place: Path, clock: Clock, *, fresh: bool = True
) -> AsyncIterator[CrawlContext]:
    bootstrap, redis_url = parts
    await ensure_topics(bootstrap)
    settings = Settings(var_dir=place, broker_url=f"kafka://{bootstrap}", redis_url=redis_url)
    redis: Any = redis_async.Redis.from_url(redis_url)
    if fresh:
        await redis.flushdb()
    async with Publisher(bootstrap) as publisher:
        yield CrawlContext(settings=settings, publisher=publisher, redis=redis, clock=clock)
    await redis.aclose()


async def test_only_new_and_changed_adverts_are_fetched(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock, since = Clock(), dict[TopicPartition, int]()
    await _skip_to_end(parts[0], since)
    site.jobs = {"1": "Driver", "2": "Cook"}
    async with crawling(parts, tmp_path, clock) as context:
        first = await crawl_once(site.source(), context, full=True)
        site.jobs["3"] = "Nurse"
        clock.now += timedelta(minutes=1)
        second = await crawl_once(site.source(), context, full=True)
        site.lastmod = "2026-01-06T09:00:00+07:00"
        clock.now += timedelta(minutes=1)
        third = await crawl_once(site.source(), context, full=True)
    counts = [
        (c.record.outcome, c.record.listed, c.record.published) for c in (first, second, third)
    ]
    assert counts == [(RunOutcome.OK, 2, 2), (RunOutcome.OK, 3, 1), (RunOutcome.OK, 3, 3)]
    assert site.asked["/jobs/1"] == 2
    assert site.asked["/robots.txt"] == 1
    assert all(a.startswith("Labourwatch/") and "operations@" in a for a in site.agents)
    posted = await records(parts[0], POSTINGS, since=since)
    assert sorted(p.title for p in posted) == ["Cook", "Cook", "Driver", "Driver", "Nurse", "Nurse"]


async def test_absence_withdraws_after_k_runs_and_an_outage_freezes(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock, since = Clock(), dict[TopicPartition, int]()
    await _skip_to_end(parts[0], since)
    site.jobs = {"1": "Driver", "2": "Cook"}
    outcomes = []
    async with crawling(parts, tmp_path, clock) as context:
        for step in range(4):
            if step == 1:
                del site.jobs["2"]
            site.status = 503 if step == 2 else 200
            clock.now += timedelta(hours=1)
            crawled = await crawl_once(site.source(), context, full=True)
            outcomes.append((crawled.record.outcome, crawled.record.withdrawn))
    ok, failed = RunOutcome.OK, RunOutcome.FAILED
    assert outcomes == [(ok, 0), (ok, 0), (failed, 0), (ok, 1)]
    found = await records(parts[0], POSTINGS, since=since)
    gone = [record for record in found if isinstance(record, PostingWithdrawn)]
    assert [(g.posting_id, g.hiring_organization) for g in gone] == [("2", "Mekong Trading")]
    assert gone[0].last_seen_at == datetime(2026, 1, 6, 4, 0, tzinfo=UTC)


async def test_what_is_known_survives_a_restart(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock = Clock()
    site.jobs = {"1": "Driver"}
    async with crawling(parts, tmp_path, clock) as context:
        await crawl_once(site.source(), context, full=True)
    async with crawling(parts, tmp_path, clock, fresh=False) as context:
        again = await crawl_once(site.source(), context, full=True)
    assert (again.record.listed, again.record.published) == (1, 0)
    assert site.asked["/jobs/1"] == 1


async def test_broken_jsonld_becomes_one_dead_letter(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock, since = Clock(), dict[TopicPartition, int]()
    await _skip_to_end(parts[0], since)
    site.jobs = {"1": "", "2": "Cook"}
    async with crawling(parts, tmp_path, clock) as context:
        first = await crawl_once(site.source(), context, full=True)
        clock.now += timedelta(minutes=1)
        second = await crawl_once(site.source(), context, full=True)
    assert (first.record.published, first.record.refused) == (1, 1)
    assert second.record.refused == 0
    letters = await records(parts[0], DEAD_LETTERS, since=since)
    assert [(type(x), x.reason, x.posting_id) for x in letters] == [
        (DeadLetter, "jsonld_invalid", "1")
    ]
    assert b"JobPosting" in letters[0].payload


async def test_refusals_are_recognised_and_respected(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock = Clock()
    site.jobs = {"1": "Driver"}
    async with crawling(parts, tmp_path, clock) as context:
        site.status, site.body = 429, "<title>Vercel Security Checkpoint</title>"
        challenged = await crawl_once(site.source(), context, full=True)
        site.status, site.redirect = 200, "http://169.254.169.254/latest"
        redirected = await crawl_once(site.source(), context, full=True)
        site.redirect = ""
        context.robots = type(context.robots)()
        site.robots = "User-agent: *\nDisallow: /\n"
        disallowed = await crawl_once(site.source(), context, full=True)
    assert challenged.record.outcome is RunOutcome.REFUSED
    assert "challenge" in challenged.record.detail
    assert redirected.record.outcome is RunOutcome.REFUSED
    assert "169.254.169.254" in redirected.record.detail
    assert disallowed.record.outcome is RunOutcome.REFUSED
    assert "robots.txt" in disallowed.record.detail
    assert site.asked["/jobs/1"] == 0


async def test_archive_is_replayed_in_order_and_only_once(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock, since = Clock(), dict[TopicPartition, int]()
    await _skip_to_end(parts[0], since)

    def day(number: int, new: list[str], listed: list[str]) -> dict[str, object]:
        urls = {key: f"{site.base_url}/jobs/{key}" for key in new}
        return {
            "date": f"2026-01-0{number}",
            "observed_at": f"2026-01-0{number}T20:00:00+07:00",
            "postings": [node(f"Job {key}", url) for key, url in urls.items()],
            "listed_ids": listed,
        }

    site.archive = {
        "2026-01-01": day(1, ["1", "2"], ["1", "2"]),
        "2026-01-02": None,
        "2026-01-03": day(3, ["3"], ["1", "3"]),
        "2026-01-04": day(4, [], ["1", "3"]),
    }
    site.jobs = {"1": "Job 1", "3": "Job 3"}
    source = site.source(archive={"index": "/archive/index.json", "day": "/archive/{date}.json"})
    async with crawling(parts, tmp_path, clock) as context:
        result = await backfill([source], context, asyncio.Event())
        again = await backfill([source], context, asyncio.Event())
        site.lastmod = "2026-01-02T08:00:00+07:00"
        live = await crawl_once(source, context, full=True)
    assert (result.days, result.postings, result.broken) == (4, 3, ())
    assert again.days == 0
    assert live.record.published == 0, "known from the archive and not modified since"
    before = dict(since)
    runs = await records(parts[0], SOURCE_RUNS, since=since)
    found = await records(parts[0], POSTINGS, since=before)
    assert {r.fetched_at for r in found if isinstance(r, JobPosting)} == {
        datetime(2026, 1, 1, 13, tzinfo=UTC),
        datetime(2026, 1, 3, 13, tzinfo=UTC),
    }
    assert [type(run) for run in runs] == [SourceRun] * len(runs)
    assert [run.outcome for run in runs][:4] == ["ok", "failed", "ok", "ok"]
    assert [run.withdrawn for run in runs][:4] == [0, 0, 0, 1]


async def _skip_to_end(bootstrap: str, since: dict[Any, int]) -> None:
    await ensure_topics(bootstrap)
    await records(bootstrap, POSTINGS, DEAD_LETTERS, SOURCE_RUNS, since=since)
