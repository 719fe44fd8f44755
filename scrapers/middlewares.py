"""Downloader middlewares: where a request may go, and what robots.txt says of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from scrapers.download import Forbidden, Unreachable
from scrapers.politeness import find_obstacle, forbidden_address
from scrapers.robots import LARGEST, PRODUCT_TOKEN, RobotsMemory, host_key
from scrapers.sources import Source
from scrapers.targets import forbidden_target, upgraded


class GuardMiddleware:
    """Only the source's hosts and ports, only public addresses (loopback for sources there)."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        return cls(spider.source)

    def process_request(self, request: Request) -> Request | None:
        """Refuse a request, or the target of a redirect, before any connection is made."""
        redirected = "redirect_urls" in request.meta
        secure = None if redirected else upgraded(request.url, self._source)
        if secure is not None:
            return request.replace(url=secure, dont_filter=True)
        reason = forbidden_target(request.url, self._source)
        if reason is not None:
            raise Forbidden(reason)
        return None

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        """The address that really answered is checked too, whoever resolved it."""
        if response.ip_address is not None:
            loopback = self._source.is_loopback
            bad = forbidden_address([str(response.ip_address)], loopback_allowed=loopback)
            if bad is not None:
                raise Forbidden(f"{bad} is not a public address")
        return response


class RobotsMiddleware:
    """robots.txt obeyed, its Crawl-delay applied; unreadable rules stop the run (RFC 9309)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        spider: Any = crawler.spider
        self._source: Source = spider.source
        self._memory: RobotsMemory = spider.manners.robots
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
        if not rules.can_fetch(request.url, PRODUCT_TOKEN):
            raise Forbidden(f"robots.txt disallows {parts.path or '/'}")
        self._slow_down(request.url)

    async def _read(self, origin: str) -> Protego:
        """Redirects are followed, five at most and only among the source's hosts."""
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
            wait = obstacle.retry_after_s if obstacle is not None else None
            raise Unreachable(f"robots.txt answers HTTP {response.status}", wait)
        # 4xx: there are no rules.
        text = response.body[:LARGEST] if response.status < 400 else b""
        return self._memory.put(origin, text.decode("utf-8-sig", "replace"))

    def _slow_down(self, url: str) -> None:
        # Whatever jitter takes off the delay, the stated one is kept.
        jitter = self._crawler.settings.getfloat("DOWNLOAD_DELAY_JITTER")
        delay = self._memory.delays.get(host_key(url), 0.0) / (1 - jitter)
        host = urlsplit(url).hostname or ""
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(host)
        if slot is None:
            engine.downloader.per_slot_settings.setdefault(host, {})["delay"] = max(
                delay, 1 / self._source.rate
            )
        elif slot.delay < delay:
            slot.delay = delay
