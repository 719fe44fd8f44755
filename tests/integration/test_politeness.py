"""A crawl seen from the site: what it is asked, how fast, by whom, and what is never asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio as redis_async

from config.settings import Settings
from scrapers import scrapy_settings
from scrapers.context import CrawlContext
from scrapers.items import RunOutcome, SourceRun
from scrapers.live import crawl_once
from scrapers.publish import Publisher
from scrapers.topics_admin import ensure_topics
from tests.crawl_stack import broker_and_redis
from tests.tiny_site import TinySite, tiny_site

pytestmark = pytest.mark.integration
NOW = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
CHALLENGE = "<html><title>Just a moment...</title>Checking your browser</html>"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with broker_and_redis(tmp_path_factory) as parts:
        yield parts


@pytest.fixture
async def site() -> AsyncIterator[TinySite]:
    async with tiny_site() as board:
        board.jobs = {str(number): f"Job {number}" for number in range(1, 5)}
        yield board


@pytest.fixture
async def context(parts: tuple[str, str], tmp_path: Path) -> AsyncIterator[CrawlContext]:
    bootstrap, redis_url = parts
    await ensure_topics(bootstrap)
    settings = Settings(
        var_dir=tmp_path,
        broker_url=f"kafka://{bootstrap}",
        redis_url=redis_url,
        contact_url="https://watch.example/about",
        contact_email="who@watch.example",
    )
    redis: Any = redis_async.Redis.from_url(redis_url)
    await redis.flushdb()
    async with Publisher(bootstrap) as publisher:
        yield CrawlContext(settings=settings, publisher=publisher, redis=redis, clock=lambda: NOW)
    await redis.aclose()


async def crawl(site: TinySite, context: CrawlContext, **changes: object) -> SourceRun:
    return (await crawl_once(site.source(**changes), context, full=True)).record


async def test_what_robots_disallows_is_never_asked(site: TinySite, context: CrawlContext) -> None:
    site.robots = "User-agent: Labourwatch\nDisallow: /jobs/3\n"
    run = await crawl(site, context)
    assert (run.outcome, run.listed, run.published) == (RunOutcome.OK, 4, 3)
    assert "1 adverts disallowed by robots.txt" in run.detail
    assert site.asked["/jobs/3"] == 0
    assert site.asked["/jobs/4"] == 1


async def test_the_crawl_delay_of_robots_is_kept(site: TinySite, context: CrawlContext) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 0.2\n"
    run = await crawl(site, context)
    assert run.published == 4
    assert len(site.times) == 5
    assert site.times[-1] - site.times[0] >= 0.6


async def test_every_request_says_who_asks(site: TinySite, context: CrawlContext) -> None:
    await crawl(site, context)
    assert site.agents == {"Labourwatch/0.1 (+https://watch.example/about; who@watch.example)"}


async def test_a_redirect_to_another_host_is_not_followed(
    site: TinySite, context: CrawlContext
) -> None:
    async with tiny_site() as other:
        site.redirect = other.base_url.replace("127.0.0.1", "localhost") + "/jobs/1"
        run = await crawl(site, context)
    assert run.outcome is RunOutcome.REFUSED
    assert "localhost is not one of the source's hosts" in run.detail
    assert not other.asked


@pytest.mark.parametrize(
    ("status", "body", "outcome", "detail"),
    [
        (429, "", RunOutcome.FAILED, "too many requests"),
        (503, "", RunOutcome.FAILED, "unavailable"),
        (403, "", RunOutcome.REFUSED, "access refused"),
        (403, CHALLENGE, RunOutcome.REFUSED, "a challenge page of Cloudflare; not bypassed"),
        (503, CHALLENGE, RunOutcome.REFUSED, "a challenge page of Cloudflare; not bypassed"),
    ],
)
async def test_a_site_that_turns_us_away_is_asked_once(
    site: TinySite,
    context: CrawlContext,
    status: int,
    body: str,
    outcome: RunOutcome,
    detail: str,
) -> None:
    site.status, site.body = status, body
    run = await crawl(site, context)
    assert run.outcome is outcome
    assert detail in run.detail
    assert site.asked == {"/robots.txt": 1, "/sitemap.xml": 1}


async def test_private_addresses_are_not_asked(context: CrawlContext, site: TinySite) -> None:
    direct = await crawl(site, context, base_url="http://10.0.0.1")
    assert direct.outcome is RunOutcome.REFUSED
    assert "10.0.0.1 is not a public address" in direct.detail


async def test_a_public_name_for_a_private_address_is_not_asked(
    site: TinySite, context: CrawlContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.base_url.rpartition(":")[2])

    async def resolve(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    run = await crawl(site, context, base_url=f"http://board.example:{port}")
    assert run.outcome is RunOutcome.REFUSED
    assert "127.0.0.1 is not a public address" in run.detail
    assert not site.asked


async def test_a_host_that_does_not_exist_is_a_failed_run(
    site: TinySite, context: CrawlContext
) -> None:
    run = await crawl(site, context, base_url="http://board.invalid")
    assert run.outcome is RunOutcome.FAILED
    assert "no such host" in run.detail


async def test_an_answer_beyond_the_limit_is_not_read(
    site: TinySite, context: CrawlContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrapy_settings, "_LARGEST_ANSWER", 100_000)
    small = await crawl(site, context)
    site.padding = 200_000
    large = await crawl(site, context)
    assert small.outcome is RunOutcome.OK
    assert large.outcome is RunOutcome.FAILED
    assert "listing" in large.detail


async def test_an_unchanged_listing_is_not_sent_again(
    site: TinySite, context: CrawlContext
) -> None:
    site.etag = '"one"'
    first = await crawl(site, context)
    second = await crawl(site, context)
    del site.jobs["4"]
    site.etag = '"two"'
    third = await crawl(site, context)
    assert [run.listed for run in (first, second, third)] == [4, 4, 3]
    assert site.answered == [("/sitemap.xml", 304), ("/sitemap.xml", 200)]


async def test_a_kept_listing_hides_no_outage(site: TinySite, context: CrawlContext) -> None:
    site.etag = '"one"'
    await crawl(site, context)
    site.status = 503
    run = await crawl(site, context)
    assert run.outcome is RunOutcome.FAILED
    assert "HTTP 503" in run.detail
