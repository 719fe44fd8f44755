"""Pasted adverts: where vacancies begin, what is told of each, and what is never kept."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.parsing.pasted import PastedVacancy, read_pasted
from scrapers.parsing.pasted_lines import without_contacts
from scrapers.parsing.pasted_titles import Found

LAO = """📢📢 ບໍລິສັດ ແມ່ຂອງ ໂລຈິສຕິກ ຈຳກັດ ຮັບສະໝັກພະນັກງານດ່ວນ ດັ່ງນີ້:
1. ຊ່າງໄຟຟ້າ 2 ຄົນ
2. ພະນັກງານບັນຊີ 1 ຄົນ
໓. ຄົນຂັບລົດ ໓ ຄົນ
ເງິນເດືອນ: 3.500.000 - 5.000.000 ກີບ
ສະຖານທີ່: ນະຄອນຫຼວງວຽງຈັນ
ຄຸນສົມບັດ:
- ອາຍຸ 18-35 ປີ
- ມີປະສົບການ
ປິດຮັບ: 30/12/2026
ໂທ: 020 5555 1234 WhatsApp 020 5555 1234
"""
CHAT = """[12/11/2026, 10:22:33] Somchai: We are hiring!
Position: Receptionist (2)
Salary: $300 - $400
Location: Luang Prabang
Position: Cook
Salary: 4,000,000 LAK per month
Deadline: 15 December 2026
Company: Riverside Hotel
Contact: 020 99887766"""
MAIL = """---------- Forwarded message ---------
From: HR <hr@x.com>
Date: Mon, 2 Nov 2026
Subject: Vacancy: Finance Officer
To: all@x.com

Requirements:
1. Degree in accounting
2. 3 years experience
3. Good English
Apply before 30 November 2026"""
BULLETS = """Mekong Logistics Co., Ltd is looking for:
• Sales Manager
• Warehouse staff (5 positions)
• IT Officer

Requirements:
• Bachelor degree
• Good English

