"""Manners that last longer than a request: hours, budgets, refusals, hosts shared by sources."""

# ruff: noqa: F811 - fixtures shared with the other test of manners

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import pytest
from aiohttp import web
from backports import zstd

from scrapers import scrapy_settings
from scrapers.context import CrawlContext
from scrapers.items import RunOutcome
from scrapers.live import crawl_once, follow
from scrapers.robots import RobotsMemory
from tests.integration.test_politeness import (  # noqa: F401
    CHALLENGE,
    NOW,
    context,
    crawl,
    parts,
    site,
)
from tests.tiny_site import TinySite, page, tiny_site

pytestmark = pytest.mark.integration
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def html(text: str, status: int = 200, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)

    return answer


def moved(to: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(to)

    return answer


# robots.txt


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
    site.special["/jobs/1"] = html(noindex, **{"X-Robots-Tag": "noindex"})
    assert (await crawl(site, context)).published == 4


# Hours and budgets


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
    times = sorted(site.times)
    assert min(b - a for a, b in itertools.pairwise(times)) >= 1 / 12 - 0.01
    assert site.most_at_once == 1


# Being turned away


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


# Addresses, redirects, sizes, time


async def test_a_name_that_is_rebound_leads_nowhere_else(
    site: TinySite, context: CrawlContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = iter(["93.184.216.34", "127.0.0.1"])

    async def resolve(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    async def connect(*_: object, **__: object) -> None:
        raise OSError("the public address is not asked in a test")

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "getaddrinfo", resolve)
    monkeypatch.setattr("aiohappyeyeballs.start_connection", connect)
    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", connect)
    run = await crawl(site, context, base_url="http://board.example")
    assert run.outcome is RunOutcome.FAILED
    assert asked == ["board.example"], "resolved once for the whole run"
    assert not site.asked


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1"])
async def test_other_spellings_of_private_addresses_are_not_asked(
    site: TinySite, context: CrawlContext, host: str
) -> None:
    run = await crawl(site, context, base_url=f"http://{host}")
    assert run.outcome is RunOutcome.REFUSED
    assert not site.asked


async def test_redirects_stay_on_the_declared_port(site: TinySite, context: CrawlContext) -> None:
    async with tiny_site() as other:
        site.special["/jobs/1"] = moved(f"{other.base_url}/jobs/1")
        site.special["/jobs/2"] = moved("/jobs/3")
        run = await crawl(site, context)
        assert not other.asked
    assert run.published == 3
    assert run.outcome is RunOutcome.OK


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    ],
)
async def test_decompression_bombs_are_not_unpacked(
    site: TinySite,
    context: CrawlContext,
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    pack: Callable[[bytes], bytes],
) -> None:
    monkeypatch.setattr(scrapy_settings, "_LARGEST_ANSWER", 1_000_000)
    bomb = pack(b"<x>" * 20_000_000)
    assert len(bomb) < 1_000_000

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=bomb, headers={"Content-Encoding": encoding})

    site.special["/jobs/1"] = answer
    run = await crawl(site, context)
    assert (run.outcome, run.published) == (RunOutcome.PARTIAL, 3)
    assert "1 adverts not read" in run.detail


async def test_an_answer_that_trickles_in_is_given_up(
    site: TinySite, context: CrawlContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    site.special["/jobs/1"] = trickle
    began = asyncio.get_running_loop().time()
    run = await crawl(site, context, politeness={"answer_within_s": 0.4})
    assert asyncio.get_running_loop().time() - began < 4
    assert run.published == 3
    assert "1 adverts not read" in run.detail


async def test_sitemaps_of_sitemaps_end(site: TinySite, context: CrawlContext) -> None:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"

    async def deeper(request: web.Request) -> web.StreamResponse:
        loc = f"{site.base_url}{request.path.removesuffix('.xml')}x.xml"
        text = f'<sitemapindex xmlns="{space}"><sitemap><loc>{loc}</loc></sitemap></sitemapindex>'
        return web.Response(text=text, content_type="application/xml")

    site.special = {f"/sitemap{'x' * n}.xml": deeper for n in range(12)}
    await crawl(site, context)
    assert len([path for path in site.asked if path.startswith("/sitemap")]) == 4


async def test_an_advert_is_asked_for_again_only_if_its_page_changed(
    site: TinySite, context: CrawlContext
) -> None:
    asked: list[tuple[str, int]] = []
    text, tag = page("Cook"), '"one"'

    async def advert(request: web.Request) -> web.StreamResponse:
        condition = request.headers.get("If-None-Match", "")
        status = 304 if condition == tag else 200
        asked.append((condition, status))
        return web.Response(
            text=text if status == 200 else None,
            status=status,
            content_type="text/html",
            headers={"ETag": tag},
        )

    site.jobs, site.special = {"1": "Cook"}, {"/jobs/1": advert}
    runs = [await crawl(site, context)]
    site.lastmod = "2026-01-06T08:00:00+07:00"
    runs += [await crawl(site, context), await crawl(site, context)]
    site.lastmod, text, tag = "2026-01-07T08:00:00+07:00", page("Head cook"), '"two"'
    runs.append(await crawl(site, context))
    assert [run.published for run in runs] == [1, 0, 0, 1]
    assert asked == [("", 200), ('"one"', 304), ('"one"', 200)]
