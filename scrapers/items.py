"""Records of the collection stage: what a site shows, before anything is decided about it.

Field names are schema.org's (JobPosting) in snake_case. `*_raw` is the text as it stood on the
page; the field without the suffix is its parsed value, or `None` where parsing gave nothing.
All times are UTC and aware. `fetched_at` is *event time*: the moment the source was observed,
which in a backfill lies in the past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from scrapers.health_records import RunHealth, SourceMark


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPosting:
    """One posting as one source showed it at one moment."""

    source_id: str
    """Name of the source, the stem of its YAML file."""
    posting_id: str
    """The source's own identifier of the posting."""
    url: str
    fetched_at: datetime
    """Event time: when the source was observed (UTC)."""
    title: str
    description: str = ""
    """Plain text; mark-up removed, line breaks kept."""
    hiring_organization: str = ""
    job_location_raw: str = ""
    date_posted_raw: str = ""
    date_posted: date | None = None
    valid_through_raw: str = ""
    valid_through: date | None = None
    base_salary_raw: str = ""
    employment_type_raw: str = ""
    occupational_category_raw: str = ""
    industry_raw: str = ""
    education_raw: str = ""
    experience_raw: str = ""
    total_job_openings_raw: str = ""
    language_hint: str = ""
    """The source's default language (BCP 47), a hint only."""
    published_at: datetime | None = None
    """Wall-clock time of publication to the topic, for latency only; never used in logic."""

    @property
    def posting_key(self) -> str:
        """Identity of a posting across crawls: `source_id:posting_id`."""
        return f"{self.source_id}:{self.posting_id}"


class WithdrawalReason(StrEnum):
    """Why a posting is taken to be no longer open."""

    UNSEEN = "unseen"
    """Absent from k successive successful crawls of its source."""
    EXPIRED = "expired"
    """Its stated closing date has passed."""
    TOLD = "told"
    """Its provider said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingWithdrawn:
    """A posting is no longer open at its source. Travels in the posting's own partition."""

    source_id: str
    posting_id: str
    hiring_organization: str
    """As in the posting, so that the record lands in the posting's partition."""
    reason: WithdrawalReason
    last_seen_at: datetime
    """Event time of the last crawl known to have listed it (UTC)."""
    withdrawn_at: datetime
    """Event time of the crawl that established it (UTC)."""
    first_missed_at: datetime | None = None
    """Event time of the first successful crawl since that did not list it; `None`: still listed,
    or the source does not list everything."""
    closes_on: date | None = None
    """Last day (Asia/Vientiane) by its own statement; `None` where it states none."""

    @property
    def posting_key(self) -> str:
        """Identity of the posting: `source_id:posting_id`."""
        return f"{self.source_id}:{self.posting_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingsWithdrawn:
    """Withdrawals of one run that share a partition: half of all records would be single ones."""

    source_id: str
    withdrawals: tuple[PostingWithdrawn, ...]


