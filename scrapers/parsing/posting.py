"""Raw fields → `JobPosting`, or a named refusal: the border where a posting is validated once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin, urlsplit

from scrapers.items import JobPosting
from scrapers.parsing.dates import local_day
from scrapers.parsing.encoded_twice import mended_fields
from scrapers.parsing.fields import RawFields
from scrapers.parsing.relative_dates import DayOf, read_day
from scrapers.parsing.text import clean_line, html_to_text, unescaped
from scrapers.sources import Source

_LONGEST_TITLE: Final = 500
_LONGEST_LINE: Final = 2_000
_LONGEST_DESCRIPTION: Final = 100_000
_LONGEST_ID: Final = 300


class Refusal(StrEnum):
    """Why something that was read is not taken as a posting. The machine name in dead letters."""

    ID_MISSING = "id_missing"
    ID_TOO_LONG = "id_too_long"
    TITLE_MISSING = "title_missing"
    TITLE_TOO_LONG = "title_too_long"
    TITLE_WITHOUT_LETTERS = "title_without_letters"
    DESCRIPTION_TOO_LONG = "description_too_long"
    PAGE_UNREADABLE = "page_unreadable"
    JSONLD_INVALID = "jsonld_invalid"
    POSTING_NOT_FOUND = "posting_not_found"
    ROW_UNREADABLE = "row_unreadable"
    FILE_UNREADABLE = "file_unreadable"
    COLUMNS_UNFIT = "columns_unfit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A refusal with what was found and expected, for a person; holds no text of the posting."""

    reason: Refusal | str
    """A `Refusal`, or the reason of another border (rows of supply)."""
    detail: str


def make_posting(
    fields: RawFields,
    *,
    source: Source,
    posting_id: str,
    fetched_at: datetime,
    published_at: datetime | None = None,
) -> JobPosting | Refused:
    """The posting that `fields` describe, as seen at `fetched_at` (UTC).

    A date that cannot be read, or lies after the day of observation where it cannot, is `None`
    with its raw twin kept; it is no reason to refuse a posting. What was encoded twice is mended.
    """
    fields = mended_fields(fields)
    title = clean_line(html_to_text(unescaped(fields.get("title", ""))))
    description = html_to_text(unescaped(fields.get("description", "")))
    refusal = _refusal(posting_id, title, description)
    if refusal is not None:
        return refusal
    posted_raw, valid_raw = _line(fields, "date_posted"), _line(fields, "valid_through")
    return JobPosting(
        source_id=source.id,
        posting_id=posting_id,
        url=_web_address(source, fields.get("url", "")),
        fetched_at=fetched_at,
        title=title,
        description=description,
        hiring_organization=_line(fields, "hiring_organization"),
        job_location_raw=_line(fields, "job_location") or source.default_place,
        date_posted_raw=posted_raw,
        date_posted=_not_after(_day(posted_raw, DayOf.POSTING, source, fetched_at), fetched_at),
        valid_through_raw=valid_raw,
        valid_through=_day(valid_raw, DayOf.CLOSING, source, fetched_at),
        base_salary_raw=_line(fields, "base_salary"),
        employment_type_raw=_line(fields, "employment_type"),
        occupational_category_raw=_line(fields, "occupational_category"),
        industry_raw=_line(fields, "industry"),
        education_raw=_line(fields, "education"),
        experience_raw=_line(fields, "experience"),
        total_job_openings_raw=_line(fields, "total_job_openings"),
        language_hint="" if source.language == "und" else source.language,
        published_at=published_at,
    )


def closing_day(posting: JobPosting, lifetime_days: int | None) -> date | None:
    """The day after which a posting is taken as closed: the stated one, else posting date plus
    the source's lifetime (days); `None` where neither is known."""
    return last_open_day(
        posting.valid_through, posting.date_posted, posting.fetched_at, lifetime_days
    )


def last_open_day(
    valid_through: date | None,
    date_posted: date | None,
    seen_at: datetime,
    lifetime_days: int | None,
) -> date | None:
    """As `closing_day`, of what a posting told when it was seen."""
    if valid_through is not None or lifetime_days is None:
        return valid_through
    return (date_posted or local_day(seen_at)) + timedelta(days=lifetime_days)


def _refusal(posting_id: str, title: str, description: str) -> Refused | None:
    if not posting_id:
        return Refused(reason=Refusal.ID_MISSING, detail="no identifier found; expected one")
    if len(posting_id) > _LONGEST_ID:
        return _too_long(Refusal.ID_TOO_LONG, "identifier", len(posting_id), _LONGEST_ID)
    if not title:
        return Refused(reason=Refusal.TITLE_MISSING, detail="no title found; expected one")
    if len(title) > _LONGEST_TITLE:
        return _too_long(Refusal.TITLE_TOO_LONG, "title", len(title), _LONGEST_TITLE)
    if not any(character.isalpha() for character in title):
        return Refused(
            reason=Refusal.TITLE_WITHOUT_LETTERS, detail="the title has no letter; expected words"
        )
    if len(description) > _LONGEST_DESCRIPTION:
        reason = Refusal.DESCRIPTION_TOO_LONG
        return _too_long(reason, "description", len(description), _LONGEST_DESCRIPTION)
    return None


def _too_long(reason: Refusal, name: str, found: int, limit: int) -> Refused:
    return Refused(reason=reason, detail=f"{name} of {found} characters; at most {limit} expected")


def _line(fields: RawFields, name: str) -> str:
    value = fields.get(name, "")
    if not value:
        return ""
    if "<" in value or "&" in value:
        value = html_to_text(unescaped(value))
    return clean_line(value)[:_LONGEST_LINE]


def _day(raw: str, of: DayOf, source: Source, fetched_at: datetime) -> date | None:
    return read_day(raw, of, order=source.date_order, seen_at=fetched_at)


def _not_after(day: date | None, fetched_at: datetime) -> date | None:
    """A posting date in the future is a mistake (or a day-month mix-up): not believed."""
    return day if day is None or day <= local_day(fetched_at) else None


def _web_address(source: Source, raw: str) -> str:
    url = clean_line(raw)
    if not url or len(url) > _LONGEST_LINE:
        return ""
    if url.startswith(("http://", "https://")):
        return url
    try:
        absolute = urljoin(source.base_url, url)
        return absolute if urlsplit(absolute).scheme in ("http", "https") else ""
    except ValueError:
        return ""
