"""robots.txt from the site's side: rules, redirects, sizes, rates, what cannot be read."""

# ruff: noqa: F811 - fixtures shared with the other tests of manners

from __future__ import annotations

import pytest

from scrapers.context import CrawlContext
from scrapers.items import RunOutcome
from scrapers.live import crawl_once
from scrapers.robots import RobotsMemory
from tests.integration.answers import html, moved
from tests.integration.test_politeness import (  # noqa: F401
    NOW,
    context,
    crawl,
    parts,
    site,
)
from tests.tiny_site import TinySite, page

pytestmark = pytest.mark.integration


async def test_only_our_group_of_robots_counts_with_wildcards_and_ends(
    site: TinySite, context: CrawlContext
) -> None:
    site.robots = (
        "User-agent: watch\nDisallow: /\n\n"
        "User-agent: LABOURWATCH\nAllow: /sitemap.xml$\nAllow: /jobs/*2\nDisallow: /jobs/\n\n"
        "User-agent: *\nDisallow: /\n"
    )
    run = await crawl(site, context)
    assert (run.listed, run.published) == (4, 1)
    assert [path for path in site.asked if path.startswith("/jobs")] == ["/jobs/2"]


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_robots_that_cannot_be_read_forbids_everything(
    site: TinySite, context: CrawlContext, status: int
) -> None:
    site.robots_status = status
    run = await crawl(site, context)
    assert run.outcome is RunOutcome.FAILED
    assert "robots.txt answers HTTP" in run.detail
    assert set(site.asked) == {"/robots.txt"}


async def test_a_busy_robots_is_left_alone_for_as_long_as_it_asks(
    site: TinySite, context: CrawlContext
) -> None:
    site.special["/robots.txt"] = html("", status=503, **{"Retry-After": "7200"})
    crawled = await crawl_once(site.source(), context, full=True)
    absence = await context.absences.last(site.source())
    assert crawled.retry_after_s == 7200
    assert absence is not None
    assert (absence.until - NOW).total_seconds() == 7200


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_no_robots_allows_everything(
    site: TinySite, context: CrawlContext, status: int
) -> None:
    site.robots, site.robots_status = "User-agent: *\nDisallow: /", status
    assert (await crawl(site, context)).published == 4


async def test_robots_is_followed_through_five_redirects_and_no_more(
    site: TinySite, context: CrawlContext
) -> None:
    site.special = {f"/r{n}": moved(f"/r{n + 1}") for n in range(1, 5)}
    site.special["/robots.txt"] = moved("/r1")
    site.special["/r5"] = html("User-agent: *\nDisallow: /jobs/1\n")
    assert (await crawl(site, context)).published == 3
    site.special["/r5"], site.special["/r6"] = moved("/r6"), html("")
    context.robots = RobotsMemory()
    run = await crawl(site, context)
    assert run.outcome is RunOutcome.FAILED
    assert site.asked["/r6"] == 0
    assert site.asked["/sitemap.xml"] == 1, "only by the run before"


async def test_rules_beyond_the_limit_of_size_are_not_read(
    site: TinySite, context: CrawlContext
) -> None:
    early = "User-agent: *\nDisallow: /jobs/1\n"
    site.robots = early + "# " + "x" * 600_000 + "\nDisallow: /jobs/2\n"
    run = await crawl(site, context)
    assert run.published == 3
    assert site.asked["/jobs/1"] == 0


async def test_a_long_crawl_asks_for_robots_again(site: TinySite, context: CrawlContext) -> None:
    context.robots = RobotsMemory(keep_s=0.05)
    site.pause_s = 0.03
    run = await crawl(site, context, concurrency=1)
    assert run.published == 4
    assert site.asked["/robots.txt"] > 1


async def test_a_request_rate_is_kept_like_a_crawl_delay(
    site: TinySite, context: CrawlContext
) -> None:
    site.robots = "User-agent: *\nRequest-rate: 5/1s\n"
    await crawl(site, context)
    gaps = [b - a for a, b in zip(site.times, site.times[1:], strict=False)]
    assert min(gaps) >= 0.19


async def test_what_meta_robots_says_of_indexing_does_not_hinder_reading(
    site: TinySite, context: CrawlContext
) -> None:
    noindex = '<meta name="robots" content="noindex">' + page("Cook")
    site.special["/jobs/1"] = html(noindex, 200, **{"X-Robots-Tag": "noindex"})
    assert (await crawl(site, context)).published == 4
