"""Who codes what in double coding, what is settled, and what nobody may see before."""

from __future__ import annotations

from datetime import timedelta

from dashboard.coding.rounds import (
    Part,
    closed_to,
    double_coded,
    progress,
    rounds,
    waiting_for,
)
from tests.factories_coding import DRAWN_AT, an_item
from warehouse.double_coding import Coding

ITEMS = [an_item(n) for n in range(4)]


def coding(number: int, officer: str, isco08: str) -> Coding:
    at = DRAWN_AT + timedelta(minutes=number)
    return Coding(vacancy_id=f"v{number}", officer=officer, isco08=isco08, why="", corrected_at=at)


SAID = [
    coding(0, "anna", "2411"),
    coding(0, "boun", "2411"),
    coding(1, "anna", "2411"),
    coding(1, "boun", "3313"),
    coding(2, "anna", ""),
    coding(3, "stranger", "9999"),
]


def test_each_officer_waits_for_what_they_have_not_coded() -> None:
    held = rounds(ITEMS, SAID)
    assert {one.item.vacancy_id for one in waiting_for("anna", held)} == {"v3"}
    assert {one.item.vacancy_id for one in waiting_for("boun", held)} == {"v2", "v3"}
    assert waiting_for("stranger", held) == []


def test_the_third_sees_only_what_the_two_code_otherwise() -> None:
    held = rounds(ITEMS, SAID)
    assert [one.item.vacancy_id for one in waiting_for("chan", held)] == ["v1"]
    after = rounds(ITEMS, [*SAID, coding(1, "chan", "4311")])
    assert waiting_for("chan", after) == []
    assert after[1].final == "4311"


def test_codes_are_closed_to_their_officers_until_they_are_settled() -> None:
    held = rounds(ITEMS, SAID)
    assert [one.final for one in held] == ["2411", None, None, None]
    for officer in ("anna", "boun", "chan"):
        assert closed_to(officer, held) == {"v1", "v2", "v3"}
    assert closed_to("stranger", held) == frozenset()


def test_progress_and_pairs_count_only_the_named_officers() -> None:
    held = rounds(ITEMS, SAID)
    (found,) = progress(held)
    assert (found.items, found.first, found.second) == (4, 3, 2)
    assert (found.differing, found.settled) == (1, 1)
    pairs = double_coded(held)
    assert [(one.first, one.second, one.final) for one in pairs] == [
        ("2411", "2411", "2411"),
        ("2411", "3313", None),
    ]
    assert {one.weight for one in pairs} == {2.0}
    assert Part.ADJUDICATOR not in held[0].said
