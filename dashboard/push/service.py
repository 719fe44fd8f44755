"""Pushes on their way into the collection: one at a time for each provider, each with a receipt."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import redis.asyncio as redis_async
import structlog
from aiokafka.errors import KafkaError

from config.settings import Settings
from config.topics import CORRECTIONS
from dashboard.push.access import Access
from dashboard.push.memory import PushMemory, Receipt, new_receipt_id
from dashboard.push.problems import ProblemError, told_as_problems
from dashboard.push.redacting import redacted_records
from dashboard.push.text import TextPush, records_of
from scrapers.publish import DeliveryError, Publisher
from scrapers.push.lease import SourceLease
from scrapers.push.postings import push_postings, read_records
from scrapers.push.providers import Provider
from scrapers.push.records import Batch, Outcome
from scrapers.push.supply import SupplyPush, push_supply
from scrapers.runs import Clock
from scrapers.topics_admin import ensure_topics
from streams.opinions import Correction
from streams.redact import redact

LOG: Final = structlog.get_logger("push")
_DELIVER_WITHIN_S: Final = 40.0
_STOP_WITHIN_S: Final = 5.0

Work = Callable[[SourceLease, Publisher, datetime], Awaitable[Outcome]]


def utc_now() -> datetime:
    """Wall-clock time (UTC)."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What makes a repeated push the same push."""

    key: str = ""
    """The provider's `Idempotency-Key`; "" where none was sent."""
    fingerprint: str = ""
    """Of the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A receipt; `replayed` where an earlier push under the same key had got it."""

    receipt: Receipt
    replayed: bool = False


