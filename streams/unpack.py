"""Messages that hold several records, taken apart, so that all that follows sees single ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scrapers.codec import CodecError, decode, encode
from scrapers.items import PostingsWithdrawn

# What the codec writes first; anything else is a single record, or none.
_PACKED: Final = b'{"type":"PostingsWithdrawn"'
_READABLE: Final = {"PostingsWithdrawn": PostingsWithdrawn}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message as it came."""

    key: bytes | None
    payload: bytes | None


def singles(message: Incoming) -> Iterator[Incoming]:
    """The records of `message`, each as a message of its own with the same key.

    A message that cannot be taken apart is given as it came, to be refused like any other.
    """
    if message.payload is None or not message.payload.startswith(_PACKED):
        yield message
        return
    try:
        together: PostingsWithdrawn = decode(message.payload, _READABLE)
    except CodecError:
        yield message
        return
    for withdrawal in together.withdrawals:
        yield Incoming(key=message.key, payload=encode(withdrawal))
