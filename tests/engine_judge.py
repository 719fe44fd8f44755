"""What an observer finds wrong with a world of schedulers: history against received mail."""

from __future__ import annotations

import email.policy
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, cast

import msgspec
from aiosmtpd.smtp import Envelope, Session

from alerts.alert import Alert, Reason, State
from alerts.lifecycle import budget_key
from alerts.outbox import receipt_name
from alerts.silences import Silence
from alerts.transition import LEGAL, TOLD_AT_END, Rules


class Mailbox:
    """A mail server: what it accepted, in order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        policy = email.policy.default
        made = email.message_from_bytes(cast(bytes, envelope.content), policy=policy)
        self.mails.append(made)
        return "250 taken"


@dataclass
class Verdict:
    """What an observer finds wrong, and how much there was."""

    told: int = 0
    lost: int = 0
    doubled: int = 0
    """Notifications of an alert beyond its decisions to tell, or within a repeat interval."""
    repeated: int = 0
    """Mails accepted again under the same Message-ID."""
    illegal: int = 0
    over_budget: int = 0
    despite_silence: int = 0

    @property
    def is_clean(self) -> bool:
        wrong = (self.lost, self.doubled, self.illegal, self.over_budget)
        return not any(wrong) and not self.despite_silence


def judged(
    rows: Sequence[dict[str, Any]],
    received: Sequence[EmailMessage],
    silenced: Sequence[tuple[datetime, Silence]],
    rules: Rules,
) -> Verdict:
    """Compare what was decided and recorded with what was received.

    Args:
        rows: of `alert_history`.
        received: mails as a server accepted them.
        silenced: silences, with when each was set.
        rules: those in force.
    """
    told = [row for row in rows if row["notified"]]
    decided = Counter(row["alert_id"] for row in told)
    mails = {str(mail["Message-ID"]): mail for mail in received}
    heard = Counter(alert_id for mail in mails.values() for alert_id in _alerts_in(mail))
    return Verdict(
        told=len(told),
        lost=(decided - heard).total(),
        doubled=(heard - decided).total() + _too_soon(told, rules),
        repeated=len(received) - len(mails),
        illegal=sum(_is_illegal(row) for row in rows),
        over_budget=_over_budget(told, rules),
        despite_silence=sum(
            silence.covers(_alert(row), row["recorded_at"])
            for row in told
            for since, silence in silenced
            if row["recorded_at"] > since
        ),
    )


def _alerts_in(mail: EmailMessage) -> set[str]:
    body = mail.get_body(("plain",))
    assert body is not None
    return set(re.findall(r"/alerts/([0-9a-f]{16})", body.get_content()))


def _alert(row: dict[str, Any]) -> Alert:
    return msgspec.json.decode(row["record"], type=Alert)


def _is_charged(row: dict[str, Any]) -> bool:
    return row["reason"] not in {*TOLD_AT_END, Reason.ESCALATED}


def _too_soon(told: Sequence[dict[str, Any]], rules: Rules) -> int:
    """Charged tellings of one alert that follow another within the repeat interval."""
    count, last = 0, dict[str, datetime]()
    for row in sorted(told, key=lambda row: row["at"]):
        if _is_charged(row):
            before = last.get(row["alert_id"])
            count += before is not None and row["at"] - before < rules.repeat_after
            last[row["alert_id"]] = row["at"]
    names = Counter(receipt_name(_alert(row)) for row in told)
    return count + sum(n - 1 for n in names.values())


def _over_budget(told: Sequence[dict[str, Any]], rules: Rules) -> int:
    spent = Counter(budget_key(_alert(row), row["at"]) for row in told if _is_charged(row))
    return sum(max(0, n - rules.budget) for n in spent.values())


def _is_illegal(row: dict[str, Any]) -> bool:
    before = State(row["previous_state"]) if row["previous_state"] else None
    return (before, State(row["state"])) not in LEGAL
