"""Who is asking, whether they may, and how often: `Authorization: Bearer <token>`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import redis.asyncio as redis_async

from dashboard.push.problems import ProblemError
from scrapers.push.providers import Denial, Provider, ProviderStore, Right, denial, named_in
from scrapers.sources import Source

_MINUTE: Final = 60
_DAY: Final = 86_400
_WORDS: Final = {
    Denial.MISSING: "Expected the header Authorization: Bearer <token>.",
    Denial.MALFORMED: "The token has not the form that was handed out.",
    Denial.UNKNOWN: "The token is not known.",
    Denial.REVOKED: "The token was revoked.",
    Denial.EXPIRED: "The token was replaced by a new one.",
}


class Access:
    """Tokens and limits of providers, in Redis."""

    def __init__(self, redis: redis_async.Redis) -> None:
        self._redis: Any = redis
        self._providers = ProviderStore(redis)

    async def bearer(self, header: str | None, now: datetime) -> Provider:
        """The provider of an `Authorization` header, one request counted.

        Raises:
            ProblemError: 401, or 429 over its limit.
        """
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _unauthorised(Denial.MISSING)
        return await self.holder(token.strip(), now)

    async def holder(self, token: str, now: datetime) -> Provider:
        """The provider of a token, one request counted.

        Raises:
            ProblemError: 401, or 429 over its limit.
        """
        name = named_in(token)
        if name is None:
            raise _unauthorised(Denial.MALFORMED)
        provider = await self._providers.get(name)
        why = denial(provider, token, now)
        if why is not None or provider is None:
            raise _unauthorised(why or Denial.UNKNOWN)
        await self._count(f"{name}:minute", 1, provider.requests_per_minute, _MINUTE, now)
        return provider

    async def named(self, provider_id: str, now: datetime) -> Provider:
        """A provider that proved itself a short while ago, one request counted.

        Raises:
            ProblemError: 401 where it was revoked since, or 429 over its limit.
        """
        provider = await self._providers.get(provider_id)
        if provider is None or provider.revoked_at is not None:
            raise _unauthorised(Denial.REVOKED)
        limit = provider.requests_per_minute
        await self._count(f"{provider_id}:minute", 1, limit, _MINUTE, now)
        return provider

    async def pushed_sources(self) -> dict[str, Source]:
        """Sources of the providers that push postings or figures, by id.

        Raises:
            redis.exceptions.RedisError: the store does not answer.
        """
        held = (await self._providers.all()).values()
        pushing = {Right.POSTINGS, Right.SUPPLY}
        return {one.id: one.source() for one in held if pushing & set(one.rights)}

    async def count_records(self, provider: Provider, records: int, now: datetime) -> None:
        """Count records against the provider's day.

        Raises:
            ProblemError: 429; the records do not count.
        """
        await self._count(f"{provider.id}:day", records, provider.records_per_day, _DAY, now)

    async def _count(self, name: str, more: int, limit: int, window_s: int, now: datetime) -> None:
        """A fixed window: exact over a window, at most twice the limit around its border."""
        seconds = int(now.timestamp())
        key = f"lw:push:rate:{name}:{seconds // window_s}"
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.incrby(key, more)
            pipe.expire(key, window_s)
            counted, _ = await pipe.execute()
        if counted > limit:
            if more > 1:
                await self._redis.decrby(key, more)
            wait = window_s - seconds % window_s
            raise ProblemError(
                429,
                "too_many",
                f"More than {limit:,} in {window_s:,} s. Send again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )


def require(provider: Provider, right: Right, feed: str = "") -> None:
    """Nothing where the provider has the right.

    Raises:
        ProblemError: 403.
    """
    if not provider.may(right, feed):
        what = f"the feed {feed!r}" if right in provider.rights else str(right)
        raise ProblemError(403, "not_agreed", f"The agreement does not cover {what}.")


def _unauthorised(why: Denial) -> ProblemError:
    challenge = 'Bearer realm="labourwatch"'
    if why is not Denial.MISSING:
        challenge += ', error="invalid_token"'
    return ProblemError(401, why, _WORDS[why], headers={"WWW-Authenticate": challenge})
