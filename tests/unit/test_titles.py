"""What two titles have in common, in one language or two."""

from __future__ import annotations

import pytest

from streams.titles import Title, likeness, lists_also, parse, same_rank, title_key


def title(text: str) -> Title:
    return parse(title_key(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("URGENT: Accountant (2 persons)", "accountant"),
        ("We are hiring: Truck Driver x 3", "Truck Driver"),
        ("ຮັບສະໝັກ ຊ່າງໄຟຟ້າ 3 ຄົນ ດ່ວນ!!", "ຊ່າງໄຟຟ້າ"),
        ("ຫົວໜ້າຊ່າງ", "ຫົວຫນ້າຊ່າງ"),
        ("Sales Mgr", "Sales Manager"),
    ],
)
def test_decoration_does_not_count(one: str, other: str) -> None:
    assert title(one).key == title(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Accountant", "ນັກບັນຊີ"),
        ("Accountant", "会计"),
        ("Accountant", "kế toán"),
        ("Driver", "พนักงานขับรถ"),
        ("English Teacher", "ຄູສອນພາສາອັງກິດ"),
        ("HR Manager", "ຜູ້ຈັດການຝ່າຍບຸກຄະລາກອນ"),
    ],
)
def test_titles_in_two_languages_share_their_concepts(one: str, other: str) -> None:
    assert title(one).concepts == title(other).concepts != frozenset()
    assert same_rank(title(one), title(other))
    assert likeness(title(one), title(other)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Senior Accountant", "Junior Accountant"),
        ("Night Guard", "Day Guard"),
        ("Commis I", "Commis II"),
        ("Accountant", "ຜູ້ຊ່ວຍບັນຊີ"),
        ("ຜູ້ຈັດການຝ່າຍຂາຍ", "Sales Officer"),
    ],
)
def test_ranks_and_shifts_tell_jobs_apart(one: str, other: str) -> None:
    assert not same_rank(title(one), title(other))


def test_a_list_of_jobs_holds_each_of_them() -> None:
    several = title("Accountant, Driver and Cook")
    assert len(several.jobs) == 3
    assert lists_also(several, title("Driver"))
    assert lists_also(title("Cook / Driver"), several)
    assert not lists_also(several, title("Welder"))


@pytest.mark.parametrize(
    "text", ["Sales & Marketing Manager", "ນັກບັນຊີ / Accountant", "Food and Beverage Controller"]
)
def test_one_job_is_not_a_list(text: str) -> None:
    assert len(title(text).jobs) == 1


def test_parts_that_name_the_employer_or_a_place_are_left_out() -> None:
    asides = {"pakse", "mekong trading"}
    found = title_key("Driver - Pakse | Mekong Trading", lambda part: part.casefold() in asides)
    assert found == "driver"
