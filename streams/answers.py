"""What became of each record of a batch, and what there is to tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from scrapers.items import PostingWithdrawn
from streams.codes import Codes
from streams.decisions import Decision, Outcome
from streams.endings import ending_of
from streams.intake import Arrival
from streams.opinions import Correction
from streams.records import EventKind, LinkCorrection, VacancyUpdate
from streams.state import Block
from streams.updates import opened_vacancy, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one record; `update` is what there is to tell, if anything."""

    outcome: Outcome
    update: VacancyUpdate | None


def describes(arrival: Arrival, decision: Decision) -> bool:
    """Whether the record opened its vacancy or changed its codes: then it has a row of its own."""
    entry = decision.entry
    if entry is None or arrival.posting is None:
        return False
    return entry.event == EventKind.OPENED or isinstance(arrival.record, Correction)


def answer(
    arrival: Arrival,
    decision: Decision,
    block: Block,
    codes: Mapping[str, Codes],
    processed_at: datetime,
) -> Answer:
    """The answer to `arrival`; `codes` by vacancy where the record describes one."""
    entry = decision.entry
    if entry is None:
        return Answer(outcome=decision.outcome, update=None)
    record = arrival.record
    posting = arrival.posting
    ended = ending_of(record) if isinstance(record, PostingWithdrawn) else None
    if isinstance(record, LinkCorrection) and posting is not None:
        # A row of its own, newer than all others: where the posting stands from now on.
        at = record.corrected_at
        posting = replace(posting, record_id=entry.record_id, fetched_at=at)
    if posting is not None:
        opened_on = date.fromordinal(entry.opened_on)
        if opened_on != posting.opened_on:
            posting = replace(posting, opened_on=opened_on)
    vacancy = None
    if posting is not None and describes(arrival, decision):
        vacancy = opened_vacancy(posting, entry.vacancy_id, codes[entry.vacancy_id])
    update = tell(
        entry,
        decision.posting_key,
        record.source_id,
        None if isinstance(record, Correction) else posting,
        vacancy,
        block.vacancies[entry.vacancy_id],
        processed_at,
        ended,
    )
    return Answer(outcome=decision.outcome, update=update)
