"""Dead letters of the collection: what was refused, with its bytes and how to read them again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from scrapers.items import DeadLetter, LetterForm, Origin, Stage
from scrapers.parsing.fields import RawFields
from scrapers.parsing.posting import Refused
from scrapers.reading import Entry

_LARGEST_PAYLOAD: Final = 600_000
"""In a letter bytes grow by a third; the broker takes records of a megabyte."""
_LARGEST_LISTED: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The bytes that something was read from, and how they came in."""

    form: LetterForm
    payload: bytes
    url: str = ""
    charset: str = ""


def fields_read(fields: RawFields) -> Original:
    """The original of what is only kept as the fields that were read."""
    return Original(form=LetterForm.FIELDS, payload=msgspec.json.encode(fields))


def letter_of(
    original: Original,
    refused: Refused,
    entry: Entry,
    *,
    source_id: str,
    stage: Stage,
    event_time: datetime,
    failed_at: datetime,
) -> DeadLetter:
    """The letter of one refusal. Its id depends on stage, source, posting and bytes only.

    Bytes beyond what a record can carry are cut off, and the letter says so.
    """
    payload = original.payload[:_LARGEST_PAYLOAD]
    identity = f"{stage}\0{source_id}\0{entry.posting_id}\0".encode() + payload
    listed = tuple(entry.fields.items()) if original.form is LetterForm.ANSWER else ()
    too_long = sum(len(name) + len(value) for name, value in listed) > _LARGEST_LISTED
    return DeadLetter(
        letter_id=hashlib.blake2b(identity, digest_size=16).hexdigest(),
        stage=stage,
        reason=refused.reason,
        detail=refused.detail,
        source_id=source_id,
        posting_id=entry.posting_id,
        topic="",
        key=b"",
        payload=payload,
        event_time=event_time,
        failed_at=failed_at,
        origin=Origin(
            form=original.form,
            url=original.url,
            charset=original.charset,
            digest=entry.digest,
            listed=() if too_long else listed,
            cut=too_long or len(payload) < len(original.payload),
        ),
    )
