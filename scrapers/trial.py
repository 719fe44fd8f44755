"""A source tried out: a few adverts fetched and read as a crawl would, and nothing kept.

No broker, no Redis, no cache: what a trial learns is shown to a person and forgotten. It is as
polite as a crawl, with the same robots.txt, limits and refusals.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

import redis.asyncio as redis_async
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Request, Response
from w3lib.encoding import html_to_unicode

from config.settings import Settings
from config.topics import Topic
from scrapers.frontier_store import SourceFrontier
from scrapers.items import JobPosting, RunOutcome
from scrapers.manners import alone
from scrapers.parsing.fields import RawFields
from scrapers.parsing.posting import Refused, make_posting
from scrapers.pipelines import Found
from scrapers.publish import Outbox
from scrapers.reading import Entry, read_advert, read_listing
from scrapers.report import Report, judge
from scrapers.runs import Run
from scrapers.scrapy_settings import crawler_settings, quieten_scrapy
from scrapers.sources import Source
from scrapers.spiders.source import SourceSpider, text_of
from scrapers.tried import Trial, TriedAdvert

_LONGEST_S: Final = 300.0


class Collect:
    """Item pipeline of a trial: keeps what was found, publishes nothing."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Collect:
        return cls(crawler)

    def process_item(self, item: Found) -> Found:
        """The item, remembered by the spider."""
        spider: Any = self._crawler.spider
        spider.found.append((item, spider.told_in.get(item.entry.posting_id, "")))
        return item


class TrialSpider(SourceSpider):
    """The live spider over an empty frontier, which stops after a few adverts."""

    name = "trial"

    def __init__(self, *, found: list[tuple[Found, str]], most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.found = found
        self._may_ask = most
        """Adverts that may still be asked for: stopping takes its time, asking does not."""
        self.told_in: dict[str, str] = {}
        """The page of the listing that told everything of a posting, by its id."""

    def parse_listing(self, response: Response, number: int) -> Iterator[Request | Found]:
        """As in a crawl; the page is kept beside what it told."""
        for step in super().parse_listing(response, number):
            if isinstance(step, Found):
                self.told_in[step.entry.posting_id] = text_of(response)
            elif "entry" in step.cb_kwargs:
                if not self._may_ask:
                    continue
                self._may_ask -= 1
            yield step


async def try_source(
    source: Source, settings: Settings, *, adverts: int, clock: Callable[[], datetime]
) -> Trial:
    """Fetch the beginning of a source's listing and up to `adverts` of its adverts.

    An enabled source is not needed: a trial comes before it. What the site forbids is not fetched
    here either, and the outcome says so.
    """
    quieten_scrapy()
    run = _run_of(source, clock)
    report = Report(full=False)
    found: list[tuple[Found, str]] = []
    runner = AsyncCrawlerRunner(_settings(source, settings, adverts))
    manners = alone(source, clock)
    most = adverts + source.concurrency
    task = runner.crawl(
        TrialSpider, run=run, report=report, manners=manners, found=found, most=most
    )
    try:
        await asyncio.wait_for(asyncio.shield(task), _LONGEST_S)
    except TimeoutError:
        await runner.stop()
        await task
    outcome, detail = _outcome(report, run, len(found) >= adverts)
    tried = tuple(_tried(source, item, listed, run.now) for item, listed in found[:adverts])
    return Trial(
        source_id=source.id,
        outcome=outcome,
        detail=detail,
        listed=len(run.listed),
        pages=report.pages_read,
        adverts=tried,
    )


def try_listing(source: Source, body: bytes, *, now: datetime) -> tuple[TriedAdvert, ...]:
    """What the listing alone tells of each entry of a saved page.

    Raises:
        JsonError, PageError, FeedError, SitemapError: the page is no such listing.
    """
    text = _decoded(body)
    found = (Found(entry=e, fields=e.fields) for e in read_listing(source, body, text).entries)
    return tuple(_tried(source, item, text, now) for item in found)


def try_advert(source: Source, body: bytes, url: str, *, now: datetime) -> TriedAdvert:
    """What is read of one saved advert, as if it had been answered at `url`."""
    text = _decoded(body)
    entry = Entry(posting_id=url or "saved", url=url, digest="", modified_at=None, fields={})
    fields = read_advert(source, body, text, url, {})
    return _with_page(source, entry, fields, text, now)


def _settings(source: Source, settings: Settings, adverts: int) -> dict[str, Any]:
    return {
        **crawler_settings(source, settings),
        "ITEM_PIPELINES": {"scrapers.trial.Collect": 100},
        "HTTPCACHE_ENABLED": False,
        "CLOSESPIDER_ITEMCOUNT": adverts,
    }


def _outcome(report: Report, run: Run, enough: bool) -> tuple[RunOutcome, str]:
    """A trial that stopped because it had seen enough did not fail to read the rest."""
    if enough and report.listing_obstacle is None:
        return RunOutcome.OK, "stopped after the adverts asked for"
    return judge(report, listed=len(run.listed), open_before=0)


def _decoded(body: bytes) -> str:
    """A saved page as a browser would read it: no header tells its encoding."""
    return html_to_unicode(None, body)[1]


def _tried(source: Source, item: Found, listed: str, now: datetime) -> TriedAdvert:
    original = item.original
    page = original.payload.decode(original.charset or "utf-8", "replace") if original else listed
    return _with_page(source, item.entry, item.fields, page, now)


def _with_page(
    source: Source, entry: Entry, fields: RawFields | Refused, page: str, now: datetime
) -> TriedAdvert:
    posting: JobPosting | Refused
    if isinstance(fields, Refused):
        posting = fields
    else:
        posting = make_posting(fields, source=source, posting_id=entry.posting_id, fetched_at=now)
    return TriedAdvert(
        posting_id=entry.posting_id, url=entry.url, fields=fields, posting=posting, page=page
    )


@dataclass(slots=True)
class _Nowhere:
    """An outbox whose records go nowhere."""

    sent: int = field(default=0)

    def send(self, topic: Topic, key: bytes, record: Any) -> None:  # noqa: ARG002
        """Counted and dropped."""
        self.sent += 1

    def flush(self) -> None:
        """There is nothing to hand over."""

    async def delivered(self) -> None:
        """There is nothing to wait for."""


def _run_of(source: Source, clock: Callable[[], datetime]) -> Run:
    """A run over an empty frontier that is never loaded nor committed: no server is asked."""
    unreachable = redis_async.Redis(host="invalid.", port=1)
    frontier = SourceFrontier(unreachable, source.id)
    return Run(source, frontier, cast(Outbox, _Nowhere()), now=clock(), clock=clock)
