"""Frontiers of the crawler that Redis has lost, as they follow from the postings stored as open.

What is open is known to the crawler again, so that its absence counts, and is read once more, for
its listing's digest is not stored. What was withdrawn or refused but still listed is read again too
and changes nothing: the register knows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from redis.asyncio import Redis

from scrapers.frontier import Known, Standing
from scrapers.frontier_store import SourceFrontier
from scrapers.parsing.posting import last_open_day
from scrapers.source_files import load_sources
from warehouse.decided import StoredPosting

Runs = Mapping[str, tuple[datetime, datetime | None]]
"""By source: its newest good run, and its newest over the whole listing."""


async def hand_over_frontiers(
    redis: Redis, sources_dir: Path, postings: Iterable[StoredPosting], runs: Runs
) -> int:
    """Give open postings and marks of runs to the crawler; how many postings.

    A crawler that runs keeps what it knows better.

    Raises:
        scrapers.source_files.SourceError: a source file is wrong.
        redis.RedisError: Redis does not answer.
    """
    lifetimes = {source.id: source.lifetime_days for source in load_sources(sources_dir)}
    by_source: defaultdict[str, list[tuple[str, Known]]] = defaultdict(list)
    for posting in postings:
        lifetime = lifetimes.get(posting.source_id)
        listed_at = runs.get(posting.source_id, (None, None))[1]
        known = open_known(posting, lifetime, listed_at)
        by_source[posting.source_id].append((posting.posting_id, known))
    for source_id in sorted({*by_source, *runs}):
        frontier = SourceFrontier(redis, source_id)
        await frontier.hand_over(by_source[source_id])
        if source_id in runs:
            await frontier.restore_marks(*runs[source_id])
    return sum(map(len, by_source.values()))


def open_known(
    posting: StoredPosting, lifetime_days: int | None, listed_at: datetime | None
) -> Known:
    """An open posting: what was not missing was last seen when the whole listing was last read."""
    seen = posting.last_seen_at
    return Known(
        standing=Standing.OPEN,
        digest="",
        hiring_organization=posting.employer,
        closes_on=last_open_day(posting.valid_through, posting.date_posted, seen, lifetime_days),
        closing_stated=posting.valid_through is not None,
        last_seen_at=max(seen, listed_at) if listed_at is not None else seen,
    )
