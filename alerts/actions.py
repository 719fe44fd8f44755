"""What is done about an alert, as a record: acknowledged, judged, noted, escalated. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from streams.redact import redact
from warehouse.deeds import ActionRecord

LONGEST_TEXT: Final = 1_000
LONGEST_OFFICER: Final = 64


class ActionFaultError(ValueError):
    """The deed cannot be recorded; the message says what was found and what was expected."""


class Action(StrEnum):
    """What was done."""

    ACKNOWLEDGED = "acknowledged"
    VERDICT = "verdict"
    NOTE = "note"
    ESCALATED = "escalated"
    """By the service: nobody had acknowledged it in time."""
    NOTIFIED = "notified"
    """By the service: a receipt of a sent message; its identity is the telling's."""


class Verdict(StrEnum):
    """What an officer found out: did it truly happen?"""

    TRUE = "true"
    FALSE = "false"
    UNSURE = "unsure"


class Channel(StrEnum):
    """How the deed came in."""

    LINK = "link"
    DASHBOARD = "dashboard"
    COMMAND = "command"
    SERVICE = "service"


def action_of(
    action: Action,
    alert_id: str,
    *,
    officer: str,
    channel: Channel,
    at: datetime,
    verdict: Verdict | None = None,
    done: str = "",
    note: str = "",
) -> ActionRecord:
    """The record of a deed; text is redacted and cut to `LONGEST_TEXT`.

    The identity is of what was done, by whom and when: the same deed twice is one.

    Raises:
        ActionFaultError: no account, or a verdict without one of the three words, or the reverse.
    """
    if (action is Action.VERDICT) != (verdict is not None):
        raise ActionFaultError("a verdict is true, false or unsure; nothing else has one")
    who = account(officer)
    told = [plain(done), plain(note)]
    if action is Action.NOTE and not told[1]:
        raise ActionFaultError("the note is empty")
    word = "" if verdict is None else verdict.value
    parts = [alert_id, action.value, who, word, *told, at.isoformat()]
    return ActionRecord(
        action_id=sha256("\0".join(parts).encode()).hexdigest()[:24],
        alert_id=alert_id, action=action.value, officer=who, verdict=word, done=told[0],
        note=told[1], channel=channel.value, at=at, recorded_at=at,
    )  # fmt: skip


def account(officer: str) -> str:
    """An account as it is stored.

    Raises:
        ActionFaultError: empty, too long, or with characters that do not print.
    """
    who = officer.strip()
    if not who or len(who) > LONGEST_OFFICER or not who.isprintable():
        raise ActionFaultError("no account is given: expected an identifier, not a name")
    if redact(who).removed:
        raise ActionFaultError("the account holds personal data: expected an identifier")
    return who


def plain(text: str) -> str:
    """Free text as it is stored: one line, without personal data, of bounded length."""
    return redact(" ".join(text.split())).text[:LONGEST_TEXT]
