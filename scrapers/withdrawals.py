"""Withdrawals of a run as records for the topic: those of a partition together. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from config.topics import POSTINGS
from scrapers.frontier import Known, Reconciliation, Standing, Withdrawal
from scrapers.items import PostingsWithdrawn, PostingWithdrawn, WithdrawalReason
from scrapers.publish import partition_key, partition_of

_MOST_TOGETHER = 100
"""Withdrawals in one record: the longest names and ids stay below what the broker takes."""


def withdrawal_records(
    source_id: str, withdrawn: Iterable[Withdrawal], now: datetime
) -> list[tuple[bytes, PostingsWithdrawn]]:
    """Keys and records, in the order of the listing within each partition.

    Args:
        now: event time of the run that established them.
    """
    by_partition: dict[int, tuple[bytes, list[PostingWithdrawn]]] = {}
    for withdrawal in withdrawn:
        known = withdrawal.known
        record = PostingWithdrawn(
            source_id=source_id,
            posting_id=withdrawal.posting_id,
            hiring_organization=known.hiring_organization,
            reason=withdrawal.reason,
            last_seen_at=known.last_seen_at,
            withdrawn_at=now,
            first_missed_at=known.first_missed_at,
            closes_on=known.closes_on if known.closing_stated else None,
        )
        key = partition_key(record.hiring_organization, record.posting_key)
        partition = partition_of(key, POSTINGS.partitions)
        by_partition.setdefault(partition, (key, []))[1].append(record)
    return [
        (key, PostingsWithdrawn(source_id=source_id, withdrawals=tuple(records[first:last])))
        for key, records in by_partition.values()
        for first in range(0, len(records), _MOST_TOGETHER)
        for last in (first + _MOST_TOGETHER,)
    ]


def told_withdrawals(
    known: Mapping[str, Known], posting_ids: Collection[str], now: datetime
) -> Reconciliation:
    """What their provider's word means for those of the postings that are open."""
    gone = tuple(
        Withdrawal(
            posting_id=posting_id,
            known=replace(known[posting_id], last_seen_at=now),
            reason=WithdrawalReason.TOLD,
        )
        for posting_id in posting_ids
        if posting_id in known and known[posting_id].standing is Standing.OPEN
    )
    changed = {w.posting_id: replace(w.known, standing=Standing.WITHDRAWN, digest="") for w in gone}
    return Reconciliation(changed=changed, forgotten=(), withdrawn=gone)
