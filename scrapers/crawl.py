"""The crawler's process: topics, then history, then every source by its schedule."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

import redis.asyncio as redis_async

from config.settings import Settings
from scrapers.backfill import backfill
from scrapers.context import CrawlContext
from scrapers.frontier_store import SourceFrontier, sources_with_frontier
from scrapers.live import follow
from scrapers.publish import Publisher
from scrapers.push.lease import LeaseBusyError, LeaseLostError, SourceLease
from scrapers.runs import Run
from scrapers.scrapy_settings import quieten_scrapy
from scrapers.source_files import load_sources
from scrapers.sources import Source, SourceKind
from scrapers.topics_admin import ensure_topics

LOG = logging.getLogger(__name__)
_STATUS_EVERY_S = 5.0
_EXPIRY_EVERY_S = 3600.0
_STOP_WITHIN_S = 4.0


def main(settings: Settings) -> None:
    """Crawl until SIGTERM or SIGINT.

    Raises:
        SourceError: a source file is wrong; nothing is started.
    """
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Create topics, replay archives, then follow every enabled source until SIGTERM or SIGINT.

    Stops within five seconds; what is in flight is delivered and committed, or repeated at the
    next start.

    Raises:
        SourceError: a source file is wrong.
        DeliveryError: the broker failed during the backfill; a restart continues it.
    """
    sources = [source for source in load_sources(settings.sources_dir) if source.enabled]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    quieten_scrapy()
    await ensure_topics(settings.bootstrap_servers)
    redis = redis_async.Redis.from_url(settings.redis_url)
    try:
        async with Publisher(settings.bootstrap_servers) as publisher:
            context = CrawlContext(settings=settings, publisher=publisher, redis=redis)
            await _until_stopped(_work(sources, context, stop), stop)
            await context.show_status({"phase": "stopped"})
    finally:
        await redis.aclose()


async def _work(sources: Sequence[Source], context: CrawlContext, stop: asyncio.Event) -> None:
    await context.show_status({"phase": "backfill", "day": "", "sources": len(sources)})
    result = await backfill(sources, context, stop)
    LOG.info(
        "history read: %d days, %d postings, %d refused",
        result.days,
        result.postings,
        result.refused,
    )
    if stop.is_set():
        return
    crawled = [source for source in sources if source.kind is not SourceKind.FILE]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_show_live(context, stop))
        tasks.create_task(_expire_unlisted(sources, context, stop))
        for source in crawled:
            tasks.create_task(follow(source, context, stop))


async def _until_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Run `work` to its end, or after `stop` for as long as stopping may take."""
    task = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        await asyncio.wait({task}, timeout=_STOP_WITHIN_S / 2)
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_STOP_WITHIN_S / 2)
    stopping.cancel()
    if task.done() and not task.cancelled():
        task.result()


async def _show_live(context: CrawlContext, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await context.show_status({"phase": "live"})
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _STATUS_EVERY_S)


async def _expire_unlisted(
    sources: Sequence[Source], context: CrawlContext, stop: asyncio.Event
) -> None:
    """Postings from files end by date alone; nothing crawls their sources."""
    crawled = {source.id for source in sources if source.kind is not SourceKind.FILE}
    while not stop.is_set():
        for source_id in await sources_with_frontier(context.redis):
            if source_id not in crawled:
                await _expire_source(source_id, context)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EXPIRY_EVERY_S)


async def _expire_source(source_id: str, context: CrawlContext) -> None:
    """Alone with the frontier: the dashboard may be taking a push of this source meanwhile."""
    try:
        async with SourceLease(context.redis, source_id) as lease:
            await _expire_frontier(SourceFrontier(context.redis, source_id, fence=lease), context)
    except (LeaseBusyError, LeaseLostError, redis_async.WatchError) as error:
        LOG.warning("%s: not expired this time: %s", source_id, error)


async def _expire_frontier(frontier: SourceFrontier, context: CrawlContext) -> None:
    await frontier.load()
    source_id = frontier.source_id
    source = Source(id=source_id, name=source_id, kind=SourceKind.FILE)
    run = Run(
        source, frontier, context.publisher.outbox(), now=context.clock(), clock=context.clock
    )
    last_run_at = frontier.last_run_at
    await run.expire()
    frontier.last_run_at = last_run_at
    if run.withdrawn:
        await run.outbox.delivered()
        await frontier.commit(frontier.take_changes())
        LOG.info("%s: %d postings expired", source_id, run.withdrawn)
