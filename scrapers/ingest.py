"""Files of postings or supply, through the same border and topics as crawled sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import redis.asyncio as redis_async

from config.settings import Settings
from scrapers.context import CrawlContext
from scrapers.formats.rows import TableError
from scrapers.frontier_store import SourceFrontier
from scrapers.items import BY_HAND, RunOutcome, Stage
from scrapers.parsing.columns import ColumnError, TableKind
from scrapers.publish import Publisher
from scrapers.push.lease import LeaseBusyError, LeaseLostError, SourceLease
from scrapers.push.providers import ProviderStore
from scrapers.runs import Run
from scrapers.source_files import load_source
from scrapers.sources import Source, SourceKind
from scrapers.table_files import TableFile, Taken
from scrapers.table_run import take_table
from scrapers.topics_admin import ensure_topics

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")


class SourceTakenError(ValueError):
    """Files cannot be taken into this source; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of one file's rows; `rows = accepted + unchanged + refused`."""

    source_id: str
    mapping: Mapping[str, str]
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]
    """Columns about persons, of which nothing was kept."""
    rows: int
    accepted: int
    unchanged: int
    """Rows that an earlier ingestion had already published as they are."""
    refused: int


def source_id_of(path: Path) -> str:
    """A source id made of a file's name."""
    stem = path.name.lower().split(".")[0]
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40] or "file"


async def ingest(
    settings: Settings,
    path: Path,
    *,
    source_id: str = "",
    kind: TableKind = TableKind.POSTINGS,
    mapping: Mapping[str, str] | None = None,
    feed: str = "",
) -> Ingested:
    """Publish one file's rows. Repeating it publishes nothing twice.

    Refused rows become dead letters that name file and row; a run is reported. Postings without a
    closing date are taken as closed 60 days after their date.

    Args:
        source_id: default: from the file's name.
        mapping: column → field, for columns whose names do not tell.
        feed: schema of a supply table; default: the one that the source is known for, if any.

    Raises:
        TableError: the file cannot be read. ColumnError: its columns do not fit.
        FeedUnknownError: there is no such feed. SourceTakenError: the source is another's.
        SourceError: the source's file is wrong.
        DeliveryError: the broker did not take the rows; repeat the command.
    """
    source = file_source(settings, source_id or source_id_of(path), path.name)
    file = TableFile(path=path, name=path.name, kind=kind, feed=feed, told=mapping or {})
    await ensure_topics(settings.bootstrap_servers)
    redis = redis_async.Redis.from_url(settings.redis_url)
    try:
        async with Publisher(settings.bootstrap_servers) as publisher:
            context = CrawlContext(settings=settings, publisher=publisher, redis=redis)
            await _leave_to_its_provider(redis, source.id)
            async with SourceLease(redis, source.id) as lease:
                return _told(source, await _take(source, context, file, lease))
    except LeaseBusyError as error:
        raise SourceTakenError(
            f"{source.id}: another command or the dashboard is at work on it; try again later"
        ) from error
    except (LeaseLostError, redis_async.WatchError) as error:
        raise SourceTakenError(
            f"{source.id}: this command was stopped too long, and another took over; repeat it"
        ) from error
    finally:
        await redis.aclose()


def file_source(settings: Settings, source_id: str, file_name: str) -> Source:
    """The source that a file's rows belong to: as its file declares it, else a plain one.

    Raises:
        SourceTakenError: the id is no id, or belongs to a source that is read by itself.
        SourceError: the source's file is wrong.
    """
    if not _ID.fullmatch(source_id):
        raise SourceTakenError(
            f"source {source_id!r}: expected small letters, digits, - and _, at most 41"
        )
    declared = settings.sources_dir / f"{source_id}.yaml"
    if not declared.exists():
        return Source(id=source_id, name=file_name, kind=SourceKind.FILE)
    source = load_source(declared)
    if source.kind is not SourceKind.FILE:
        raise SourceTakenError(
            f"{declared}: {source_id} is read by the crawler ({source.kind}), and its postings are "
            "its own; give the file another source"
        )
    return source


async def _leave_to_its_provider(redis: redis_async.Redis, source_id: str) -> None:
    if await ProviderStore(redis).get(source_id) is not None:
        raise SourceTakenError(
            f"{source_id} belongs to the provider of this name, which pushes by itself; "
            "give the file another source"
        )


async def _take(
    source: Source, context: CrawlContext, file: TableFile, lease: SourceLease
) -> Taken:
    frontier = SourceFrontier(context.redis, source.id, fence=lease)
    await frontier.load()
    run = Run(
        source,
        frontier,
        context.publisher.outbox(),
        now=context.clock(),
        clock=context.clock,
        stage=Stage.INGEST,
    )
    try:
        taken = await take_table(run, file)
    except (TableError, ColumnError) as error:
        if run.published or run.refused:  # what stood above the error has been sent
            await run.deliver(run.conclude(RunOutcome.PARTIAL, str(error)))
        raise
    outcome = RunOutcome.OK if taken.rows > taken.refused else RunOutcome.FAILED
    await run.deliver(run.conclude(outcome, f"{BY_HAND}{file.name}"))
    return taken


def _told(source: Source, taken: Taken) -> Ingested:
    return Ingested(
        source_id=source.id,
        mapping=taken.mapping,
        warnings=taken.warnings,
        left_out=taken.left_out,
        rows=taken.rows,
        accepted=taken.accepted,
        unchanged=taken.unchanged,
        refused=taken.refused,
    )
