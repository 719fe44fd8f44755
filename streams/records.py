"""Records of the stream stage: a cleaned posting, the vacancy it stands for, and its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from streams.codes import Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalisedPosting:
    """A posting with text cleaned, personal data redacted and dates settled."""

    posting_key: str
    source_id: str
    posting_id: str
    record_id: str
    """Hash of posting_key, fetched_at and content: one observation of one posting."""
    content_hash: str
    """Hash of the cleaned content; equal for two crawls that saw the same thing."""
    url: str
    fetched_at: datetime
    published_at: datetime | None
    title: str
    description: str
    employer: str
    location_raw: str
    salary_raw: str
    employment_type_raw: str
    category_raw: str
    industry_raw: str
    education_raw: str
    experience_raw: str
    openings: int
    """Number of openings stated; 1 where none is."""
    language: str
    """BCP 47 of the text: lo, en, th, vi, zh, or und."""
    opened_on: date
    """Day (Asia/Vientiane) of the flow: the stated posting date if plausible, else first seen."""
    valid_through: date | None
    redactions: int
    """How many pieces of personal data were removed."""
    date_posted: date | None = None
    """The posting date as stated, believed or not. Boards renew it: it is no part of the hash."""


class Role(StrEnum):
    """What a posting is to its vacancy."""

    ORIGINAL = "original"
    DUPLICATE_FULL = "duplicate_full"
    DUPLICATE_NEAR = "duplicate_near"
    DUPLICATE_PARTIAL = "duplicate_partial"
    """It advertises some of the vacancy's jobs, openings or places, or more than them."""
    DUPLICATE_TRANSLATED = "duplicate_translated"
    REPOST = "repost"
    """Re-advertised within 90 days of closing: the same vacancy, open again."""
    REVISION = "revision"
    """The same posting with changed content."""


class EventKind(StrEnum):
    """Kinds of vacancy event and their effect on flow and stock."""

    OPENED = "opened"
    REPOSTED = "reposted"
    CLOSED = "closed"
    EXPIRED = "expired"
    RETRACTED = "retracted"
    """The vacancy was never one of its own: a person has linked its posting to another."""
    RECLASSIFIED = "reclassified"
    """An officer changed its codes: it leaves one cell and enters another, in events of their own
    that sum to nothing."""


class CorrectionAction(StrEnum):
    """What a person changes about a link."""

    LINK = "link"
    UNLINK = "unlink"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCorrection:
    """A person says that a posting does, or does not, stand for a vacancy. Topic `postings`."""

    action: CorrectionAction
    posting: NormalisedPosting
    """As it was last observed; `opened_on` is its day of opening."""
    other_key: str
    """For a link: a posting of the vacancy that it stands for. For a removal: ""."""
    why: str
    corrected_at: datetime

    @property
    def posting_key(self) -> str:
        """Key of the posting whose link is corrected."""
        return self.posting.posting_key

    @property
    def source_id(self) -> str:
        """Source of that posting."""
        return self.posting.source_id

    @property
    def posting_id(self) -> str:
        """The source's own identifier of that posting."""
        return self.posting.posting_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """One de-duplicated, classified vacancy, as known when this record was made."""

    vacancy_id: str
    opened_on: date
    employer: str
    title: str
    language: str
    openings: int
    codes: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyEvent:
    """An append-only change of the vacancy register; `flow` and `stock` are what sums add up."""

    event_id: str
    """Deterministic: the same input always gives the same id."""
    vacancy_id: str
    posting_key: str
    source_id: str
    kind: EventKind
    event_time: datetime
    event_date: date
    """Day in Asia/Vientiane on which the change counts."""
    flow: int
    """+1 for an opening of a new vacancy, -1 for one retracted; ±1 where it is moved, else 0."""
    stock: int
    """+1 opened or re-posted, -1 closed or expired, ±1 where it is moved."""
    province: str
    isco08: str
    isic: str


class EndCause(StrEnum):
    """Why an advert's time ended, as far as can be told."""

    CLOSED = "closed"
    """Taken down before any closing date that it stated."""
    EXPIRED = "expired"
    """It stood until the closing date that it stated."""
    LAPSED = "lapsed"
    """Nothing is known of its end: the time after which it no longer counts has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingEnd:
    """The end of one posting, as an interval: it was open at `ended_after`, not at `ended_before`.

    The two are equal where the moment is known, namely the end of the stated closing day.
    """

    posting_key: str
    source_id: str
    cause: EndCause
    ended_after: datetime
    ended_before: datetime
    withdrawn_at: datetime
    """Event time at which it counted as withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyUpdate:
    """All that one input record caused: stored together or not at all."""

    record_id: str
    posting: NormalisedPosting | None
    """`None` for a withdrawal."""
    posting_key: str
    vacancy_id: str
    role: Role | None
    role_reason: str
    role_score: float
    """Similarity behind the link in [0, 1]; 1 for an original."""
    vacancy: Vacancy | None
    """Set when this record opened the vacancy or changed its codes."""
    events: tuple[VacancyEvent, ...]
    processed_at: datetime
    """Wall-clock time, for latency only."""
    ended: PostingEnd | None = None
    """Set for a withdrawal, whether or not the vacancy stays open through other postings."""
    link_evidence: str = ""
    """Levels behind the link, field by field: `employer=same title=alike place=equal …`."""
