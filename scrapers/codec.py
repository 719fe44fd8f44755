"""Versioned bytes ↔ records, the one border of every topic.

On the wire a record is JSON: `{"type": "JobPosting", "v": 1, "record": {…}}`. Decoding validates
every field's type once; inside the service records are trusted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from scrapers.items import (
    DeadLetter,
    JobPosting,
    PostingsWithdrawn,
    PostingWithdrawn,
    SourceRun,
    SupplyRecord,
)


class CodecError(ValueError):
    """The bytes are not a record this version understands; the message says what was expected.

    It quotes nothing of the record, which may hold personal data.
    """


class _Envelope(msgspec.Struct):
    type: str
    v: int
    record: msgspec.Raw


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_ENCODER = msgspec.json.Encoder()
VERSION = 1
_LONGEST_NAME = 60
# msgspec quotes the value of an enumeration that it does not know; other messages name types only.
_QUOTED = re.compile(r"(Invalid enum value) .*?( - at `[^`]*`)?\Z", re.DOTALL)

COLLECTION_RECORDS: Mapping[str, type[Any]] = {
    record.__name__: record
    for record in (
        JobPosting,
        PostingWithdrawn,
        PostingsWithdrawn,
        SourceRun,
        SupplyRecord,
        DeadLetter,
    )
}


@lru_cache(maxsize=64)
def _decoder(record_type: type[Any]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(record_type)


def encode(record: Any) -> bytes:
    """Bytes of a dataclass record, tagged with its type's name and the codec version."""
    return _ENCODER.encode({"type": type(record).__name__, "v": VERSION, "record": record})


def decode(data: bytes, known: Mapping[str, type[Any]] = COLLECTION_RECORDS) -> Any:
    """The record in `data`; its type is one of `known`.

    Raises:
        CodecError: not JSON, an unknown type or version, or a field of the wrong type.
    """
    try:
        envelope = _ENVELOPE.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CodecError(f"not an envelope of type, v and record: {_told(error)}") from error
    if envelope.v != VERSION:
        name = envelope.type[:_LONGEST_NAME]
        raise CodecError(f"version {envelope.v} of {name!r}; this release reads {VERSION}")
    record_type = known.get(envelope.type)
    if record_type is None:
        name = envelope.type[:_LONGEST_NAME]
        raise CodecError(f"record type {name!r}; expected one of {', '.join(known)}")
    try:
        return _decoder(record_type).decode(  # type: ignore[arg-type]  # typeshed: type[Any] hashes
            envelope.record
        )
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CodecError(f"{envelope.type}: {_told(error)}") from error


def _told(error: Exception) -> str:
    return _QUOTED.sub(r"\1\2", str(error))
