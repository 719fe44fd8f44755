"""Corrections, withdrawals, returns and replays in any order: every cell's counts stay exact."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.opinions import CorrectedField, CorrectionMode
from tests.factories_opinions import a_correction
from tests.factories_streams import START, a_posting, a_withdrawal
from tests.unit.test_recode import Desk

HOUR = timedelta(hours=1)
VALUES = (
    (CorrectedField.ISCO08, "3313"),
    (CorrectedField.ISCO08, "9112"),
    (CorrectedField.ISCO08, ""),
    (CorrectedField.PROVINCE, "LA-SV"),
    (CorrectedField.DISTRICT, "LA0101"),
    (CorrectedField.ISIC, "62"),
    (CorrectedField.EDUCATION, "6"),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(("correct", "correct", "revoke", "withdraw", "return", "again")),
        st.integers(0, len(VALUES) - 1),
        st.integers(1, 40),
    ),
    max_size=14,
)


def records(desk: Desk, plan: list[tuple[str, int, int]]) -> list[Any]:
    """The records of `plan`, answered as they are made; times go on but for corrections."""
    first = a_posting()
    opened = desk.answer(first).update
    assert opened is not None
    made: list[Any] = [first]
    at = timedelta()
    for kind, choice, hours in plan:
        at += hours * HOUR
        field, value = VALUES[choice]
        said = a_correction(
            vacancy_id=opened.vacancy_id,
            field=field,
            after=value,
            # Before what was last seen of the page, or after what is seen of it next.
            corrected_at=START + at + (hours % 5 - 2) * 18 * HOUR,
        )
        if kind == "revoke":
            known = [one for one in made if getattr(one, "field", None) is field]
            if not known:
                continue
            said = a_correction(
                vacancy_id=opened.vacancy_id, field=field, after="",
                corrected_at=START + at, mode=CorrectionMode.REVOCATION,
                revokes=known[-1].correction_id,
            )  # fmt: skip
        record = {
            "correct": said,
            "revoke": said,
            "withdraw": a_withdrawal(first, at),
            "return": a_posting(fetched_at=START + at),
            "again": made[choice % len(made)],
        }[kind]
        desk.answer(record)
        made.append(record)
    return made


@settings(max_examples=60, deadline=None)
@given(plan=steps)
def test_every_cell_is_exact_whatever_is_corrected_and_replayed(
    plan: list[tuple[str, int, int]],
) -> None:
    desk = Desk()
    made = records(desk, plan)
    before = dict(desk.told)
    for record in reversed(made):
        desk.answer(record)
    assert desk.told == before, "a replay tells nothing new"

    (block,) = desk.blocks.values()
    for vacancy_id, vacancy in block.vacancies.items():
        mine = [event for event in desk.told.values() if event.vacancy_id == vacancy_id]
        cell = vacancy.province, vacancy.isco08, vacancy.isic
        sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        for event in mine:
            place = sums[event.province, event.isco08, event.isic]
            place[0] += event.flow
            place[1] += event.stock
        expected = {cell: [1, int(vacancy.open_postings > 0)]}
        assert {key: count for key, count in sums.items() if count != [0, 0]} == expected
        assert not _below_zero(mine)


def _below_zero(events: list[Any]) -> bool:
    """Whether at the end of any day a cell held fewer than no open vacancies."""
    days: dict[tuple[str, str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for event in events:
        days[event.province, event.isco08, event.isic][event.event_date] += event.stock
    for changes in days.values():
        held = 0
        for day in sorted(changes):
            held += changes[day]
            if held < 0:
                return True
    return False
