"""What a crawl tells of its source's health, and the periods marked for it. Records only.

Times are UTC and aware. Durations are seconds unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What one run says of its source."""

    UNJUDGED = "unjudged"
    """Measured only: a push, a file by hand, or a run that was put off."""
    HEALTHY = "healthy"
    SUSPICIOUS = "suspicious"
    """Unusual, not certain: closing is held for this run, nothing is marked, nobody is told."""
    CHANGED = "changed"
    """The source answers, but not as it used to: its layout, paging or identifiers changed."""
    OUTAGE = "outage"
    """The source does not answer, or refuses."""


class HealthReason(StrEnum):
    """Why a run is not healthy, one for each metric; the machine name in marks and messages."""

    TITLE_COVERAGE_FELL = "coverage_of_title_fell"
    EMPLOYER_COVERAGE_FELL = "coverage_of_employer_fell"
    PLACE_COVERAGE_FELL = "coverage_of_place_fell"
    TEXT_COVERAGE_FELL = "coverage_of_description_fell"
    POSTED_COVERAGE_FELL = "coverage_of_date_posted_fell"
    CLOSING_COVERAGE_FELL = "coverage_of_valid_through_fell"
    PAY_COVERAGE_FELL = "coverage_of_pay_fell"
    FIELDS_SWAPPED = "fields_swapped"
    """Titles read like employers known here, or employers like titles."""
    TEXT_SHRANK = "text_shrank"
    LANGUAGE_CHANGED = "language_changed"
    PARSE_FAILURES_ROSE = "parse_failures_rose"
    ADVERTS_FAILED = "adverts_failed"
    """Adverts that did not answer, though the listing did."""
    DUPLICATES_ROSE = "duplicates_rose"
    LISTING_SHRANK = "listing_shrank"
    LISTING_EXPLODED = "listing_exploded"
    EMPTY_LISTING = "empty_listing"
    LATENCY_ROSE = "latency_rose"
    ENCODED_TWICE = "encoded_twice"
    """Text came with its bytes encoded twice; it was restored."""
    NO_ANSWER = "no_answer"
    """The listing could not be read at all."""


class MarkEnd(StrEnum):
    """Why a marked period ended."""

    RECOVERED = "recovered"
    """A run was healthy again, with evidence on every metric that had failed."""
    ACCEPTED = "accepted"
    """An operator took the new shape as the normal one."""
    REBASELINED = "rebaselined"
    """The new shape stayed the same for so many runs that it became the normal one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One metric that is not as it was."""

    reason: HealthReason
    before: float
    """What the source's own history expects: a share, a number or seconds, by the metric."""
    after: float
    """What this run showed."""
    n: int
    """Observations of the run behind it."""
    score: float
    """Strength of the evidence, natural logarithm of a likelihood ratio or of 1 / probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHealth:
    """Measurements of one run, and what the detector concluded from them."""

    verdict: Verdict = Verdict.UNJUDGED
    findings: tuple[Finding, ...] = ()
    full: bool = True
    """Whether the whole listing was read."""
    new: int = 0
    """Listed postings that were not known before."""
    read: int = 0
    """Postings read, new or changed, that were taken."""
    filled: Mapping[str, int] = field(default_factory=dict)
    """Field → read postings that fill it; dates count where they could be parsed."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """Reason of refusal → adverts that were read and refused."""
    adverts_failed: int = 0
    """Adverts that did not answer."""
    repeats: int = 0
    """Entries of the listing that it had listed before in the same run."""
    copies: int = 0
    """Read postings with title, employer and place of another one of the same run."""
    crossed: int = 0
    """Read postings whose title is an employer known here, or whose employer a title."""
    open_before: int = 0
    """Open postings with no reason to close today that could have been listed."""
    vanished: int = 0
    """Those of them that were not listed."""
    languages: Mapping[str, int] = field(default_factory=dict)
    text_length_median: float = 0.0
    """Characters of the description."""
    answers: int = 0
    latency_median_s: float = 0.0
    latency_p95_s: float = 0.0
    bytes_read: int = 0
    """Of the answers' bodies, decompressed."""
    statuses: Mapping[str, int] = field(default_factory=dict)
    """HTTP status → answers."""
    canaries: int = 0
    """Known adverts read again for comparison; not in `read`, and not published again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMark:
    """One statement about a period in which a source cannot be believed. Never overwritten.

    Statements with the same `mark_id` speak of the same period; the latest `issue` holds.
    """

    mark_id: str
    """`source_id:from`, so that a repeated run states the same period again."""
    source_id: str
    kind: Verdict
    """`changed` or `outage`: the worst so far."""
    from_at: datetime
    """The last healthy run before: what came after it is in doubt."""
    to_at: datetime | None
    """The first healthy run after, or `None` while the period lasts."""
    reason: str
    """The strongest `HealthReason` when it opened, or the `MarkEnd` where `to_at` is set."""
    evidence: str
    """Every finding with its figures before and after, for a person."""
    run_id: str
    """The run that caused the statement."""
    issue: datetime
    """Event time of the statement."""
