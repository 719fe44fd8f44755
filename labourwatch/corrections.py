"""`labourwatch vacancies`: a person corrects which vacancy a posting stands for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import warehouse.opinions
from config.settings import Settings
from config.topics import POSTINGS
from scrapers.publish import Publisher, partition_key
from streams.records import CorrectionAction, LinkCorrection, NormalisedPosting
from streams.redact import redact
from warehouse.client import connect

LONGEST_WHY: Final = 500


class CorrectionError(ValueError):
    """The correction cannot be made; the message says what was found and what was expected."""


def stored_posting(settings: Settings, posting_key: str) -> NormalisedPosting:
    """The posting as it was last observed, with its day of opening.

    Raises:
        CorrectionError: the warehouse holds no such posting.
    """
    found = warehouse.opinions.stored_posting(connect(settings, readonly=True), posting_key)
    if found is None:
        raise CorrectionError(f"no posting {posting_key!r}; expected a key such as board:123")
    return found


def make_correction(
    posting: NormalisedPosting,
    action: CorrectionAction,
    other: NormalisedPosting | None,
    why: str,
    at: datetime,
) -> LinkCorrection:
    """The correction as a record.

    Raises:
        CorrectionError: no reason is given, or a posting is to be linked to itself.
    """
    told = redact(" ".join(why.split())).text[:LONGEST_WHY]
    if not told:
        raise CorrectionError("--why is empty: say in a few words why the link is corrected")
    if other is not None and other.posting_key == posting.posting_key:
        raise CorrectionError("a posting stands for its own vacancy already: name another")
    return LinkCorrection(
        action=action,
        posting=posting,
        other_key=other.posting_key if other is not None else "",
        why=told,
        corrected_at=at,
    )


async def publish(settings: Settings, correction: LinkCorrection) -> None:
    """Send the correction into the stream; on return the broker has it.

    Raises:
        DeliveryError: the broker did not take it.
    """
    posting = correction.posting
    async with Publisher(settings.bootstrap_servers) as publisher:
        outbox = publisher.outbox()
        key = partition_key(posting.employer, posting.posting_key)
        outbox.send(POSTINGS, key, correction)
        await outbox.delivered()
