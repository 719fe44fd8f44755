"""Parts of a source's declaration: where postings are listed, and how their fields are read.

Paths into JSON are dotted (`jobFunctionId[].name`, `jobs[0].title`, `$` for the whole); paths into
HTML are CSS selectors in parsel's form (`h1::text`, `a::attr(href)`). In RSS a path is a tag name
(`job_listing:company`).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

FieldName = Literal[
    "id",
    "url",
    "title",
    "description",
    "hiring_organization",
    "job_location",
    "date_posted",
    "valid_through",
    "base_salary",
    "employment_type",
    "occupational_category",
    "industry",
    "education",
    "experience",
    "total_job_openings",
]


class Strict(BaseModel):
    """A declaration: unknown entries and wrong types are refused, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, BeforeValidator(lambda v: _compiles(v) if isinstance(v, str) else v)]


class FieldRule(Strict):
    """How one field is read. Short forms: a path, or a list of paths joined by line breaks."""

    paths: list[str] = Field(min_length=1)
    pick: Literal["all", "first"] = "all"
    """`all`: join the non-empty values; `first`: the first non-empty value."""
    join: str = "\n"
    template: str = ""
    """`{0}`, `{1}` … stand for the paths' values; empty when every value is empty."""
    pattern: Pattern = ""
    """Kept is group 1 (or the whole match); no match means empty."""


def _rule(value: Any) -> Any:
    if isinstance(value, str):
        return {"paths": [value]}
    if isinstance(value, list):
        return {"paths": value}
    return value


FieldRules = dict[FieldName, Annotated[FieldRule, BeforeValidator(_rule)]]
Body = dict[str, Any]


class Paging(Strict):
    """Pages of a listing. Reading stops at the first page that carries no new posting."""

    where: Literal["query", "body"] = "query"
    name: str = "page"
    start: int = Field(1, ge=0)
    step: int = Field(1, ge=1)
    max_pages: int = Field(50, ge=1, le=1000)


class ListSpec(Strict):
    """Where postings are listed and how an entry is read."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: Body | None = None
    """Sent as JSON with POST."""
    page: Paging | None = None
    items: str = ""
    """Path or selector of the entries; not used by sitemaps, RSS and Greenhouse."""
    id_pattern: Pattern = ""
    """Applied to an entry's URL: group `id` is the posting's id; no match: not an advert."""
    skip: dict[str, str] = {}
    """Entries whose path has this value are passed over (advertisements)."""
    changed_by: list[str] = []
    """Paths whose values tell that an entry changed; default: everything in the entry."""
    complete: bool | None = None
    """Whether every open posting is listed, so that absence means something; default: yes, but
    for RSS without pages, whose feeds mostly carry the latest items only."""
    full_every_s: float | None = Field(None, gt=0)
    """How often the whole listing is read, which is when absences count. Runs in between stop at
    the first page without news (newest first) or at an unchanged answer. Default: 120 s or
    the schedule, whichever is longer."""
    fields: FieldRules = {}


class DetailSpec(Strict):
    """One request for each new or changed posting. `{id}` and `{url}` are filled in."""

    url: str = "{url}"
    method: Literal["GET", "POST"] = "GET"
    body: Body | None = None
    root: str = "$"
    """Path of the posting in a JSON answer."""
    structured: bool = True
    """HTML: read JSON-LD, else microdata, first; `fields` then fill what is missing."""
    fields: FieldRules = {}


class ArchiveSpec(Strict):
    """Past observations: one JSON page for each observed day.

    `index` answers `{"days": ["2025-08-01", …]}`; `day` (with `{date}`) answers
    `{"date", "observed_at", "postings": […], "listed_ids": […]}`, or 503 for a day of outage.
    """

    index: str
    day: str
    fields: FieldRules = {}
    """How `postings` are read, where it differs from the live source."""

    @field_validator("day")
    @classmethod
    def _has_date(cls, day: str) -> str:
        if "{date}" not in day:
            raise ValueError("expected {date} in the address of a day")
        return day
