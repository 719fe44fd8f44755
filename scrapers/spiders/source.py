"""The live spider: a source's listing, then only the adverts that are new or changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from scrapers.allowance import Postponed, PostponedBy
from scrapers.api_shapes import detail_of, paging_of
from scrapers.download import Forbidden, Unreachable
from scrapers.frontier import Visit, condition_of
from scrapers.items import LetterForm, RunOutcome
from scrapers.letters import Original
from scrapers.manners import Manners
from scrapers.parsing.encoded_twice import mended, tells_encoding
from scrapers.pipelines import Found
from scrapers.politeness import Obstacle, find_obstacle
from scrapers.reading import Entry, Listing, UnreadableListing, read_advert, read_listing
from scrapers.report import Report
from scrapers.runs import Run
from scrapers.sources import SourceKind
from scrapers.spiders.requests import detail_request, list_request

_GONE = (404, 410)
_NO_SUCH_PAGE = (400, 404, 410, 416)
"""Answers of WordPress and others to the number of a page behind the last."""
_NOT_MODIFIED = 304
_LONGEST_VALIDATOR = 200
_MOST_SITEMAPS = 200
_DEEPEST_SITEMAP = 3


class SourceSpider(Spider):
    """One crawl of one source. Everything it learns goes into `run` and `report`."""

    name = "source"

    def __init__(self, *, run: Run, report: Report, manners: Manners, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.report = report
        self.source = run.source
        self.manners = manners
        self._sitemaps: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._note_error, signal=signals.spider_error)
        crawler.signals.connect(spider._note_error, signal=signals.item_error)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the listing."""
        yield self._page(0)

    def parse_listing(self, response: Response, number: int) -> Iterator[Request | Found]:
        """Entries of one page; new and changed ones are followed."""
        self.report.pages_awaited -= 1
        if number and response.status in _NO_SUCH_PAGE and self._counts_pages():
            return
        self._note_answer(response)
        obstacle = obstacle_in(response, self.run.clock())
        if obstacle is not None:
            self.report.listing_failed(obstacle)
            if obstacle.leave or obstacle.outcome is RunOutcome.REFUSED:
                self._leave()
            return
        unchanged = "cached" in response.flags and not self.report.full
        if unchanged and self.source.kind is not SourceKind.SITEMAP_JSONLD:
            self.report.pages_read += 1
            return
        try:
            listing = read_listing(self.source, response.body, text_of(response), response.url)
        except UnreadableListing as error:
            self._listing_failed(f"{type(error).__name__}: {error}")
            return
        self.report.pages_read += 1
        before, news, repeats = len(self.run.listed), False, listing.repeats
        for entry in () if unchanged else listing.entries:
            if entry.posting_id in self.run.listed:
                repeats += 1
            else:
                for request_or_item in self._visit(entry):
                    news = True
                    yield request_or_item
        # A page without anything new is the end of the listing, shown again by some boards.
        self.run.notes.repeats += repeats if len(self.run.listed) > before else 0
        if response.meta.get("depth", 0) < _DEEPEST_SITEMAP:
            for url in listing.further:
                yield from self._sitemap(url)
        if len(self.run.listed) > before and (news or self.report.full):
            yield from self._next(listing, number)

    def parse_detail(self, response: Response, entry: Entry) -> Iterator[Found]:
        """One advert's own page."""
        self._note_answer(response)
        if response.status in _GONE:
            return
        if response.status == _NOT_MODIFIED:
            self.run.unchanged(entry)
            return
        obstacle = obstacle_in(response, self.run.clock())
        if obstacle is not None:
            if self.report.advert_failed(obstacle):
                self._leave()
            return
        yield Found(
            entry=entry,
            fields=read_advert(
                self.source, response.body, text_of(response), response.url, entry.fields
            ),
            original=Original(
                form=LetterForm.ANSWER,
                payload=response.body,
                url=response.url,
                charset=response.encoding if isinstance(response, TextResponse) else "",
            ),
            etag=_told(response, "etag"),
            last_modified=_told(response, "last-modified"),
        )

    def _visit(self, entry: Entry) -> Iterator[Request | Found]:
        visit = self.run.visit(entry)
        if visit not in (Visit.NEW, Visit.CHANGED, Visit.AGAIN):
            return
        detail = detail_of(self.source)
        if detail is None or (not entry.url and "{url}" in detail.url):
            yield Found(entry=entry, fields=entry.fields)
            return
        # What the listing itself tells of a posting may have changed although its page has not.
        alone = visit is Visit.CHANGED and entry.fields.keys() <= {"id", "url"}
        condition = condition_of(self.run.frontier.known.get(entry.posting_id)) if alone else {}
        yield detail_request(
            self.source,
            detail,
            entry,
            headers=condition,
            callback=self.parse_detail,
            errback=self._detail_failed,
            cb_kwargs={"entry": entry},
        )

    def _next(self, listing: Listing, number: int) -> Iterator[Request]:
        """The page after `number`, where the listing has one."""
        page = paging_of(self.source)
        if page is None or ((page.next or page.cursor) and not listing.following):
            return
        if number + 1 >= page.max_pages:
            self._listing_failed(f"more than max_pages ({page.max_pages}) pages")
            return
        yield self._page(number + 1, listing.following)

    def _counts_pages(self) -> bool:
        """Whether pages are asked for by number, so that only an answer tells which is the last."""
        page = paging_of(self.source)
        return page is not None and not page.next and not page.cursor

    def _page(self, number: int, following: str = "") -> Request:
        self.report.pages_awaited += 1
        return list_request(
            self.source,
            number,
            following,
            callback=self.parse_listing,
            errback=self._page_failed,
            cb_kwargs={"number": number},
            priority=10,
        )

    def _sitemap(self, url: str) -> Iterator[Request]:
        if url in self._sitemaps or len(self._sitemaps) >= _MOST_SITEMAPS:
            return
        self._sitemaps.add(url)
        self.report.pages_awaited += 1
        yield Request(
            self.source.absolute(url),
            callback=self.parse_listing,
            errback=self._page_failed,
            cb_kwargs={"number": 0},
            priority=10,
            dont_filter=True,
        )

    def _page_failed(self, failure: Failure) -> None:
        if self._put_off(failure):
            return
        self.report.pages_awaited -= 1
        self.report.listing_failed(obstacle_of(failure))

    def _detail_failed(self, failure: Failure) -> None:
        if self._put_off(failure):
            return
        if isinstance(failure.value, Forbidden):
            self.report.details_disallowed += 1
        else:
            self.report.advert_failed(obstacle_of(failure))

    def _put_off(self, failure: Failure) -> bool:
        """Whether a request was left to a later run; the run ends then."""
        error = failure.value
        if not isinstance(error, Postponed):
            return False
        if error.reason is not PostponedBy.TURNED_AWAY:
            self.report.postponed = self.report.postponed or obstacle_of(failure)
            self._leave()
        return True

    def _leave(self) -> None:
        """End the run: what waits in queues is not asked for either."""
        self.manners.allowance.close()
        raise CloseSpider("obstacle")

    def _listing_failed(self, detail: str) -> None:
        self.report.listing_failed(Obstacle(outcome=RunOutcome.FAILED, detail=detail[:300]))

    def _note_answer(self, response: Response) -> None:
        latency = response.meta.get("download_latency")
        self.run.notes.answer(response.status, latency, len(response.body))
        if response.status == 200:
            self._note_encoding(text_of(response))

    def _note_encoding(self, text: str) -> None:
        if tells_encoding(text):
            self.run.notes.text(encoded_twice=mended(text) != text)

    def _note_error(self, failure: Failure) -> None:
        self.report.errors.append(f"{type(failure.value).__name__}: {failure.value}"[:200])


