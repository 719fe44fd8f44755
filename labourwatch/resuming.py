"""`labourwatch sources resume`: an operator's word that a source may be asked again."""

from __future__ import annotations

import asyncio
from typing import Final

import redis.asyncio as redis_async

from config.settings import Settings
from labourwatch.sourcing import path_of
from scrapers.refusals import Absences
from scrapers.source_files import load_source

NOTHING: Final = "nothing to do"


def resumed(settings: Settings, name: str) -> str:
    """End our absence from a source that turned us away. Returns what to tell.

    Raises:
        SourceError: there is no such source, or its file is wrong.
        redis.exceptions.ConnectionError: the stack does not run.
    """
    source = load_source(path_of(settings, name))
    if asyncio.run(_end(settings, source.id)):
        return f"{source.id} is asked again, within half a minute where it is enabled"
    return f"{source.id} has not turned us away; {NOTHING}"


async def _end(settings: Settings, source_id: str) -> bool:
    client = redis_async.Redis.from_url(settings.redis_url)
    try:
        return await Absences(client).end(source_id)
    finally:
        await client.aclose()
