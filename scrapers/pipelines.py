"""The story of an item: validated, then published. What is refused becomes a dead letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from scrapers.items import JobPosting
from scrapers.letters import Original, fields_read
from scrapers.parsing.fields import RawFields
from scrapers.parsing.posting import Refused, make_posting
from scrapers.reading import Entry
from scrapers.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read of one listed entry."""

    entry: Entry
    fields: RawFields | Refused
    original: Original | None = None
    """What it was read from, for the dead letter; `None`: the fields of the listing's entry."""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """A posting that passed the border."""

    entry: Entry
    posting: JobPosting
    etag: str = ""
    last_modified: str = ""


class _RunPipeline:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _run(self) -> Run:
        spider: Any = self._crawler.spider
        run: Run = spider.run
        return run


class Validate(_RunPipeline):
    """Raw fields → posting, or dead letter."""

    async def process_item(self, item: Found) -> Validated:
        """The posting; refused items go no further."""
        run, entry = self._run, item.entry
        posting: JobPosting | Refused
        if isinstance(item.fields, Refused):
            posting = item.fields
        else:
            posting = make_posting(
                item.fields,
                source=run.source,
                posting_id=entry.posting_id,
                fetched_at=run.now,
                published_at=run.clock(),
            )
        if isinstance(posting, Refused):
            await run.refuse(entry, posting, item.original or fields_read(entry.fields))
            await run.commit_batch()
            raise DropItem(posting.reason)
        return Validated(
            entry=entry, posting=posting, etag=item.etag, last_modified=item.last_modified
        )


class Publish(_RunPipeline):
    """Posting → topic; it counts as known once the broker has acknowledged its batch."""

    async def process_item(self, item: Validated) -> Validated:
        """The item, queued for delivery."""
        await self._run.publish(
            item.posting, item.entry.digest, etag=item.etag, last_modified=item.last_modified
        )
        self._run.outbox.flush()
        await self._run.commit_batch()
        return item
