"""Live crawls: one run of one source, and the loop that repeats it by the source's schedule."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta

from scrapy.crawler import AsyncCrawlerRunner

from scrapers.context import CrawlContext
from scrapers.drop_live import collect_drops
from scrapers.frontier import Standing
from scrapers.health.sentinels import due_sentinels
from scrapers.health.watching import read_again, watch_run
from scrapers.health_records import Verdict
from scrapers.items import RunOutcome, SourceRun
from scrapers.metrics import count_run
from scrapers.politeness import next_delay_s
from scrapers.publish import DeliveryError
from scrapers.report import Crawled, Report, judge
from scrapers.runs import Run
from scrapers.scrapy_settings import crawler_settings
from scrapers.sources import Source, SourceKind
from scrapers.spiders.source import SourceSpider
from scrapers.staying_away import Doorstep, settle_absence

LOG = logging.getLogger(__name__)
_QUIET = timedelta(seconds=60)
"""Runs without news are reported this often."""
_MOST_UNDELIVERED = 5
"""After so many failed deliveries in a row the process ends; its restart makes a new producer."""


async def crawl_once(
    source: Source, context: CrawlContext, *, full: bool, reported_at: datetime | None = None
) -> Crawled:
    """Crawl a source once; everything found is delivered and committed when this returns.

    Args:
        full: read the whole listing and let absences count.
        reported_at: when a run of this source was last reported.

    Raises:
        DeliveryError: the broker did not take a record; only finished batches are committed.
    """
    frontier = await context.frontier(source.id)
    await frontier.adopt()
    open_before = sum(known.standing is Standing.OPEN for known in frontier.known.values())
    run = Run(
        source, frontier, context.publisher.outbox(), now=context.clock(), clock=context.clock
    )
    health = await context.health(source.id)
    if full:
        run.sentinels = due_sentinels(health.history, run.now)
    report = Report(full=full)
    await _read(run, report, context)
    outcome, detail = judge(report, listed=len(run.listed), open_before=open_before)
    accepted = await health.is_accepted()
    watched = watch_run(run, report, health.history, accepted=accepted)
    complete = report.listing_complete and report.postponed is None
    if complete and outcome is not RunOutcome.FAILED:
        if full and source.lists_everything and not watched.holds_closing:
            await run.reconcile(())
        else:
            await run.expire()
    read_again(run, watched.read_again)
    conclusion = run.conclude(outcome, detail, health=watched.record, marks=watched.marks)
    context.published += run.published
    context.refused += run.refused
    news = _has_news(conclusion.record)
    due = news or reported_at is None or run.now - reported_at >= _QUIET
    if due and not report.nothing_seen:
        await run.deliver(conclusion)
    elif conclusion.changes.changed:
        await frontier.commit(conclusion.changes)
    await health.keep(watched.history, run.now, news=news, accepted=accepted)
    await settle_absence(source, context, report, conclusion.record)
    return Crawled(
        record=conclusion.record,
        retry_after_s=report.retry_after_s,
        unfinished=report.postponed is not None,
    )


async def _read(run: Run, report: Report, context: CrawlContext) -> None:
    """Let the spider read the source; when told to stop, what was found so far is committed."""
    runner = AsyncCrawlerRunner(crawler_settings(run.source, context.settings))
    manners = context.manners(run.source)
    task = runner.crawl(SourceSpider, run=run, report=report, manners=manners)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await runner.stop()
        await task
        await run.commit_batch(least=1)
        raise


def _has_news(record: SourceRun) -> bool:
    fine = (Verdict.HEALTHY, Verdict.UNJUDGED)
    unwell = record.health is not None and record.health.verdict not in fine
    counted = record.published or record.refused or record.withdrawn or record.marks
    return bool(counted) or unwell or record.outcome is not RunOutcome.OK


async def follow(source: Source, context: CrawlContext, stop: asyncio.Event) -> None:
    """Crawl a source by its schedule until `stop`; a failing source waits longer each time.

    Raises:
        DeliveryError: the broker took nothing for several runs.
    """
    collect = collect_drops if source.kind is SourceKind.DROP else crawl_once
    failures = 0
    full_at: datetime | None = None
    reported_at: datetime | None = None
    doorstep = Doorstep(source, context)
    while not stop.is_set():
        if away_s := await doorstep.wait_s():
            await _pause(stop, away_s)
            continue
        started = context.clock()
        due = full_at is None or (started - full_at).total_seconds() >= source.full_every_s
        wait: float | None = None
        try:
            crawled = await collect(source, context, full=due, reported_at=reported_at)
        except DeliveryError as error:
            failures += 1
            if failures > _MOST_UNDELIVERED:
                raise
            LOG.warning("%s: not delivered, the run will be repeated: %s", source.id, error)
            await (await context.frontier(source.id)).load()
            full_at = None  # the listing now in the cache was read, but nothing of it is known
        else:
            wait, record = crawled.retry_after_s, crawled.record
            count_run(record)
            failed = record.outcome in (RunOutcome.FAILED, RunOutcome.REFUSED)
            failures = failures + 1 if failed else 0
            if due and not failed and not crawled.unfinished:
                full_at = started
            reported_at = _last_report(record, reported_at)
            _log(record)
        spent = (context.clock() - started).total_seconds()
        delay = next_delay_s(source.schedule_s, failures) - spent
        await _pause(stop, max(delay, wait or 0.0, 0.05))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def _last_report(record: SourceRun, before: datetime | None) -> datetime:
    quiet = record.outcome is RunOutcome.OK and not (
        record.published or record.refused or record.withdrawn
    )
    if quiet and before is not None and record.finished_at - before < _QUIET:
        return before
    return record.finished_at


def _log(record: SourceRun) -> None:
    told = (record.source_id, record.outcome, record.listed, record.published, record.withdrawn)
    if record.outcome is RunOutcome.OK:
        news = record.published or record.withdrawn or record.refused
        LOG.log(
            logging.INFO if news else logging.DEBUG,
            "%s: %s, %d listed, %d published, %d withdrawn",
            *told,
        )
    else:
        LOG.warning("%s: %s, %d listed, %d published, %d withdrawn: %s", *told, record.detail)
