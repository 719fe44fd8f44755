"""What a run makes of the postings it has read, for the frontier. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from scrapers.frontier import Known, Standing
from scrapers.items import JobPosting
from scrapers.parsing.posting import closing_day
from scrapers.reading import Entry


def published_known(
    posting: JobPosting,
    digest: str,
    *,
    lifetime_days: int | None,
    archived: bool,
    etag: str = "",
    last_modified: str = "",
) -> Known:
    """A posting just published: open, seen at its event time."""
    return Known(
        standing=Standing.OPEN,
        digest=digest,
        hiring_organization=posting.hiring_organization,
        closes_on=closing_day(posting, lifetime_days),
        closing_stated=posting.valid_through is not None,
        last_seen_at=posting.fetched_at,
        adopt=archived,
        etag=etag,
        last_modified=last_modified,
    )


def refused_known(before: Known | None, entry: Entry, now: datetime, *, archived: bool) -> Known:
    """Not to be read again until it changes; an earlier version that was published stays open."""
    if before is None or before.standing is not Standing.OPEN:
        before = Known(
            standing=Standing.REFUSED,
            digest=entry.digest,
            hiring_organization="",
            closes_on=None,
            last_seen_at=now,
            adopt=archived,
        )
    return replace(before, digest=entry.digest, adopt=archived, refused_at=now)