def obstacle_of(failure: Failure) -> Obstacle:
    """What a request that got no answer means: forbidden by a rule, or failed."""
    error = failure.value
    if isinstance(error, Postponed):
        wait = error.wait_s or None
        return Obstacle(outcome=RunOutcome.PARTIAL, detail=str(error), retry_after_s=wait)
    outcome = RunOutcome.REFUSED if isinstance(error, Forbidden) else RunOutcome.FAILED
    wait = error.wait_s if isinstance(error, Unreachable) else None
    detail = f"{type(error).__name__}: {error}"[:300]
    by_rule = isinstance(error, Forbidden)
    return Obstacle(outcome=outcome, detail=detail, retry_after_s=wait, by_rule=by_rule)


def obstacle_in(response: Response, now: datetime) -> Obstacle | None:
    """What an answer says about going on."""
    before = response.meta.get("redirect_urls") or [response.url]
    return find_obstacle(
        response.status,
        headers_of(response),
        response.body,
        now=now,
        url=response.url,
        asked=before[0],
    )


def _told(response: Response, name: str) -> str:
    """A validator as the answer told it; one of unusual length is not kept."""
    value = headers_of(response).get(name, "")
    return value if len(value) <= _LONGEST_VALIDATOR and response.status == 200 else ""


def text_of(response: Response) -> str:
    """The body decoded as its headers or content say; undecodable bytes are replaced."""
    if isinstance(response, TextResponse):
        return response.text
    return response.body.decode("utf-8", "replace")


def headers_of(response: Response) -> dict[str, str]:
    """Headers by lower-case name."""
    named = response.headers.to_unicode_dict()
    return {str(name).lower(): str(value) for name, value in named.items()}
