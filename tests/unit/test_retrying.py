"""Failed deliveries: waits double, hopeless ones are given up, dead letters keep their reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alerts.letters import DeadLetter, notice_of
from alerts.notify.operator import compose_notice
from alerts.operators import UNDELIVERED
from alerts.retrying import FIRST_WAIT, GIVEN_UP, LONGEST_WAIT, Attempts, postponed
from config.settings import Settings
from tests.factories_notices import message_of

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


def test_waits_double_up_to_an_hour_and_end_after_three_days() -> None:
    attempts: Attempts | None = None
    now, waits = NOW, []
    while attempts is None or not attempts.is_hopeless(now):
        attempts = postponed(attempts, "452 full", now)
        waits.append(attempts.next_at - now)
        now = attempts.next_at
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert max(waits) == LONGEST_WAIT
    assert attempts.first_at == NOW
    assert now - NOW - GIVEN_UP < LONGEST_WAIT
    assert attempts.tries == len(waits) < 90


@pytest.mark.parametrize("language", ["ສົ່ງແຈ້ງການບໍ່ໄດ້", "A notice could not be delivered"])
def test_operators_read_what_was_not_delivered_and_why(language: str) -> None:
    letter = DeadLetter(
        at=NOW, reason="a@example.org: 552 mailbox full", channel="email",
        message=message_of("rise"),
    )  # fmt: skip
    notice = notice_of(letter)
    assert notice.trouble.kind == UNDELIVERED
    mail = compose_notice(notice, Settings())
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert language in text
    assert "552 mailbox full" in text
    assert letter.letter_id in text
    assert mail["To"] == "operators@localhost"
    assert notice_of(letter).message_id == notice.message_id
