"""What is remembered of pushes in Redis: receipts, idempotency keys, tickets of the form."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import redis.asyncio as redis_async

from scrapers.push.records import Problem, Remark

_RECEIPT_S: Final = 30 * 86_400
_KEY_S: Final = 86_400
_TICKET_S: Final = 1_800
_MOST_KEPT: Final = 100
"""Errors and remarks kept with a receipt; the answer to the push itself holds all."""
_SAME_TIME: Final = timedelta(minutes=10)
"""A push repeated within this time has the event time of its first attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one push."""

    receipt_id: str
    provider: str
    kind: str
    received_at: datetime
    accepted: int
    updated: int
    unchanged: int
    refused: int
    withdrawn: int
    errors: tuple[Problem, ...]
    errors_omitted: int
    remarks: tuple[Remark, ...]
    status_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A push under an idempotency key."""

    fingerprint: str
    at: datetime
    receipt_id: str = ""
    """"" until the push was taken."""


class PushMemory:
    """Receipts for 30 days, idempotency keys for a day, tickets for half an hour."""

    def __init__(self, redis: redis_async.Redis) -> None:
        self._redis: Any = redis

    async def keep(self, receipt: Receipt) -> None:
        """Keep a receipt, with its first hundred errors."""
        packed = zlib.compress(msgspec.json.encode(_shortened(receipt)))
        await self._redis.set(_receipt_key(receipt.receipt_id), packed, ex=_RECEIPT_S)

    async def receipt(self, receipt_id: str, provider_id: str) -> Receipt | None:
        """A provider's own receipt, while it is kept."""
        packed = await self._redis.get(_receipt_key(receipt_id))
        if packed is None:
            return None
        receipt = msgspec.json.decode(zlib.decompress(packed), type=Receipt)
        return receipt if receipt.provider == provider_id else None

    async def begin(self, provider_id: str, key: str, fingerprint: str, now: datetime) -> Attempt:
        """The attempt under `key`: this one, or the earlier one that it repeats."""
        name = _idempotency_key(provider_id, key)
        held = await self._redis.get(name)
        if held is not None:
            earlier = msgspec.json.decode(held, type=Attempt)
            if earlier.receipt_id or earlier.fingerprint != fingerprint:
                return earlier
            if now - earlier.at <= _SAME_TIME:
                return earlier
        attempt = Attempt(fingerprint=fingerprint, at=now)
        await self._redis.set(name, msgspec.json.encode(attempt), ex=_KEY_S)
        return attempt

    async def finish(self, provider_id: str, key: str, attempt: Attempt, receipt_id: str) -> None:
        """Say which receipt the push under `key` got."""
        done = Attempt(fingerprint=attempt.fingerprint, at=attempt.at, receipt_id=receipt_id)
        name = _idempotency_key(provider_id, key)
        await self._redis.set(name, msgspec.json.encode(done), ex=_KEY_S)

    async def new_ticket(self, provider_id: str) -> str:
        """A secret that stands for an access code between the two steps of the form."""
        ticket = secrets.token_urlsafe(32)
        await self._redis.set(_ticket_key(ticket), provider_id, ex=_TICKET_S)
        return ticket

    async def ticket_of(self, ticket: str) -> str | None:
        """The provider that a ticket was made for, for half an hour after its last use."""
        held = await self._redis.getex(_ticket_key(ticket), ex=_TICKET_S)
        return held.decode() if held else None


def new_receipt_id() -> str:
    """An identifier that cannot be guessed."""
    return secrets.token_hex(16)


def _shortened(receipt: Receipt) -> Receipt:
    left_out = max(0, len(receipt.errors) - _MOST_KEPT)
    return replace(
        receipt,
        errors=receipt.errors[:_MOST_KEPT],
        remarks=receipt.remarks[:_MOST_KEPT],
        errors_omitted=left_out,
    )


def _receipt_key(receipt_id: str) -> str:
    return f"lw:push:receipt:{receipt_id}"


def _idempotency_key(provider_id: str, key: str) -> str:
    return f"lw:push:key:{provider_id}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _ticket_key(ticket: str) -> str:
    return f"lw:push:ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
