"""A tiny job board on loopback that counts what it is asked, for tests of crawling."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from aiohttp import web

from scrapers.sources import Source
from tests.processes import free_port

SOURCE = {
    "id": "tiny",
    "name": "Tiny board",
    "kind": "sitemap_jsonld",
    "list": {"url": "/sitemap.xml", "id_pattern": r"/jobs/(?P<id>\d+)$", "full_every_s": 0.001},
    "detail": {"url": "{url}"},
    "rate": 500,
    "concurrency": 4,
    "schedule_s": 0.2,
    "legal_basis": "test",
    "contact": "test",
    "owner": "test",
    "enabled": True,
}


@dataclass
class TinySite:
    """The board's state; tests change it between crawls."""

    base_url: str
    jobs: dict[str, str] = field(default_factory=dict)
    """Posting id → title; "" serves broken JSON-LD."""
    lastmod: str = "2026-01-05T08:00:00+07:00"
    robots: str = "User-agent: *\nDisallow: /private\n"
    status: int = 200
    body: str = ""
    redirect: str = ""
    etag: str = ""
    """Sent with the listing and compared with what is asked for, where set."""
    padding: int = 0
    """Bytes added to the listing."""
    pause_s: float = 0.0
    """Before each answer."""
    asked: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    """When each request but robots.txt came (seconds, monotonic)."""
    answered: list[tuple[str, int]] = field(default_factory=list)
    """Path and status of the answers to conditional requests."""
    agents: set[str] = field(default_factory=set)
    robots_status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with an answer whose `status` is not 200."""
    special: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(
        default_factory=dict
    )
    """Path → what answers it instead of the board."""
    under_way: int = 0
    most_at_once: int = 0
    """Requests that were being answered at the same moment, at most."""
    lost: tuple[str, ...] = ()
    """Properties that the adverts' JSON-LD no longer has."""
    written: Callable[[str], str] = str
    """What becomes of a title on its way from the board's database."""
    archive: dict[str, dict[str, object] | None] = field(default_factory=dict)
    """Day → the archive's answer; `None` is an outage."""

    def source(self, **changes: object) -> Source:
        """The declaration of this board."""
        return Source.model_validate({**SOURCE, "base_url": self.base_url, **changes})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Every address of the board."""
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            return await self._answer(request)
        finally:
            self.under_way -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.asked[path] += 1
        self.agents.add(request.headers.get("User-Agent", ""))
        if path == "/robots.txt" and path not in self.special:
            return web.Response(text=self.robots, status=self.robots_status)
        self.times.append(monotonic())
        if path in self.special:
            return await self.special[path](request)
        await asyncio.sleep(self.pause_s)
        if path.startswith("/archive"):
            return self._archive(path)
        if self.redirect:
            raise web.HTTPFound(self.redirect)
        if self.status != 200:
            return web.Response(
                status=self.status, text=self.body, content_type="text/html", headers=self.headers
            )
        if path == "/sitemap.xml":
            return self._listing(request)
        title = self.jobs.get(path.removeprefix("/jobs/"))
        if title is None:
            raise web.HTTPNotFound
        text = page(self.written(title), self.lost)
        return web.Response(text=text, content_type="text/html")

    def _listing(self, request: web.Request) -> web.Response:
        headers = {"ETag": self.etag} if self.etag else {}
        asked_for = request.headers.get("If-None-Match", "")
        if asked_for:
            self.answered.append((request.path, 304 if asked_for == self.etag else 200))
        if self.etag and asked_for == self.etag:
            return web.Response(status=304, headers=headers)
        text = self._sitemap() + "<!--" + "x" * self.padding + "-->"
        return web.Response(text=text, content_type="application/xml", headers=headers)

    def _sitemap(self) -> str:
        entries = "".join(
            f"<url><loc>{self.base_url}/jobs/{key}</loc><lastmod>{self.lastmod}</lastmod></url>"
            for key in self.jobs
        )
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'<urlset xmlns="{space}">{entries}</urlset>'

    def _archive(self, path: str) -> web.Response:
        if path == "/archive/index.json":
            return web.json_response({"days": sorted(self.archive)})
        answer = self.archive[path.removeprefix("/archive/").removesuffix(".json")]
        if answer is None:
            raise web.HTTPServiceUnavailable
        return web.json_response(answer)


def node(title: str, url: str = "") -> dict[str, object]:
    """A JobPosting of one employer."""
    return {
        "@type": "JobPosting",
        "title": title,
        "url": url,
        "description": "<p>Work</p>",
        "datePosted": "2026-01-05",
        "hiringOrganization": {"name": "Mekong  Trading"},
    }


def page(title: str, lost: tuple[str, ...] = ()) -> str:
    """An advert's page; without a title its JSON-LD is cut off."""
    told = {name: value for name, value in node(title).items() if name not in lost}
    block = json.dumps(told) if title else '{"@type": "JobPosting", "title": "Cut'
    return f'<html><script type="application/ld+json">{block}</script></html>'


@asynccontextmanager
async def tiny_site() -> AsyncIterator[TinySite]:
    """The board, served on a free port until the block ends."""
    port = free_port()
    site = TinySite(base_url=f"http://127.0.0.1:{port}")
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", site.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield site
    finally:
        await runner.cleanup()
