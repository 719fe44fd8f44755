"""A person corrects a link: counted exactly, remembered, repeated to the letter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from labourwatch.corrections import CorrectionError, make_correction
from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn
from streams.answers import Answer
from streams.decisions import Outcome
from streams.intake import Arrival, read
from streams.records import (
    CorrectionAction,
    EventKind,
    LinkCorrection,
    NormalisedPosting,
    Role,
    VacancyUpdate,
)
from streams.settle import Settling
from streams.state import Block, decode_block, encode_block
from tests.factories_streams import START, FixedCoder, a_posting, a_withdrawal, province_double

DAY = timedelta(days=1)
ORIGINAL = a_posting()
COPY = a_posting(source_id="board-b")
OTHER = a_posting(source_id="board-c", title="Cook", hiring_organization="Sengdao Hotel")


class Desk:
    """Blocks as the register holds them, with their sums of flow and stock."""

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self.at: dict[str, str] = {}
        self.settling = Settling(FixedCoder(), province_double)
        self.told: dict[str, tuple[int, int]] = {}

    def answer(self, record: Any) -> Answer:
        arrival = read(encode(record))
        assert isinstance(arrival, Arrival)
        name = self.at.get(arrival.record.posting_key, arrival.block)
        blocks = {n: decode_block(encode_block(b)) for n, b in self.blocks.items()}
        blocks.setdefault(name, Block())
        settled = self.settling.settle([arrival], [name], blocks, processed_at=START)
        self.blocks.update(settled.changed)
        self.at.update(settled.placed)
        answer = settled.answers[0]
        for event in answer.update.events if answer.update else ():
            self.told[event.event_id] = (event.flow, event.stock)
        return answer

    def update(self, record: Any) -> VacancyUpdate:
        update = self.answer(record).update
        assert update is not None
        return update

    @property
    def sums(self) -> tuple[int, int]:
        flow = sum(flow for flow, _ in self.told.values())
        return flow, sum(stock for _, stock in self.told.values())


def normalised(posting: JobPosting) -> NormalisedPosting:
    arrival = read(encode(posting))
    assert isinstance(arrival, Arrival)
    assert arrival.posting is not None
    return arrival.posting


def correction(posting: JobPosting, other: JobPosting | None = None) -> LinkCorrection:
    action = CorrectionAction.UNLINK if other is None else CorrectionAction.LINK
    named = normalised(other) if other is not None else None
    return make_correction(normalised(posting), action, named, "seen by eye", START + 5 * DAY)


def test_an_unlinked_posting_is_a_vacancy_of_its_own_for_good() -> None:
    desk = Desk()
    vacancy_id = desk.update(ORIGINAL).vacancy_id
    assert desk.update(COPY).vacancy_id == vacancy_id
    told = desk.update(correction(COPY))
    assert told.vacancy_id != vacancy_id
    assert (told.role, told.role_reason) == (Role.ORIGINAL, "unlinked_by_hand")
    assert told.vacancy is not None
    assert desk.sums == (2, 2)
    desk.update(a_withdrawal(COPY, 6 * DAY))
    back = replace(COPY, fetched_at=START + 9 * DAY, base_salary_raw="5,100,000 LAK")
    assert desk.update(back).vacancy_id == told.vacancy_id
    assert desk.update(a_withdrawal(ORIGINAL, 10 * DAY)).vacancy_id == vacancy_id
    assert desk.sums == (2, 1)


def test_what_was_parted_stays_apart_when_the_posting_returns_and_is_changed() -> None:
    desk = Desk()
    vacancy_id = desk.update(ORIGINAL).vacancy_id
    desk.update(COPY)
    desk.update(correction(COPY))
    for days, title in ((6, COPY.title), (8, "Night Guard"), (10, COPY.title)):
        desk.update(a_withdrawal(COPY, days * DAY))
        back = replace(COPY, fetched_at=START + (days + 1) * DAY, title=title)
        assert desk.update(back).vacancy_id != vacancy_id


def test_the_last_open_posting_of_a_vacancy_closes_it_when_it_is_unlinked() -> None:
    desk = Desk()
    desk.update(ORIGINAL)
    desk.update(COPY)
    desk.update(a_withdrawal(ORIGINAL, DAY))
    told = desk.update(correction(COPY))
    assert Counter(event.kind for event in told.events) == {
        EventKind.OPENED: 1,
        EventKind.CLOSED: 1,
    }
    assert desk.sums == (2, 1)


def test_a_closed_posting_can_be_unlinked() -> None:
    desk = Desk()
    desk.update(ORIGINAL)
    desk.update(COPY)
    desk.update(a_withdrawal(COPY, DAY))
    desk.update(correction(COPY))
    assert desk.sums == (2, 1)
    assert desk.answer(a_withdrawal(COPY, 2 * DAY)).outcome is Outcome.ALREADY_CLOSED


def test_a_link_across_blocks_retracts_the_vacancy_that_was_none() -> None:
    desk = Desk()
    vacancy_id = desk.update(ORIGINAL).vacancy_id
    desk.update(OTHER)
    assert desk.sums == (2, 2)
    told = desk.update(correction(OTHER, ORIGINAL))
    assert (told.vacancy_id, told.role_reason) == (vacancy_id, "linked_by_hand")
    assert desk.sums == (1, 1)
    assert desk.answer(a_withdrawal(ORIGINAL, 6 * DAY)).outcome is Outcome.LEFT
    assert desk.answer(a_withdrawal(OTHER, 6 * DAY)).outcome is Outcome.CLOSED
    assert desk.sums == (1, 0)


def test_a_link_to_a_closed_vacancy_opens_it_again() -> None:
    desk = Desk()
    desk.update(ORIGINAL)
    desk.update(a_withdrawal(ORIGINAL, DAY))
    desk.update(OTHER)
    told = desk.update(correction(OTHER, ORIGINAL))
    assert EventKind.REPOSTED in {event.kind for event in told.events}
    assert desk.sums == (1, 1)


def test_what_was_unlinked_can_be_linked_again_by_hand() -> None:
    desk = Desk()
    vacancy_id = desk.update(ORIGINAL).vacancy_id
    desk.update(COPY)
    desk.update(correction(COPY))
    again = replace(correction(COPY, ORIGINAL), corrected_at=START + 6 * DAY)
    assert desk.update(again).vacancy_id == vacancy_id
    assert desk.sums == (1, 1)


@pytest.mark.parametrize("records", [[ORIGINAL, COPY], [ORIGINAL, COPY, a_withdrawal(COPY, DAY)]])
def test_a_replayed_correction_changes_nothing(
    records: list[JobPosting | PostingWithdrawn],
) -> None:
    desk = Desk()
    for record in records:
        desk.update(record)
    first = desk.update(correction(COPY))
    before = {name: encode_block(block) for name, block in desk.blocks.items()}
    assert desk.update(correction(COPY)) == first
    assert {name: encode_block(block) for name, block in desk.blocks.items()} == before


def test_a_correction_without_effect_is_told_apart() -> None:
    desk = Desk()
    assert desk.answer(correction(COPY)).outcome is Outcome.NOTHING_TO_CORRECT
    desk.update(ORIGINAL)
    assert desk.answer(correction(ORIGINAL)).outcome is Outcome.NOTHING_TO_CORRECT
    desk.update(COPY)
    assert desk.answer(correction(COPY, ORIGINAL)).outcome is Outcome.NOTHING_TO_CORRECT
    assert desk.answer(correction(ORIGINAL, OTHER)).outcome is Outcome.NOTHING_TO_CORRECT
    assert desk.sums == (1, 1)


def test_a_correction_needs_a_reason_and_keeps_no_personal_data() -> None:
    with pytest.raises(CorrectionError, match="--why"):
        make_correction(normalised(COPY), CorrectionAction.UNLINK, None, " ", START)
    with pytest.raises(CorrectionError, match="its own vacancy"):
        correction(COPY, COPY)
    made = make_correction(
        normalised(COPY), CorrectionAction.UNLINK, None, "called 020 5555 1234", START
    )
    assert "5555" not in made.why
