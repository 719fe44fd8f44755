"""A crawl of a hostile site, end to end: bombs, hostile HTML, wrong encodings, good adverts."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from benchmarks.malformed.valid import NODE, page
from config.settings import Settings
from config.topics import DEAD_LETTERS, POSTINGS
from scrapers.context import CrawlContext
from scrapers.items import JobPosting, RunOutcome
from scrapers.live import crawl_once
from scrapers.sources import Source
from tests.crawl_stack import crawl_context, crawl_settings
from tests.processes import free_port
from tests.topic_reader import records

pytestmark = pytest.mark.integration
HTML = {"Content-Type": "text/html; charset=utf-8"}
LAO = "ພະນັກງານຂາຍ"
Answer = tuple[bytes, dict[str, str]]


def advert(title: str) -> str:
    return page({**NODE, "title": title})


ADVERTS: dict[str, Answer] = {
    "1": (advert("Cook").encode(), HTML),
    "2": (advert(LAO).encode("utf-16"), {"Content-Type": "text/html; charset=utf-16"}),
    # The header is wrong and the page says so; browsers believe the header, and so do we.
    "3": (advert("Employé").encode("latin-1"), HTML),
    "4": (page("[" * 100_000).encode(), HTML),
    "5": (b"<div itemscope itemtype='https://schema.org/JobPosting'>" * 20_000, HTML),
    "6": (b"<script type='application/ld+json'>" * 20_000, HTML),
    "7": (gzip.compress(b"<p>" + b"0" * 60_000_000), {**HTML, "Content-Encoding": "gzip"}),
    "8": (b"\x00\x01\x02" * 1_000, {"Content-Type": "image/png"}),
    "9": (b"", HTML),
    "10": (advert("Cut off").encode(), {**HTML, "Content-Encoding": "gzip"}),
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with crawl_settings(tmp_path_factory) as settings:
        yield settings


@pytest.fixture
async def context(settings: Settings) -> AsyncIterator[CrawlContext]:
    async with crawl_context(settings) as context:
        yield context


@asynccontextmanager
async def hostile_site(listing: Answer | None = None) -> AsyncIterator[str]:
    """A site with the adverts above; its sitemap lists them, or is `listing`."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    entries = "".join(f"<url><loc>{base}/jobs/{key}</loc></url>" for key in ADVERTS)
    xml = {"Content-Type": "application/xml"}
    sitemap = listing or (f"<urlset>{entries}</urlset>".encode(), xml)

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text="")
        name = request.path.rpartition("/")[2]
        body, headers = sitemap if name == "sitemap.xml" else ADVERTS[name]
        return web.Response(body=body, headers=headers)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield base
    finally:
        await runner.cleanup()


def source(name: str, base_url: str) -> Source:
    return Source.model_validate(
        {
            "id": name,
            "name": name,
            "kind": "sitemap_jsonld",
            "base_url": base_url,
            "list": {"url": "/sitemap.xml", "id_pattern": r"/jobs/(?P<id>\d+)$"},
            "detail": {},
            "rate": 500,
        }
    )


async def test_every_advert_of_a_hostile_site_is_published_refused_or_counted(
    context: CrawlContext,
) -> None:
    async with hostile_site() as base_url:
        record = (await crawl_once(source("hostile", base_url), context, full=True)).record
    bootstrap = context.settings.bootstrap_servers
    posted = {
        r.posting_id: r.title
        for r in await records(bootstrap, POSTINGS)
        if isinstance(r, JobPosting) and r.source_id == "hostile"
    }
    refused = {
        r.posting_id: r.reason
        for r in await records(bootstrap, DEAD_LETTERS)
        if r.source_id == "hostile"
    }
    assert posted["1"] == "Cook"
    assert posted["2"] == LAO
    assert posted["3"].startswith("Employ")
    assert {"4", "5", "6", "8", "9"} <= refused.keys()
    assert refused["4"] == "jsonld_invalid"
    # The bomb and the answer that is no gzip were not read; the run says how many.
    missing = ADVERTS.keys() - posted.keys() - refused.keys()
    assert missing <= {"7", "10"}
    assert record.outcome is RunOutcome.PARTIAL
    assert f"{len(missing)} adverts not read" in record.detail
    assert record.listed == len(ADVERTS)


@pytest.mark.parametrize(
    "listing",
    [
        (gzip.compress(b"<urlset>" + b" " * 60_000_000), {"Content-Encoding": "gzip"}),
        (b'<!DOCTYPE a [<!ENTITY b "&c;&c;">]><urlset>' + b"<a>" * 100_000, {}),
        (json.dumps({"error": "no"}).encode(), {"Content-Type": "application/json"}),
    ],
    ids=["bomb", "deep", "json"],
)
async def test_a_hostile_listing_is_a_failed_run_that_closes_nothing(
    context: CrawlContext, listing: Answer
) -> None:
    async with hostile_site((listing[0], {"Content-Type": "application/xml", **listing[1]})) as url:
        record = (await crawl_once(source("listing", url), context, full=True)).record
    assert record.listed == record.withdrawn == 0
    assert record.outcome in (RunOutcome.FAILED, RunOutcome.OK)
    if b"DOCTYPE" not in listing[0]:
        assert record.outcome is RunOutcome.FAILED
        assert record.detail.startswith("listing: ")
