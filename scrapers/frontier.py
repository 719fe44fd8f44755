"""What is known of a source's postings between crawls, and what a new crawl changes. Pure.

`last_seen_at` of a posting is only written when it changes hands: while a posting is not missing
it was last seen at the source's latest successful run, so that a run in which nothing changes
writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from scrapers.items import WithdrawalReason
from scrapers.parsing.dates import local_day


class Standing(StrEnum):
    """What a known identifier stands for."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    """Withdrawn though still listed (its closing date has passed): not fetched again."""
    REFUSED = "refused"
    """Read and refused; not fetched again until its listing entry changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One identifier that a source has listed."""

    standing: Standing
    digest: str
    """Of the listing entry when the posting was read; "" where that is not known."""
    hiring_organization: str
    closes_on: date | None
    """Last day (Asia/Vientiane) on which the posting is taken as open."""
    last_seen_at: datetime
    misses: int = 0
    """Successive successful runs that did not list it."""
    adopt: bool = False
    """Read from the archive, whose digests differ: the next listing's digest is taken over."""
    refused_at: datetime | None = None
    """Event time at which its latest version was refused; `None` where that was taken."""
    first_missed_at: datetime | None = None
    """Event time of the first of `misses`."""
    closing_stated: bool = False
    """Whether the posting itself states `closes_on`; else it is the source's usual lifetime."""
    etag: str = ""
    last_modified: str = ""
    """As the published version's own page told them, for a conditional request; "" where it
    did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A posting that is no longer open, and why."""

    posting_id: str
    known: Known
    reason: WithdrawalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Changes of the frontier that one successful run causes."""

    changed: Mapping[str, Known]
    forgotten: Collection[str]
    withdrawn: tuple[Withdrawal, ...]


class Visit(StrEnum):
    """Whether a listed posting is fetched, and why."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ADOPTED = "adopted"
    """Known from the archive and not modified since: only the digest is taken over."""
    AGAIN = "again"
    """Known and unchanged: read again for comparison, and not published."""


def decide_visit(
    known: Known | None,
    digest: str,
    modified_at: datetime | None,
    previous_run: datetime | None = None,
) -> Visit:
    """Whether a listed entry must be read (`NEW`, `CHANGED`) or not.

    An archive shows every change until its last day, `previous_run`; a posting taken from it is
    only read again when its listing says that it was modified later.
    """
    if known is None:
        return Visit.NEW
    if known.adopt:
        read_until = max(known.last_seen_at, previous_run or known.last_seen_at)
        newer = modified_at is not None and modified_at > read_until
        return Visit.CHANGED if newer else Visit.ADOPTED
    return Visit.UNCHANGED if known.digest == digest else Visit.CHANGED


def condition_of(known: Known | None) -> dict[str, str]:
    """Headers that ask for a changed advert only if its page changed too; none where an
    unchanged page would not mean that what was published still holds."""
    if known is None or known.standing is not Standing.OPEN:
        return {}
    if not known.digest or known.refused_at is not None:
        return {}
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in told.items() if value}


def may_be_reread(known: Known | None, event_time: datetime) -> bool:
    """Whether what was refused at `event_time` may still be published: nothing newer has been."""
    if known is None or known.standing is Standing.REFUSED:
        return True
    if known.refused_at is not None:
        return event_time >= known.refused_at
    return event_time > known.last_seen_at


def take_reread(current: Known | None, reread: Known, listed_at: datetime | None) -> Known | None:
    """What a posting published from a dead letter makes of what is known.

    Args:
        current: what the crawler knows now; `None` where it has forgotten the posting.
        reread: the posting as published; its `last_seen_at` is the letter's event time.
        listed_at: event time of the latest successful run that read the source's whole listing.

    Returns:
        `None` where a later version has been published meanwhile. A posting that later runs no
        longer listed starts with one miss.
    """
    if current is None:
        missed = listed_at is not None and listed_at > reread.last_seen_at
        return replace(reread, misses=int(missed), first_missed_at=listed_at if missed else None)
    if not may_be_reread(current, reread.last_seen_at):
        return None
    later = current.refused_at is not None and current.refused_at > reread.last_seen_at
    return replace(
        current,
        standing=Standing.OPEN,
        hiring_organization=reread.hiring_organization,
        closes_on=reread.closes_on,
        closing_stated=reread.closing_stated,
        last_seen_at=max(current.last_seen_at, reread.last_seen_at),
        refused_at=current.refused_at if later else None,
    )


