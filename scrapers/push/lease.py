"""The right to change one source's frontier, held by one process at a time.

A lease ends by itself when its holder dies. What a holder writes is fenced: a process that was
stopped for longer than its lease cannot write over its successor.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import Any, Final, Self

import redis.asyncio as redis_async

_LASTS_MS: Final = 15_000
_RENEW_EVERY_S: Final = 5.0
_ASK_EVERY_S: Final = 0.05
_PATIENCE_S: Final = 20.0
"""Longer than a lease lasts: whoever waits outlives a holder that was killed."""

_RENEW: Final = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then "
    "return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end"
)
_RELEASE: Final = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then "
    "return redis.call('del', KEYS[1]) else return 0 end"
)


class LeaseBusyError(RuntimeError):
    """Another process has held the source for longer than we wait; try again later."""


class LeaseLostError(RuntimeError):
    """The lease passed to another process while this one was stopped; nothing was committed."""


class SourceLease:
    """`async with SourceLease(redis, source_id) as lease`: alone with the source's frontier.

    Raises:
        LeaseBusyError: on entering, after 20 s of waiting.
    """

    def __init__(self, redis: redis_async.Redis, source_id: str, patience_s: float = _PATIENCE_S):
        self._redis: Any = redis
        self._patience_s = patience_s
        self.key = f"lw:frontier:{source_id}:lease"
        self.holder = secrets.token_hex(16)
        self._renewing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._patience_s
        while not await self._redis.set(self.key, self.holder, nx=True, px=_LASTS_MS):
            if clock() >= deadline:
                raise LeaseBusyError(f"{self.key} is held by another process")
            await asyncio.sleep(_ASK_EVERY_S)
        self._renewing = asyncio.create_task(self._renew())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError, redis_async.RedisError):
                await self._renewing
        await self._redis.eval(_RELEASE, 1, self.key, self.holder)

    async def check(self, pipe: Any) -> None:
        """Make what `pipe` executes depend on this lease: call before queueing its commands.

        Raises:
            LeaseLostError: the lease is not ours any more. If it passes on between this call and
                the pipe's `execute`, that raises `redis.WatchError`.
        """
        await pipe.watch(self.key)
        if await pipe.get(self.key) != self.holder.encode():
            raise LeaseLostError(f"{self.key} passed to another process")
        pipe.multi()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY_S)
            await self._redis.eval(_RENEW, 1, self.key, self.holder, _LASTS_MS)
