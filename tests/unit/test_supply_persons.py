"""Tables that hold data of persons, by the names of their columns or by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scrapers.parsing.supply import SupplyRefusal
from tests.supply_cells import row, take


@pytest.mark.parametrize(
    "column",
    [
        "Full Name", "name", "Phone Number", "e-mail", "Passport No", "date_of_birth", "ID number",
        "ຊື່ ແລະ ນາມສະກຸນ", "ເບີໂທລະສັບ", "ເລກບັດປະຈຳຕົວ", "ວັນເດືອນປີເກີດ", "jobseekerName", "Home Address",
    ],
)  # fmt: skip
def test_a_table_with_a_personal_column_is_refused_whole(column: str) -> None:
    table = take([row(**{column: "x"})])
    assert table.refused_whole is not None
    assert table.refused_whole.reason is SupplyRefusal.PERSONAL_DATA
    assert (table.records, table.refused_whole.fields) == ((), {})
    assert column in table.refused_whole.detail


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["020 5551 2345", "020 9988 7766"], "telephone"),
        (["+856 20 55512345", "-"], "telephone"),
        (["໐໒໐ ໕໕໕໑ ໒໓໔໕", "x"], "telephone"),
        (["see a.b@example.la", "", "x"], "e-mail"),
        (["P1234567", "PA 0099887"], "numbers of passports"),
        (["01-123456789", "02-22334455"], "numbers of passports"),
        (["(020) 5551-2345", "x"], "telephone"),
        (["2055512345", "2099887766"], "telephone"),
        (["021 212 345", "021 213 400"], "telephone"),
        (["+66 81 234 5678", ""], "telephone"),
        (["Mr Somchai", "Ms Keo"], "names"),
        (["ທ່ານ ສົມຈິດ", "ນາງ ແກ້ວ"], "names"),
    ],
)
def test_a_column_that_looks_personal_is_refused_by_its_content(
    values: Sequence[str], what: str
) -> None:
    table = take([row(province="LA-SV", note=value, value="5") for value in values])
    assert table.refused_whole is not None
    assert "note: " in table.refused_whole.detail
    assert what in table.refused_whole.detail


def test_one_row_for_each_name_is_a_list_of_persons() -> None:
    people = ["Somchai Vong", "Keo Phomma", "Noy Chanthala", "Bounmy Sone", "Dao Inthava"]
    table = take([row(who=name, value="1") for name in people])
    assert table.refused_whole is not None
    assert table.refused_whole.reason is SupplyRefusal.PERSONAL_DATA


def test_a_row_for_each_person_without_a_name_is_a_list_of_persons_too() -> None:
    rows = [row(sex=sex, value="1") for sex in "fmfmff"]
    table = take(rows)
    assert table.refused_whole is not None
    assert "every count is 1" in table.refused_whole.detail
    assert (
        len(take([row(province=code, value="1") for code in ("LA-VT", "LA-SV", "LA-CH")]).records)
        == 3
    )


def test_names_in_the_column_of_a_code_are_no_codes() -> None:
    people = ["Somchai Vong", "Keo Phomma", "Noy Chanthala"]
    table = take([row(province=name, value="1") for name in people])
    assert table.refused_whole is not None
    assert table.refused_whole.reason is SupplyRefusal.PERSONAL_DATA


@pytest.mark.parametrize(
    "values",
    [
        ["2023-2024", "2024-2025"], ["2026-09-30", "2026-08-31"], ["202609", "202608"],
        ["30/09/2026", "31/08/2026"], ["1,200", "45,000"], ["second quarter", "third quarter"],
    ],
)  # fmt: skip
def test_a_column_that_is_not_personal_is_passed_over(values: Sequence[str]) -> None:
    table = take([row(period=f"2026-0{at}", note=v) for at, v in enumerate(values, start=7)])
    assert (len(table.records), table.warnings) == (2, ("columns passed over: note",))


def test_figures_and_places_are_not_taken_for_persons() -> None:
    provinces = [
        "Oudomxay",
        "Luang Prabang",
        "Luang Namtha",
        "Vientiane Capital",
        "Sekong",
        "Bokeo",
    ]
    many = [row(province=name, value="1") for name in provinces]
    assert len(take(many).records) == 6
    assert (
        len(take([row(value="2055512345"), row(value="13012345", province="LA-SV")]).records) == 2
    )
