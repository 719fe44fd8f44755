"""One crawl of one source: what it found is validated, published and remembered, in that order.

Nothing is written to the frontier before the broker has acknowledged the records it stands for,
so a crash repeats a run instead of losing a posting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from config.topics import DEAD_LETTERS, POSTINGS, SOURCE_RUNS
from scrapers.frontier import (
    Known,
    Reconciliation,
    Standing,
    Visit,
    decide_visit,
    expire,
    reconcile,
)
from scrapers.frontier_store import Changes, SourceFrontier
from scrapers.health.notes import Notes, seen
from scrapers.health.sentinels import PER_RUN
from scrapers.health_records import RunHealth, SourceMark
from scrapers.items import JobPosting, RunOutcome, SourceRun, Stage
from scrapers.letters import Original, fields_read, letter_of
from scrapers.parsing.encoded_twice import mended_fields, tells_encoding
from scrapers.parsing.fields import RawFields
from scrapers.parsing.posting import Refused, make_posting
from scrapers.publish import DeliveryError, Outbox, partition_key
from scrapers.reading import Entry
from scrapers.remembered import published_known, refused_known
from scrapers.sources import Source
from scrapers.withdrawals import told_withdrawals, withdrawal_records

LOG = logging.getLogger(__name__)
_BATCH = 50
"""Records of a live run after which they are delivered and committed. While that happens as many
again may be sent, so that a kill repeats a hundred at most, besides what is on its way."""

Clock = Callable[[], datetime]
"""Wall-clock time (UTC), used for latency marks only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """How a run ended, and what it changes in the frontier once that is delivered."""

    record: SourceRun
    changes: Changes


