"""What the stream tells the warehouse of a decision."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec.structs import replace as replace_state

from streams.codes import Codes
from streams.evidence import told
from streams.identity import identify
from streams.records import (
    EventKind,
    NormalisedPosting,
    PostingEnd,
    Role,
    Vacancy,
    VacancyEvent,
    VacancyUpdate,
)
from streams.state import Effect, LogEntry, VacancyState

_FLOW_AND_STOCK = {
    EventKind.OPENED: (1, 1),
    EventKind.REPOSTED: (0, 1),
    EventKind.CLOSED: (0, -1),
    EventKind.EXPIRED: (0, -1),
    EventKind.RETRACTED: (-1, 0),
}


def coded(vacancy: VacancyState, codes: Codes, opened_on: int) -> VacancyState:
    """The state with the codes under which its events count, and the day of its flow."""
    return replace_state(
        vacancy,
        province=codes.province,
        isco08=codes.isco08,
        isic=codes.isic,
        opened_on=opened_on,
    )


def opened_vacancy(posting: NormalisedPosting, vacancy_id: str, codes: Codes) -> Vacancy:
    """The vacancy that `posting` opens."""
    return Vacancy(
        vacancy_id=vacancy_id,
        opened_on=posting.opened_on,
        employer=posting.employer,
        title=posting.title,
        language=posting.language,
        openings=posting.openings,
        codes=codes,
    )


def tell(
    entry: LogEntry,
    posting_key: str,
    source_id: str,
    posting: NormalisedPosting | None,
    vacancy: Vacancy | None,
    state: VacancyState,
    processed_at: datetime,
    ended: PostingEnd | None = None,
) -> VacancyUpdate:
    """The update for a decision. Equal arguments give an equal update."""
    return VacancyUpdate(
        record_id=entry.record_id,
        posting=posting,
        posting_key=posting_key,
        vacancy_id=entry.vacancy_id,
        role=Role(entry.role) if entry.role else None,
        role_reason=entry.reason,
        role_score=entry.score,
        link_evidence=told(entry.evidence),
        vacancy=vacancy,
        events=tuple(
            _event(entry, effect, posting_key, source_id) for effect in effects_of(entry, state)
        ),
        processed_at=processed_at,
        ended=ended,
    )


def effects_of(entry: LogEntry, state: VacancyState) -> tuple[Effect, ...]:
    """All events of a decision, those of a correction on other vacancies among them."""
    if not entry.event:
        return entry.effects
    province, isco08, isic = entry.cell or (state.province, state.isco08, state.isic)
    own = Effect(
        vacancy_id=entry.vacancy_id,
        event=entry.event,
        day=entry.day,
        province=province,
        isco08=isco08,
        isic=isic,
    )
    return (own, *entry.effects)


def _event(entry: LogEntry, effect: Effect, posting_key: str, source_id: str) -> VacancyEvent:
    kind = EventKind(effect.event)
    cause = (effect.vacancy_id, entry.record_id, kind)
    if kind is EventKind.RECLASSIFIED:
        flow, stock = effect.flow, effect.stock
        event_id = identify("event", *cause, str(flow), str(stock))
    else:
        flow, stock = _FLOW_AND_STOCK[kind]
        event_id = identify("event", *cause)
    return VacancyEvent(
        event_id=event_id,
        vacancy_id=effect.vacancy_id,
        posting_key=posting_key,
        source_id=source_id,
        kind=kind,
        event_time=datetime.fromtimestamp(entry.at / 1000, tz=UTC),
        event_date=date.fromordinal(effect.day),
        flow=flow,
        stock=stock,
        province=effect.province,
        isco08=effect.isco08,
        isic=effect.isic,
    )
