"""`labourwatch vacancies`: a person corrects which vacancy a posting stands for."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final

from config.settings import Settings
from config.topics import POSTINGS
from scrapers.publish import Publisher, partition_key
from streams.records import CorrectionAction, LinkCorrection, NormalisedPosting
from streams.redact import redact
from warehouse.client import connect, fetch

LONGEST_WHY: Final = 500


class CorrectionError(ValueError):
    """The correction cannot be made; the message says what was found and what was expected."""


def stored_posting(settings: Settings, posting_key: str) -> NormalisedPosting:
    """The posting as it was last observed, with its day of opening.

    Raises:
        CorrectionError: the warehouse holds no such posting.
    """
    names = [field.name for field in fields(NormalisedPosting)]
    found = fetch(
        connect(settings, readonly=True),
        f"SELECT {', '.join(names)} FROM postings WHERE posting_key = {{key:String}}"
        " ORDER BY fetched_at DESC, record_id DESC LIMIT 1",
        key=posting_key,
    )
    if not found:
        raise CorrectionError(f"no posting {posting_key!r}; expected a key such as board:123")
    return NormalisedPosting(**dict(zip(names, map(_aware, found[0]), strict=True)))


def _aware(value: Any) -> Any:
    """Times of the warehouse are UTC, whether or not its client says so."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


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
