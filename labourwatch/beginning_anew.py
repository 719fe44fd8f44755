"""An operator's word that the register of vacancies is lost and an empty one may begin."""

from __future__ import annotations

import asyncio
from typing import Final

import redis.asyncio as redis_async

from config.settings import Settings
from scrapers.context import utc_now
from streams.beginning import begin

NOT_LOST: Final = "the register is not lost; nothing to do"


def began_anew(settings: Settings) -> str:
    """Let the stream worker begin an empty register. Returns what to tell.

    Raises:
        redis.exceptions.RedisError: the state store does not answer.
    """
    if asyncio.run(_begin(settings)):
        return (
            "the stream worker begins an empty register when it starts next; postings that boards "
            "still show are counted as new vacancies"
        )
    return NOT_LOST


async def _begin(settings: Settings) -> bool:
    redis = redis_async.Redis.from_url(settings.redis_url)
    try:
        return await begin(redis, utc_now())
    finally:
        await redis.aclose()