class RunOutcome(StrEnum):
    """How one crawl of one source ended."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    REFUSED = "refused"
    """The source answered with robots.txt, a challenge page or a log-in wall: not bypassed."""


BY_HAND: Final = "file "
"""Beginning of the detail of a run in which a person handed in a file (`labourwatch ingest`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """One crawl of one source: the health record from which outages are told apart from shocks."""

    source_id: str
    run_id: str
    started_at: datetime
    finished_at: datetime
    """Event time of the observation (UTC); postings listed were open at this moment."""
    outcome: RunOutcome
    detail: str = ""
    listed: int = 0
    """Postings on the source's listing."""
    published: int = 0
    """Postings published to the topic by this run (new or changed)."""
    refused: int = 0
    """Postings sent to the dead-letter topic by this run."""
    withdrawn: int = 0
    health: RunHealth | None = None
    """Measurements and verdict; `None` where none were taken (archives, older releases)."""
    marks: tuple[SourceMark, ...] = ()
    """Periods that this run opened, made worse or closed."""
    unseen_runs: int = 0
    """Where the whole listing was read: the successive absences at which the source's postings are
    withdrawn. 0: absence from this run means nothing, and neither does it confirm a posting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRecord:
    """One figure about one cell, never about a person: what one issue of a table says of it.

    A dimension is "" where the figure is of all of it, "unknown" where its owner could not tell.
    A later issue of the same cell replaces the figure, and the earlier one is kept: which was
    known when is told by `published_at`.
    """

    source_id: str
    record_id: str
    """Identity of this statement of the cell: an issue of other value or time has another."""
    province: str
    """ISO 3166-2:LA code, or "" for the nation."""
    occupation: str
    """ISCO-08 code of 1 to 4 digits, or ""."""
    measure: str
    """For example `jobseekers_registered`."""
    count: float
    """The figure, in `unit`."""
    period_start: date
    period_end: date
    published_at: datetime
    """When its owner published it where that is stated, else when it was received (UTC)."""
    system: str = ""
    """Feed whose schema it keeps (`config/feeds`), or "" for a table without one."""
    unit: str = "persons"
    district: str = ""
    """P-code."""
    industry: str = ""
    """ISIC Rev. 4 section or division."""
    field: str = ""
    """ISCED-F 2013 code of 2 to 4 digits."""
    level: str = ""
    """ISCED 2011 level of education, 0 to 8."""
    sex: str = ""
    """`f` or `m`."""
    age_group: str = ""
    """Like `15-24` or `65+`."""
    country: str = ""
    """ISO 3166-1 code of two letters."""
    residence: str = ""
    """`urban` or `rural`."""
    category: str = ""
    """Code of the feed's own list, for example a kind of permit."""
    releasable: bool = True
    """Whether the cell is large enough to be published (the feed's `minimum_cell`)."""
    received_at: datetime | None = None
    """When it was taken (UTC): tells two statements of one issue apart."""


class Stage(StrEnum):
    """Stages of the flow, as named in dead letters, metrics and logs."""

    CRAWL = "crawl"
    INGEST = "ingest"
    PUSH = "push"
    NORMALISE = "normalise"
    DEDUPLICATE = "deduplicate"
    CLASSIFY = "classify"
    LOAD = "load"
    ALERT = "alert"


class LetterForm(StrEnum):
    """What the bytes of a letter are that never were a record of a topic."""

    FIELDS = "fields"
    """JSON object of the fields that were read of a listing's entry or of a file's row."""
    ANSWER = "answer"
    """The body of the answer to the request of one advert."""
    ARCHIVED = "archived"
    """A posting in the native JSON of a source's archive."""
    SUPPLY = "supply"
    """JSON object of the fields of a row of a supply table."""
    ROW = "row"
    """A row of a file that could not be taken apart into cells."""
    FILE = "file"
    """Name and digest (JSON) of a file that was refused whole; its content is not kept."""
    PUSHED = "pushed"
    """A posting as a provider sent it: JSON with the names of schema.org's JobPosting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How the bytes of a letter came in, so that they can be read again as they were."""

    form: LetterForm
    url: str = ""
    """Address that answered; "" where there was no request of its own."""
    charset: str = ""
    """Encoding of an answer's text; "" for UTF-8."""
    digest: str = ""
    """Of the listing entry, the archived bytes or the row."""
    listed: tuple[tuple[str, str], ...] = ()
    """Fields that the listing stated (name, value); those of the answer win."""
    cut: bool = False
    """Whether only the beginning of the bytes was kept, for their size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Something refused: where, why, and the bytes as they came, so that it can be replayed."""

    letter_id: str
    """Hash of stage, topic and payload: the same bad input has the same id."""
    stage: Stage
    reason: str
    """Machine name in snake_case, for example `title_missing`."""
    detail: str
    """What was found and what was expected, for a person. Never contains personal data."""
    source_id: str
    posting_id: str
    topic: str
    """Topic to which `replay` sends the payload again; "" where it never was in a topic."""
    key: bytes
    payload: bytes
    event_time: datetime
    """Event time of the refused record where known, else the time of refusal (UTC)."""
    failed_at: datetime
    origin: Origin | None = None
    """How the payload is read again; `None` where `topic` says where it is sent again."""
