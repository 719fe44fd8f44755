"""What the running stack knows of declared sources: who turned us away, and who is in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import redis.asyncio as redis_async

from config.settings import Settings
from scrapers.context import utc_now
from scrapers.health.history import Period
from scrapers.health.store import HealthStore
from scrapers.refusals import Absence, Absences
from scrapers.source_files import SourceError, load_source
from scrapers.sources import Source


def standings(settings: Settings) -> Mapping[str, Sequence[str]]:
    """Notes on sources that are not as they should be, by source.

    Raises:
        redis.exceptions.RedisError: the state store does not answer.
    """
    return asyncio.run(_standings(settings))


def absence_told(absence: Absence | None, now: datetime) -> str:
    """Why and until when a source is not asked; "" where it is."""
    if absence is None or absence.until <= now:
        return ""
    until = f"not asked until {absence.until:%Y-%m-%d %H:%M} UTC: {absence.detail}"
    if not absence.times:
        return f"asked us to wait; {until}"
    how_often = "once" if absence.times == 1 else f"{absence.times} times"
    return f"turned us away {how_often}, first on {absence.since:%Y-%m-%d}; {until}"


def period_told(period: Period | None) -> str:
    """Since when and why a source's crawls are not believed; "" where they are."""
    if period is None:
        return ""
    reasons = ", ".join(sorted(reason.value for reason in period.reasons))
    return f"{period.kind.value} since {period.from_at:%Y-%m-%d %H:%M} UTC: {reasons}"


async def _standings(settings: Settings) -> dict[str, list[str]]:
    client = redis_async.Redis.from_url(settings.redis_url)
    try:
        return {source.id: await _notes(source, client) for source in _declared(settings)}
    finally:
        await client.aclose()


async def _notes(source: Source, client: redis_async.Redis) -> list[str]:
    health = HealthStore(client, source.id)
    await health.load()
    absence = await Absences(client).last(source)
    told = (absence_told(absence, utc_now()), period_told(health.history.period))
    return [note for note in told if note]


def _declared(settings: Settings) -> list[Source]:
    """Sources whose files are right; the others are told by `listed`."""
    found = []
    for path in sorted(settings.sources_dir.glob("*.yaml")):
        try:
            found.append(load_source(path))
        except SourceError:
            continue
    return found
