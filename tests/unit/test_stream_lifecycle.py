"""Transitions of the register: what each record changes, and that a second time changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn, Stage, WithdrawalReason
from streams.answers import Answer
from streams.codes import Codes
from streams.decisions import LONGEST_LOG, Outcome
from streams.intake import Arrival, read
from streams.records import EventKind, NormalisedPosting, Role, VacancyUpdate
from streams.settle import Settlement, Settling, StageError
from streams.state import Block
from tests.factories_streams import START, FixedCoder, a_posting, a_withdrawal, province_double

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Desk:
    """One block and the settling of records against it."""

    def __init__(self) -> None:
        self.block = Block()
        self.settling = Settling(FixedCoder(), province_double)

    def settle(self, *records: JobPosting | PostingWithdrawn) -> Settlement:
        arrivals = [arrival(record) for record in records]
        return self.settling.settle(
            arrivals, ["b"] * len(arrivals), {"b": self.block}, processed_at=START
        )

    def answer(self, record: JobPosting | PostingWithdrawn) -> Answer:
        return self.settle(record).answers[0]

    def update(self, record: JobPosting | PostingWithdrawn) -> VacancyUpdate:
        update = self.answer(record).update
        assert update is not None
        return update


def arrival(record: JobPosting | PostingWithdrawn) -> Arrival:
    found = read(encode(record))
    assert isinstance(found, Arrival)
    return found


def later(posting: JobPosting, after: timedelta, **changes: Any) -> JobPosting:
    values = {name: getattr(posting, name) for name in JobPosting.__dataclass_fields__}
    return JobPosting(**{**values, "fetched_at": posting.fetched_at + after, **changes})


def test_a_new_posting_opens_a_vacancy() -> None:
    update = Desk().update(a_posting())
    assert update.role is Role.ORIGINAL
    assert update.vacancy is not None
    assert update.vacancy.codes.province == "LA-VT"
    (event,) = update.events
    assert (event.kind, event.flow, event.stock) == (EventKind.OPENED, 1, 1)
    assert (event.province, event.isco08, event.isic) == ("LA-VT", "2411", "M")
    assert event.event_date == date(2026, 1, 5)


def test_a_copy_on_another_board_is_a_full_duplicate() -> None:
    desk = Desk()
    original = desk.update(a_posting())
    copy = desk.update(a_posting(source_id="board-b", title="SENIOR ACCOUNTANT (urgent!)"))
    assert copy.role is Role.DUPLICATE_FULL
    assert copy.role_reason == "same_fingerprint"
    assert copy.vacancy_id == original.vacancy_id
    assert copy.events == ()
    assert copy.vacancy is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": "Senior Acountant"}, "similar_title"),
        ({"total_job_openings_raw": "2"}, "similar_title"),
        ({"job_location_raw": ""}, "similar_title"),
        ({"title": "Senior Accountant - Finance Department"}, "similar_text"),
    ],
)
def test_a_reworded_copy_is_a_near_duplicate(changes: dict[str, Any], reason: str) -> None:
    desk = Desk()
    desk.update(a_posting())
    copy = desk.update(a_posting(source_id="board-b", **changes))
    assert (copy.role, copy.role_reason) == (Role.DUPLICATE_NEAR, reason)
    assert 0.6 <= copy.role_score <= 1


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Junior Accountant"},
        {"title": "Senior Accountant 2"},
        {"title": "Security Guard"},
        {"job_location_raw": "Savannakhet"},
        {"title": "Senior Accountants", "description": "Guard the gate at night. " * 10},
    ],
)
def test_another_job_is_another_vacancy(changes: dict[str, Any]) -> None:
    desk = Desk()
    desk.update(a_posting())
    assert desk.update(a_posting(source_id="board-b", **changes)).role is Role.ORIGINAL


def test_a_vacancy_closes_with_its_last_posting() -> None:
    desk = Desk()
    first, second = a_posting(), a_posting(source_id="board-b")
    opened = desk.update(first)
    desk.update(second)
    left = desk.update(a_withdrawal(first, DAY))
    closed = desk.update(a_withdrawal(second, 2 * DAY, reason=WithdrawalReason.EXPIRED))
    assert (left.role, left.role_reason, left.events) == (None, "other_postings_open", ())
    (event,) = closed.events
    assert (event.kind, event.flow, event.stock) == (EventKind.EXPIRED, 0, -1)
    assert event.vacancy_id == opened.vacancy_id
    assert (event.province, event.isco08) == ("LA-VT", "2411")
    assert event.event_date == date(2026, 1, 7)


def test_a_repost_within_ninety_days_reopens_the_vacancy() -> None:
    desk = Desk()
    first = a_posting()
    opened = desk.update(first)
    desk.update(a_withdrawal(first, DAY))
    repost = desk.update(later(first, 60 * DAY, posting_id="2"))
    assert (repost.role, repost.vacancy_id) == (Role.REPOST, opened.vacancy_id)
    (event,) = repost.events
    assert (event.kind, event.flow, event.stock) == (EventKind.REPOSTED, 0, 1)


def test_after_ninety_days_it_is_a_new_vacancy() -> None:
    desk = Desk()
    first = a_posting()
    opened = desk.update(first)
    desk.update(a_withdrawal(first, DAY))
    again = desk.update(later(first, 92 * DAY))
    assert again.role is Role.ORIGINAL
    assert again.vacancy_id != opened.vacancy_id


def test_a_returned_posting_reopens_its_vacancy() -> None:
    desk = Desk()
    first = a_posting()
    opened = desk.update(first)
    desk.update(a_withdrawal(first, DAY))
    back = desk.update(later(first, 3 * DAY))
    assert (back.role, back.role_reason) == (Role.REPOST, "posting_returned")
    assert back.vacancy_id == opened.vacancy_id


def test_a_reused_number_is_another_vacancy() -> None:
    desk = Desk()
    first = a_posting()
    opened = desk.update(first)
    desk.update(a_withdrawal(first, DAY))
    other = desk.update(later(first, 3 * DAY, title="Night Guard", description=""))
    assert other.role is Role.ORIGINAL
    assert other.vacancy_id != opened.vacancy_id


def test_an_unchanged_sighting_tells_nothing_and_a_changed_one_is_a_revision() -> None:
    desk = Desk()
    first = a_posting()
    desk.update(first)
    assert desk.answer(later(first, DAY)).outcome is Outcome.UNCHANGED
    revised = desk.update(later(first, 2 * DAY, base_salary_raw="6,000,000 LAK"))
    assert (revised.role, revised.events) == (Role.REVISION, ())
    assert revised.posting is not None
    assert revised.posting.opened_on == date(2026, 1, 5)
    assert desk.answer(later(first, DAY)).outcome is Outcome.STALE


def test_a_date_renewed_every_day_makes_no_vacancy_and_no_change() -> None:
    desk = Desk()
    first = a_posting()
    desk.update(first)
    for day in range(1, 5):
        renewed = later(first, day * DAY, date_posted=START.date() + timedelta(days=day))
        assert desk.answer(renewed).outcome is Outcome.UNCHANGED
    assert len(desk.block.vacancies) == 1


def test_a_withdrawal_tells_the_end_of_its_posting_even_while_others_stand() -> None:
    desk = Desk()
    first = a_posting()
    desk.update(first)
    desk.update(a_posting(source_id="board-b"))
    gone = a_withdrawal(first, 5 * DAY, first_missed_at=START + 2 * DAY)
    left = desk.update(gone)
    assert left.events == ()
    assert left.ended is not None
    assert (left.ended.ended_after, left.ended.ended_before) == (START, START + 2 * DAY)
    assert desk.update(gone) == left


def test_withdrawals_that_close_nothing_are_told_apart() -> None:
    desk = Desk()
    first = a_posting()
    assert desk.answer(a_withdrawal(first, DAY)).outcome is Outcome.UNKNOWN_POSTING
    desk.update(first)
    assert desk.answer(a_withdrawal(first, -DAY)).outcome is Outcome.UNKNOWN_POSTING
    desk.update(a_withdrawal(first, DAY))
    assert desk.answer(a_withdrawal(first, 2 * DAY)).outcome is Outcome.ALREADY_CLOSED


def test_a_closing_never_counts_before_the_opening() -> None:
    desk = Desk()
    early = a_posting(date_posted=None)
    late = a_posting(source_id="board-b", fetched_at=START + 5 * DAY, date_posted=None)
    desk.update(late)
    desk.update(early)
    desk.update(a_withdrawal(late, DAY))
    closed = desk.update(a_withdrawal(early, DAY))
    assert closed.events[0].event_date == date(2026, 1, 10)


def test_what_closed_long_ago_is_forgotten() -> None:
    desk = Desk()
    first = a_posting()
    desk.update(first)
    desk.update(a_withdrawal(first, DAY))
    settlement = desk.settle(later(first, 200 * DAY, posting_id="2"))
    assert settlement.dropped == {first.posting_key}
    assert set(desk.block.postings) == {"board-a:2"}
    assert len(desk.block.vacancies) == 1


def test_a_visit_counter_does_not_grow_the_log_without_bound() -> None:
    desk = Desk()
    first = a_posting()
    opened = desk.update(first)
    for number in range(LONGEST_LOG + 20):
        desk.update(later(first, (number + 1) * HOUR, description=f"Visits: {number}"))
    assert len(desk.block.postings[first.posting_key].log) == LONGEST_LOG
    assert desk.update(first) == opened


class BrokenCoder(FixedCoder):
    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        raise ZeroDivisionError(len(batch))


def test_a_fault_of_the_coder_names_its_stage() -> None:
    settling = Settling(BrokenCoder(), province_double)
    with pytest.raises(StageError) as caught:
        settling.settle([arrival(a_posting())], ["b"], {"b": Block()}, processed_at=START)
    assert caught.value.stage is Stage.CLASSIFY


def test_a_vacancy_whose_posting_was_heard_of_lately_is_not_forgotten() -> None:
    desk = Desk()
    first = a_posting()
    desk.update(first)
    desk.update(a_withdrawal(first, timedelta(0)))
    late = a_withdrawal(first, 95 * DAY)
    assert desk.answer(late).outcome is Outcome.ALREADY_CLOSED
    seen, gone = later(first, 95 * DAY), a_withdrawal(first, 135 * DAY)
    told = [desk.answer(record).outcome for record in (seen, gone)]
    assert [desk.answer(record).outcome for record in (seen, gone)] == told
    assert desk.answer(seen).update is None
