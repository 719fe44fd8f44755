"""What a trial of a source saw: a few adverts, each with the page it was read from."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.items import JobPosting, RunOutcome
from scrapers.parsing.fields import RawFields
from scrapers.parsing.posting import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAdvert:
    """One advert of a trial: what was read of it, and the page it was read from."""

    posting_id: str
    url: str
    fields: RawFields | Refused
    posting: JobPosting | Refused
    page: str
    """The answer's text; that of the listing where it alone told everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a trial went."""

    source_id: str
    outcome: RunOutcome
    detail: str
    listed: int
    """Postings on the part of the listing that was read."""
    pages: int
    adverts: tuple[TriedAdvert, ...]
