"""What the warehouse would hold of a stream's updates, as the register is rebuilt from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from streams.opinions import Correction
from streams.rebuilt import Rebuilt, StoredSight, StoredStatement, StoredVacancy
from streams.records import EventKind, Role, VacancyEvent, VacancyUpdate
from streams.state import millis
from tests.factories_streams import province_double

_CLOSINGS = (EventKind.CLOSED, EventKind.EXPIRED)


def rebuilt_from(
    updates: Iterable[VacancyUpdate | None], corrections: Sequence[Correction] = (), cutoff: int = 0
) -> Rebuilt:
    """The register that follows from `updates`, each record's once.

    What was closed before `cutoff` (milliseconds of the epoch) is left out.
    """
    told = list({one.record_id: one for one in updates if one is not None}.values())
    rebuilt = Rebuilt(place_of=province_double)
    events: defaultdict[str, list[VacancyEvent]] = defaultdict(list)
    for event in {event.event_id: event for one in told for event in one.events}.values():
        events[event.vacancy_id].append(event)
    for one in told:
        if one.role is Role.ORIGINAL and one.posting is not None:
            stored = _vacancy(one, events[one.vacancy_id], corrections)
            is_open = sum(event.stock for event in events[one.vacancy_id]) > 0
            counts = sum(event.flow for event in events[one.vacancy_id]) == 1
            if counts and (is_open or stored.closed_at >= cutoff):
                rebuilt.add_vacancy(stored)
    for key in dict.fromkeys(one.posting_key for one in told):
        seen = [one for one in told if one.posting_key == key and one.posting is not None]
        ends = [
            millis(one.ended.withdrawn_at) for one in told if one.posting_key == key and one.ended
        ]
        sights = sorted(map(_sight, seen), key=lambda sight: sight.at)
        rebuilt.add_posting(key, sights, max(ends, default=None))
    return rebuilt


def _vacancy(
    update: VacancyUpdate, events: Sequence[VacancyEvent], corrections: Sequence[Correction]
) -> StoredVacancy:
    assert update.posting is not None
    begun = [
        e for e in events
        if e.kind in (EventKind.OPENED, EventKind.REPOSTED)
        or (e.kind is EventKind.RECLASSIFIED and e.stock == 1)
    ]  # fmt: skip
    closed = [e for e in events if e.kind in _CLOSINGS]
    counted = max((e for e in events if e.flow == 1), key=lambda e: e.event_time)
    opened = next(e for e in events if e.kind is EventKind.OPENED)
    last = max(closed, key=_when, default=None)
    return StoredVacancy(
        vacancy_id=update.vacancy_id,
        opener=update.posting,
        opened_on=opened.event_date.toordinal(),
        started_on=max(begun, key=_when).event_date.toordinal(),
        closed_at=millis(last.event_time) if last else 0,
        closed_on=last.event_date.toordinal() if last else 0,
        province=counted.province,
        isco08=counted.isco08,
        isic=counted.isic,
        statements=[_statement(c) for c in corrections if c.vacancy_id == update.vacancy_id],
    )


def _when(event: VacancyEvent) -> tuple[int, int]:
    return millis(event.event_time), event.event_date.toordinal()


def _sight(update: VacancyUpdate) -> StoredSight:
    assert update.posting is not None
    return StoredSight(
        at=millis(update.posting.fetched_at),
        vacancy_id=update.vacancy_id,
        reason=update.role_reason,
        content_hash=update.posting.content_hash,
        opened_on=update.posting.opened_on.toordinal(),
    )


def _statement(said: Correction) -> StoredStatement:
    return StoredStatement(
        field=said.field.value,
        value=said.after,
        at=millis(said.corrected_at),
        correction_id=said.correction_id,
        mode=said.mode,
        revokes=said.revokes,
    )
