"""What the stream asks of a coder; the coders themselves know nothing of the stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from streams.codes import Codes
from streams.records import NormalisedPosting


class Coder(Protocol):
    """Gives codes to postings. Deterministic: equal postings and version give equal codes."""

    @property
    def version(self) -> str:
        """Changes whenever any posting could be coded differently."""
        ...

    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        """One `Codes` per posting, in order; "not codable" is a code, never an exception."""
        ...
