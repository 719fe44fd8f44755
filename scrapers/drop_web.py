"""A file on a web server as a place of drops: asked for as politely as any crawled page."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from scrapers.context import CrawlContext
from scrapers.drop_places import PlaceError
from scrapers.drops import DroppedFile
from scrapers.manners import Manners
from scrapers.politeness import Obstacle
from scrapers.scrapy_settings import crawler_settings
from scrapers.sources import Source
from scrapers.spiders.source import obstacle_in, obstacle_of


class FileSpider(Spider):
    """Asks for one file. What came of it is in `body` or `obstacle`."""

    name = "file"

    def __init__(self, *, source: Source, manners: Manners, answer: Answer, **kw: Any) -> None:
        super().__init__(**kw)
        self.source, self.manners, self._answer = source, manners, answer

    async def start(self) -> AsyncIterator[Request]:
        """The one request."""
        yield Request(self._answer.url, self.parse, errback=self._failed, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Keep the file, or why it is none."""
        self._answer.obstacle = obstacle_in(response, self._answer.clock())
        if self._answer.obstacle is None:
            self._answer.body = response.body

    def _failed(self, failure: Failure) -> None:
        self._answer.obstacle = obstacle_of(failure)


class Answer:
    """What a request for a file came to."""

    def __init__(self, url: str, context: CrawlContext) -> None:
        self.url, self.clock = url, context.clock
        self.body: bytes | None = None
        self.obstacle: Obstacle | None = None


class WebFile:
    """One address that always holds the newest file. Its versions are told by their content.

    robots.txt, rate, hosts, public addresses, size and conditional requests are as for pages.
    """

    def __init__(self, source: Source, context: CrawlContext) -> None:
        self._source, self._context = source, context
        self._body = b""

    async def __aenter__(self) -> Self:
        source, context = self._source, self._context
        if source.drop is None:
            raise ValueError(f"source {source.id} declares no drop")
        settings = crawler_settings(source, context.settings)
        settings |= {"DOWNLOAD_MAXSIZE": source.drop.largest_bytes, "ITEM_PIPELINES": {}}
        answer = Answer(source.drop.url, context)
        runner = AsyncCrawlerRunner(settings)
        manners = context.manners(source)
        task = runner.crawl(FileSpider, source=source, manners=manners, answer=answer)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await runner.stop()
            await task
            raise
        if answer.body is None:
            obstacle = answer.obstacle
            raise PlaceError(obstacle.detail if obstacle else "no answer", obstacle)
        self._body = answer.body
        return self

    async def __aexit__(self, *_: object) -> None:
        """The connection is closed already."""
        self._body = b""

    async def listed(self) -> Sequence[DroppedFile]:
        """The one file."""
        path = urlsplit(self._source.drop.url if self._source.drop else "").path
        name = unquote(path).rstrip("/").rpartition("/")[2].lstrip(".") or "file"
        size, version = len(self._body), _digest(self._body)
        return [DroppedFile(name=name, size=size, modified=0.0, version=version)]

    async def copy(self, file: DroppedFile, into: Path, largest: int) -> str:  # noqa: ARG002
        """The file as it was answered."""
        await asyncio.to_thread(into.write_bytes, self._body[: largest + 1])
        return _digest(self._body)

    async def put_away(self, file: DroppedFile, folder: str) -> None:
        """Nothing can be moved on a web server."""


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
