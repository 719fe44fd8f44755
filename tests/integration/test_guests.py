"""Manners that last longer than a request: hours, budgets, hosts shared by sources, refusals."""

# ruff: noqa: F811 - fixtures shared with the other tests of manners

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from aiohttp import web

from labourwatch.resuming import resumed
from scrapers.context import CrawlContext
from scrapers.frontier import Standing
from scrapers.items import RunOutcome
from scrapers.live import crawl_once, follow
from scrapers.robots import RobotsMemory
from scrapers.staying_away import Doorstep
from tests.integration.answers import html, moved
from tests.integration.test_politeness import (  # noqa: F401
    CHALLENGE,
    NOW,
    context,
    crawl,
    parts,
    site,
)
from tests.tiny_site import SOURCE, TinySite

pytestmark = pytest.mark.integration


async def test_outside_its_window_a_source_is_not_asked_at_all(
    site: TinySite, context: CrawlContext
) -> None:
    declared = site.source(politeness={"window": "22:00-05:00"})
    ten = NOW.replace(hour=3)  # 10:00 in Vientiane
    closed = await crawl_once(declared, replace(context, clock=lambda: ten), full=True)
    assert not site.asked
    assert closed.retry_after_s == 12 * 3600
    assert closed.unfinished
    night = NOW.replace(hour=16)
    opened = await crawl_once(declared, replace(context, clock=lambda: night), full=True)
    assert opened.record.published == 4


async def test_the_hours_of_robots_are_kept(site: TinySite, context: CrawlContext) -> None:
    site.robots = "User-agent: *\nVisit-time: 0400-0845\n"
    put_off = await crawl_once(site.source(), context, full=True)  # 03:00 UTC
    assert set(site.asked) == {"/robots.txt"}
    assert put_off.retry_after_s == 3600
    later = replace(context, clock=lambda: NOW + timedelta(hours=2))
    assert (await crawl_once(site.source(), later, full=True)).record.published == 4


async def test_a_window_that_closes_ends_the_run(site: TinySite, context: CrawlContext) -> None:
    def clock() -> datetime:
        passed = timedelta(hours=1) if len(site.times) >= 3 else timedelta()
        return datetime(2026, 1, 5, 21, 30, tzinfo=UTC) + passed

    declared = site.source(politeness={"window": "22:00-05:00"}, concurrency=1)
    run = (await crawl_once(declared, replace(context, clock=clock), full=True)).record
    assert run.outcome is RunOutcome.PARTIAL
    assert run.published == 2
    assert "outside the hours" in run.detail
    assert sum(site.asked[f"/jobs/{n}"] for n in range(1, 5)) == 2


async def test_a_budget_ends_a_run_and_the_next_goes_on(
    site: TinySite, context: CrawlContext
) -> None:
    gone = {"9": "Gone"}
    site.jobs = {**site.jobs, **gone}
    await crawl(site, context, detail=None, politeness={"budget_per_run": 50})
    site.jobs = {str(number): f"Job {number}" for number in range(11, 21)}
    outcomes, published = [], 0
    for _ in range(4):
        run = await crawl(site, context, politeness={"budget_per_run": 5}, unseen_runs=1)
        outcomes.append(run.outcome)
        published += run.published
        if run.outcome is RunOutcome.PARTIAL:
            assert run.withdrawn == 0, "absence means nothing in a run that was cut short"
            assert "budget of requests is spent" in run.detail
    assert outcomes[0] is RunOutcome.PARTIAL
    assert outcomes[-1] is RunOutcome.OK
    assert published == 10
    assert all(site.asked[f"/jobs/{number}"] == 1 for number in range(11, 21))


async def test_a_budget_of_the_day_outlives_the_process(
    site: TinySite, context: CrawlContext
) -> None:
    limits = {"budget_per_day": 5}
    first = await crawl_once(site.source(politeness=limits), context, full=True)
    asked = sum(site.asked.values())
    anew = replace(context, robots=RobotsMemory(), frontiers={})
    second = await crawl_once(site.source(politeness=limits), anew, full=True)
    assert (first.record.outcome, asked) == (RunOutcome.PARTIAL, 5)
    assert sum(site.asked.values()) == 5
    assert second.retry_after_s == 14 * 3600, "until midnight in Vientiane"
    tomorrow = replace(anew, clock=lambda: NOW + timedelta(days=1))
    third = await crawl_once(site.source(politeness=limits), tomorrow, full=True)
    assert third.record.published == 1


# Sources that share a host


async def test_sources_on_one_host_share_its_limits(site: TinySite, context: CrawlContext) -> None:
    slow = site.source(id="slow", rate=12, concurrency=1)
    fast = site.source(id="fast", rate=500, concurrency=8)
    context.limits.declare(slow)
    await asyncio.gather(*(crawl_once(each, context, full=True) for each in (slow, fast)))
    assert len(site.times) == 10
    assert max(site.times) - min(site.times) >= 9 / 12 - 0.05
    assert site.most_at_once == 1


async def test_nothing_is_asked_after_429(site: TinySite, context: CrawlContext) -> None:
    site.jobs = {str(number): f"Job {number}" for number in range(100)}
    answered: list[float] = []

    async def too_many(_: web.Request) -> web.StreamResponse:
        answered.append(len(site.times))
        return web.Response(status=429, headers={"Retry-After": "3600"})

    site.special = {f"/jobs/{number}": too_many for number in range(5, 100)}
    crawled = await crawl_once(site.source(concurrency=1), context, full=True)
    assert crawled.record.outcome is RunOutcome.PARTIAL
    assert crawled.retry_after_s == 3600
    assert len(answered) == 1
    assert len(site.times) == answered[0]


