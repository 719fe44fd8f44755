"""An officer corrects codes: counted exactly in both cells, remembered, repeated to the letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from scrapers.codec import encode
from streams.answers import Answer
from streams.codes import Codes, Flag
from streams.corrected_codes import fault_in, with_said
from streams.decisions import Outcome
from streams.intake import Arrival, Unusable, read
from streams.opinions import CorrectedField, Correction, CorrectionMode
from streams.records import EventKind
from streams.settle import Settling
from streams.state import Block, decode_block, encode_block
from tests.factories_opinions import a_correction, normalised
from tests.factories_streams import START, FixedCoder, a_posting, a_withdrawal, province_double

DAY = timedelta(days=1)
Count = tuple[int, int]


class Desk:
    """Blocks as the register holds them, and the sums of all events told, once each."""

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self.at: dict[str, str] = {}
        self.settling = Settling(FixedCoder(), province_double)
        self.told: dict[str, Any] = {}

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
            known = self.told.setdefault(event.event_id, event)
            assert known == event, "a replay tells the same"
        return answer

    def cells(self) -> dict[tuple[str, str, str], Count]:
        flow: Counter[tuple[str, str, str]] = Counter()
        stock: Counter[tuple[str, str, str]] = Counter()
        for event in self.told.values():
            cell = event.province, event.isco08, event.isic
            flow[cell] += event.flow
            stock[cell] += event.stock
        return {cell: (flow[cell], stock[cell]) for cell in flow if flow[cell] or stock[cell]}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def opened(desk: Desk) -> Callable[..., Correction]:
    """A vacancy is opened; corrections of it are made by the function returned."""
    update = desk.answer(a_posting()).update
    assert update is not None
    return lambda **changes: a_correction(vacancy_id=update.vacancy_id, **changes)


def test_a_corrected_occupation_moves_flow_and_stock(desk: Desk) -> None:
    said = opened(desk)
    told = desk.answer(said()).update
    assert told is not None
    assert {event.kind for event in told.events} == {EventKind.RECLASSIFIED}
    assert (sum(e.flow for e in told.events), sum(e.stock for e in told.events)) == (0, 0)
    assert desk.cells() == {("LA-VT", "3313", "M"): (1, 1)}
    days = {(event.flow, event.stock): event.event_date for event in told.events}
    assert days[(-1, 0)] == days[(1, 0)] == START.date()
    assert days[(0, -1)] == days[(0, 1)] == (START + 5 * DAY).date()
    assert told.posting is None
    assert told.vacancy is not None
    codes = told.vacancy.codes
    assert (codes.isco08, codes.isco08_reason, codes.isco08_probability) == ("3313", "officer", 1.0)
    assert told.vacancy.opened_on == START.date()


def test_a_vacancy_closes_in_the_cell_to_which_it_was_moved(desk: Desk) -> None:
    said = opened(desk)
    desk.answer(said())
    # The page had gone before the officer looked; that became known later.
    closed = desk.answer(a_withdrawal(a_posting(), 3 * DAY)).update
    assert closed is not None
    assert closed.events[0].event_date == (START + 5 * DAY).date()
    assert desk.cells() == {("LA-VT", "3313", "M"): (1, 0)}


def test_only_the_flow_of_a_closed_vacancy_moves(desk: Desk) -> None:
    said = opened(desk)
    desk.answer(a_withdrawal(a_posting(), 3 * DAY))
    told = desk.answer(said()).update
    assert told is not None
    assert len(told.events) == 2
    assert desk.cells() == {("LA-VT", "3313", "M"): (1, 0)}


def test_everything_told_before_and_after_is_told_again_to_the_letter(desk: Desk) -> None:
    said = opened(desk)
    records = [
        a_posting(),
        said(),
        said(field=CorrectedField.PROVINCE, after="LA-SV", corrected_at=START + 6 * DAY),
        a_withdrawal(a_posting(), 9 * DAY),
    ]
    for record in records:
        desk.answer(record)
    before = dict(desk.told)
    for again in permutations(records):
        for record in again:
            answer = desk.answer(record)
            assert answer.outcome is Outcome.REPLAYED
    assert desk.told == before
    assert desk.cells() == {("LA-SV", "3313", "M"): (1, 0)}


def test_an_opening_told_again_after_its_correction_describes_what_is_counted(desk: Desk) -> None:
    said = opened(desk)
    desk.answer(said())
    told = desk.answer(a_posting()).update
    assert told is not None
    assert told.vacancy is not None
    assert told.vacancy.codes.isco08 == "3313"
    assert told.events[0].isco08 == "2411"


def test_an_older_opinion_does_not_overrule_a_newer_one(desk: Desk) -> None:
    said = opened(desk)
    desk.answer(said(corrected_at=START + 5 * DAY, after="3313"))
    late = desk.answer(said(corrected_at=START + 4 * DAY, after="4311"))
    assert (late.outcome, late.update) == (Outcome.STALE, None)
    assert desk.cells() == {("LA-VT", "3313", "M"): (1, 1)}


def test_a_confirmation_moves_nothing_and_is_kept(desk: Desk) -> None:
    said = opened(desk)
    told = desk.answer(said(after="2411")).update
    assert told is not None
    assert told.events == ()
    assert told.vacancy is not None
    assert told.vacancy.codes.isco08_reason == "officer"


def test_a_revoked_correction_leaves_the_coders_code(desk: Desk) -> None:
    said = opened(desk)
    first = said()
    desk.answer(first)
    revocation = said(
        mode=CorrectionMode.REVOCATION,
        revokes=first.correction_id,
        corrected_at=START + 6 * DAY,
    )
    told = desk.answer(revocation).update
    assert told is not None
    assert told.vacancy is not None
    assert told.vacancy.codes.isco08_reason == "double"
    assert desk.cells() == {("LA-VT", "2411", "M"): (1, 1)}
    other = said(mode=CorrectionMode.REVOCATION, revokes="x", corrected_at=START + 7 * DAY)
    assert desk.answer(other).update is None


def test_a_revision_and_a_second_correction_keep_what_officers_said(desk: Desk) -> None:
    said = opened(desk)
    desk.answer(said())
    later = said(
        field=CorrectedField.DISTRICT, after="LA1301", corrected_at=START + 6 * DAY, before=""
    )
    told = desk.answer(later).update
    assert told is not None
    assert told.vacancy is not None
    codes = told.vacancy.codes
    assert (codes.isco08, codes.province, codes.district) == ("3313", "LA-SV", "LA1301")
    assert desk.cells() == {("LA-SV", "3313", "M"): (1, 1)}


def test_double_coding_changes_no_vacancy(desk: Desk) -> None:
    said = opened(desk)
    answer = desk.answer(said(mode=CorrectionMode.DOUBLE_CODING, before=""))
    assert (answer.outcome, answer.update) == (Outcome.UNCHANGED, None)


def test_an_unknown_vacancy_has_nothing_to_correct(desk: Desk) -> None:
    opened(desk)
    answer = desk.answer(a_correction(vacancy_id="none"))
    assert (answer.outcome, answer.update) == (Outcome.NOTHING_TO_CORRECT, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (CorrectedField.ISCO08, "999"),
        (CorrectedField.ISCO08, "31"),
        (CorrectedField.ISIC, "Z"),
        (CorrectedField.PROVINCE, "Vientiane"),
        (CorrectedField.DISTRICT, "LA9999"),
        (CorrectedField.PAY, "5-3"),
        (CorrectedField.PAY, "three"),
        (CorrectedField.EDUCATION, "9"),
        (CorrectedField.EXPERIENCE_MONTHS, "-1"),
        (CorrectedField.EXPERIENCE_MONTHS, "²"),
        (CorrectedField.EMPLOYMENT_TYPE, "sometimes"),
        (CorrectedField.FLAGS, "green blue"),
    ],
)
def test_a_value_of_no_list_is_refused_by_name(field: CorrectedField, value: str) -> None:
    refused = read(encode(a_correction(field=field, after=value)))
    assert isinstance(refused, Unusable)
    assert refused.reason == "value_not_of_the_list"
    assert "expected" in refused.detail


def _codes() -> Codes:
    return FixedCoder().code([normalised(a_posting())])[0]


@pytest.mark.parametrize(
    ("field", "value", "name", "found"),
    [
        (CorrectedField.ISIC, "62", "isic", "J"),
        (CorrectedField.ISIC, "62", "isic_division", "62"),
        (CorrectedField.EDUCATION, "6", "education", "6"),
        (CorrectedField.EXPERIENCE_MONTHS, "24", "experience_months", 24),
        (CorrectedField.EXPERIENCE_MONTHS, "", "experience_months", None),
        (CorrectedField.EMPLOYMENT_TYPE, "INTERN", "employment_type", "INTERN"),
        (CorrectedField.FLAGS, "platform green", "flags", (Flag.GREEN, Flag.PLATFORM)),
        (CorrectedField.PAY, "", "pay", None),
        (CorrectedField.PROVINCE, "", "province", ""),
    ],
)
def test_what_is_said_is_put_in(
    field: CorrectedField, value: str, name: str, found: object
) -> None:
    assert fault_in(field, value) == ""
    assert getattr(with_said(_codes(), field, value), name) == found


def test_pay_and_skills_are_put_in() -> None:
    codes = with_said(_codes(), CorrectedField.PAY, "3000000-4500000")
    assert codes.pay is not None
    assert (codes.pay.lower_lak, codes.pay.upper_lak) == (3_000_000, 4_500_000)
    skills = with_said(codes, CorrectedField.SKILLS, "s1 s2 s1").skills
    assert [skill.code for skill in skills] == ["s1", "s2"]
