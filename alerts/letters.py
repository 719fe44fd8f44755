"""What could not be delivered, kept with the reason until an operator removes it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from alerts.operators import UNDELIVERED, Notice, Trouble
from alerts.outbox import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that one channel never took."""

    at: datetime
    reason: str
    channel: str
    """`email`, or the name of an endpoint."""
    message: Message

    @property
    def letter_id(self) -> str:
        """Short name for commands."""
        text = f"{self.message.message_id} {self.channel} {self.at.isoformat()}"
        return blake2b(text.encode(), digest_size=6).hexdigest()


def notice_of(letter: DeadLetter) -> Notice:
    """What operators are told of it."""
    alert = letter.message.alert
    trouble = Trouble(
        source_id=letter.message.message_id,
        mark_id=f"{UNDELIVERED} {letter.letter_id}",
        kind=UNDELIVERED,
        since=letter.message.at,
        reason=letter.reason,
        evidence=f"{alert.kind.value}, {alert.cell.key}, {letter.channel}; {letter.letter_id}",
    )
    return Notice(trouble=trouble, at=letter.at)
