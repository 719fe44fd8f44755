"""What a provider pushes, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from scrapers.parsing.posting import Refusal

MOST_RECORDS: Final = 1_000
"""Records in one push."""


class Reason(StrEnum):
    """Why a record of a push is refused before it reaches the border of all postings."""

    NOT_JSON = "not_json"
    SCHEMA = "schema"
    DUPLICATE_ID = "duplicate_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of JSON Lines that is no JSON, without what could be personal."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One push, decoded; free text in it is redacted already."""

    records: tuple[Any, ...] = ()
    """Decoded JSON records, or a `Line`."""
    withdrawn: tuple[str, ...] = ()
    """Postings that are no longer open."""
    complete: bool = False
    """Every open posting is among `records` and `listed`: any other has been withdrawn."""
    listed: tuple[str, ...] = ()
    """Postings sent earlier that are still open."""
    confirmed: bool = False
    """The provider means it, however many postings a complete push withdraws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What was wrong with one record; quotes nothing of it."""

    index: int
    """Position in the batch, from 0."""
    id: str
    """The provider's own identifier, where it could be read."""
    field: str
    reason: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that was not as expected and did no harm."""

    index: int
    id: str
    field: str
    remark: str


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of a push; `accepted + updated + unchanged + refused` is its records."""

    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    withdrawn: int = 0
    errors: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


class MassWithdrawalError(ValueError):
    """A complete push would withdraw most of what is open; it must be said to be meant."""

    def __init__(self, withdrawn: int, standing: int) -> None:
        super().__init__(
            f"this complete push would withdraw {withdrawn} of {standing} open postings; send it "
            'again with "confirmed": true if that is meant'
        )
        self.withdrawn, self.standing = withdrawn, standing


FIELD_OF: Final = {
    Refusal.ID_MISSING: "id",
    Refusal.ID_TOO_LONG: "id",
    Refusal.TITLE_MISSING: "title",
    Refusal.TITLE_TOO_LONG: "title",
    Refusal.TITLE_WITHOUT_LETTERS: "title",
    Refusal.DESCRIPTION_TOO_LONG: "description",
}
"""Field that a refusal at the common border is about."""
