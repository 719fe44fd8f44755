"""Personal data goes; salaries, dates and codes stay."""

from __future__ import annotations

import pytest

from streams.redact import redact, redact_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ໂທ: 020 5555 1234", "ໂທ: [phone]"),
        ("ໂທ ໐໒໐ ໕໕໕໕ ໑໒໓໔", "ໂທ [phone]"),
        ("+856 20 5555 1234", "[phone]"),
        ("(+856) 20 5555 1234", "[phone]"),
        ("00856-20-55551234", "[phone]"),
        ("8562055551234", "[phone]"),
        ("020.5555.1234", "[phone]"),
        ("0 2 0 5 5 5 5 1 2 3 4", "[phone]"),
        ("(021) 212 345", "[phone]"),
        ("20 5555 1234", "[phone]"),
        ("2055551234", "[phone]"),
        ("030 555 1234", "[phone]"),
        ("+66 81 234 5678 or 081-234-5678", "[phone] or [phone]"),
        ("Tel 55551234", "Tel [phone]"),
        ("Tel: 212345", "Tel: [phone]"),
        ("โทร 081 234 5678", "โทร [phone]"),
        ("020 55551234, 55556789 ຫຼື 77778888", "[phone], [phone] ຫຼື [phone]"),
        ("call 02055551234/02099998888", "call [phone]/[phone]"),
        ("WhatsApp: +8562055551234", "WhatsApp: [phone]"),
    ],
)
def test_phones_go(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hr@acme.la", "[email]"),
        ("hr.dept+jobs@acme.com.la", "[email]"),
        ("hr (at) acme (dot) la", "[email]"),
        ("hr[at]acme.com", "[email]"),
        ("john at acme dot com", "[email]"),
        ("hr @ acme.com.la", "[email]"),
        ("ອີເມວhr@x.la", "ອີເມວ[email]"),
        ("hr＠acme.la", "[email]"),
        ("info@companyname", "[email]"),
    ],
)
def test_addresses_go(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Contact: Mr. Somchai Vongsa 020 5555 1234", "Contact: [name] [phone]"),
        ("ຕິດຕໍ່: ທ້າວ ສົມໄຊ ວົງສາ ໂທ 020 55551234", "ຕິດຕໍ່: [name] ໂທ [phone]"),
        ("ຜູ້ຕິດຕໍ່: ນາງ ມະນີ", "ຜູ້ຕິດຕໍ່: [name]"),
        ("Contact person: Somchai Vongsa", "Contact person: [name]"),
        ("020 5555 1234 (ທ້າວ ສົມໄຊ)", "[phone] ([name])"),
        ("Ms Noy will call", "[name] will call"),
        ("LINE ID: somchai99", "LINE ID: [account]"),
        ("Line: @acme", "Line: [account]"),
        ("ໄລນ໌: acme1", "ໄລນ໌: [account]"),
        ("line.me/ti/p/abc", "[account]"),
        ("Facebook: Acme Laos Page, apply", "Facebook: [account], apply"),
        ("https://www.facebook.com/acme", "[account]"),
        ("WeChat: acme_lao", "WeChat: [account]"),
        ("Telegram channel @acmejobs", "Telegram channel [account]"),
    ],
)
def test_names_and_accounts_go(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "2,500,000 - 3,500,000 LAK",
        "20.000.000-25.000.000 ກີບ",
        "20 000 000 ກີບ",
        "20 000 000",
        "3 000 000 kip",
        "salary 2500000-3500000",
        "ເງິນເດືອນ ໒.໕໐໐.໐໐໐ ກີບ",
        "USD 1,200-1,500",
        "+500,000 allowance",
        "3000000+500000 LAK",
        "01.09.2026-30.09.2026",
        "02.09.2026-30.09.2026",
        "2026-09-02",
        "02/09/2026",
        "20260901",
        "ISCO 2411, 2026-2027",
        "08.00-17.00",
        "contact us within 30 days of 2026",
        "Contact: Human Resources Department",
        "ຕິດຕໍ່ພະແນກບຸກຄະລາກອນ",
        "Product line: shoes",
        "We work at Company.la",
        "ຈຳນວນ 20 ຄົນ 2026",
        "Good command of MS Office, Ms. Excel and MS-Word",
        "MS PowerPoint; MS Project",
        "ຄຸນນະພາບ ແລະ ຄຸນວຸດທິ",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text).text == text
    assert redact(text).removed == 0


def test_every_piece_is_counted() -> None:
    assert redact("hr@acme.la, +856 20 5555 1234, LINE ID: somchai99").removed == 3


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://jobs.example.com/apply?contact=noi@example.com&id=12345678", "id=12345678"),
        ("https://wa.me/8562055512345", "[account]"),
    ],
)
def test_addresses_keep_their_numbers_and_lose_people(url: str, kept: str) -> None:
    clean = redact_address(url)
    assert kept in clean
    assert "noi@" not in clean
    assert "8562055512345" not in clean