Send CV to hr@mekong.la before 20/12/2026"""


def titles(text: str) -> list[str]:
    return [one.title for one in read_pasted(text)]


def test_a_numbered_list_in_lao_shares_what_stands_around_it() -> None:
    found = read_pasted(LAO)
    assert [one.title for one in found] == ["ຊ່າງໄຟຟ້າ", "ພະນັກງານບັນຊີ", "ຄົນຂັບລົດ"]
    assert [one.fields["total_job_openings"] for one in found] == ["2", "1", "3"]
    for one in found:
        assert one.fields["hiring_organization"] == "ບໍລິສັດ ແມ່ຂອງ ໂລຈິສຕິກ ຈຳກັດ"
        assert one.fields["base_salary"] == "3.500.000 - 5.000.000 ກີບ"
        assert one.fields["job_location"] == "ນະຄອນຫຼວງວຽງຈັນ"
        assert one.fields["valid_through"] == "2026-12-30"
        assert "5555" not in one.fields["description"]
        assert "ອາຍຸ 18-35 ປີ" in one.fields["description"]
    assert found[0].found["title"] is Found.LIST
    assert found[0].found["hiring_organization"] is Found.PATTERN


def test_labelled_blocks_keep_their_own_and_share_the_footer() -> None:
    first, second = read_pasted(CHAT)
    assert (first.title, second.title) == ("Receptionist", "Cook")
    assert first.fields["base_salary"] == "$300 - $400"
    assert second.fields["base_salary"] == "4,000,000 LAK per month"
    assert first.fields["job_location"] == "Luang Prabang"
    assert "job_location" not in second.fields
    for one in (first, second):
        assert one.fields["hiring_organization"] == "Riverside Hotel"
        assert one.fields["valid_through"] == "2026-12-15"
        assert "Somchai" not in one.fields["description"]


def test_a_list_of_demands_is_no_list_of_vacancies() -> None:
    assert titles(MAIL) == ["Finance Officer"]
    assert titles(BULLETS) == ["Sales Manager", "Warehouse staff", "IT Officer"]
    assert read_pasted(MAIL)[0].fields["valid_through"] == "2026-11-30"
    assert "hr@x.com" not in str(read_pasted(MAIL))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Urgently hiring 3 welders in Savannakhet, pay 150,000 kip/day.", ["welders"]),
        ("ຮັບສະໝັກ ພະນັກງານຂາຍໜ້າຮ້ານ 2 ຄົນ ເງິນເດືອນ 2.500.000 ກີບ", ["ພະນັກງານຂາຍໜ້າຮ້ານ"]),
        ("ຮັບສະຫມັກ ແມ່ບ້ານ", ["ແມ່ບ້ານ"]),
        ("ຕຳແໜ່ງ: ຄູສອນພາສາອັງກິດ\nປິດຮັບວັນທີ 20/12/2026", ["ຄູສອນພາສາອັງກິດ"]),
        ("ຕໍາແຫນ່ງ: ຄູສອນ", ["ຄູສອນ"]),
        ("รับสมัครงาน\n1) พ่อครัว 2 ตำแหน่ง\n2) แม่บ้าน 1 ตำแหน่ง", ["พ่อครัว", "แม่บ้าน"]),
        ("招聘:\n1、电工 2名\n2、司机 3名", ["电工", "司机"]),
        ("Công ty ABC tuyển dụng:\n- Kế toán (2 người)\n- Lái xe (1 người)", ["Kế toán", "Lái xe"]),
        ("Positions: Driver, Cook, Guard", ["Driver", "Cook", "Guard"]),
        ("Position: Manager, Finance", ["Manager, Finance"]),
        ("1️⃣ ແມ່ບ້ານ x2\n2️⃣ ຍາມ x1", ["ແມ່ບ້ານ", "ຍາມ"]),
        ("Cook wanted!", ["Cook"]),
        (
            "ຮັບສະໝັກດ່ວນ!!! ຄົນຂັບລົດ 5 ຄົນ, ຊ່າງເຊື່ອມ 3 ຄົນ, ກຳມະກອນ 10 ຄົນ\nຄ່າແຮງ 120.000 ກີບ/ມື້",
            ["ຄົນຂັບລົດ", "ຊ່າງເຊື່ອມ", "ກຳມະກອນ"],
        ),
        ("We need 2 cooks and 1 cleaner in Pakse. Salary 3,000,000 kip.", ["cooks", "cleaner"]),
        (
            "*Seller (3 posts)*\n*Clerk (1 post)*\nApply at ABC",
            ["Seller", "Clerk"],
        ),
        (
            "Available positions:\nAccountant\nHR Officer\n\nCompany: X",
            ["Accountant", "HR Officer"],
        ),
        (
            "Hiring the following posts:\n1. Cook – 2 posts – Sekong\n2. Guard",
            ["Cook", "Guard"],
        ),
        (
            "UNDP is looking for a Consultant (Climate Adaptation). Deadline: 5 Dec 2026.",
            ["Consultant (Climate Adaptation)"],
        ),
        ("ຮ້ານອາຫານ ໃບບົວ ຮັບສະໝັກ\n- ພະນັກງານເສີບ 3 ຄົນ\n- ພໍ່ຄົວ 1 ຄົນ", ["ພະນັກງານເສີບ", "ພໍ່ຄົວ"]),
        (
            "1. ຕຳແໜ່ງ: ນັກບັນຊີ (02 ຄົນ)\n - ຈົບຊັ້ນສູງ\n2. ຕຳແໜ່ງ: ຍາມ\n   - ເພດຊາຍ",
            ["ນັກບັນຊີ", "ຍາມ"],
        ),
        ("Position: Call center agent", ["Call center agent"]),
        ("Position: Sales 020 5555 1234", ["Sales"]),
        ("hello", []),
        ("020 5555 1234", []),
        ("", []),
    ],
)
def test_titles(text: str, expected: list[str]) -> None:
    assert titles(text) == expected


def test_what_the_officer_tells_wins() -> None:
    [one] = read_pasted("anything at all\nSalary: 5,000,000 kip", title="Cook", employer="Inn")
    assert one.title == "Cook"
    assert one.fields["hiring_organization"] == "Inn"
    assert one.found["title"] is one.found["hiring_organization"] is Found.TOLD
    assert one.fields["base_salary"] == "5,000,000 kip"


def test_contacts_never_stand_in_a_line() -> None:
    assert without_contacts("Cook – hr@inn.la, +856 20 5555 1234, www.inn.la") == "Cook"


PIECES = st.sampled_from(
    ("Position: ", "1. ", "2. ", "• ", "ຮັບສະໝັກ", "Driver", "ຊ່າງ", " 2 ຄົນ", "\n", "\n\n",
     "020 5555 1234", "Salary: ", "$", "3,000", "Deadline: ", "30/12/2026", "📢", "️⃣", ":", ", ",
     "[1/1/26, 10:00] A: ")
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=10), max_size=30).map("".join))
def test_any_text_is_read_the_same_twice_and_names_no_contact(text: str) -> None:
    found = read_pasted(text)
    assert found == read_pasted(text)
    for one in found:
        assert isinstance(one, PastedVacancy)
        assert any(sign.isalpha() for sign in one.title)
        assert without_contacts(one.title) == one.title
        assert all(one.fields.values())


@pytest.mark.parametrize(
    "piece",
    ["a ", "1. ", "(", "A&", "ບໍລິສັດ ", "like · ", "#x ", "9", "9.", "9 - ", "before ", "-_=", "x,"],
)
def test_long_texts_are_read_in_the_time_of_their_length(piece: str) -> None:
    """A pattern that backtracks takes minutes here."""
    started = time.process_time()
    read_pasted((piece * 20_000)[:20_000])
    assert time.process_time() - started < 20
