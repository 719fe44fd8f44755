"""Declarative sources: what one YAML file in `config/sources/` may say.

The file's stem is the source's `id`. Paths into JSON are dotted (`jobFunctionId[].name`,
`jobs[0].title`, `$` for the whole); paths into HTML are CSS selectors in parsel's form
(`h1::text`, `a::attr(href)`). In RSS a path is a tag name (`job_listing:company`).
"""

from __future__ import annotations

import ipaddress
import re
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from config.vocabulary import provinces

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
SourceId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]


class SourceKind(StrEnum):
    """Shapes of source that need no Python to be added."""

    SITEMAP_JSONLD = "sitemap_jsonld"
    JSON_API = "json_api"
    HTML_LIST = "html_list"
    RSS = "rss"
    ATS_GREENHOUSE = "ats_greenhouse"
    FILE = "file"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, BeforeValidator(lambda v: _compiles(v) if isinstance(v, str) else v)]


class FieldRule(_Strict):
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


class Paging(_Strict):
    """Pages of a listing. Reading stops at the first page that carries no new posting."""

    where: Literal["query", "body"] = "query"
    name: str = "page"
    start: int = Field(1, ge=0)
    step: int = Field(1, ge=1)
    max_pages: int = Field(50, ge=1, le=1000)


class ListSpec(_Strict):
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


class DetailSpec(_Strict):
    """One request for each new or changed posting. `{id}` and `{url}` are filled in."""

    url: str = "{url}"
    method: Literal["GET", "POST"] = "GET"
    body: Body | None = None
    root: str = "$"
    """Path of the posting in a JSON answer."""
    structured: bool = True
    """HTML: read JSON-LD, else microdata, first; `fields` then fill what is missing."""
    fields: FieldRules = {}


class ArchiveSpec(_Strict):
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


class Source(_Strict):
    """One source of postings, as its YAML declares it."""

    id: SourceId
    name: str = Field(min_length=1)
    kind: SourceKind = Field(strict=False)
    base_url: str = ""
    allowed_hosts: list[str] = []
    """Hosts a request or redirect may go to; default: the host of `base_url`."""
    listing: ListSpec | None = Field(None, alias="list")
    detail: DetailSpec | None = None
    archive: ArchiveSpec | None = None
    schedule_s: float = Field(3600, gt=0)
    rate: float = Field(0.5, gt=0, le=1000)
    """Requests a second, at most; robots.txt and answers can only slow it down."""
    concurrency: int = Field(1, ge=1, le=32)
    unseen_runs: int = Field(2, ge=1, le=30)
    """A posting is withdrawn after this many successful runs that do not list it."""
    expiry_days: int | None = Field(None, ge=1, le=365)
    """For sources without a listing: a posting is taken as closed this long after its date."""
    language: Literal["lo", "en", "th", "vi", "zh", "und"] = "und"
    province_default: str = ""
    """ISO code of the province that a posting without any place is taken to be in."""
    date_order: Literal["dmy", "mdy", "ymd"] = "dmy"
    legal_basis: str = ""
    contact: str = ""
    licence: str = ""
    owner: str = ""
    enabled: bool = False
    disabled_reason: str = ""

    @field_validator("province_default")
    @classmethod
    def _is_province(cls, code: str) -> str:
        if code and code not in provinces():
            raise ValueError(f"expected one of {', '.join(provinces())}")
        return code

    @property
    def default_place(self) -> str:
        """English name of `province_default`; "" where none is declared."""
        return provinces()[self.province_default].name_en if self.province_default else ""

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that may be asked."""
        own = urlsplit(self.base_url).hostname
        return frozenset(self.allowed_hosts) | ({own} if own else frozenset())

    @property
    def is_loopback(self) -> bool:
        """Whether the source itself lives on this machine (demonstration boards)."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def lists_everything(self) -> bool:
        """Whether a posting's absence from the listing means that it was withdrawn."""
        if self.listing is None:
            return False
        if self.listing.complete is None:
            return self.kind is not SourceKind.RSS or self.listing.page is not None
        return self.listing.complete

    @property
    def full_every_s(self) -> float:
        """Seconds between readings of the whole listing."""
        stated = self.listing.full_every_s if self.listing else None
        return stated if stated is not None else max(self.schedule_s, 120.0)

    @property
    def lifetime_days(self) -> int | None:
        """Days after which a posting without closing date is taken as closed; `None`: never."""
        return self.expiry_days or (None if self.lists_everything else 60)

    def absolute(self, url: str) -> str:
        """`url` resolved against `base_url`."""
        if url.startswith(("http://", "https://")):
            return url
        return urljoin(self.base_url, url)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind is not SourceKind.FILE:
            if urlsplit(self.base_url).scheme not in ("http", "https"):
                raise ValueError("base_url: expected an http or https address")
            if self.listing is None:
                raise ValueError(f"list: a source of kind {self.kind} needs a listing")
        if self.kind is SourceKind.JSON_API and self.listing and not self.listing.items:
            raise ValueError("list: items: expected the dotted path of the postings")
        if self.kind is SourceKind.HTML_LIST and self.listing and not self.listing.items:
            raise ValueError("list: items: expected the CSS selector of a card")
        if self.kind is SourceKind.SITEMAP_JSONLD and self.listing and not self.listing.id_pattern:
            raise ValueError("list: id_pattern: expected the pattern of advert addresses")
        if self.enabled and not (self.legal_basis and self.contact and self.owner):
            raise ValueError("enabled: needs legal_basis, contact and owner to be filled in")
        return self
