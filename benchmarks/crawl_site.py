"""A site of many adverts on loopback whose log proves how it was crawled."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic
from typing import Final

from aiohttp import web

from tests.processes import free_port

_PER_SITEMAP: Final = 1000
_DISALLOWED_EVERY: Final = 100
_TITLES: Final = ("Cook", "Driver", "ພະນັກງານບັນຊີ", "Electrician", "ພະຍາບານ", "Site engineer")
_PLACES: Final = ("Vientiane", "Luang Prabang", "Pakse", "Savannakhet", "Thakhek")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the server saw it."""

    at: float
    path: str
    conditional: bool
    status: int


@dataclass(slots=True)
class CrawlSite:
    """Adverts `/jobs/1` to `/jobs/<adverts>`, and for each hundred one that robots.txt disallows.

    `busy_at` answers that advert request (counted from 1) with 429 and `retry_after_s`.
    """

    adverts: int
    seed: int
    crawl_delay_s: float = 0.0
    busy_at: int = 0
    retry_after_s: int = 0
    base_url: str = ""
    log: list[Asked] = field(default_factory=list)
    fetched: Counter[str] = field(default_factory=Counter)
    """How often each advert was answered."""
    under_way: int = 0
    most_at_once: int = 0

    def declaration(self, source_id: str, *, rate: float, concurrency: int) -> dict[str, object]:
        """The YAML of a source that reads this site."""
        return {
            "id": source_id,
            "name": source_id,
            "kind": "sitemap_jsonld",
            "base_url": self.base_url,
            "list": {
                "url": "/sitemap.xml",
                "id_pattern": r"/(?:jobs|closed)/(?P<id>\w+)$",
                "full_every_s": 0.5,
            },
            "detail": {"url": "{url}"},
            "rate": rate,
            "concurrency": concurrency,
            "schedule_s": 0.5,
            "legal_basis": "our own site",
            "contact": "none",
            "owner": "Labourwatch",
            "enabled": True,
        }

    @property
    def disallowed_fetched(self) -> int:
        """Requests of what robots.txt disallows."""
        return sum(asked.path.startswith("/closed") for asked in self.log)

    @property
    def shortest_gap_s(self) -> float:
        """Between two requests after robots.txt, which states the delay."""
        times = [asked.at for asked in self.log if asked.path != "/robots.txt"]
        return min((b - a for a, b in pairwise(times)), default=0.0)

    @property
    def conditional(self) -> list[Asked]:
        """Conditional requests."""
        return [asked for asked in self.log if asked.conditional]

    def asked_while_busy(self) -> int:
        """Requests between a 429 and the end of its Retry-After."""
        return sum(
            busy.at < asked.at < busy.at + self.retry_after_s
            for busy in self.log
            if busy.status == 429
            for asked in self.log
        )

    async def handle(self, request: web.Request) -> web.Response:
        """Every address of the site; each answer is logged as its request arrived."""
        at = monotonic()
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await asyncio.sleep(0)
        response = self._answer(request)
        conditional = "If-None-Match" in request.headers
        self.log.append(
            Asked(at=at, path=request.path, conditional=conditional, status=response.status)
        )
        if request.path.startswith("/jobs") and response.status == 200:
            self.fetched[request.path] += 1
        self.under_way -= 1
        return response

    def _answer(self, request: web.Request) -> web.Response:
        path = request.path
        if path == "/robots.txt":
            delay = f"Crawl-delay: {self.crawl_delay_s}\n" if self.crawl_delay_s else ""
            return web.Response(text=f"User-agent: *\nDisallow: /closed/\n{delay}")
        if path.startswith("/sitemap"):
            return self._sitemap(request)
        if self.busy_at and sum(asked.path.startswith("/jobs") for asked in self.log) + 1 == (
            self.busy_at
        ):
            return web.Response(status=429, headers={"Retry-After": str(self.retry_after_s)})
        return web.Response(text=self._advert(path), content_type="text/html")

    def _sitemap(self, request: web.Request) -> web.Response:
        tag = f'"{self.seed}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        part = request.path.removeprefix("/sitemap").removesuffix(".xml")
        text = self._entries(int(part)) if part else self._index()
        return web.Response(text=text, content_type="application/xml", headers={"ETag": tag})

    def _index(self) -> str:
        parts = range(-(-self.adverts // _PER_SITEMAP))
        inner = "".join(
            f"<sitemap><loc>{self.base_url}/sitemap{part}.xml</loc></sitemap>" for part in parts
        )
        return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'

    def _entries(self, part: int) -> str:
        inner = "".join(f"<url><loc>{url}</loc></url>" for url in self._addresses(part))
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'

    def _addresses(self, part: int) -> Iterator[str]:
        first = part * _PER_SITEMAP + 1
        for number in range(first, min(first + _PER_SITEMAP, self.adverts + 1)):
            yield f"{self.base_url}/jobs/{number}"
            if number % _DISALLOWED_EVERY == 0:
                yield f"{self.base_url}/closed/c{number}"

    def _advert(self, path: str) -> str:
        chance = random.Random(f"{self.seed}{path}")
        node = {
            "@context": "https://schema.org",
            "@type": "JobPosting",
            "title": f"{chance.choice(_TITLES)} {path.rpartition('/')[2]}",
            "description": "<p>" + "Duties of the place, told at usual length. " * 40 + "</p>",
            "datePosted": "2026-01-05",
            "hiringOrganization": {"name": f"Employer {chance.randrange(400)}"},
            "jobLocation": {"address": {"addressLocality": chance.choice(_PLACES)}},
        }
        block = json.dumps(node, ensure_ascii=False)
        chrome = "<nav>" + "<a href='/'>a link of the page</a>" * 60 + "</nav>"
        head = f"<title>{node['title']}</title>"
        data = f'<script type="application/ld+json">{block}</script>'
        return f"<html><head>{head}{data}</head><body>{chrome}</body></html>"


@asynccontextmanager
async def served(site: CrawlSite) -> AsyncIterator[CrawlSite]:
    """The site on a free port until the block ends."""
    port = free_port()
    site.base_url = f"http://127.0.0.1:{port}"
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", site.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield site
    finally:
        await runner.cleanup()
