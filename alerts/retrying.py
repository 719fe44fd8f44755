"""When a message that could not be delivered is tried again, and when it is given up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
GIVEN_UP: Final = timedelta(days=3)
"""So long after the first attempt a receiver that always puts off is given up."""


class Fate(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    REFUSED = "refused"
    """It will never be taken."""
    LATER = "later"
    """The receiver puts this message off: a full mailbox, greylisting, an endpoint away."""
    AWAY = "away"
    """The mail server takes nothing now; that is no fault of the message, which is never given up.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One attempt's end, and why."""

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Failed attempts so far of one message, or to reach the mail server."""

    tries: int
    first_at: datetime
    next_at: datetime
    """Not tried before."""
    why: str
    """Of the last one."""

    def is_hopeless(self, now: datetime) -> bool:
        """Whether it is time to give up."""
        return now - self.first_at >= GIVEN_UP


def postponed(before: Attempts | None, why: str, now: datetime) -> Attempts:
    """After one more failure: waits double from half a minute to an hour."""
    tries = 1 if before is None else before.tries + 1
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
    first = now if before is None else before.first_at
    return Attempts(tries=tries, first_at=first, next_at=now + wait, why=why)
