"""An operator takes a source's present shape as the normal one."""

from __future__ import annotations

import asyncio

import redis.asyncio as redis_async

from config.settings import Settings
from scrapers.context import utc_now
from scrapers.health.store import accept


def accepted(settings: Settings, source_id: str) -> str | None:
    """Tell the crawler, and say what it will do; `None` where the source has no history.

    Raises:
        redis.exceptions.RedisError: the state store does not answer.
    """
    return asyncio.run(_accept(settings, source_id))


async def _accept(settings: Settings, source_id: str) -> str | None:
    redis = redis_async.Redis.from_url(settings.redis_url)
    try:
        history = await accept(redis, source_id, utc_now())
    finally:
        await redis.aclose()
    if history is None:
        return None
    doubts = (history.period.reasons if history.period else frozenset()) | history.odd
    what = ", ".join(sorted(reason.value for reason in doubts)) or "nothing is in doubt"
    return f"{source_id}: accepted ({what}); its next crawl learns anew and lets absences count"
