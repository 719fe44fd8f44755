"""The sum check: every posting the boards served is stored, linked or refused, and none twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.stack import Stack
from warehouse.client import connect, fetch

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LINKED = (
    "duplicate_full",
    "duplicate_near",
    "duplicate_partial",
    "duplicate_translated",
    "repost",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Counts of distinct postings, and of what must be zero."""

    served: int
    stored: int
    """Postings that opened a vacancy."""
    linked: int
    """Postings linked to the vacancy of another, as duplicate or re-post."""
    refused: int
    refused_by_reason: dict[str, int]
    lost: int
    """Served, but neither stored nor linked nor refused."""
    doubled: int
    """Rows too many: records or events stored twice, and differences of the roll-up."""
    unserved: int
    """Stored although no board served it."""

    @property
    def balanced(self) -> bool:
        """Whether served = stored + linked + refused, with nothing lost, doubled or invented."""
        return (
            self.served == self.stored + self.linked + self.refused
            and self.lost == self.doubled == self.unserved == 0
        )


def served_postings(stack: Stack) -> set[tuple[str, str]]:
    """(source, posting id) of all that a visitor of the boards could have seen until now."""
    export = stack.post(f"{stack.settings.demo_url}/truth/postings", {})
    with Path(export["path"]).open(encoding="utf-8") as lines:
        records = (json.loads(line) for line in lines)
        return {(record["source_id"], record["posting_id"]) for record in records}


def check_sums(stack: Stack) -> Sums:
    """Compare what was served with what is stored, posting by posting."""
    served = served_postings(stack)
    with connect(stack.settings, readonly=True) as client:
        first_role = fetch(
            client,
            "SELECT source_id, posting_id, argMin(role, fetched_at) FROM postings"
            " WHERE role != 'revision' GROUP BY source_id, posting_id",
        )
        roles = {(source, posting): role for source, posting, role in first_role}
        letters = fetch(
            client,
            "SELECT source_id, posting_id, any(reason) FROM dead_letters"
            # A withdrawal that found no posting is what a lost posting leaves behind.
            " WHERE posting_id != '' AND reason != 'withdrawal_without_posting'"
            " GROUP BY source_id, posting_id",
        )
        reasons = {(source, posting): reason for source, posting, reason in letters}
        doubled = doubled_rows(client)
    refused = {key: reason for key, reason in reasons.items() if key in served and key not in roles}
    by_reason: dict[str, int] = {}
    for reason in refused.values():
        by_reason[reason] = by_reason.get(reason, 0) + 1
    mine = {key: role for key, role in roles.items() if key in served}
    return Sums(
        served=len(served),
        stored=sum(role == "original" for role in mine.values()),
        linked=sum(role in _LINKED for role in mine.values()),
        refused=len(refused),
        refused_by_reason=dict(sorted(by_reason.items())),
        lost=len(served - roles.keys() - reasons.keys()),
        doubled=doubled,
        unserved=sum(key not in served for key in roles),
    )


def doubled_rows(client: Client) -> int:
    """Rows that should not be there twice, and how far the roll-up is from its events."""
    counts = fetch(
        client,
        """SELECT
          (SELECT count() - uniqExact(record_id) FROM postings),
          (SELECT count() - uniqExact(event_id) FROM vacancy_events),
          (SELECT count() - uniqExact(vacancy_id) FROM vacancy_events WHERE flow = 1),
          (SELECT abs(sum(flow) - (SELECT sum(flow) FROM vacancy_events)) FROM rollup_daily),
          (SELECT abs(sum(stock_delta) - (SELECT sum(stock) FROM vacancy_events))
            FROM rollup_daily)""",
    )[0]
    return sum(int(count) for count in counts)
