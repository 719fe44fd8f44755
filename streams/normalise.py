"""From a posting as scraped to one the service can trust, or a refusal with its reason.

Pure: nothing here reads a clock. The order of work is the order of the functions below: identity
and time are checked, text is cleaned and redacted, then numbers, language and dates are settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from scrapers.items import JobPosting
from streams.identity import identify
from streams.language import detect_language
from streams.openings import parse_openings
from streams.records import NormalisedPosting
from streams.redact import Redacted, redact, redact_address
from streams.text import clean_line, clean_text

VIENTIANE: Final = ZoneInfo("Asia/Vientiane")
LONGEST_TITLE: Final = 300
"""Characters. Longer "titles" are descriptions that a broken parser put there."""
LONGEST_LINE: Final = 2_000
LONGEST_DESCRIPTION: Final = 60_000
EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2100, 1, 1)
BACKDATING: Final = timedelta(days=14)
"""A stated posting date further back than this before the first sight is not believed."""
LONGEST_VALIDITY: Final = timedelta(days=730)


_SIZES: Final = (
    (("title", "description"), LONGEST_DESCRIPTION),
    (
        (
            "posting_id",
            "url",
            "hiring_organization",
            "job_location_raw",
            "base_salary_raw",
            "employment_type_raw",
            "occupational_category_raw",
            "industry_raw",
            "education_raw",
            "experience_raw",
            "total_job_openings_raw",
        ),
        LONGEST_LINE,
    ),
)


class Refused(StrEnum):
    """Why a posting cannot be used."""

    IDENTITY_MISSING = "identity_missing"
    TIME_WITHOUT_ZONE = "time_without_zone"
    TIME_IMPLAUSIBLE = "time_implausible"
    TITLE_MISSING = "title_missing"
    TITLE_WITHOUT_LETTERS = "title_without_letters"
    TITLE_TOO_LONG = "title_too_long"
    FIELD_TOO_LONG = "field_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A named reason, and for a person what was found and what was expected."""

    reason: Refused
    detail: str


def normalise(posting: JobPosting) -> NormalisedPosting | Refusal:
    """`posting` cleaned, redacted and dated, or why it is refused. Never raises.

    `opened_on` is settled as if `posting.fetched_at` were the first sight; the register replaces
    it where the posting was seen before.
    """
    refusal = check_identity(posting.source_id, posting.posting_id, posting.fetched_at)
    if refusal or (refusal := _check_sizes(posting)):
        return refusal
    title = clean_line(posting.title)
    if refusal := _check_title(title):
        return refusal
    cleaned = _Cleaner()
    seen_on = vientiane_day(posting.fetched_at)
    title = cleaned.line(posting.title)
    description = cleaned.text(posting.description)
    employer = cleaned.line(posting.hiring_organization)
    location = cleaned.line(posting.job_location_raw)
    salary = cleaned.line(posting.base_salary_raw)
    employment_type = cleaned.line(posting.employment_type_raw)
    category = cleaned.line(posting.occupational_category_raw)
    industry = cleaned.line(posting.industry_raw)
    education = cleaned.line(posting.education_raw)
    experience = cleaned.line(posting.experience_raw)
    openings = parse_openings(clean_line(posting.total_job_openings_raw), title, description)
    valid_through = settle_validity(posting.valid_through, posting.date_posted, seen_on)
    url = clean_url(posting.url)
    content_hash = identify(
        title,
        description,
        employer,
        location,
        salary,
        employment_type,
        category,
        industry,
        education,
        experience,
        str(openings),
        str(valid_through),
    )
    key = posting.posting_key
    return NormalisedPosting(
        posting_key=key,
        source_id=posting.source_id,
        posting_id=posting.posting_id,
        record_id=identify(key, posting.fetched_at.isoformat(), content_hash),
        content_hash=content_hash,
        url=url,
        fetched_at=posting.fetched_at,
        published_at=posting.published_at,
        title=title,
        description=description,
        employer=employer,
        location_raw=location,
        salary_raw=salary,
        employment_type_raw=employment_type,
        category_raw=category,
        industry_raw=industry,
        education_raw=education,
        experience_raw=experience,
        openings=openings,
        language=detect_language(title, description, posting.language_hint),
        opened_on=settle_opening(posting.date_posted, seen_on),
        valid_through=valid_through,
        redactions=cleaned.removed,
        date_posted=posting.date_posted,
    )


