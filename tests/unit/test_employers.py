"""One employer has one key, however its name is written."""

from __future__ import annotations

import pytest

from scrapers.employers import employer_key, is_agency


@pytest.mark.parametrize(
    "names",
    [
        ("Mekong Trading Co., Ltd", "MEKONG TRADING SOLE CO.,LTD", "ບໍລິສັດ ແມ່ຂອງ ເທຣດດິ້ງ"),
        ("Mekong Trading", "ບໍລິສັດ ແມ່ຂອງ ການຄ້າ ຈຳກັດຜູ້ດຽວ", "ບໍລິສັດ ແມ່ຂອງ ການຄ້າ ຈໍາກັດ"),
        ("Phatthana Construction", "ພັດທະນາ ກໍ່ສ້າງ ມະຫາຊົນ", "Pattana Construction Public Company"),
        ("Lao Airlines State Enterprise", "Laos Airlines State"),
        ("Sokxay Hotel", "ໂຮງແຮມ ໂຊກໄຊ", "Sokxay Hotel (Savannakhet Branch)"),
    ],
)
def test_ways_of_writing_a_name_share_a_key(names: tuple[str, ...]) -> None:
    assert len({employer_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mekong Trading", "Mekong Hotel"),
        ("Sengdao Construction", "Somboun Construction"),
        ("Co., Ltd", "ບໍລິສັດ ຈຳກັດ"),
    ],
)
def test_different_names_do_not(one: str, other: str) -> None:
    assert employer_key(one) != employer_key(other)


def test_an_empty_name_has_no_key_and_legal_words_alone_keep_theirs() -> None:
    assert employer_key(" \t") == ""
    assert employer_key("Co., Ltd") == "co., ltd"


def test_an_agency_is_told_by_its_trade() -> None:
    assert is_agency("Lanexang Recruitment Co., Ltd")
    assert is_agency("ບໍລິສັດ ລ້ານຊ້າງ ຈັດຫາງານ ຈຳກັດ")
    assert not is_agency("Lanexang Trading")
