"""Downloader middlewares: where a request may go, and robots.txt remembered between runs."""

from __future__ import annotations

import asyncio
import logging
import socket
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from scrapers.politeness import find_obstacle, forbidden_address
from scrapers.sources import Source

LOG = logging.getLogger(__name__)
_ROBOTS_LARGEST = 512_000


class Forbidden(IgnoreRequest):
    """A request that is not made; the message says which rule forbids it."""


class Unreachable(IgnoreRequest):
    """A host without address, or robots.txt that cannot be read: nothing is fetched meanwhile."""


class RobotsMemory:
    """robots.txt by origin, kept across runs so that it is not asked for before each of them."""

    def __init__(self, keep_s: float = 3600.0) -> None:
        self._keep_s = keep_s
        self._rules: dict[str, tuple[float, Protego]] = {}
        self.delays: dict[str, float] = {}
        """Shortest delay between requests (seconds) that robots.txt asks for, by host."""

    def get(self, origin: str) -> Protego | None:
        """Rules read less than `keep_s` ago."""
        read_at, rules = self._rules.get(origin, (0.0, None))
        return rules if rules is not None and monotonic() - read_at < self._keep_s else None

    def put(self, origin: str, rules: Protego) -> None:
        """Remember rules just read."""
        self._rules[origin] = (monotonic(), rules)


class GuardMiddleware:
    """Only the source's hosts, only public addresses (loopback for sources declared there)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._resolved: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        return cls(spider.source)

    async def process_request(self, request: Request) -> None:
        """Refuse a request, or the target of a redirect, before any connection is made."""
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or host not in self._source.hosts:
            raise Forbidden(f"{host or request.url} is not one of the source's hosts")
        if host in self._resolved:
            return
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, parts.port or 80, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Unreachable(f"{host}: no such host ({error})") from error
        addresses = [str(info[4][0]) for info in found]
        self._refuse_private(addresses)
        self._resolved.add(host)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        """The address that really answered is checked too: names can be rebound."""
        if response.ip_address is not None:
            self._refuse_private([str(response.ip_address)])
        return response

    def _refuse_private(self, addresses: list[str]) -> None:
        bad = forbidden_address(addresses, loopback_allowed=self._source.is_loopback)
        if bad is not None:
            raise Forbidden(f"{bad} is not a public address")


class RobotsMiddleware:
    """robots.txt obeyed, its Crawl-delay applied; unreadable rules stop the run (RFC 9309)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["USER_AGENT"]
        spider: Any = crawler.spider
        self._source: Source = spider.source
        self._memory: RobotsMemory = spider.robots
        self._reading = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse what robots.txt disallows."""
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._reading:
            rules = self._memory.get(origin) or await self._read(origin)
        if not rules.can_fetch(request.url, self._agent):
            raise Forbidden(f"robots.txt disallows {parts.path or '/'}")
        self._slow_down(parts.hostname or "", rules)

    async def _read(self, origin: str) -> Protego:
        request = Request(
            f"{origin}/robots.txt",
            priority=1000,
            meta={"is_robots": True, "dont_cache": True},
        )
        engine: Any = self._crawler.engine
        response = await engine.download_async(request)
        headers = {k.lower(): v for k, v in response.headers.to_unicode_dict().items()}
        obstacle = find_obstacle(response.status, headers, response.body, now=datetime.now(UTC))
        if obstacle is not None and obstacle.challenge:
            raise Forbidden(f"robots.txt: {obstacle.detail}")
        if response.status >= 500 or response.status == 429:
            raise Unreachable(f"robots.txt answers HTTP {response.status}")
        # 4xx: there are no rules.
        text = response.body[:_ROBOTS_LARGEST] if response.status < 400 else b""
        rules = Protego.parse(text.decode("utf-8", "replace"))
        self._memory.put(origin, rules)
        return rules

    def _slow_down(self, host: str, rules: Protego) -> None:
        delay = rules.crawl_delay(self._agent) or 0.0
        rate = rules.request_rate(self._agent)
        if rate is not None and rate.requests:
            delay = max(delay, rate.seconds / rate.requests)
        # Whatever jitter takes off the delay, the stated one is kept.
        delay /= 1 - self._crawler.settings.getfloat("DOWNLOAD_DELAY_JITTER")
        self._memory.delays[host] = delay
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(host)
        if slot is None:
            engine.downloader.per_slot_settings.setdefault(host, {})["delay"] = max(
                delay, 1 / self._source.rate
            )
        elif slot.delay < delay:
            slot.delay = delay
