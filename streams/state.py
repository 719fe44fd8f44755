"""What the register remembers of one employer's postings and vacancies, and its wire form.

All that is known of an employer is one *block*: duplicates are looked for within it, and it is read
and written as a whole. Times are milliseconds of the epoch and days are ordinals, because blocks
are read far more often than looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from scrapers.employers import employer_key
from scrapers.items import JobPosting, PostingWithdrawn
from streams.identity import identify

DAY_MS: Final = 86_400_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class Said(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an officer said of one field of a vacancy's codes; the latest of each field holds."""

    field: str
    """A `CorrectedField`."""
    value: str
    at: int
    correction_id: str
    holds: bool = True
    """False where it was taken back."""


class Effect(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An event that a correction caused on a vacancy, beside the one of its log entry."""

    vacancy_id: str
    event: str
    day: int
    province: str
    isco08: str
    isic: str
    flow: int = 0
    stock: int = 0
    """What a reclassification moves; other kinds of event have theirs by kind."""


class LogEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A decision once taken about one record, so that a replay repeats it to the letter."""

    record_id: str
    at: int
    """Event time of the record."""
    vacancy_id: str
    role: str
    """A `Role`, or "" for a withdrawal."""
    reason: str
    score: float
    event: str
    """An `EventKind`, or "" where neither flow nor stock changed."""
    day: int
    """Day on which the event counts; 0 without an event."""
    opened_on: int
    """The posting's day of opening as it stood then."""
    evidence: str = ""
    """What a link was made on, as `streams.evidence.Evidence.code`."""
    effects: tuple[Effect, ...] = ()
    cell: tuple[str, ...] = ()
    """Province, occupation and section under which its event counts, where they are not those of
    the vacancy any more; empty otherwise."""


class PostingState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One posting: the vacancy it stands for now, and the decisions about it."""

    vacancy_id: str
    content_hash: str
    mark: int
    """Event time of the newest record that was decided; nothing older changes anything."""
    opened_on: int
    is_open: bool
    log: tuple[LogEntry, ...]
    apart: tuple[str, ...] = ()
    """Vacancies that a person has said this posting does not stand for."""


class VacancyState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One vacancy: what duplicates are recognised by, whether it is open, and its codes."""

    title_key: str
    place: str
    openings: int
    sketch: bytes
    first_seen: int
    open_postings: int
    started_on: int
    """Day of the last opening or re-posting; a closing never counts on an earlier one."""
    closed_at: int
    """Event time of the last closing; meaningless while `open_postings` is above 0."""
    closed_on: int
    province: str = ""
    isco08: str = ""
    isic: str = ""
    employer: str = ""
    script: str = ""
    pay_low: int = 0
    pay_high: int = 0
    years: int = -1
    education: int = -1
    """As in `streams.traits.Traits`."""
    opened_on: int = 0
    """Day on which its flow counts; 0 for what was stored before this was kept."""
    said: tuple[Said, ...] = ()
    """What officers said of its codes."""


class Block(msgspec.Struct, array_like=True):
    """Everything remembered of one employer."""

    postings: dict[str, PostingState] = {}
    vacancies: dict[str, VacancyState] = {}
    swept: int = 0
    """Event time at which old entries were last dropped."""


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Block)


def encode_block(block: Block) -> bytes:
    """Wire form of `block`."""
    return _ENCODER.encode(block)


def decode_block(data: bytes | None) -> Block:
    """The block in `data`; an empty one where nothing is stored."""
    return _DECODER.decode(data) if data else Block()


def block_name(record: JobPosting | PostingWithdrawn) -> str:
    """Name of the block of the record's employer; a posting without employer has one of its own.

    It depends on no more than what keys the topic's partitions, so that one block is never decided
    by two workers at once.
    """
    return block_of(record.hiring_organization, record.posting_key)


def block_of(employer: str, posting_key: str) -> str:
    """As `block_name`, of what a record or a stored posting tells."""
    return identify(employer_key(employer) or posting_key)


def millis(moment: datetime) -> int:
    """Milliseconds of the epoch, rounded down as the warehouse does; `moment` is aware."""
    return (moment - _EPOCH) // _MILLISECOND
