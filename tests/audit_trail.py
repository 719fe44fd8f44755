"""The audit log of a Redis, whole."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from config.settings import Settings
from dashboard.accounts.chain import Entry, broken
from dashboard.accounts.store import AccountStore


def audited(settings: Settings) -> list[Entry]:
    """Its entries in order; fails where the chain is not whole. Not from a running loop."""

    async def read() -> list[Entry]:
        async with Redis.from_url(settings.redis_url) as client:
            return await AccountStore(client).audit()

    entries = asyncio.run(read())
    assert broken(entries) is None
    return entries
