"""Dead letters of the collection, read again from their own bytes with today's rules and code.

Nothing is fetched: what passes now is published as it was seen at the letter's event time, and
handed to the crawler, which alone keeps the frontier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec
import redis.asyncio as redis_async

from config.feeds import feed_named
from config.settings import Settings
from config.topics import SUPPLY
from scrapers.context import CrawlContext
from scrapers.frontier import Known, may_be_reread, take_reread
from scrapers.items import DeadLetter, LetterForm, Origin, Stage, SupplyRecord
from scrapers.parsing.fields import RawFields
from scrapers.parsing.posting import Refusal, Refused, make_posting
from scrapers.parsing.pushed import Unusable, read_pushed
from scrapers.parsing.supply import SupplyRefused, make_supply
from scrapers.parsing.supply_rows import make_record
from scrapers.publish import Outbox, Publisher
from scrapers.push.providers import ProviderStore
from scrapers.push.records import Reason
from scrapers.reading import Entry, archived_entry, read_advert
from scrapers.runs import Run
from scrapers.source_files import load_sources
from scrapers.sources import Source, SourceKind
from scrapers.topics_admin import ensure_topics

_COLLECTING: Final = frozenset({Stage.CRAWL, Stage.INGEST, Stage.PUSH})


class NotPossible(StrEnum):
    """Why a letter cannot be read again."""

    NOT_COLLECTED = "not_collected"
    """It is of another stage than crawl, ingest or push, or does not say how its bytes came in."""
    CUT = "cut"
    """Only the beginning of the bytes could be kept."""
    ROW_WITHOUT_CELLS = "row_without_cells"
    """The row of a file could not be taken apart; which cell is which is not known."""
    FILE_REFUSED = "file_refused"
    """A whole file was refused; only its name is kept."""
    SOURCE_UNKNOWN = "source_unknown"
    """No source file of this name exists any more, or it no longer declares what was read."""
    NEWER_PUBLISHED = "newer_published"
    """This posting, or a later version of it, has been published since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What became of each letter, by letter id, in the order of event time."""

    published: tuple[str, ...]
    refused: tuple[tuple[str, str, str], ...]
    """Letter, reason and detail of what is still refused."""
    not_possible: tuple[tuple[str, NotPossible], ...]


async def reread(settings: Settings, letters: Sequence[DeadLetter]) -> Reread:
    """Read letters (each id once) of the stages of collection again and publish what passes now.

    A letter may be read again any number of times: what was published from it is not published
    twice, unless the crawler's memory of it has been lost, and then as the same record.

    Raises:
        SourceError: a source file is wrong. DeliveryError: the broker did not take the records;
            repeat the call.
    """
    declared = {source.id: source for source in load_sources(settings.sources_dir)}
    await ensure_topics(settings.bootstrap_servers)
    redis = redis_async.Redis.from_url(settings.redis_url)
    try:
        providers = await ProviderStore(redis).all()
        sources = {**{one.id: one.source() for one in providers.values()}, **declared}
        async with Publisher(settings.bootstrap_servers) as publisher:
            context = CrawlContext(settings=settings, publisher=publisher, redis=redis)
            return await _Rereading(context, sources).all_of(letters)
    finally:
        await redis.aclose()


def read_again(letter: DeadLetter, source: Source) -> Entry | Refused | NotPossible:
    """The posting in a letter's bytes, by the rules of `source`; pure."""
    origin = letter.origin
    if origin is None:
        return NotPossible.NOT_COLLECTED
    if origin.cut:
        return NotPossible.CUT
    if origin.form is LetterForm.ROW:
        return NotPossible.ROW_WITHOUT_CELLS
    if origin.form is LetterForm.FILE:
        return NotPossible.FILE_REFUSED
    if origin.form is LetterForm.FIELDS:
        return _entry(letter, origin, msgspec.json.decode(letter.payload, type=dict[str, str]))
    if origin.form is LetterForm.PUSHED:
        return _pushed_entry(letter, origin)
    if source.listing is None:
        return NotPossible.SOURCE_UNKNOWN
    if origin.form is LetterForm.ARCHIVED:
        node = msgspec.json.decode(letter.payload)
        unknown = Refused(reason=Refusal.ID_MISSING, detail="no identifier found; expected one")
        return archived_entry(source, node, letter.payload) or unknown
    text = letter.payload.decode(origin.charset or "utf-8", "replace")
    fields = read_advert(source, letter.payload, text, origin.url, dict(origin.listed))
    return fields if isinstance(fields, Refused) else _entry(letter, origin, fields)


def _entry(letter: DeadLetter, origin: Origin, fields: RawFields) -> Entry:
    return Entry(
        posting_id=letter.posting_id,
        url=fields.get("url", ""),
        digest=origin.digest,
        modified_at=None,
        fields=fields,
    )