def vientiane_day(moment: datetime) -> date:
    """The day in Laos on which `moment` falls."""
    return moment.astimezone(VIENTIANE).date()


def settle_opening(stated: date | None, seen_on: date) -> date:
    """Day of the flow: the stated posting date where plausible, else the day of first sight."""
    if stated is not None and seen_on - BACKDATING <= stated <= seen_on:
        return stated
    return seen_on


def settle_validity(until: date | None, posted: date | None, seen_on: date) -> date | None:
    """The closing date, or `None` where it precedes the posting date or is out of all reason."""
    if until is None or not EARLIEST <= until <= seen_on + LONGEST_VALIDITY:
        return None
    return None if posted is not None and until < posted else until


def clean_url(url: str) -> str:
    """An address of the web, or "": other schemes can carry scripts or e-mail addresses."""
    url = redact_address(clean_line(url))
    return url if url.lower().startswith(("https://", "http://")) else ""


def check_identity(source_id: str, posting_id: str, moment: datetime) -> Refusal | None:
    """Why a record of this source, posting and event time is unusable, if it is."""
    if not source_id.strip() or not posting_id.strip():
        return Refusal(
            reason=Refused.IDENTITY_MISSING,
            detail=f"source_id {source_id[:80]!r}, posting_id of {len(posting_id)} characters; "
            "both are needed",
        )
    if moment.tzinfo is None:
        return Refusal(
            reason=Refused.TIME_WITHOUT_ZONE,
            detail=f"event time {moment.isoformat()} names no time zone",
        )
    if not EARLIEST < moment.date() < LATEST:
        return Refusal(
            reason=Refused.TIME_IMPLAUSIBLE,
            detail=f"event time {moment.isoformat()}; expected between {EARLIEST} and {LATEST}",
        )
    return None


def _check_sizes(posting: JobPosting) -> Refusal | None:
    for names, limit in _SIZES:
        texts = attrgetter(*names)(posting)
        if max(map(len, texts)) <= limit:
            continue
        for name, text in zip(names, texts, strict=True):
            if len(text) > limit:
                return Refusal(
                    reason=Refused.FIELD_TOO_LONG,
                    detail=f"{name} has {len(text)} characters; at most {limit} are expected",
                )
    return None


def _check_title(title: str) -> Refusal | None:
    if not title:
        return Refusal(reason=Refused.TITLE_MISSING, detail="no visible character in the title")
    if not any(map(str.isalpha, title)):
        return Refusal(
            reason=Refused.TITLE_WITHOUT_LETTERS,
            detail=f"title of {len(title)} characters without a letter",
        )
    if len(title) > LONGEST_TITLE:
        return Refusal(
            reason=Refused.TITLE_TOO_LONG,
            detail=f"title has {len(title)} characters; at most {LONGEST_TITLE} are expected",
        )
    return None


@lru_cache(maxsize=16_384)
def _tidy_line(text: str) -> Redacted:
    """Places, categories and employers come again and again."""
    return redact(clean_line(text))


class _Cleaner:
    """Cleans and redacts field by field, and counts the pieces of personal data removed."""

    __slots__ = ("removed",)

    def __init__(self) -> None:
        self.removed = 0

    def line(self, text: str) -> str:
        return self._counted(_tidy_line(text)) if text else ""

    def text(self, text: str) -> str:
        return self._counted(redact(clean_text(text))) if text else ""

    def _counted(self, redacted: Redacted) -> str:
        self.removed += redacted.removed
        return redacted.text
