"""Terms that no code covers: which words may stand, and which of them grow."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.classify.emerging import TermCounter, upper_tail
from streams.classify.terms import name_parts, terms


def nothing(_: str) -> list[tuple[int, int]]:
    return []


def test_runs_of_words_are_terms_without_common_ends() -> None:
    found = terms("You will do prompt engineering for robots", "", nothing)
    assert {"prompt", "engineering", "prompt engineering", "robots"} <= found
    assert not any(term.split()[0] in {"you", "for", "will"} for term in found)


def test_what_codes_cover_is_no_term_and_cuts_runs() -> None:
    def covered(text: str) -> list[tuple[int, int]]:
        at = text.find("accounting")
        return [(at, at + len("accounting"))] if at >= 0 else []

    found = terms("Knowledge of drone accounting surveys", "", covered)
    assert {"drone", "surveys"} <= found
    assert not any("accounting" in term or term == "drone surveys" for term in found)


@pytest.mark.parametrize(
    "text",
    [
        "[REDACTED] [phone] [name] [email]",
        "2026 100 000",
        "write to someone@firm.example or www.firm.example",
        "Vakada Vakada",
        "How to apply:\nbring a photograph",
    ],
)
def test_names_addresses_and_numbers_are_no_terms(text: str) -> None:
    found = terms(text, "Vakada Sole Co., Ltd", nothing)
    assert found <= {"write"}


def test_names_of_occupations_are_no_terms() -> None:
    assert "barista" not in terms("As barista you smile", "", nothing, known={"barista"})


def test_lao_is_cut_into_words() -> None:
    found = terms("ຮູ້ຈັກໃຊ້ໂດຣນສຳຫຼວດ", "", nothing)
    assert found
    assert all(" " not in term for term in found)
    assert any("ສຳຫຼວດ" in term for term in found)


def counted(recent_share: float, *, employers: int = 20, seed: int = 1) -> TermCounter:
    """1,000 vacancies before and 500 recent ones; "drone survey" is in 1 % of those before."""
    chance = random.Random(seed)
    counter = TermCounter(width=300)
    for number in range(1500):
        recent = number >= 1000
        share = recent_share if recent else 0.01
        found = {word for word in ("report", "smile", "shift") if chance.random() < 0.3}
        if chance.random() < share:
            found |= {"drone survey", "drone", "survey"}
        counter.add(found, f"employer {number % employers}", recent=recent)
    return counter


def test_a_term_that_grows_is_told_once_and_whole() -> None:
    told = counted(0.08).emerging()
    assert [each.term for each in told] == ["drone survey"]
    assert told[0].q_value <= 0.05
    assert told[0].growth > 2


def test_a_term_that_stays_is_not_told() -> None:
    assert counted(0.01).emerging() == []


def test_one_loud_employer_is_no_trend() -> None:
    assert counted(0.2, employers=2).emerging() == []


def test_an_employers_name_is_not_told() -> None:
    names = name_parts("Vientiane Drone Survey Sole Co., Ltd")
    assert {"drone survey", "vientiane drone survey"} <= names
    assert "drone survey" not in {each.term for each in counted(0.08).emerging(names=names)}


def test_false_discoveries_are_rare_where_nothing_changes() -> None:
    told = 0
    for seed in range(20):
        chance = random.Random(seed)
        counter = TermCounter()
        for number in range(600):
            found = [f"word {word}" for word in range(100) if chance.random() < 0.05]
            counter.add(found, str(number), recent=number >= 400)
        told += bool(counter.emerging())
    assert told <= 4  # at a rate of 0.05, 1 in 20 is expected; more than 4 has chance 0.003


def test_what_is_rare_is_forgotten_and_memory_bounded() -> None:
    counter = TermCounter(width=100)
    for number in range(5000):
        counter.add([f"once {number}", "always"], "a", recent=False)
    assert len(counter) <= 200
    (always,) = counter.emerging(least_employers=1, least_vacancies=0, rate=1.1)[:1]
    assert always.before >= 5000


@given(of=st.integers(1, 60), share=st.floats(0.01, 0.99), data=st.data())
def test_the_tail_is_a_probability_and_falls(of: int, share: float, data: st.DataObject) -> None:
    hits = data.draw(st.integers(1, of))
    assert 0 <= upper_tail(hits, of, share) <= upper_tail(hits - 1, of, share) <= 1