def _pushed_entry(letter: DeadLetter, origin: Origin) -> Entry | Refused:
    content = read_pushed(msgspec.json.decode(letter.payload))
    if isinstance(content, Unusable):
        told = "; ".join(f"{error.field}: expected {error.expected}" for error in content.errors)
        return Refused(reason=Reason.SCHEMA, detail=told[:500])
    return Entry(
        posting_id=content.posting_id,
        url=content.fields.get("url", ""),
        digest=origin.digest,
        modified_at=None,
        fields=content.fields,
    )


class _Rereading:
    def __init__(self, context: CrawlContext, sources: Mapping[str, Source]) -> None:
        self._context, self._sources = context, sources
        self._outbox: Outbox = context.publisher.outbox()
        self._handed: dict[str, list[tuple[str, Known]]] = {}

    async def all_of(self, letters: Sequence[DeadLetter]) -> Reread:
        """Every letter, the oldest observation first; then delivery; then the hand-over."""
        published: list[str] = []
        refused: list[tuple[str, str, str]] = []
        not_possible: list[tuple[str, NotPossible]] = []
        for letter in sorted(letters, key=_event_order):
            outcome = await self._take(letter)
            if isinstance(outcome, NotPossible):
                not_possible.append((letter.letter_id, outcome))
            elif outcome is None:
                published.append(letter.letter_id)
            else:
                refused.append((letter.letter_id, str(outcome.reason), outcome.detail))
        await self._outbox.delivered()
        for source_id, handed in self._handed.items():
            await self._context.frontiers[source_id].hand_over(handed)
        return Reread(
            published=tuple(published), refused=tuple(refused), not_possible=tuple(not_possible)
        )

    async def _take(self, letter: DeadLetter) -> Refused | SupplyRefused | NotPossible | None:
        """`None`: published."""
        if letter.origin is None or letter.stage not in _COLLECTING:
            return NotPossible.NOT_COLLECTED
        if letter.origin.form is LetterForm.SUPPLY:
            return self._take_supply(letter, letter.origin)
        source = self._source_of(letter)
        if source is None:
            return NotPossible.SOURCE_UNKNOWN
        try:
            entry = read_again(letter, source)
        except msgspec.DecodeError as error:
            return Refused(reason=Refusal.PAGE_UNREADABLE, detail=f"not JSON as expected: {error}")
        if not isinstance(entry, Entry):
            return entry
        return await self._publish(letter, letter.origin.form, source, entry)

    async def _publish(
        self, letter: DeadLetter, form: LetterForm, source: Source, entry: Entry
    ) -> Refused | NotPossible | None:
        context = self._context
        posting = make_posting(
            entry.fields,
            source=source,
            posting_id=entry.posting_id,
            fetched_at=letter.event_time,
            published_at=context.clock(),
        )
        if isinstance(posting, Refused):
            return posting
        frontier = await context.frontier(source.id)
        before = frontier.known.get(entry.posting_id)
        if not may_be_reread(before, letter.event_time):
            return NotPossible.NEWER_PUBLISHED
        run = Run(
            source,
            frontier,
            self._outbox,
            now=letter.event_time,
            clock=context.clock,
            archived=form is LetterForm.ARCHIVED,
        )
        await run.publish(posting, entry.digest)
        published = frontier.known[entry.posting_id]
        self._handed.setdefault(source.id, []).append((entry.posting_id, published))
        known = take_reread(before, published, frontier.listed_at)
        if known is not None:
            frontier.remember({entry.posting_id: known})
        return None

    def _take_supply(
        self, letter: DeadLetter, origin: Origin
    ) -> SupplyRefused | NotPossible | None:
        if origin.cut:
            return NotPossible.CUT
        fields = msgspec.json.decode(letter.payload, type=dict[str, str])
        # Dated by its event time, so that it never replaces a row that was ingested later.
        record = _supply_again(fields, letter)
        if isinstance(record, SupplyRefused):
            return record
        self._outbox.send(SUPPLY, record.record_id.encode(), record)
        return None

    def _source_of(self, letter: DeadLetter) -> Source | None:
        declared = self._sources.get(letter.source_id)
        if declared is None and letter.stage is Stage.INGEST:
            return Source(id=letter.source_id, name=letter.source_id, kind=SourceKind.FILE)
        return declared


def _supply_again(fields: dict[str, str], letter: DeadLetter) -> SupplyRecord | SupplyRefused:
    """The record of a refused row, by the schema under which it came."""
    if not fields.get("feed"):
        return make_supply(fields, source_id=letter.source_id, published_at=letter.event_time)
    feed = feed_named(fields.pop("feed"))
    return make_record(fields, feed, source_id=letter.source_id, received_at=letter.event_time)


def _event_order(letter: DeadLetter) -> tuple[datetime, str]:
    return letter.event_time, letter.letter_id
