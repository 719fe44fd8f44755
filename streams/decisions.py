"""Decisions about records, and how the register remembers them.

A record is decided once. What was decided is kept in the posting's log, and a record that comes
again, even long after and with others in between, is answered from the log and changes nothing.
Records that changed nothing when they first came are not kept: they still change nothing later,
because by then the posting's mark lies at or beyond their event time, or its content is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from streams.deduplicate import REPOST_WINDOW_MS
from streams.state import DAY_MS, Block, LogEntry, PostingState, VacancyState

MEMORY_MS: Final = REPOST_WINDOW_MS + 30 * DAY_MS
SWEEP_EVERY_MS: Final = 7 * DAY_MS
"""Event time for which a closed vacancy and old decisions are kept: the re-post window, and a
month more than any stretch of records that a restart could make us read again."""
LONGEST_LOG: Final = 64
"""Decisions kept of one posting. A page with a visit counter changes at every crawl; that must not
grow without bound. Decisions with an event are kept in any case."""


class Outcome(StrEnum):
    """What became of a record."""

    OPENED = "opened"
    LINKED = "linked"
    REPOSTED = "reposted"
    RETURNED = "returned"
    REVISED = "revised"
    CLOSED = "closed"
    LEFT = "left"
    """A posting has gone; the vacancy stays open through others."""
    REPLAYED = "replayed"
    UNCHANGED = "unchanged"
    STALE = "stale"
    """Older than what is known of the posting."""
    ALREADY_CLOSED = "already_closed"
    UNKNOWN_POSTING = "unknown_posting"
    CORRECTED = "corrected"
    NOTHING_TO_CORRECT = "nothing_to_correct"
    """A correction of a posting, or towards one, that is not as it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of one record, and the states it leads to (`None`: as before).

    `entry` is what there is to tell downstream; `None` means nothing.
    """

    outcome: Outcome
    posting_key: str
    entry: LogEntry | None = None
    posting: PostingState | None = None
    vacancy: VacancyState | None = None


def apply(block: Block, decision: Decision) -> bool:
    """Store the states that `decision` leads to; whether anything changed."""
    if decision.posting is None:
        return False
    block.postings[decision.posting_key] = decision.posting
    if decision.vacancy is not None:
        block.vacancies[decision.posting.vacancy_id] = decision.vacancy
    return True


def forget(block: Block, now: int) -> list[str]:
    """Once a week of event time, drop vacancies closed longer ago than `MEMORY_MS` at `now`.

    One of whose postings was heard of since is kept: reading that again would open it anew.

    Returns:
        Keys of the postings dropped with them.
    """
    if now < block.swept + SWEEP_EVERY_MS:
        return []
    block.swept = now
    heard_of = {p.vacancy_id for p in block.postings.values() if now - p.mark <= MEMORY_MS}
    old = {
        vacancy_id
        for vacancy_id, vacancy in block.vacancies.items()
        if not vacancy.open_postings
        and now - vacancy.closed_at > MEMORY_MS
        and vacancy_id not in heard_of
    }
    dropped = [key for key, posting in block.postings.items() if posting.vacancy_id in old]
    for key in dropped:
        del block.postings[key]
    for vacancy_id in old:
        del block.vacancies[vacancy_id]
    return dropped


def logged(block: Block, known: PostingState, record_id: str) -> LogEntry | None:
    for entry in known.log:
        if entry.record_id == record_id and entry.vacancy_id in block.vacancies:
            return entry
    return None


def repeated(posting_key: str, entry: LogEntry) -> Decision:
    return Decision(outcome=Outcome.REPLAYED, posting_key=posting_key, entry=entry)


def extended(log: tuple[LogEntry, ...], entry: LogEntry) -> tuple[LogEntry, ...]:
    kept = [old for old in log if entry.at - old.at <= MEMORY_MS]
    surplus = len(kept) + 1 - LONGEST_LOG
    if surplus > 0:
        quiet = [old.record_id for old in kept if not (old.event or old.effects)][:surplus]
        kept = [old for old in kept if old.record_id not in quiet]
    return (*kept, entry)
