"""The fault table's figures, and what a mail server that counts hears."""

from __future__ import annotations

from dataclasses import asdict
from email.message import EmailMessage
from typing import Any

from benchmarks.faults_chain_judge import received
from benchmarks.faults_chain_proxy import Garbage, spoiled
from benchmarks.faults_table import TITLE, Row, combined
from benchmarks.gathering import _more_tables
from benchmarks.report import Figure


def row(**given: Any) -> Row:
    usual: dict[str, Any] = {
        "fault": "a", "stack": "s", "runs": 2, "under_load": 1, "rows": 9, "lost": 0,
        "doubled": 0, "unrecovered": 0, "recovery_p95_s": 1.0,
    }  # fmt: skip
    return Row(**(usual | given))


def of_parts(*parts: list[Row]) -> dict[str, dict[str, Any]]:
    return {
        str(number): {"tables": {TITLE: [asdict(one) for one in rows]}}
        for number, rows in enumerate(parts)
    }


def test_lines_of_all_parts_make_the_figures() -> None:
    more = of_parts(
        [row(lost=1, recovery_p95_s=3.0), row(stack="t", doubled=2, unrecovered=3, late=2)],
        [row(fault="b", recovery_p95_s=None, notices=5, notices_lost=1, double_notified=4)],
    )
    told = [Figure(key="lost", value=1, about=""), Figure(key="rto_s", value=7, about="")]
    found = {figure.key: figure.value for figure in combined(told, more)}
    assert found == {
        "faults": 2, "runs": 6, "lost": 1, "doubled": 2, "double_notified": 4, "lost_notified": 1,
        "unrecovered": 3, "recovered_late": 2, "recovery_p95_s": 3.0, "rto_s": 7,
    }  # fmt: skip


def test_parts_without_a_line_keep_their_own_figures() -> None:
    told = [Figure(key="rpo_s", value=0, about="")]
    assert combined(told, {"restore": {}}) == told


def test_lines_of_several_parts_stand_in_one_table() -> None:
    (shown,) = _more_tables(of_parts([row()], [row(fault="b")]))
    assert shown.count(TITLE) == 1
    assert "| a | s |" in shown
    assert "| b | s |" in shown


def mail(name: str) -> bytes:
    made = EmailMessage()
    made["Message-ID"] = f"<{name}@labourwatch.alerts>"
    made.set_content("text")
    return made.as_bytes()


def test_a_recipient_who_gets_a_mail_again_is_counted() -> None:
    taken = [(mail("x"), ("a@b", "c@d")), (mail("y"), ("a@b",)), (mail("x"), ("c@d",))]
    mails, again = received(taken)
    assert [str(one["Message-ID"]) for one in mails] == [
        "<x@labourwatch.alerts>", "<y@labourwatch.alerts>",
    ]  # fmt: skip
    assert again == 1


def test_recipients_reached_one_after_another_are_told_once() -> None:
    assert received([(mail("x"), ("a@b",)), (mail("x"), ("c@d",))])[1] == 0


def test_garbage_is_no_longer_the_page() -> None:
    page = "<p>ບັນຊີ 05/11/2026 to 30/11/2026</p>".encode()
    assert spoiled(page, Garbage.EMPTY) == b""
    assert page.startswith(spoiled(page, Garbage.CUT))
    assert spoiled(page, Garbage.ENCODING).decode().encode("latin-1") == page
    assert b"05/11/1926 to 30/11/1926" in spoiled(page, Garbage.DATES)
    assert b"cf_chl_opt" in spoiled(page, Garbage.CAPTCHA)
