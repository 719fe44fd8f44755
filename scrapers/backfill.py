"""History: archived days of all sources, merged by date, through the same runs as live crawls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner, Crawler

from scrapers.context import CrawlContext
from scrapers.frontier import Visit
from scrapers.items import LetterForm, RunOutcome
from scrapers.letters import Original
from scrapers.parsing.dates import local_day
from scrapers.parsing.json_paths import JsonError, decode_json
from scrapers.parsing.posting import Refusal, Refused
from scrapers.reading import Entry, archived_entry
from scrapers.runs import Conclusion, Run
from scrapers.scrapy_settings import crawler_settings
from scrapers.sources import Source
from scrapers.spiders.archive import ArchiveBroken, ArchivedDay, ArchiveSpider, Handed

LOG = logging.getLogger(__name__)
_WINDOW = 16
"""Days fetched ahead for each source."""
_DAYS_BETWEEN_REPORTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillResult:
    """What a backfill did."""

    days: int
    postings: int
    refused: int
    broken: tuple[str, ...]
    """Sources whose archive could not be read to its end, with the reason."""


class _DayStream:
    """The days of one source's archive, in order, as the spider delivers them."""

    def __init__(self, source: Source, context: CrawlContext, after: str) -> None:
        self.source = source
        self.head: ArchivedDay | None = None
        self.broken = ""
        self._manners = context.manners(source)
        self._queue: asyncio.Queue[Handed] = asyncio.Queue()
        runner = AsyncCrawlerRunner(crawler_settings(source, context.settings))
        self._crawler: Crawler = runner.create_crawler(ArchiveSpider)
        self._task = asyncio.create_task(self._crawl(runner, after))

    async def advance(self) -> None:
        """Make `head` the next day; `None` at the end or where the archive breaks."""
        if self.head is not None:
            spider: Any = self._crawler.spider
            spider.taken()
        handed = await self._queue.get()
        self.head = handed if isinstance(handed, ArchivedDay) else None
        if isinstance(handed, ArchiveBroken):
            self.broken = handed.detail

    async def close(self) -> None:
        """Stop fetching and wait until the crawler has ended."""
        spider: Any = self._crawler.spider
        if spider is not None:
            spider.give_up()
        if not self._task.done():
            await self._crawler.stop_async()
        await asyncio.wait({self._task})

    async def _crawl(self, runner: AsyncCrawlerRunner, after: str) -> None:
        try:
            await runner.crawl(
                self._crawler,
                source=self.source,
                manners=self._manners,
                after=after,
                days=self._queue,
                window=_WINDOW,
            )
        finally:
            self._queue.put_nowait(None)


async def backfill(
    sources: Sequence[Source], context: CrawlContext, stop: asyncio.Event
) -> BackfillResult:
    """Replay every archived day that was not completed before, oldest first.

    Days of different sources are merged by date, so that event time moves forward evenly. A day
    is complete when the broker has all its records; after `stop` the day in work is completed, and
    the next backfill continues with the day after.

    Raises:
        DeliveryError: the broker did not take a record; start again to continue.
    """
    archived = [
        source
        for source in sources
        if source.archive is not None and not await _turned_away(source, context)
    ]
    streams = [await _open(source, context) for source in archived]
    counts = _Counts()
    delivering: asyncio.Task[None] | None = None
    try:
        await asyncio.gather(*(stream.advance() for stream in streams))
        while not stop.is_set():
            heads = [stream for stream in streams if stream.head is not None]
            if not heads:
                break
            day = min(stream.head.day for stream in heads if stream.head is not None)
            round_ = [stream for stream in heads if stream.head and stream.head.day == day]
            conclusions = [await _collect(stream, context, counts) for stream in round_]
            if delivering is not None:
                await delivering
            delivering = asyncio.create_task(_deliver(conclusions))
            await asyncio.gather(*(stream.advance() for stream in round_))
            await _report(context, counts, day, streams)
        if delivering is not None:
            await delivering
    finally:
        await asyncio.gather(*(stream.close() for stream in streams))
    broken = tuple(f"{s.source.id}: {s.broken}" for s in streams if s.broken)
    for detail in broken:
        LOG.error("archive broken off: %s", detail)
    return BackfillResult(
        days=counts.days, postings=counts.postings, refused=counts.refused, broken=broken
    )


@dataclass(slots=True)
class _Counts:
    days: int = 0
    postings: int = 0
    refused: int = 0


async def _turned_away(source: Source, context: CrawlContext) -> bool:
    """Whether we keep away from a source; its history is read at a later start."""
    absence = await context.absences.last(source)
    return absence is not None and absence.until > context.clock()


async def _open(source: Source, context: CrawlContext) -> _DayStream:
    frontier = await context.frontier(source.id)
    seen = local_day(frontier.last_run_at).isoformat() if frontier.last_run_at else ""
    return _DayStream(source, context, after=max(frontier.archive_day, seen))


async def _collect(
    stream: _DayStream, context: CrawlContext, counts: _Counts
) -> tuple[Run, Conclusion]:
    """One archived day as one run: postings, then what the listing's absences mean."""
    archived = stream.head
    if archived is None:
        raise ValueError("a stream without a day cannot be collected")
    source, answer = stream.source, archived.answer
    frontier = await context.frontier(source.id)
    run = Run(
        source,
        frontier,
        context.publisher.outbox(),
        now=archived.observed_at,
        clock=context.clock,
        archived=True,
    )
    if answer is not None:
        for raw in answer.postings:
            await accept_archived(run, source, bytes(raw))
        await run.reconcile({str(posting_id) for posting_id in answer.listed_ids})
    frontier.archive_day = archived.day.isoformat()
    outcome = RunOutcome.OK if answer is not None else RunOutcome.FAILED
    counts.days += 1
    counts.postings += run.published
    counts.refused += run.refused
    context.published += run.published
    context.refused += run.refused
    return run, run.conclude(outcome, archived.detail)


async def accept_archived(run: Run, source: Source, raw: bytes) -> None:
    """One posting of an archived day: published where it is new or changed, or its dead letter."""
    original = Original(form=LetterForm.ARCHIVED, payload=raw)
    unknown = Entry(posting_id="", url="", digest="", modified_at=None, fields={})
    try:
        entry = archived_entry(source, decode_json(raw), raw)
    except JsonError as error:
        told = Refused(reason=Refusal.PAGE_UNREADABLE, detail=str(error))
        await run.refuse(unknown, told, original)
        return
    if entry is None:
        detail = "no identifier found; expected one"
        await run.refuse(unknown, Refused(reason=Refusal.ID_MISSING, detail=detail), original)
    elif run.visit(entry) in (Visit.NEW, Visit.CHANGED):
        await run.accept(entry, entry.fields, original=original)


async def _deliver(concluded: Sequence[tuple[Run, Conclusion]]) -> None:
    await asyncio.gather(*(run.deliver(conclusion) for run, conclusion in concluded))


async def _report(
    context: CrawlContext, counts: _Counts, day: date, streams: Sequence[_DayStream]
) -> None:
    left = max((s.head.days_left + 1 for s in streams if s.head is not None), default=0)
    if left and day.toordinal() % _DAYS_BETWEEN_REPORTS:
        return
    await context.show_status({"phase": "backfill", "day": day.isoformat(), "days_left": left})
    LOG.info("backfill day %s: %d postings, %d days left", day, counts.postings, left)