@pytest.mark.parametrize("away", [{"Retry-After": "7200"}, {}])
async def test_a_refused_source_is_left_alone_even_after_a_restart(
    site: TinySite, context: CrawlContext, away: dict[str, str]
) -> None:
    site.status, site.headers = (429, away) if away else (403, {})
    await crawl(site, context)
    asked = site.asked.total()
    restarted = replace(context, frontiers={}, robots=RobotsMemory())
    await followed(site, restarted, 0.5)
    assert site.asked.total() == asked
    site.status = 200
    over = replace(restarted, clock=lambda: NOW + timedelta(hours=25))
    await followed(site, over, 1.0)
    assert site.asked["/jobs/1"] == 1
    assert await context.absences.last(site.source()) is None


async def test_a_closed_part_of_the_listing_does_not_close_the_rest(
    site: TinySite, context: CrawlContext
) -> None:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    parts_of_it = "".join(
        f"<sitemap><loc>{site.base_url}{path}</loc></sitemap>"
        for path in ("/open.xml", "/private/more.xml")
    )
    index = f'<sitemapindex xmlns="{space}">{parts_of_it}</sitemapindex>'
    jobs = f'<urlset xmlns="{space}"><url><loc>{site.base_url}/jobs/1</loc></url></urlset>'
    site.special = {"/sitemap.xml": html(index), "/open.xml": html(jobs)}
    run = await crawl(site, context)
    assert (run.outcome, run.published) == (RunOutcome.PARTIAL, 1)
    assert await context.absences.last(site.source()) is None
    site.robots = "User-agent: *\nDisallow: /\n"
    context.robots = RobotsMemory()
    assert (await crawl(site, context)).outcome is RunOutcome.REFUSED
    assert await context.absences.last(site.source()) is not None


async def test_postings_end_on_their_day_while_we_stay_away(
    site: TinySite, context: CrawlContext
) -> None:
    source = site.source(expiry_days=2)
    await crawl_once(source, context, full=True)
    site.status = 403
    await crawl_once(source, context, full=True)
    absence = await context.absences.last(source)
    assert absence is not None
    await context.absences.keep(source.id, replace(absence, until=NOW + timedelta(days=30)))
    frontier = await context.frontier(source.id)
    seen_at, asked = frontier.last_run_at, site.asked.total()
    later = replace(context, clock=lambda: NOW + timedelta(days=9))
    assert await Doorstep(source, later).wait_s() > 0
    assert {known.standing for known in frontier.known.values()} == {Standing.WITHDRAWN}
    assert frontier.last_run_at == seen_at, "nothing was seen"
    assert site.asked.total() == asked


async def test_an_operator_may_end_the_absence(site: TinySite, context: CrawlContext) -> None:
    site.status, site.body = 403, CHALLENGE
    await crawl(site, context)
    before = await context.absences.last(site.source())
    await crawl(site, context)
    again = await context.absences.last(site.source())
    assert before is not None
    assert again is not None
    assert again.until - NOW == 2 * (before.until - NOW) == timedelta(days=2)
    site.status = 200
    changed = site.source(contact="asked the owner, who agreed")
    assert await context.absences.last(changed) is None
    assert await context.absences.end("tiny")
    assert await context.absences.last(site.source()) is None


async def followed(site: TinySite, context: CrawlContext, seconds: float) -> None:
    """The source followed by its schedule for a while."""
    stop = asyncio.Event()
    task = asyncio.create_task(follow(site.source(), context, stop))
    await asyncio.sleep(seconds)
    stop.set()
    await task


async def test_a_log_in_wall_is_not_passed(site: TinySite, context: CrawlContext) -> None:
    site.special["/login"] = html("<title>Sign in</title><input type=password>")
    site.special["/jobs/1"] = moved("/login?next=/jobs/1")
    run = await crawl(site, context)
    assert (run.outcome, run.published) == (RunOutcome.PARTIAL, 3)
    assert "log-in wall: redirected to /login" in run.detail
    assert await context.absences.last(site.source()) is None, "one advert is not the source"
    site.special["/sitemap.xml"] = html("<title>Log in</title><form><input type=password></form>")
    run = await crawl(site, context)
    assert run.outcome is RunOutcome.REFUSED
    assert await context.absences.last(site.source()) is not None


async def test_three_refused_adverts_are_a_refusal_of_the_source(
    site: TinySite, context: CrawlContext
) -> None:
    site.jobs = {str(number): f"Job {number}" for number in range(30)}
    site.special = {f"/jobs/{number}": html("", status=403) for number in range(30)}
    source = site.source(concurrency=1)
    await crawl_once(source, context, full=True)
    assert sum(site.asked[f"/jobs/{number}"] for number in range(30)) == 3
    assert await context.absences.last(source) is not None


async def test_an_operator_has_a_refused_source_asked_again(
    site: TinySite, context: CrawlContext, tmp_path: Path
) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    declared = {**SOURCE, "base_url": site.base_url}
    (folder / "tiny.yaml").write_text(yaml.safe_dump(declared))
    settings = context.settings.model_copy(update={"sources_dir": folder})
    site.status = 403
    await crawl(site, context)
    told = [await asyncio.to_thread(resumed, settings, "tiny") for _ in range(2)]
    assert "is asked again" in told[0]
    assert "nothing to do" in told[1]
    assert await context.absences.last(site.source()) is None
