"""A mail that tells of no alert: handed to the server, and what became of it kept.

Digests and bulletins are sent to every recipient once, whoever the server puts off or refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage

import structlog
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from alerts.boxes import SERVER, Boxes
from alerts.notify.email import AwayError, RefusedError
from alerts.recipients import post
from alerts.retrying import Attempts, Fate, Outcome, postponed
from config.settings import Settings
from warehouse.mailings import MailingRecord, write_mailings

_log = structlog.get_logger(__name__)


def is_due(name: str, failed: Mapping[str, Attempts], now: datetime) -> bool:
    """Whether neither the mail nor the server itself is to be left alone for a while."""
    return all(one not in failed or failed[one].next_at <= now for one in (name, SERVER))


def hand_over(
    boxes: Boxes, name: str, mail: EmailMessage, settings: Settings, now: datetime
) -> Outcome:
    """Send to those who are still owed the mail `name`, and keep what became of it.

    Operators are told of who refused, and of what was put off for too long.

    Returns:
        `SENT`: nobody is owed it any more, `why` names who refused; `REFUSED`: nobody will ever
        get it; `LATER`, `AWAY`: to be tried again.
    """
    failed = boxes.attempts()
    try:
        posted = post(boxes, name, mail, settings)
    except RefusedError as error:
        boxes.give_up(name, str(error), now)
        return Outcome(fate=Fate.REFUSED, why=str(error))
    except AwayError as error:
        boxes.postpone(SERVER, postponed(failed.get(SERVER), str(error), now))
        return Outcome(fate=Fate.AWAY, why=str(error))
    except OSError as error:
        return _later(boxes, name, failed.get(name), str(error), now)
    if SERVER in failed:
        boxes.reached(SERVER)
    for refusal in posted.refused:
        boxes.tell_undelivered(name, str(refusal), now)
    if posted.put_off:
        return _later(boxes, name, failed.get(name), posted.why, now)
    boxes.mark_sent(name, now)
    return Outcome(fate=Fate.SENT, why="; ".join(map(str, posted.refused)))


def _later(
    boxes: Boxes, name: str, before: Attempts | None, why: str, now: datetime
) -> Outcome:  # fmt: skip
    """Put off; given up where that has gone on for too long."""
    if before is not None and before.is_hopeless(now):
        boxes.give_up(name, f"given up: {why}", now)
        return Outcome(fate=Fate.REFUSED, why=f"given up: {why}")
    boxes.postpone(name, postponed(before, why, now))
    return Outcome(fate=Fate.LATER, why=why)


def keep_receipt(warehouse: Client, receipt: MailingRecord) -> None:
    """Keep for good that a mail was taken, in case Redis loses it.

    A receipt that is not kept costs no more than the mail once more, if Redis is lost too.
    """
    try:
        write_mailings(warehouse, [receipt])
    except Error as error:
        _log.warning("receipt_not_kept", mailing=receipt.mailing_id, why=str(error))
