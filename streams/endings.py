"""When a posting ended, as far as crawls can tell: between which two moments, and why. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from scrapers.items import PostingWithdrawn, WithdrawalReason
from streams.normalise import VIENTIANE
from streams.records import EndCause, PostingEnd


def ending_of(gone: PostingWithdrawn) -> PostingEnd:
    """The end of the posting that `gone` tells of.

    A posting missed before its closing date was taken down between its last sight and the first
    crawl without it, which may lie on either side of an outage. One that was not missed before its
    closing date stood until that date. Where it stated none, nothing says when it ended.
    """
    after = min(gone.last_seen_at, gone.withdrawn_at)
    missed = max(after, gone.first_missed_at or gone.withdrawn_at)
    deadline = None if gone.closes_on is None else end_of_day(gone.closes_on)
    if deadline is not None and _stood_until(deadline, gone):
        return _end(gone, EndCause.EXPIRED, deadline, deadline)
    if gone.reason is WithdrawalReason.EXPIRED and gone.first_missed_at is None:
        return _end(gone, EndCause.LAPSED, after, missed)
    return _end(gone, EndCause.CLOSED, after, missed)


def end_of_day(day: date) -> datetime:
    """The moment (UTC) at which `day` is over in Laos."""
    midnight = datetime.combine(day + timedelta(days=1), time(), VIENTIANE)
    return midnight.astimezone(UTC)


def _stood_until(deadline: datetime, gone: PostingWithdrawn) -> bool:
    """Whether no crawl missed the posting before `deadline`, which has passed."""
    return deadline <= (gone.first_missed_at or gone.withdrawn_at)


def _end(gone: PostingWithdrawn, cause: EndCause, after: datetime, before: datetime) -> PostingEnd:
    return PostingEnd(
        posting_key=gone.posting_key,
        source_id=gone.source_id,
        cause=cause,
        ended_after=after,
        ended_before=before,
        withdrawn_at=gone.withdrawn_at,
    )
