"""How long further log-ins wait after wrong ones: by name, and by the network they come from."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any, Final

import redis.asyncio as redis_async


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many failures are free, and how the wait grows after them."""

    free: int
    first: timedelta
    longest: timedelta
    forgotten: timedelta
    """After so long without a failure all are forgotten."""


OF_NAME: Final = Patience(
    free=5,
    first=timedelta(seconds=30),
    longest=timedelta(minutes=15),
    forgotten=timedelta(hours=24),
)
"""Fifteen minutes at most: whoever guesses at a name must not keep its owner out for long."""
OF_NETWORK: Final = Patience(
    free=30,
    first=timedelta(seconds=30),
    longest=timedelta(hours=1),
    forgotten=timedelta(hours=24),
)
"""An office shares one address; a network that tries many names waits longer."""


_TRYING_MS: Final = 20_000
"""After so long a try counts as lost with its process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Wrong log-ins so far."""

    count: int
    last_at: datetime


def wait_after(failures: Failures | None, patience: Patience, now: datetime) -> timedelta:
    """How long from `now` until the next try; zero where it may be made at once. Pure."""
    if failures is None or failures.count < patience.free:
        return timedelta(0)
    if now - failures.last_at >= patience.forgotten:
        return timedelta(0)
    doublings = min(failures.count - patience.free, 20)
    factor: int = 2**doublings
    pause = min(patience.first * factor, patience.longest)
    return max(timedelta(0), failures.last_at + pause - now)


def network_of(address: str) -> str:
    """The network an address belongs to: /24, for IPv6 /56; "" for what is no address. Pure."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    plain = mapped or found
    length = 24 if isinstance(plain, IPv4Address) else 56
    return str(ip_network(f"{plain}/{length}", strict=False))


class Lockout:
    """Failures in Redis, under hashed names; every call may raise `redis.RedisError`."""

    def __init__(self, redis: redis_async.Redis) -> None:
        self._redis: Any = redis

    @asynccontextmanager
    async def one_at_a_time(self, name: str) -> AsyncIterator[bool]:
        """Holds a name while its password is looked at; `False` where another try does.

        Without it a hundred tries sent at once would all be the first.
        """
        key = _key("trying", name)
        got = bool(await self._redis.set(key, b"1", nx=True, px=_TRYING_MS))
        try:
            yield got
        finally:
            if got:
                await self._redis.delete(key)

    async def wait(self, name: str, address: str, now: datetime) -> timedelta:
        """How long this name from this address waits. Known and unknown names wait alike."""
        waits = [
            wait_after(await self._held(key), patience, now)
            for key, patience in _keys(name, address)
        ]
        return max(waits)

    async def failed(self, name: str, address: str, now: datetime) -> bool:
        """Count a failure; whether the next try of this name must now wait."""
        waits = False
        for key, patience in _keys(name, address):
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hincrby(key, "count", 1)
                pipe.hset(key, "last", now.isoformat())
                pipe.expire(key, patience.forgotten)
                count, *_ = await pipe.execute()
            after = Failures(count=count, last_at=now)
            waits |= wait_after(after, patience, now) > timedelta(0)
        return waits

    async def succeeded(self, name: str) -> None:
        """Forget the failures of a name; those of the network stay."""
        await self._redis.delete(_key("name", name))

    async def _held(self, key: str) -> Failures | None:
        count, last = await self._redis.hmget(key, "count", "last")
        if count is None or last is None:
            return None
        return Failures(count=int(count), last_at=datetime.fromisoformat(last.decode()))


def _keys(name: str, address: str) -> tuple[tuple[str, Patience], ...]:
    return (_key("name", name), OF_NAME), (_key("network", network_of(address)), OF_NETWORK)


def _key(kind: str, what: str) -> str:
    """Neither names tried nor addresses are kept as they are."""
    digest = hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()
    return f"lw:account:failures:{digest}"
