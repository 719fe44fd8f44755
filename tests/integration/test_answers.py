"""Addresses, redirects, headers, sizes and times of single answers."""

# ruff: noqa: F811 - fixtures shared with the other tests of manners

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from aiohttp import web
from backports import zstd

from scrapers import scrapy_settings
from scrapers.context import CrawlContext
from scrapers.download import Forbidden, PublicResolver
from scrapers.items import RunOutcome
from tests.integration.answers import moved
from tests.integration.test_politeness import (  # noqa: F401
    context,
    crawl,
    parts,
    site,
)
from tests.tiny_site import TinySite, page, tiny_site

pytestmark = pytest.mark.integration


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


async def test_a_request_tells_a_mailbox_and_nothing_of_a_reader(
    site: TinySite, context: CrawlContext
) -> None:
    seen: list[dict[str, str]] = []

    async def advert(request: web.Request) -> web.StreamResponse:
        seen.append({name.lower(): value for name, value in request.headers.items()})
        answer = web.Response(text=page("Cook"), content_type="text/html")
        answer.set_cookie("track", "1")
        return answer

    site.special = {f"/jobs/{number}": advert for number in range(1, 5)}
    assert (await crawl(site, context)).published == 4
    assert {headers["from"] for headers in seen} == {"who@watch.example"}
    assert not any("cookie" in headers or "referer" in headers for headers in seen)


async def test_one_private_address_among_public_ones_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def resolve(host: str, port: int, **_: object) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))
        private = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fd00::1", port, 0, 0))
        return [public, private]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    with pytest.raises(Forbidden, match="fd00::1 is not a public address"):
        await PublicResolver(loopback_allowed=False).resolve("board.example", 443)


async def test_a_listing_without_end_is_left_after_its_pages(
    site: TinySite, context: CrawlContext
) -> None:
    async def calendar(request: web.Request) -> web.StreamResponse:
        month = int(request.query.get("page", "1"))
        cards = "".join(
            f'<li><a href="/jobs/{month * 10 + number}">Cook</a><b>Mekong</b></li>'
            for number in range(3)
        )
        text = f'{cards}<a class="next" href="/calendar?page={month + 1}">next month</a>'
        return web.Response(text=text, content_type="text/html")

    site.special["/calendar"] = calendar
    listing = {
        "url": "/calendar",
        "items": "li",
        "id_pattern": r"/jobs/(?P<id>\d+)$",
        "page": {"name": "page", "max_pages": 4},
        "fields": {"url": "a::attr(href)", "title": "a", "hiring_organization": "b"},
    }
    run = await crawl(site, context, kind="html_list", list=listing, detail=None)
    assert run.outcome is RunOutcome.PARTIAL
    assert "more than max_pages (4) pages" in run.detail
    assert site.asked["/calendar"] == 4
    assert (run.listed, run.published) == (12, 12)


@pytest.mark.parametrize("status", [400, 404])
async def test_no_such_page_is_the_end_of_numbered_pages(
    site: TinySite, context: CrawlContext, status: int
) -> None:
    async def numbered(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "1"))
        if number > 2:
            return web.Response(status=status, text="no such page")
        return web.Response(
            text=f'<li><a href="/jobs/{number}">Cook</a></li>', content_type="text/html"
        )

    site.special["/numbered"] = numbered
    listing = {
        "url": "/numbered",
        "items": "li",
        "id_pattern": r"/jobs/(?P<id>\d+)$",
        "page": {"name": "page"},
        "fields": {"url": "a::attr(href)", "title": "a"},
    }
    run = await crawl(site, context, kind="html_list", list=listing, detail=None)
    assert (run.outcome, run.listed) == (RunOutcome.OK, 2)


async def test_an_entry_without_any_name_is_refused_once_and_leads_nowhere(
    site: TinySite, context: CrawlContext
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response([{"name": "Cook", "id": 7}, {"firm": "Mekong"}, None])

    site.special["/api"] = answer
    how: dict[str, Any] = {
        "kind": "json_api",
        "list": {
            "url": "/api",
            "items": "$",
            "fields": {"id": "id", "title": "name", "hiring_organization": "firm"},
        },
        "detail": {"url": "{url}"},
    }
    run = await crawl(site, context, **how)
    again = await crawl(site, context, **how)
    assert (run.published, run.refused) == (1, 2)
    assert (again.published, again.refused) == (0, 0)
    assert set(site.asked) == {"/robots.txt", "/api"}, "without an address there is no advert"
