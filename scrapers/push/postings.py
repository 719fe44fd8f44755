"""Postings that a provider pushes, through the same border, topics and memory as crawled ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import redis.asyncio as redis_async

from scrapers.frontier import Known, Standing, Visit
from scrapers.frontier_store import SourceFrontier
from scrapers.items import LetterForm, RunOutcome, Stage
from scrapers.letters import Original
from scrapers.parsing.posting import Refusal, Refused
from scrapers.parsing.pushed import FieldError, Pushed, Unusable, read_pushed
from scrapers.publish import Publisher
from scrapers.push.lease import SourceLease
from scrapers.push.records import (
    FIELD_OF,
    Batch,
    Line,
    MassWithdrawalError,
    Outcome,
    Problem,
    Reason,
    Remark,
)
from scrapers.reading import Entry
from scrapers.runs import Clock, Run
from scrapers.sources import Source

_FEW: Final = 20
"""A complete push may withdraw so many postings unasked, or half of those that are open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A record with what could be read of it."""

    index: int
    content: Pushed | Unusable
    payload: bytes
    digest: str
    reason: Reason = Reason.SCHEMA


def read_records(records: Iterable[Any]) -> list[Read]:
    """Every record of a batch, read and checked. Pure, and slow enough for a thread of its own."""
    read: list[Read] = []
    taken: dict[str, str] = {}
    for index, record in enumerate(records):
        one = _read(index, record)
        posting_id = one.content.posting_id
        if (
            isinstance(one.content, Pushed)
            and taken.setdefault(posting_id, one.digest) != one.digest
        ):
            error = FieldError(field="id", expected="an identifier used once in a push")
            twice = Unusable(posting_id=posting_id, errors=(error,))
            one = Read(
                index=index,
                content=twice,
                payload=one.payload,
                digest=one.digest,
                reason=Reason.DUPLICATE_ID,
            )
        read.append(one)
    return read


def _read(index: int, record: Any) -> Read:
    if isinstance(record, Line):
        error = FieldError(field="", expected="one JSON object a line")
        content: Pushed | Unusable = Unusable(posting_id="", errors=(error,))
        payload, reason = record.text.encode(), Reason.NOT_JSON
    else:
        content, reason = read_pushed(record), Reason.SCHEMA
        payload = msgspec.json.encode(record, order="deterministic")
    digest = hashlib.blake2b(payload, digest_size=8).hexdigest()
    return Read(index=index, content=content, payload=payload, digest=digest, reason=reason)


async def push_postings(
    redis: redis_async.Redis,
    publisher: Publisher,
    source: Source,
    batch: Batch,
    read: list[Read],
    lease: SourceLease,
    *,
    now: datetime,
    clock: Clock,
    detail: str,
) -> Outcome:
    """Publish what is new, wait until the broker has it, then remember it.

    Args:
        read: `read_records(batch.records)`.
        lease: of this source, held by the caller.
        now: event time; the same push repeated with the same time gives the same records.

    Raises:
        MassWithdrawalError: see there; nothing was published.
        DeliveryError: the broker did not take a record; nothing is remembered, repeat the push.
        LeaseLostError, redis.WatchError: another process took the source over meanwhile; repeat.
    """
    frontier = SourceFrontier(redis, source.id, fence=lease)
    if batch.complete:
        await frontier.load()
    else:
        ids = [one.content.posting_id for one in read] + list(batch.withdrawn)
        await frontier.load_some([posting_id for posting_id in ids if posting_id])
    run = Run(source, frontier, publisher.outbox(), now=now, clock=clock, stage=Stage.PUSH)
    push = _Push(run)
    if batch.complete and not batch.confirmed:
        _check_withdrawals(batch, read, frontier)
    for one in read:
        await push.take(one)
    await push.withdraw(batch)
    outcome = push.outcome
    failed = bool(read) and outcome.refused == len(read)
    await run.deliver(run.conclude(RunOutcome.FAILED if failed else RunOutcome.OK, detail))
    return outcome


def _check_withdrawals(batch: Batch, read: list[Read], frontier: SourceFrontier) -> None:
    present = {one.content.posting_id for one in read} | set(batch.listed) | set(batch.withdrawn)
    standing = {key for key, known in frontier.known.items() if known.standing is Standing.OPEN}
    gone = len(standing - present)
    if gone > max(_FEW, len(standing) / 2):
        raise MassWithdrawalError(gone, len(standing))


class _Push:
    def __init__(self, run: Run) -> None:
        self._run, self.outcome = run, Outcome()

    async def take(self, one: Read) -> None:
        """One record: published, unchanged, or refused with its letter."""
        content = one.content
        if isinstance(content, Unusable):
            await self._refuse(one, content)
            return
        entry = _entry(one, content)
        before = self._run.frontier.known.get(content.posting_id)
        if self._run.visit(entry) is Visit.UNCHANGED and not _was_refused(before):
            self.outcome.unchanged += 1
            return
        original = Original(form=LetterForm.PUSHED, payload=one.payload)
        answer = await self._run.accept(
            entry, content.fields, where=f"record {one.index}: ", original=original
        )
        if isinstance(answer, Refused):
            self._count_refused(one, content.posting_id, answer)
            return
        if before is None or before.standing is Standing.REFUSED:
            self.outcome.accepted += 1
        else:
            self.outcome.updated += 1
        self.outcome.remarks += [
            Remark(index=one.index, id=content.posting_id, field=name, remark="not used")
            for name in content.ignored
        ]

    async def withdraw(self, batch: Batch) -> None:
        """What the provider says is gone, and with a complete push whatever is absent."""
        known = self._run.frontier.known
        self.outcome.remarks += [
            Remark(index=index, id=posting_id[:300], field="withdrawn", remark="not known")
            for index, posting_id in enumerate(batch.withdrawn)
            if posting_id not in known
        ]
        await self._run.withdraw(batch.withdrawn)
        if batch.complete:
            await self._run.reconcile(set(batch.listed))
        self.outcome.withdrawn = self._run.withdrawn

    async def _refuse(self, one: Read, content: Unusable) -> None:
        told = "; ".join(
            f"{error.field}: expected {error.expected}".removeprefix(": ")
            for error in content.errors
        )
        refused = Refused(reason=one.reason, detail=f"record {one.index}: {told}"[:500])
        fields: dict[str, str] = {}
        # A second record of one id must not replace the memory of the first.
        posting_id = "" if one.reason is Reason.DUPLICATE_ID else content.posting_id
        entry = Entry(
            posting_id=posting_id, url="", digest=one.digest, modified_at=None, fields=fields
        )
        if posting_id:
            self._run.listed.add(posting_id)
        original = Original(form=LetterForm.PUSHED, payload=one.payload)
        await self._run.refuse(entry, refused, original)
        self.outcome.refused += 1
        self.outcome.errors += [
            Problem(
                index=one.index,
                id=content.posting_id,
                field=error.field,
                reason=one.reason,
                expected=error.expected,
            )
            for error in content.errors
        ]

    def _count_refused(self, one: Read, posting_id: str, refused: Refused) -> None:
        self.outcome.refused += 1
        field = FIELD_OF.get(Refusal(refused.reason), "")
        problem = Problem(
            index=one.index,
            id=posting_id[:300],
            field=field,
            reason=refused.reason,
            expected=refused.detail,
        )
        self.outcome.errors.append(problem)


def _entry(one: Read, content: Pushed) -> Entry:
    return Entry(
        posting_id=content.posting_id,
        url=content.fields.get("url", ""),
        digest=one.digest,
        modified_at=None,
        fields=content.fields,
    )


def _was_refused(known: Known | None) -> bool:
    return known is not None and known.refused_at is not None