def reconcile(
    frontier: Mapping[str, Known],
    listed: Set[str],
    *,
    now: datetime,
    previous_run: datetime | None,
    unseen_runs: int,
    suspects: Set[str] | None = None,
) -> Reconciliation:
    """What a successful run with a complete listing means for every known posting.

    Args:
        frontier: what was known, with this run's new postings already in it.
        listed: identifiers on the listing (a set).
        now: event time of the run.
        previous_run: event time of the source's previous successful run with a complete
            listing, if any.
        unseen_runs: misses at which a posting is withdrawn.
        suspects: identifiers that may change although they are listed: those missing before or
            past their closing day; default: any.
    """
    today = local_day(now)
    changed: dict[str, Known] = {}
    forgotten: list[str] = []
    withdrawn: list[Withdrawal] = []
    looked_at = set(frontier.keys() - listed)
    looked_at.update(frontier.keys() if suspects is None else suspects & frontier.keys())
    for posting_id in sorted(looked_at):
        known = frontier[posting_id]
        present = posting_id in listed
        if present and not known.misses and (known.closes_on is None or known.closes_on >= today):
            continue
        following = _seen(known, now) if present else _missed(known, now, previous_run)
        reason = _withdrawal(following, today, unseen_runs)
        if reason is not None:
            last = replace(following, last_seen_at=now) if present else following
            withdrawn.append(Withdrawal(posting_id=posting_id, known=last, reason=reason))
            following = replace(following, standing=Standing.WITHDRAWN)
        if not present and following.misses >= unseen_runs:
            forgotten.append(posting_id)
        elif following is not known:
            changed[posting_id] = following
    return Reconciliation(changed=changed, forgotten=forgotten, withdrawn=tuple(withdrawn))


def expire(frontier: Mapping[str, Known], *, now: datetime) -> Reconciliation:
    """Postings whose closing day has passed, for sources whose listing says nothing by absence."""
    today = local_day(now)
    over = tuple(
        Withdrawal(posting_id=posting_id, known=known, reason=WithdrawalReason.EXPIRED)
        for posting_id, known in _open(frontier)
        if known.closes_on is not None and known.closes_on < today
    )
    changed = {w.posting_id: replace(w.known, standing=Standing.WITHDRAWN) for w in over}
    return Reconciliation(changed=changed, forgotten=(), withdrawn=over)


def _open(frontier: Mapping[str, Known]) -> Iterator[tuple[str, Known]]:
    return (pair for pair in frontier.items() if pair[1].standing is Standing.OPEN)


def _seen(known: Known, now: datetime) -> Known:
    if not known.misses:
        return known
    return replace(known, misses=0, last_seen_at=now, first_missed_at=None)


def _missed(known: Known, now: datetime, previous_run: datetime | None) -> Known:
    if known.misses:
        return replace(known, misses=known.misses + 1)
    last_seen = known.last_seen_at
    if previous_run is not None and last_seen < previous_run < now:
        last_seen = previous_run
    return replace(known, misses=1, last_seen_at=last_seen, first_missed_at=now)


def _withdrawal(known: Known, today: date, unseen_runs: int) -> WithdrawalReason | None:
    if known.standing is not Standing.OPEN:
        return None
    if known.closes_on is not None and known.closes_on < today:
        return WithdrawalReason.EXPIRED
    return WithdrawalReason.UNSEEN if known.misses >= unseen_runs else None