class PushService:
    """Everything that pushes share in one process; nothing is connected before it is needed."""

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        self._settings, self.clock = settings, clock
        self.redis = redis_async.Redis.from_url(
            settings.redis_url, socket_timeout=10, socket_connect_timeout=5
        )
        self.access, self.memory = Access(self.redis), PushMemory(self.redis)
        self._publisher: Publisher | None = None
        self._connecting = asyncio.Lock()
        self._stopping: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Deliver what is on its way and disconnect."""
        if self._publisher is not None:
            await _stopped(self._publisher)
        await asyncio.gather(*self._stopping)
        await self.redis.aclose()

    async def take_postings(
        self,
        provider: Provider,
        batch: Batch,
        once: Once,
        *,
        kind: str = "postings",
        where: str = "",
    ) -> Taken:
        """Take a push of postings.

        Args:
            kind: of the receipt.
            where: told in the run, for people.

        Raises:
            ProblemError: nothing of it was taken.
        """
        await self._count(provider, len(batch.records))
        records = await asyncio.to_thread(redacted_records, batch.records)
        read = await asyncio.to_thread(read_records, records)

        async def work(lease: SourceLease, publisher: Publisher, now: datetime) -> Outcome:
            return await push_postings(
                self.redis,
                publisher,
                provider.source(),
                batch,
                read,
                lease,
                now=now,
                clock=self.clock,
                detail=f"{len(read)} postings pushed {where}".strip(),
            )

        return await self._take(provider, kind, work, once)

    async def take_text(self, provider: Provider, push: TextPush, once: Once) -> Taken:
        """Take the vacancies of a pasted text.

        Raises:
            ProblemError: nothing of it was taken.
        """
        batch = Batch(records=await asyncio.to_thread(records_of, push))
        channel = redact(push.channel).text
        where = f"from a text seen on {channel}" if channel else "from a text"
        return await self.take_postings(provider, batch, once, kind="text", where=where)

    async def take_supply(self, provider: Provider, push: SupplyPush, once: Once) -> Taken:
        """Take a push of supply records.

        Raises:
            ProblemError: nothing of it was taken.
        """
        await self._count(provider, len(push.rows))

        async def work(lease: SourceLease, publisher: Publisher, now: datetime) -> Outcome:
            return await push_supply(
                self.redis,
                publisher,
                provider.source(),
                push,
                lease,
                now=now,
                clock=self.clock,
                detail=f"{len(push.rows)} records of feed {push.feed.id} pushed",
            )

        return await self._take(provider, "supply", work, once)

    async def take_corrections(self, provider: Provider, said: Sequence[Correction]) -> None:
        """Publish what an officer says of codes; on return the broker has it.

        Raises:
            ProblemError: 429 over the day's limit, 503 where the broker did not take it.
        """
        await self._count(provider, len(said))
        with told_as_problems():
            publisher = await self._connected()
            outbox = publisher.outbox()
            for one in said:
                outbox.send(CORRECTIONS, one.vacancy_id.encode(), one)
            try:
                async with asyncio.timeout(_DELIVER_WITHIN_S):
                    await outbox.delivered()
            except (DeliveryError, TimeoutError):
                self._abandon(publisher)
                raise
        LOG.info("corrections", provider=provider.id, count=len(said))

    async def _count(self, provider: Provider, records: int) -> None:
        with told_as_problems():
            await self.access.count_records(provider, max(1, records), self.clock())

    async def _take(self, provider: Provider, kind: str, work: Work, once: Once) -> Taken:
        with told_as_problems():
            publisher = await self._connected()
            async with SourceLease(self.redis, provider.id) as lease:
                now = self.clock()
                attempt = None
                if once.key:
                    attempt = await self.memory.begin(
                        provider.id, once.key, f"{kind}:{once.fingerprint}", now
                    )
                    if attempt.fingerprint != f"{kind}:{once.fingerprint}":
                        raise ProblemError(
                            422, "key_reused", "This Idempotency-Key was sent with another body."
                        )
                    if attempt.receipt_id:
                        return await self._earlier(provider, attempt.receipt_id)
                    now = attempt.at
                outcome = await self._deliver(work, lease, publisher, now)
                receipt = _receipt(provider, kind, outcome, now)
                await self.memory.keep(receipt)
                if attempt is not None:
                    await self.memory.finish(provider.id, once.key, attempt, receipt.receipt_id)
        _log(receipt)
        return Taken(receipt=receipt)

    async def _deliver(
        self, work: Work, lease: SourceLease, publisher: Publisher, now: datetime
    ) -> Outcome:
        try:
            async with asyncio.timeout(_DELIVER_WITHIN_S):
                return await work(lease, publisher, now)
        except (DeliveryError, TimeoutError):
            self._abandon(publisher)
            raise

    def _abandon(self, publisher: Publisher) -> None:
        """A producer that missed an answer may not recover: the next push has another."""
        if self._publisher is publisher:
            self._publisher = None
            stopping = asyncio.create_task(_stopped(publisher))
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)

    async def _earlier(self, provider: Provider, receipt_id: str) -> Taken:
        receipt = await self.memory.receipt(receipt_id, provider.id)
        if receipt is None:
            raise ProblemError(409, "receipt_gone", "This push was taken; its receipt is gone.")
        return Taken(receipt=receipt, replayed=True)

    async def _connected(self) -> Publisher:
        async with self._connecting:
            if self._publisher is None:
                async with asyncio.timeout(_DELIVER_WITHIN_S):
                    await ensure_topics(self._settings.bootstrap_servers)
                    publisher = Publisher(self._settings.bootstrap_servers)
                    self._publisher = await publisher.__aenter__()
            return self._publisher


async def _stopped(publisher: Publisher) -> None:
    """Stop a producer whose broker may be gone."""
    try:
        async with asyncio.timeout(_STOP_WITHIN_S):
            await publisher.__aexit__()
    except (KafkaError, TimeoutError) as error:
        LOG.warning("producer not stopped in order", error=repr(error))


def fingerprint(*parts: bytes) -> str:
    """A name of a body's content."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _receipt(provider: Provider, kind: str, outcome: Outcome, now: datetime) -> Receipt:
    receipt_id = new_receipt_id()
    return Receipt(
        receipt_id=receipt_id,
        provider=provider.id,
        kind=kind,
        received_at=now,
        accepted=outcome.accepted,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        refused=outcome.refused,
        withdrawn=outcome.withdrawn,
        errors=tuple(outcome.errors),
        errors_omitted=0,
        remarks=tuple(outcome.remarks),
        status_url=f"/v1/receipts/{receipt_id}",
    )


def _log(receipt: Receipt) -> None:
    """The audit line: who, what, how many; nothing of any record."""
    LOG.info(
        "push",
        provider=receipt.provider,
        kind=receipt.kind,
        receipt=receipt.receipt_id,
        accepted=receipt.accepted,
        updated=receipt.updated,
        unchanged=receipt.unchanged,
        refused=receipt.refused,
        withdrawn=receipt.withdrawn,
    )
