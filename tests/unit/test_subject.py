"""Subjects come out of a real message as they were put in."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notify.subject import set_subject

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40
)


def sent(text: str) -> str:
    mail = EmailMessage()
    set_subject(mail, text)
    mail.set_content("x")
    wire = mail.as_bytes(policy=policy.SMTP)
    assert all(len(line) < 100 for line in wire.split(b"\r\n"))
    assert wire.isascii()
    return str(message_from_bytes(wire, policy=policy.default)["Subject"])


@pytest.mark.parametrize(
    "text",
    [
        "[demonstration data] A new source: its first weeks are over – xaysana-portal",
        "[ຂໍ້ມູນສາທິດ] ສະຫຼຸບປະຈຳອາທິດເຖິງວັນທີ 22/11/2026: 0 ການເຕືອນທີ່ຍັງເປີດຢູ່ – ທົ່ວປະເທດ",
        "Plain words: more new vacancies than usual",
    ],
)
def test_spaces_stay(text: str) -> None:
    assert sent(text) == text


def test_a_subject_is_one_line() -> None:
    assert sent("ຫົວຂໍ້\r\nBcc: somebody@example.org") == "ຫົວຂໍ້ Bcc: somebody@example.org"


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_any_words_come_through(words: list[str]) -> None:
    text = " ".join(words)
    if text.isascii():
        text += " –"
    assert sent(text) == text