class Run:
    """A crawl in progress. `now` is its event time."""

    def __init__(
        self,
        source: Source,
        frontier: SourceFrontier,
        outbox: Outbox,
        *,
        now: datetime,
        clock: Clock,
        stage: Stage = Stage.CRAWL,
        archived: bool = False,
    ) -> None:
        self.source, self.frontier, self.outbox = source, frontier, outbox
        self.now, self.clock, self.stage = now, clock, stage
        self._archived = archived
        self.listed: set[str] = set()
        self.published = 0
        self.refused = 0
        self.withdrawn = 0
        self._settled = False
        """Whether the whole listing was read and absences were counted."""
        self._uncommitted = 0
        self._committing = asyncio.Lock()
        self._broken = False
        self.notes = Notes()
        self.sentinels: frozenset[str] = frozenset()
        """Known postings of which some are to be read again, for comparison."""
        self._again: set[str] = set()

    @property
    def run_id(self) -> str:
        """`source_id:time`."""
        return f"{self.source.id}:{self.now.isoformat()}"

    def visit(self, entry: Entry) -> Visit:
        """Whether a listed entry must be read; counts it as listed."""
        self.listed.add(entry.posting_id)
        known = self.frontier.known.get(entry.posting_id)
        if self._archived and known is not None:
            return Visit.UNCHANGED if known.digest == entry.digest else Visit.CHANGED
        decision = decide_visit(known, entry.digest, entry.modified_at, self.frontier.last_run_at)
        self.notes.new += decision is Visit.NEW
        self.notes.wanted += decision in (Visit.NEW, Visit.CHANGED)
        if decision is Visit.UNCHANGED and self._may_read_again(entry.posting_id, known):
            self._again.add(entry.posting_id)
            return Visit.AGAIN
        if decision is Visit.ADOPTED and known is not None:
            adopted = replace(known, digest=entry.digest, adopt=False)
            self.frontier.remember({entry.posting_id: adopted})
        return decision

    def unchanged(self, entry: Entry) -> None:
        """Take a changed entry whose advert's own page is as it was published."""
        self.notes.wanted -= 1
        known = self.frontier.known[entry.posting_id]
        self.frontier.remember({entry.posting_id: replace(known, digest=entry.digest)})

    async def accept(
        self,
        entry: Entry,
        fields: RawFields,
        *,
        where: str = "",
        original: Original | None = None,
    ) -> JobPosting | Refused:
        """Validate and publish what was read of an entry, or its dead letter (telling `where`).

        Args:
            original: what the fields were read from; default: the fields themselves.
        """
        whole = mended_fields(fields)
        if any(map(tells_encoding, fields.values())):
            self.notes.text(encoded_twice=whole != fields)
        posting = make_posting(
            whole,
            source=self.source,
            posting_id=entry.posting_id,
            fetched_at=self.now,
            published_at=self.clock(),
        )
        if isinstance(posting, Refused):
            told = replace(posting, detail=f"{where}{posting.detail}")
            await self.refuse(entry, told, original or fields_read(fields))
            return posting
        await self.publish(posting, entry.digest)
        return posting

    async def publish(
        self, posting: JobPosting, digest: str, *, etag: str = "", last_modified: str = ""
    ) -> None:
        """Send a posting; it becomes known when its batch is delivered."""
        if posting.posting_id in self._again:
            self.notes.read_again[posting.posting_id] = seen(posting)
            return
        self.notes.take(posting)
        self.outbox.send(
            POSTINGS,
            partition_key(posting.hiring_organization, posting.posting_key),
            posting,
        )
        self.published += 1
        self._uncommitted += 1
        known = published_known(
            posting,
            digest,
            lifetime_days=self.source.lifetime_days,
            archived=self._archived,
            etag=etag,
            last_modified=last_modified,
        )
        self.frontier.remember({posting.posting_id: known})

    async def refuse(self, entry: Entry, refused: Refused, original: Original) -> None:
        """Send a dead letter for what could not be taken as a posting."""
        if entry.posting_id in self._again:
            self.notes.read_again[entry.posting_id] = None
            return
        self.notes.failures[str(refused.reason)] += 1
        self.notes.refused.append(entry.posting_id)
        letter = letter_of(
            original,
            refused,
            entry,
            source_id=self.source.id,
            stage=self.stage,
            event_time=self.now,
            failed_at=self.clock(),
        )
        self.outbox.send(DEAD_LETTERS, letter.letter_id.encode(), letter)
        self.refused += 1
        self._uncommitted += 1
        if entry.posting_id:
            before = self.frontier.known.get(entry.posting_id)
            known = refused_known(before, entry, self.now, archived=self._archived)
            self.frontier.remember({entry.posting_id: known})

    async def commit_batch(self, least: int = _BATCH) -> None:
        """Within a long run: deliver and commit what was found so far, once it is `least` records.

        Absences are judged at the end only, by the whole listing.

        Raises:
            DeliveryError: a record was not taken; the run must not be concluded.
        """
        if self._uncommitted < least:
            return
        async with self._committing:
            if self._uncommitted < least:
                return
            self._uncommitted, self._broken = 0, True
            changes = self.frontier.take_changes()
            await self.outbox.delivered()
            await self.frontier.commit(changes)
            self._broken = False

    async def reconcile(self, listed: Collection[str]) -> None:
        """Take a complete listing: postings absent k times, or past their day, are withdrawn."""
        self.listed.update(listed)
        outcome = reconcile(
            self.frontier.known,
            self.listed,
            now=self.now,
            previous_run=self.frontier.listed_at,
            unseen_runs=self.source.unseen_runs,
            suspects=self.frontier.suspects(self.now),
        )
        await self._apply(outcome)
        self.frontier.listed_at = self.now
        self._settled = True

    async def expire(self) -> None:
        """Withdraw postings past their closing day; absence means nothing here."""
        await self._apply(expire(self.frontier.known, now=self.now))

    async def withdraw(self, posting_ids: Collection[str]) -> None:
        """Withdraw those that are open, as their provider says; sent again, they open again."""
        last_run_at = self.frontier.last_run_at
        await self._apply(told_withdrawals(self.frontier.known, posting_ids, self.now))
        self.frontier.last_run_at = last_run_at

    def conclude(
        self,
        outcome: RunOutcome,
        detail: str = "",
        *,
        started_at: datetime | None = None,
        health: RunHealth | None = None,
        marks: tuple[SourceMark, ...] = (),
    ) -> Conclusion:
        """Close the run: what is to be delivered and then committed. Nothing may be added after.

        `health` is what was noted, if anything, without a judgement, where none is given.
        """
        if health is None and self.notes.tell_something and not self._archived:
            health = self.notes.measured()
        return Conclusion(
            changes=self.frontier.take_changes(),
            record=SourceRun(
                source_id=self.source.id,
                run_id=self.run_id,
                started_at=started_at or self.now,
                finished_at=self.now,
                outcome=outcome,
                detail=detail[:500],
                listed=len(self.listed),
                published=self.published,
                refused=self.refused,
                withdrawn=self.withdrawn,
                unseen_runs=self.source.unseen_runs if self._settled else 0,
                health=health,
                marks=marks,
            ),
        )

    async def deliver(self, conclusion: Conclusion) -> None:
        """Await delivery of everything, report the run, then commit the frontier.

        Raises:
            DeliveryError: a record was not taken; nothing since the last batch is committed, and
                that is repeated.
        """
        if self._broken:
            raise DeliveryError("an earlier batch of this run was not committed")
        await self.outbox.delivered()
        self.outbox.send(SOURCE_RUNS, self.source.id.encode(), conclusion.record)
        await self.outbox.delivered()
        await self.frontier.commit(conclusion.changes)

    def _may_read_again(self, posting_id: str, known: Known | None) -> bool:
        wanted = posting_id in self.sentinels and len(self._again) < PER_RUN
        return wanted and known is not None and known.standing is Standing.OPEN

    async def _apply(self, outcome: Reconciliation) -> None:
        """Tell withdrawals, those of a partition together and in the order of the listing."""
        for key, record in withdrawal_records(self.source.id, outcome.withdrawn, self.now):
            self.outbox.send(POSTINGS, key, record)
        self.withdrawn += len(outcome.withdrawn)
        self.frontier.remember(outcome.changed, outcome.forgotten)
        self.frontier.last_run_at = self.now
