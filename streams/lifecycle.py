"""What one record changes in the register: pure transitions, each with its outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from scrapers.items import PostingWithdrawn, WithdrawalReason
from streams.decisions import Decision, Outcome, extended, logged, repeated
from streams.deduplicate import Link, find_link, is_in_reach, is_same_job, no_code
from streams.identity import identify
from streams.matching import LinkReason
from streams.normalise import vientiane_day
from streams.records import EventKind, NormalisedPosting, Role
from streams.state import Block, LogEntry, PostingState, VacancyState, millis
from streams.traits import Traits, state_of

_ROLES: Final = {
    LinkReason.SAME_FINGERPRINT: Role.DUPLICATE_FULL,
    LinkReason.PART_OF: Role.DUPLICATE_PARTIAL,
    LinkReason.TRANSLATED: Role.DUPLICATE_TRANSLATED,
}


def decide_sighting(
    block: Block,
    seen: NormalisedPosting,
    traits: Callable[[], Traits],
    code_of: Callable[[str], str] = no_code,
) -> Decision:
    """What the sighting of a posting changes. `traits` is called only where they are needed."""
    known = block.postings.get(seen.posting_key)
    if known is None:
        return _enter(block, seen, traits(), None, code_of)
    if (entry := logged(block, known, seen.record_id)) is not None:
        return repeated(seen.posting_key, entry)
    at = millis(seen.fetched_at)
    if at <= known.mark:
        return Decision(outcome=Outcome.STALE, posting_key=seen.posting_key)
    if known.is_open:
        if known.content_hash == seen.content_hash:
            return Decision(outcome=Outcome.UNCHANGED, posting_key=seen.posting_key)
        return _revise(known, seen, at)
    return _come_back(block, known, seen, traits(), code_of)


def decide_withdrawal(block: Block, gone: PostingWithdrawn) -> Decision:
    """What the disappearance of a posting changes.

    It may carry the event time of the posting's last sighting and then comes after it: a crawl can
    see a posting and, in the same moment, that its closing date has passed.
    """
    key = gone.posting_key
    at = millis(gone.withdrawn_at)
    known = block.postings.get(key)
    record_id = withdrawal_id(gone)
    if known is None:
        return Decision(outcome=Outcome.UNKNOWN_POSTING, posting_key=key)
    if (entry := logged(block, known, record_id)) is not None:
        return repeated(key, entry)
    if at < known.mark:
        first = min((entry.at for entry in known.log), default=known.mark)
        outcome = Outcome.UNKNOWN_POSTING if at < first else Outcome.STALE
        return Decision(outcome=outcome, posting_key=key)
    if not known.is_open:
        # The mark moves on, so that a posting that returns at this very time is not closed by a
        # replay of this record.
        return Decision(
            outcome=Outcome.ALREADY_CLOSED, posting_key=key, posting=replace(known, mark=at)
        )
    return _withdraw(block, known, gone, record_id, at)


def withdrawal_id(gone: PostingWithdrawn) -> str:
    """Identity of a withdrawal record."""
    return identify(gone.posting_key, gone.withdrawn_at.isoformat(), gone.reason)


def _enter(
    block: Block,
    seen: NormalisedPosting,
    traits: Traits,
    known: PostingState | None,
    code_of: Callable[[str], str],
) -> Decision:
    """A posting enters the register: as a duplicate, a re-post, or a vacancy of its own."""
    apart = known.apart if known is not None else ()
    link = find_link(traits, block.vacancies, apart, code_of)
    if link is None:
        vacancy_id = identify("vacancy", seen.record_id)
        vacancy = state_of(traits)
        entry = _entry(seen, vacancy_id, Role.ORIGINAL, LinkReason.NEW_VACANCY, 1.0)
        entry = replace(entry, event=EventKind.OPENED.value, day=seen.opened_on.toordinal())
        return _entered(Outcome.OPENED, seen, entry, vacancy, known)
    joined = block.vacancies[link.vacancy_id]
    if joined.open_postings:
        role = _ROLES.get(link.reason, Role.DUPLICATE_NEAR)
        entry = _linked(seen, link, role)
        return _entered(Outcome.LINKED, seen, entry, _joined(joined), known)
    return _reposted(seen, _linked(seen, link, Role.REPOST), joined, known)


def _linked(seen: NormalisedPosting, link: Link, role: Role) -> LogEntry:
    entry = _entry(seen, link.vacancy_id, role, link.reason, link.score)
    return replace(entry, evidence=link.evidence)


def _come_back(
    block: Block,
    known: PostingState,
    seen: NormalisedPosting,
    traits: Traits,
    code_of: Callable[[str], str],
) -> Decision:
    """A posting that had gone is listed again."""
    vacancy = block.vacancies.get(known.vacancy_id)
    changed = known.content_hash != seen.content_hash
    if (
        vacancy is None
        or not is_in_reach(traits, vacancy)
        or (changed and not is_same_job(traits, vacancy))
    ):
        return _enter(block, seen, traits, known, code_of)
    reason = LinkReason.POSTING_RETURNED
    if vacancy.open_postings:
        entry = _entry(seen, known.vacancy_id, Role.DUPLICATE_FULL, reason, 1.0)
        return _entered(Outcome.RETURNED, seen, entry, _joined(vacancy), known)
    entry = _entry(seen, known.vacancy_id, Role.REPOST, reason, 1.0)
    return _reposted(seen, entry, vacancy, known)


def _revise(known: PostingState, seen: NormalisedPosting, at: int) -> Decision:
    entry = _entry(seen, known.vacancy_id, Role.REVISION, LinkReason.CONTENT_CHANGED, 1.0)
    entry = replace(entry, opened_on=known.opened_on)
    return Decision(
        outcome=Outcome.REVISED,
        posting_key=seen.posting_key,
        entry=entry,
        posting=replace(
            known, content_hash=seen.content_hash, mark=at, log=extended(known.log, entry)
        ),
    )


def _withdraw(
    block: Block, known: PostingState, gone: PostingWithdrawn, record_id: str, at: int
) -> Decision:
    vacancy = block.vacancies[known.vacancy_id]
    last = vacancy.open_postings == 1
    expired = gone.reason is WithdrawalReason.EXPIRED
    kind = EventKind.EXPIRED if expired else EventKind.CLOSED
    day = max(vientiane_day(gone.withdrawn_at).toordinal(), vacancy.started_on)
    entry = LogEntry(
        record_id=record_id,
        at=at,
        vacancy_id=known.vacancy_id,
        role="",
        reason=gone.reason.value if last else LinkReason.OTHER_POSTINGS_OPEN.value,
        score=1.0,
        event=kind.value if last else "",
        day=day if last else 0,
        opened_on=known.opened_on,
    )
    left = replace(vacancy, open_postings=vacancy.open_postings - 1)
    if last:
        left = replace(left, closed_at=at, closed_on=day)
    return Decision(
        outcome=Outcome.CLOSED if last else Outcome.LEFT,
        posting_key=gone.posting_key,
        entry=entry,
        posting=replace(known, mark=at, is_open=False, log=extended(known.log, entry)),
        vacancy=left,
    )


def _entered(
    outcome: Outcome,
    seen: NormalisedPosting,
    entry: LogEntry,
    vacancy: VacancyState,
    known: PostingState | None,
) -> Decision:
    """What a posting that comes (back) is from now on; what a person parted it from stays apart."""
    return Decision(
        outcome=outcome,
        posting_key=seen.posting_key,
        entry=entry,
        posting=PostingState(
            vacancy_id=entry.vacancy_id,
            content_hash=seen.content_hash,
            mark=entry.at,
            opened_on=seen.opened_on.toordinal(),
            is_open=True,
            log=extended(known.log if known is not None else (), entry),
            apart=known.apart if known is not None else (),
        ),
        vacancy=vacancy,
    )


def _entry(
    seen: NormalisedPosting, vacancy_id: str, role: Role, reason: LinkReason, score: float
) -> LogEntry:
    return LogEntry(
        record_id=seen.record_id,
        at=millis(seen.fetched_at),
        vacancy_id=vacancy_id,
        role=role.value,
        reason=reason.value,
        score=score,
        event="",
        day=0,
        opened_on=seen.opened_on.toordinal(),
    )


def _reposted(
    seen: NormalisedPosting, entry: LogEntry, vacancy: VacancyState, known: PostingState | None
) -> Decision:
    """The vacancy is open again, never on a day before the closing that this undoes."""
    day = max(vientiane_day(seen.fetched_at).toordinal(), vacancy.closed_on)
    entry = replace(entry, event=EventKind.REPOSTED.value, day=day)
    reopened = replace(_joined(vacancy), started_on=day)
    return _entered(Outcome.REPOSTED, seen, entry, reopened, known)


def _joined(vacancy: VacancyState) -> VacancyState:
    return replace(vacancy, open_postings=vacancy.open_postings + 1)
