"""Providers: who may push what into the collection, and the tokens that prove who is asking.

A token is shown once, when it is made; only its SHA-256 is kept, which is enough for 256 random
bits. The record of a provider is the record of the agreement with it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal

import msgspec
import redis.asyncio as redis_async

from config.vocabulary import provinces
from scrapers.sources import Source, SourceKind

_KEY: Final = "lw:providers"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_TOKEN: Final = re.compile(r"lw\.([a-z0-9][a-z0-9_-]{0,40})\.([A-Za-z0-9_-]{43})")
_LANGUAGES: Final = ("lo", "en", "th", "vi", "zh", "und")

Tongue = Literal["lo", "en", "th", "vi", "zh", "und"]


class Right(StrEnum):
    """What the holder of a token may push, say or read."""

    POSTINGS = "postings"
    SUPPLY = "supply"
    TEXT = "text"
    """Adverts pasted as text: an officer."""
    CORRECT = "correct"
    """Codes corrected and coded twice in the dashboard: an officer."""
    READ = "read"
    """Figures of every cell and single vacancies: the department."""
    SQL = "sql"
    """Questions of one's own to the warehouse: an analyst of the department."""


class Denial(StrEnum):
    """Why a token opens nothing."""

    MISSING = "token_missing"
    MALFORMED = "token_malformed"
    UNKNOWN = "token_unknown"
    REVOKED = "token_revoked"
    EXPIRED = "token_expired"


class ProviderError(ValueError):
    """A provider cannot be made or changed as told; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDigest:
    """One token of a provider."""

    sha256: str
    made_at: datetime
    ends_at: datetime | None = None
    """After a rotation with an overlap: when the old token ends (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One organisation or office that pushes. `id` is the source id of everything it sends."""

    id: str
    name: str
    rights: tuple[Right, ...]
    feeds: tuple[str, ...] = ()
    """Supply feeds it may send; empty with the right `supply`: any feed."""
    legal_basis: str
    contact: str
    """Of the organisation, not of a person."""
    owner: str
    province_default: str = ""
    language: Tongue = "und"
    requests_per_minute: int = 60
    records_per_day: int = 100_000
    expiry_days: int = 60
    """A posting without closing date is taken as closed so many days after its date."""
    created_at: datetime
    revoked_at: datetime | None = None
    tokens: tuple[TokenDigest, ...] = ()

    def may(self, right: Right, feed: str = "") -> bool:
        """Whether it may push this kind of record (and this feed)."""
        return right in self.rights and (not feed or not self.feeds or feed in self.feeds)

    def source(self) -> Source:
        """The source that its postings belong to."""
        return Source(
            id=self.id,
            name=self.name,
            kind=SourceKind.FILE,
            language=self.language,
            province_default=self.province_default,
            expiry_days=self.expiry_days,
            unseen_runs=1,  # a complete push says what is open; nothing was overlooked
            legal_basis=self.legal_basis,
            contact=self.contact,
            owner=self.owner,
        )


def validated(provider: Provider) -> Provider:
    """The provider itself.

    Raises:
        ProviderError: naming every field that is not as expected.
    """
    expected = {
        "id": (_ID.fullmatch(provider.id), "small letters, digits, - and _, at most 41"),
        "name": (provider.name.strip(), "a name"),
        "may": (provider.rights, f"one or more of {', '.join(Right)}"),
        "legal-basis": (provider.legal_basis.strip(), "the agreement or law it rests on"),
        "contact": (provider.contact.strip(), "how the organisation is reached"),
        "owner": (provider.owner.strip(), "the organisation that answers for the data"),
        "province": (
            not provider.province_default or provider.province_default in provinces(),
            f"one of {', '.join(provinces())}",
        ),
        "language": (provider.language in _LANGUAGES, f"one of {', '.join(_LANGUAGES)}"),
        "per-minute": (0 < provider.requests_per_minute <= 6_000, "1 to 6000"),
        "per-day": (0 < provider.records_per_day <= 10_000_000, "1 to 10000000"),
        "expiry-days": (0 < provider.expiry_days <= 365, "1 to 365"),
    }
    wrong = [f"{name}: expected {wanted}" for name, (good, wanted) in expected.items() if not good]
    if wrong:
        raise ProviderError("; ".join(wrong))
    return provider


def new_token(provider_id: str) -> str:
    """A token of 256 random bits that names its provider."""
    return f"lw.{provider_id}.{secrets.token_urlsafe(32)}"


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def with_token(provider: Provider, token: str, now: datetime, overlap: timedelta) -> Provider:
    """The provider with a new token; those before end after `overlap`, at once if that is zero."""
    ends_at = now + overlap
    kept = tuple(
        replace(old, ends_at=min(old.ends_at or ends_at, ends_at))
        for old in provider.tokens
        if overlap and (old.ends_at is None or old.ends_at > now)
    )
    fresh = TokenDigest(sha256=digest_of(token), made_at=now)
    return replace(provider, tokens=(*kept, fresh), revoked_at=None)


def named_in(token: str) -> str | None:
    """The provider that a token says it is of; `None` where it is no token."""
    match = _TOKEN.fullmatch(token)
    return match[1] if match else None


def denial(provider: Provider | None, token: str, now: datetime) -> Denial | None:
    """Why `token` does not open for `provider`; `None` where it does. Compares in constant time."""
    presented = digest_of(token)
    if provider is None:
        hmac.compare_digest(presented, digest_of(""))
        return Denial.UNKNOWN
    found: TokenDigest | None = None
    for held in provider.tokens:
        if hmac.compare_digest(presented, held.sha256):
            found = held
    if found is None:
        return Denial.UNKNOWN
    if provider.revoked_at is not None:
        return Denial.REVOKED
    if found.ends_at is not None and found.ends_at <= now:
        return Denial.EXPIRED
    return None


class ProviderStore:
    """Providers in Redis, whose append-only file keeps them over restarts."""

    def __init__(self, redis: redis_async.Redis) -> None:
        self._redis: Any = redis

    async def get(self, provider_id: str) -> Provider | None:
        """The provider, or `None`."""
        held = await self._redis.hget(_KEY, provider_id)
        return msgspec.json.decode(held, type=Provider) if held else None

    async def all(self) -> Mapping[str, Provider]:
        """Every provider by id, revoked ones too."""
        held = await self._redis.hgetall(_KEY)
        found = (msgspec.json.decode(value, type=Provider) for value in held.values())
        return {provider.id: provider for provider in sorted(found, key=lambda one: one.id)}

    async def add(self, provider: Provider) -> None:
        """Store a new provider.

        Raises:
            ProviderError: there is one of this id.
        """
        if not await self._redis.hsetnx(_KEY, provider.id, msgspec.json.encode(provider)):
            raise ProviderError(f"there is a provider {provider.id!r} already; rotate its token")

    async def put(self, provider: Provider) -> None:
        """Store a provider as it is now."""
        await self._redis.hset(_KEY, provider.id, msgspec.json.encode(provider))
