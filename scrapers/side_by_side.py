"""What was extracted beside where it stands on the page, for a person to compare. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from scrapers.items import JobPosting
from scrapers.parsing.posting import Refused
from scrapers.parsing.text import clean_line, html_to_text
from scrapers.tried import Trial, TriedAdvert

_AROUND: Final = 40
"""Characters of the page shown before and after what was found."""
_SHOWN: Final = 160
_PARSED: Final = {
    "id": "posting_id",
    "url": "url",
    "title": "title",
    "description": "description",
    "hiring_organization": "hiring_organization",
    "date_posted": "date_posted",
    "valid_through": "valid_through",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field: what it became, and where the page has it."""

    field: str
    value: str
    """As it will be published; "" where the field is empty."""
    raw: str
    """As it was read, where that differs."""
    on_page: str
    """The words around it on the page; "" where they are not found there as they stand."""


def lines_of(advert: TriedAdvert) -> tuple[Line, ...]:
    """Every field that was read, in the order of the posting's record."""
    if isinstance(advert.fields, Refused) or isinstance(advert.posting, Refused):
        return ()
    page = clean_line(html_to_text(advert.page)) if advert.page else ""
    return tuple(_lines(advert.fields, advert.posting, page))


def refusal_of(advert: TriedAdvert) -> Refused | None:
    """Why the advert would be refused, if it would."""
    return advert.posting if isinstance(advert.posting, Refused) else None


def as_records(trial: Trial) -> dict[str, Any]:
    """The trial as plain data, for programs."""
    return {
        "source_id": trial.source_id,
        "outcome": trial.outcome.value,
        "detail": trial.detail,
        "listed": trial.listed,
        "pages": trial.pages,
        "postings": [_record(advert) for advert in trial.adverts],
    }


def _lines(fields: dict[str, str], posting: JobPosting, page: str) -> Iterator[Line]:
    for name, raw in fields.items():
        found = getattr(posting, _PARSED.get(name, f"{name}_raw"))
        value = "" if found is None else str(found)
        plain = clean_line(html_to_text(raw))
        yield Line(
            field=name,
            value=value,
            raw="" if plain == clean_line(value) else plain,
            on_page=_around(page, plain),
        )


def _around(page: str, words: str) -> str:
    """The first place of `words` on the page, with a few words before and after."""
    wanted = words[:_SHOWN]
    at = page.find(wanted) if wanted else -1
    if at < 0:
        return ""
    start, end = max(at - _AROUND, 0), at + len(wanted) + _AROUND
    return re.sub(r"\s+", " ", page[start:end]).strip()


def _record(advert: TriedAdvert) -> dict[str, Any]:
    refused = refusal_of(advert)
    if refused is not None:
        told = {"reason": str(refused.reason), "detail": refused.detail}
        return {"posting_id": advert.posting_id, "url": advert.url, "refused": told}
    posting = advert.posting
    names = [name for name in JobPosting.__dataclass_fields__ if name != "published_at"]
    return {name: _plain(getattr(posting, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
