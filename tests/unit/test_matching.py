"""Evidence and judgement: contradictions first, then a reason, then a score."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.dedup_labelled import KINDS, hand_pairs
from benchmarks.dedup_pairs import simulated_pairs
from scrapers.codec import encode
from scrapers.items import JobPosting
from streams.classify.place import Gazetteer
from streams.deduplicate import compared, no_code
from streams.evidence import Evidence, told
from streams.intake import Arrival, read
from streams.matching import Contradiction, Judgement, LinkReason, judge, load_model
from streams.traits import Traits, place_code, state_of, traits_of
from tests.factories_streams import a_posting

GAZETTEER = Gazetteer()


def traits(posting: JobPosting) -> Traits:
    arrival = read(encode(posting))
    assert isinstance(arrival, Arrival)
    assert arrival.posting is not None
    return traits_of(arrival.posting, GAZETTEER.code)


def evidence(one: dict[str, Any], other: dict[str, Any]) -> Evidence:
    return compared(traits(a_posting(**other)), state_of(traits(a_posting(**one))), no_code)


def judged(one: dict[str, Any], other: dict[str, Any]) -> Judgement:
    return judge(evidence(one, other))


LAO_TEXT = "ກະກຽມບົດລາຍງານປະຈຳເດືອນ ແຈ້ງອາກອນ ແລະ ເກັບເອກະສານບັນຊີໃຫ້ເປັນລະບຽບ. " * 2


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({}, {"job_location_raw": "Savannakhet"}, Contradiction.PLACE_DIFFERS),
        ({}, {"hiring_organization": "Sengdao Hotel"}, Contradiction.EMPLOYER_DIFFERS),
        ({}, {"hiring_organization": "Mekong Nay Trading"}, Contradiction.EMPLOYER_DIFFERS),
        ({}, {"title": "Night Welder"}, Contradiction.TITLE_DIFFERS),
        ({}, {"title": "Assistant Accountant"}, Contradiction.RANK_DIFFERS),
        ({}, {"base_salary_raw": "9,000,000 LAK"}, Contradiction.PAY_DIFFERS),
        (
            {"hiring_organization": "", "description": "", "base_salary_raw": ""},
            {"description": "", "base_salary_raw": ""},
            Contradiction.TOO_LITTLE,
        ),
        ({}, {"hiring_organization": "Mekong Trading"}, LinkReason.SAME_FINGERPRINT),
        ({}, {"title": "Senior Acountant"}, LinkReason.SIMILAR_TITLE),
        ({}, {"title": "Senior Accountant, Cook and Driver"}, LinkReason.PART_OF),
        (
            {"total_job_openings_raw": "8"},
            {"total_job_openings_raw": "3"},
            LinkReason.PART_OF,
        ),
        (
            {},
            {"title": "ນັກບັນຊີອາວຸໂສ", "description": LAO_TEXT, "job_location_raw": "ນະຄອນຫຼວງວຽງຈັນ"},
            LinkReason.TRANSLATED,
        ),
        ({}, {"title": "高级会计", "description": ""}, LinkReason.TRANSLATED),
    ],
)
def test_the_reason_is_named(
    one: dict[str, Any], other: dict[str, Any], reason: LinkReason | Contradiction
) -> None:
    assert judged(one, other).reason is reason
    assert judged(other, one).reason is reason


def test_a_translated_title_with_other_pay_is_another_job() -> None:
    other = {"title": "ນັກບັນຊີອາວຸໂສ", "description": LAO_TEXT, "base_salary_raw": "9 ລ້ານກີບ"}
    assert judged({}, other).reason is Contradiction.PAY_DIFFERS


def test_what_is_stored_of_a_link_reads_as_its_levels() -> None:
    found = evidence({}, {"title": "Senior Acountant"})
    line = told(found.code())
    assert line.startswith("employer=same title=alike place=equal pay=equal text=equal")
    assert told("") == ""


def test_every_level_has_a_weight() -> None:
    model = load_model()
    for pair in (*hand_pairs(), *simulated_pairs(3, 40)):
        one, other = traits(pair.one), traits(pair.other)
        assert 0 < model.score(compared(other, state_of(one), no_code)) < 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Vientiane Capital, Savannakhet", "LA-SV+LA-VT"),
        ("ທົ່ວປະເທດ", "LA"),
        ("", ""),
        ("Somewhere Else", "somewhere else"),
    ],
)
def test_places_are_told_by_code(text: str, code: str) -> None:
    assert place_code(text, GAZETTEER.code) == code


def test_the_labelled_pairs_are_as_the_protocol_says() -> None:
    pairs = hand_pairs()
    assert len(pairs) >= 120
    assert {pair.kind for pair in pairs} == {*KINDS, "none"}
    assert len({pair.name for pair in pairs}) == len(pairs)
    share = sum(pair.is_test for pair in pairs) / len(pairs)
    assert 0.4 < share < 0.6
    assert simulated_pairs(5, 30) == simulated_pairs(5, 30)
