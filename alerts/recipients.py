"""One e-mail to several recipients, of whom a mail server may put some off: each gets it once."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage

from alerts.boxes import Boxes
from alerts.notify.email import Refusal, send
from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What the server said of those who were still to be reached."""

    refused: tuple[Refusal, ...] = ()
    """Never to be tried again."""
    put_off: tuple[Refusal, ...] = ()
    """A full mailbox, greylisting: they alone are to be tried again."""

    @property
    def why(self) -> str:
        """Of those put off."""
        return "; ".join(map(str, self.put_off))


def post(boxes: Boxes, name: str, mail: EmailMessage, settings: Settings) -> Posted:
    """Send to those of its recipients who were not reached before under `name`.

    While some are put off the others are remembered, so that nobody is sent it twice.

    Raises:
        RefusedError, AwayError, OSError: as `send`; nobody was reached this time.
    """
    named = [address.addr_spec for address in mail["To"].addresses]
    reached = boxes.reached_of(name)
    owed = [one for one in named if one not in reached]
    refusals = send(mail, settings, owed) if owed else ()
    posted = Posted(
        refused=tuple(one for one in refusals if one.is_final),
        put_off=tuple(one for one in refusals if not one.is_final),
    )
    if posted.put_off:
        waiting = {one.address for one in posted.put_off}
        boxes.remember_reached(name, [one for one in named if one not in waiting])
    return posted
