"""Links that a person corrects: a posting leaves its vacancy, or joins another.

A correction is a record of the stream like any other: decided once, remembered in the posting's log
and told as events that add up. Flow changes on the day on which the vacancy was counted, stock on
the day of the correction: what was published of the days between is not rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass

from msgspec.structs import replace

from streams.decisions import Decision, Outcome, extended, logged, repeated
from streams.identity import identify
from streams.matching import LinkReason
from streams.normalise import vientiane_day
from streams.records import CorrectionAction, EventKind, LinkCorrection, Role
from streams.state import Block, Effect, LogEntry, PostingState, VacancyState, millis
from streams.traits import state_of, traits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A correction's decision, the block in which its posting is kept now, and blocks changed."""

    decision: Decision
    block: str
    touched: frozenset[str] = frozenset()


def correction_id(correction: LinkCorrection) -> str:
    """Identity of a correction record."""
    at = correction.corrected_at.isoformat()
    key, other = correction.posting_key, correction.other_key
    return identify("correction", correction.action, key, other, at)


def correct(
    blocks: MutableMapping[str, Block],
    home: str,
    correction: LinkCorrection,
    place_of: Callable[[str], str],
) -> Corrected:
    """Carry out `correction` on `blocks`; `home` is the block in which its posting is kept."""
    key = correction.posting_key
    known = blocks[home].postings.get(key)
    if known is None:
        return _nothing(key, home)
    if (entry := logged(blocks[home], known, correction_id(correction))) is not None:
        return Corrected(decision=repeated(key, entry), block=home)
    if correction.action is CorrectionAction.UNLINK:
        return _unlink(blocks[home], home, known, correction, place_of)
    return _link(blocks, home, known, correction)


def _nothing(key: str, home: str) -> Corrected:
    decision = Decision(outcome=Outcome.NOTHING_TO_CORRECT, posting_key=key)
    return Corrected(decision=decision, block=home)


def _unlink(
    block: Block,
    home: str,
    known: PostingState,
    correction: LinkCorrection,
    place_of: Callable[[str], str],
) -> Corrected:
    """The posting leaves its vacancy, never to return, and opens one of its own."""
    key, old_id = correction.posting_key, known.vacancy_id
    if not _others(block, key, old_id):
        return _nothing(key, home)
    vacancy_id = identify("vacancy", correction_id(correction))
    effects = _leave(block, known, correction, keep=True)
    own = state_of(traits_of(correction.posting, place_of))
    own = replace(own, open_postings=int(known.is_open), started_on=known.opened_on)
    if not known.is_open:
        day = max(vientiane_day(correction.corrected_at).toordinal(), known.opened_on)
        own = replace(own, closed_at=known.mark, closed_on=day)
        effects = (*effects, _effect(vacancy_id, own, EventKind.CLOSED, day))
    entry = _entry(correction, known, vacancy_id, Role.ORIGINAL, LinkReason.UNLINKED_BY_HAND)
    opened = EventKind.OPENED.value
    entry = replace(entry, event=opened, day=known.opened_on, effects=effects)
    state = replace(
        known,
        vacancy_id=vacancy_id,
        log=extended(known.log, entry),
        apart=(*known.apart, old_id),
    )
    block.postings[key] = state
    block.vacancies[vacancy_id] = own
    decision = Decision(
        outcome=Outcome.CORRECTED, posting_key=key, entry=entry, posting=state, vacancy=own
    )
    return Corrected(decision=decision, block=home, touched=frozenset((home,)))


def _link(
    blocks: MutableMapping[str, Block],
    home: str,
    known: PostingState,
    correction: LinkCorrection,
) -> Corrected:
    """The posting joins the vacancy of another; a vacancy that it leaves empty is retracted."""
    key = correction.posting_key
    there = next((n for n, b in blocks.items() if correction.other_key in b.postings), None)
    if there is None:
        return _nothing(key, home)
    vacancy_id = blocks[there].postings[correction.other_key].vacancy_id
    if vacancy_id == known.vacancy_id:
        return _nothing(key, home)
    effects = _leave(blocks[home], known, correction, keep=False)
    joined = blocks[there].vacancies[vacancy_id]
    entry = _entry(correction, known, vacancy_id, Role.DUPLICATE_NEAR, LinkReason.LINKED_BY_HAND)
    if known.is_open:
        if not joined.open_postings:
            day = max(vientiane_day(correction.corrected_at).toordinal(), joined.closed_on)
            entry = replace(entry, event=EventKind.REPOSTED.value, day=day)
            joined = replace(joined, started_on=day)
        joined = replace(joined, open_postings=joined.open_postings + 1)
    entry = replace(entry, effects=effects)
    apart = tuple(other for other in known.apart if other != vacancy_id)
    log = extended(known.log, entry)
    state = replace(known, vacancy_id=vacancy_id, log=log, apart=apart)
    blocks[home].postings.pop(key)
    blocks[there].postings[key] = state
    blocks[there].vacancies[vacancy_id] = joined
    decision = Decision(
        outcome=Outcome.CORRECTED, posting_key=key, entry=entry, posting=state, vacancy=joined
    )
    return Corrected(decision=decision, block=there, touched=frozenset((home, there)))


def _leave(
    block: Block, known: PostingState, correction: LinkCorrection, *, keep: bool
) -> tuple[Effect, ...]:
    """Take the posting out of its vacancy; what that means for flow and stock."""
    vacancy_id, vacancy = known.vacancy_id, block.vacancies[known.vacancy_id]
    alone = not keep and not _others(block, correction.posting_key, vacancy_id)
    effects: list[Effect] = []
    if alone:
        effects.append(_effect(vacancy_id, vacancy, EventKind.RETRACTED, known.opened_on))
    if known.is_open:
        left = replace(vacancy, open_postings=vacancy.open_postings - 1)
        if not left.open_postings:
            day = max(vientiane_day(correction.corrected_at).toordinal(), vacancy.started_on)
            effects.append(_effect(vacancy_id, vacancy, EventKind.CLOSED, day))
            left = replace(left, closed_at=millis(correction.corrected_at), closed_on=day)
        block.vacancies[vacancy_id] = left
    if alone:
        del block.vacancies[vacancy_id]
    return tuple(effects)


def _others(block: Block, key: str, vacancy_id: str) -> bool:
    return any(
        state.vacancy_id == vacancy_id for other, state in block.postings.items() if other != key
    )


def _effect(vacancy_id: str, vacancy: VacancyState, kind: EventKind, day: int) -> Effect:
    return Effect(
        vacancy_id=vacancy_id,
        event=kind.value,
        day=day,
        province=vacancy.province,
        isco08=vacancy.isco08,
        isic=vacancy.isic,
    )


def _entry(
    correction: LinkCorrection,
    known: PostingState,
    vacancy_id: str,
    role: Role,
    reason: LinkReason,
) -> LogEntry:
    return LogEntry(
        record_id=correction_id(correction),
        at=millis(correction.corrected_at),
        vacancy_id=vacancy_id,
        role=role.value,
        reason=reason.value,
        score=1.0,
        event="",
        day=0,
        opened_on=known.opened_on,
    )
