"""How far the first filling of a workspace has come, for the terminal and for benchmarks."""

from __future__ import annotations

from dataclasses import dataclass

import redis

from alerts.signs_of_life import crawl_status
from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Phase of the crawler (`backfill`, `live`, or "" while unknown) and a line for people."""

    phase: str
    detail: str


def read_progress(settings: Settings) -> Progress:
    """What the crawler last said of itself; empty while Redis or the crawler is away."""
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=2.0) as client:
            status = crawl_status(client)
    except redis.RedisError:
        return Progress(phase="", detail="")
    phase = status.get("phase", "")
    if phase == "backfill":
        detail = f"{status.get('day', '?')}, {status.get('postings', '0')} postings read"
    else:
        detail = "following the sources by their schedules"
    return Progress(phase=phase, detail=detail)
