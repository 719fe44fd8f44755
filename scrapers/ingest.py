"""Files of postings or supply, through the same border and topics as crawled sources."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import redis.asyncio as redis_async

from config.settings import Settings
from config.topics import SUPPLY
from scrapers.context import CrawlContext
from scrapers.frontier import Visit
from scrapers.items import LetterForm, RunOutcome, Stage
from scrapers.letters import Original
from scrapers.parsing.columns import TableKind, map_columns
from scrapers.parsing.posting import Refusal, Refused
from scrapers.parsing.supply import SupplyRefused, make_supply
from scrapers.publish import Publisher
from scrapers.reading import Entry
from scrapers.runs import Run
from scrapers.sources import Source, SourceKind
from scrapers.tables import Row, RowError, TableError, read_rows
from scrapers.topics_admin import ensure_topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of one file's rows; `rows = accepted + unchanged + refused`."""

    source_id: str
    mapping: Mapping[str, str]
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
) -> Ingested:
    """Publish one file's rows. Repeating it publishes nothing twice.

    Refused rows become dead letters that name the row; a run is reported. Postings without a
    closing date are taken as closed 60 days after their date.

    Args:
        source_id: default: from the file's name.
        mapping: column → field, for columns whose names do not tell.

    Raises:
        TableError: the file cannot be read. ColumnError: its columns do not fit.
        DeliveryError: the broker did not take the rows; repeat the command.
    """
    source = Source(id=source_id or source_id_of(path), name=path.name, kind=SourceKind.FILE)
    await ensure_topics(settings.bootstrap_servers)
    redis = redis_async.Redis.from_url(settings.redis_url)
    try:
        async with Publisher(settings.bootstrap_servers) as publisher:
            context = CrawlContext(settings=settings, publisher=publisher, redis=redis)
            return await _Ingestion(context, source, kind, mapping or {}).run(path)
    finally:
        await redis.aclose()


class _Ingestion:
    def __init__(
        self, context: CrawlContext, source: Source, kind: TableKind, told: Mapping[str, str]
    ) -> None:
        self._context, self._source, self._kind, self._told = context, source, kind, told
        self._columns: dict[str, str] = {}
        self._accepted = self._unchanged = self._rows = 0

    async def run(self, path: Path) -> Ingested:
        """Every row of the file, then delivery and commit."""
        context = self._context
        run = Run(
            self._source,
            await context.frontier(self._source.id),
            context.publisher.outbox(),
            now=context.clock(),
            clock=context.clock,
            stage=Stage.INGEST,
        )
        for row in read_rows(path):
            self._rows += 1
            if isinstance(row, RowError):
                detail = f"row {row.number}: {row}"
                original = Original(form=LetterForm.ROW, payload=row.raw)
                await self._refuse(run, Refusal.ROW_UNREADABLE, detail, original)
                continue
            if not self._columns:
                self._columns = map_columns(row[1], self._kind, self._told)
            await self._take(run, row)
        if not self._rows:
            raise TableError(f"{path}: no row below the heading")
        outcome = RunOutcome.OK if self._rows > run.refused else RunOutcome.FAILED
        await run.deliver(run.conclude(outcome, f"file {path.name}"))
        return Ingested(
            source_id=self._source.id,
            mapping=self._columns,
            rows=self._rows,
            accepted=self._accepted,
            unchanged=self._unchanged,
            refused=run.refused,
        )

    async def _take(self, run: Run, row: Row) -> None:
        number, cells = row
        fields: dict[str, str] = {}
        for column, field in self._columns.items():
            if cells.get(column, "").strip():
                fields[field] = cells[column].strip()
        if self._kind is TableKind.SUPPLY:
            await self._take_supply(run, number, fields)
            return
        raw = msgspec.json.encode(sorted(fields.items()))
        digest = hashlib.blake2b(raw, digest_size=8).hexdigest()
        posting_id = fields.get("id") or f"row-{digest}"
        entry = Entry(posting_id=posting_id, url="", digest=digest, modified_at=None, fields=fields)
        if run.visit(entry) not in (Visit.NEW, Visit.CHANGED):
            self._unchanged += 1
            return
        refused = await run.accept(entry, fields, where=f"row {number}: ")
        self._accepted += not isinstance(refused, Refused)

    async def _take_supply(self, run: Run, number: int, fields: Mapping[str, str]) -> None:
        now = self._context.clock()
        record = make_supply(fields, source_id=self._source.id, published_at=now)
        if isinstance(record, SupplyRefused):
            detail = f"row {number}: {record.detail}"
            original = Original(form=LetterForm.SUPPLY, payload=msgspec.json.encode(fields))
            await self._refuse(run, record.reason, detail, original)
            return
        run.outbox.send(SUPPLY, record.record_id.encode(), record)
        run.published += 1
        self._accepted += 1

    async def _refuse(self, run: Run, reason: str, detail: str, original: Original) -> None:
        unknown = Entry(posting_id="", url="", digest="", modified_at=None, fields={})
        await run.refuse(unknown, Refused(reason=reason, detail=detail), original)
