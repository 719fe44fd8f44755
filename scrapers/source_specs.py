"""Parts of a source's declaration: where postings are listed, and how their fields are read.

Paths into JSON are dotted (`jobFunctionId[].name`, `jobs[0].title`, `$` for the whole); paths into
HTML are CSS selectors in parsel's form (`h1::text`, `a::attr(href)`), XPath after `xpath:`, or the
words beside the value after `label:` (`label:Location|ສະຖານທີ່`). In RSS a path is a tag name
(`job_listing:company`).
"""

from __future__ import annotations

import re
import warnings
from string import Formatter
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

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
LABEL: Final = "label:"
LABELS_APART: Final = "|"
_NOT_OURS: Final = frozenset(
    {"user-agent", "from", "cookie", "host", "referer", "x-forwarded-for", "forwarded"}
)


class Strict(BaseModel):
    """A declaration: unknown entries and wrong types are refused, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _compiles(pattern: str) -> str:
    """`pattern`, if it is a regular expression whose meaning is not in doubt."""
    try:
        with warnings.catch_warnings():
            # Python warns of sets such as "[[a]" that a later version will read otherwise.
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Pattern = Annotated[str, BeforeValidator(lambda v: _compiles(v) if isinstance(v, str) else v)]
Texts = Annotated[list[str], BeforeValidator(_listed)]
Wanted = dict[str, Annotated[list[str], BeforeValidator(_listed)]]
"""Path → one value, or several of which one must stand there."""
Body = dict[str, Any]


class FieldRule(Strict):
    """How one field is read. Short forms: a path, or a list of paths joined by line breaks."""

    paths: list[str] = Field(default_factory=list)
    label: Texts = Field(default_factory=list)
    """Words beside which the value stands (`<dt>`, `<th>`, `Location: Vientiane`); read last."""
    value: str = ""
    """What the field is where nothing is found; alone, a constant."""
    pick: Literal["all", "first"] = "all"
    """`all`: join the non-empty values; `first`: the first non-empty value."""
    join: str = "\n"
    template: str = ""
    """`{0}`, `{1}` … stand for the paths' values; empty when every value is empty."""
    pattern: Pattern = ""
    """Kept is group 1 (or the whole match); no match means empty."""

    @property
    def lookups(self) -> list[str]:
        """Paths in the order they are read, the labels as one `label:` path."""
        return [*self.paths, LABEL + LABELS_APART.join(self.label)] if self.label else self.paths

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.paths and not self.label and not self.value:
            raise ValueError("expected at least one of paths, label and value")
        count = len(self.paths) + bool(self.label)
        try:
            used = [name for _, name, _, _ in Formatter().parse(self.template) if name is not None]
        except ValueError as error:
            raise ValueError(f"template: {error}") from error
        wrong = [name for name in used if not name.isdecimal() or int(name) >= count]
        if wrong:
            last = f"{{0}} to {{{count - 1}}}" if count > 1 else "{0}"
            raise ValueError(f"template: {{{wrong[0]}}} stands for no path; expected {last}")
        return self


def _rule(value: Any) -> Any:
    if isinstance(value, str):
        return {"paths": [value]}
    if isinstance(value, list):
        return {"paths": value}
    if not isinstance(value, (dict, FieldRule)):
        # pydantic reports a ValueError as a mistake of the file, a TypeError as one of the program.
        raise ValueError(  # noqa: TRY004
            "expected a path, a list of paths or a mapping; words like no in quotes"
        )
    return value


FieldRules = dict[FieldName, Annotated[FieldRule, BeforeValidator(_rule)]]


class Paging(Strict):
    """Pages of a listing. Reading stops at the first page that carries no new posting."""

    where: Literal["query", "body", "url"] = "query"
    """Where the number stands; `url`: in place of `{page}` in the address."""
    name: str = "page"
    """In a body it may be dotted (`variables.page`)."""
    start: int = Field(1, ge=0)
    step: int = Field(1, ge=1)
    max_pages: int = Field(50, ge=1, le=1000)
    next: str = ""
    """Path or selector of the next page's address, instead of numbers."""
    cursor: str = ""
    """Path of the value that the next request carries under `name`, instead of numbers."""


class RequestSpec(Strict):
    """How an address is asked."""

    method: Literal["GET", "POST"] = "GET"
    body: Body | None = None
    """Sent with POST."""
    body_as: Literal["json", "form"] = "json"
    headers: dict[str, str] = Field(default_factory=dict)
    """Further headers; the crawler always names itself, so those that say who asks are refused."""

    @field_validator("headers")
    @classmethod
    def _no_disguise(cls, headers: dict[str, str]) -> dict[str, str]:
        for name in headers:
            if name.lower() in _NOT_OURS:
                raise ValueError(f"{name}: the crawler says itself who it is; remove this header")
        return headers


class ListSpec(RequestSpec):
    """Where postings are listed and how an entry is read."""

    url: str = ""
    """Only a sitemap may leave it out: then robots.txt names it."""
    page: Paging | None = None
    items: str = ""
    """Path or selector of the entries; not used by sitemaps, RSS and known systems' APIs."""
    script: str = ""
    """HTML whose content is JSON in a script (its id or its variable), or in the attribute that a
    selector gives; `items` and `fields` are then dotted paths."""
    drop: list[str] = Field(default_factory=list)
    """Selectors of what is removed from the page before anything is read."""
    id_pattern: Pattern = ""
    """Applied to an entry's URL: group `id` is the posting's id; no match: not an advert."""
    skip: Wanted = Field(default_factory=dict)
    """Entries whose path has this value are passed over (advertisements)."""
    only: Wanted = Field(default_factory=dict)
    """Entries are kept only where the path has this value (`{country: Laos}`)."""
    changed_by: list[str] = Field(default_factory=list)
    """Paths whose values tell that an entry changed; default: everything in the entry."""
    complete: bool | None = None
    """Whether every open posting is listed, so that absence means something; default: yes, but
    for RSS without pages, whose feeds mostly carry the latest items only."""
    full_every_s: float | None = Field(None, gt=0)
    """How often the whole listing is read, which is when absences count. Runs in between stop at
    the first page without news (newest first) or at an unchanged answer. Default: 120 s or
    the schedule, whichever is longer."""
    fields: FieldRules = Field(default_factory=dict)


class DetailSpec(RequestSpec):
    """One request for each new or changed posting. `{id}` and `{url}` are filled in."""

    url: str = "{url}"
    format: Literal["auto", "html", "json"] = "auto"
    """What the answer is; `auto` looks at it."""
    root: str = "$"
    """Path of the posting in a JSON answer, or in the JSON of `script`."""
    structured: bool = True
    """HTML: read JSON-LD, microdata and RDFa first; `fields` then fill what is missing."""
    prefer: Literal["structured", "fields"] = "structured"
    """Which wins where both state a field."""
    script: str = ""
    """As in the listing; `fields` are then dotted paths, CSS after `css:`."""
    drop: list[str] = Field(default_factory=list)
    fields: FieldRules = Field(default_factory=dict)


class ArchiveSpec(Strict):
    """Past observations: one JSON page for each observed day.

    `index` answers `{"days": ["2025-08-01", …]}`; `day` (with `{date}`) answers
    `{"date", "observed_at", "postings": […], "listed_ids": […]}`, or 503 for a day of outage.
    """

    index: str
    day: str
    fields: FieldRules = Field(default_factory=dict)
    """How `postings` are read, where it differs from the live source."""

    @field_validator("day")
    @classmethod
    def _has_date(cls, day: str) -> str:
        if "{date}" not in day:
            raise ValueError("expected {date} in the address of a day")
        return day
