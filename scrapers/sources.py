"""Declarative sources: what one YAML file in `config/sources/` may say.

The file's stem is the source's `id`. The listing, the advert and the archive have specifications of
their own, in `scrapers.source_specs`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urljoin, urlsplit

from pydantic import Field, field_validator, model_validator

from config.vocabulary import provinces
from scrapers.drop_spec import DropSpec
from scrapers.politeness_spec import PolitenessSpec
from scrapers.source_specs import ArchiveSpec, DetailSpec, ListSpec, Strict

SourceId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]


class SourceKind(StrEnum):
    """Shapes of source that need no Python to be added."""

    SITEMAP_JSONLD = "sitemap_jsonld"
    JSON_API = "json_api"
    HTML_LIST = "html_list"
    STRUCTURED_LIST = "structured_list"
    """Pages that carry the postings themselves as JSON-LD, microdata or RDFa."""
    RSS = "rss"
    XML_FEED = "xml_feed"
    ATS_GREENHOUSE = "ats_greenhouse"
    ATS_LEVER = "ats_lever"
    ATS_WORKABLE = "ats_workable"
    ATS_SMARTRECRUITERS = "ats_smartrecruiters"
    ATS_ASHBY = "ats_ashby"
    ATS_RECRUITEE = "ats_recruitee"
    RELIEFWEB = "reliefweb"
    FILE = "file"
    DROP = "drop"


_NEEDS_ITEMS = {
    SourceKind.JSON_API: "the dotted path of the postings",
    SourceKind.HTML_LIST: "the CSS selector of a card",
    SourceKind.XML_FEED: "the name of an entry's element",
}


class Source(Strict):
    """One source of postings, as its YAML declares it."""

    id: SourceId
    name: str = Field(min_length=1)
    kind: SourceKind = Field(strict=False)
    base_url: str = ""
    allowed_hosts: list[str] = Field(default_factory=list)
    """Hosts a request or redirect may go to; default: the host of `base_url`."""
    listing: ListSpec | None = Field(None, alias="list")
    detail: DetailSpec | None = None
    archive: ArchiveSpec | None = None
    drop: DropSpec | None = None
    schedule_s: float = Field(3600, gt=0)
    rate: float = Field(0.5, gt=0, le=1000)
    """Requests a second, at most; robots.txt and answers can only slow it down."""
    concurrency: int = Field(1, ge=1, le=32)
    politeness: PolitenessSpec = PolitenessSpec()
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
    def address(self) -> str:
        """Where the source is on the web; "" where it is not there."""
        return self.base_url

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
            return self.drop is not None and self.drop.complete
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

    @model_validator(mode="before")
    @classmethod
    def _based(cls, declared: Any) -> Any:
        """The base of a file on the web is the origin of its address."""
        drop = declared.get("drop") if isinstance(declared, dict) else None
        url = drop.get("url") if isinstance(drop, dict) else None
        if isinstance(url, str) and not declared.get("base_url"):
            parts = urlsplit(url)
            return {**declared, "base_url": f"{parts.scheme}://{parts.netloc}"}
        return declared

    @model_validator(mode="after")
    def _complete(self) -> Self:
        mistakes = list(self._mistakes())
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def _mistakes(self) -> Iterator[str]:
        """What is missing, each as `entry: expectation`."""
        spec = self.listing
        if (self.kind is SourceKind.DROP) is not (self.drop is not None):
            yield "drop: needed by sources of kind drop, and by no other"
        if self.kind not in (SourceKind.FILE, SourceKind.DROP):
            if urlsplit(self.base_url).scheme not in ("http", "https"):
                yield "base_url: expected an http or https address"
            if spec is None:
                yield f"list: a source of kind {self.kind} needs a listing"
        if spec is not None:
            if not spec.url and self.kind is not SourceKind.SITEMAP_JSONLD:
                yield "list.url: expected the address of the listing"
            if not spec.items and self.kind in _NEEDS_ITEMS:
                yield f"list.items: expected {_NEEDS_ITEMS[self.kind]}"
            if not spec.id_pattern and self.kind is SourceKind.SITEMAP_JSONLD:
                yield "list.id_pattern: expected the pattern of advert addresses"
        if self.enabled and not (self.legal_basis and self.contact and self.owner):
            yield "enabled: needs legal_basis, contact and owner to be filled in"
