"""Known systems' job APIs: where entries stand, how fields are read, how pages follow.

What a source declares itself always comes first. Shapes are from the vendors' public documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from scrapers.api_rules import (
    ASHBY,
    GREENHOUSE,
    LEVER,
    RECRUITEE,
    RELIEFWEB,
    SMARTRECRUITERS,
    SMARTRECRUITERS_DETAIL,
    WORKABLE,
)
from scrapers.source_specs import DetailSpec, FieldRules, ListSpec, Paging
from scrapers.sources import Source, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiShape:
    """What is known of one system's public API."""

    items: tuple[str, ...]
    """Paths of the entries, the first that holds a list."""
    rules: FieldRules
    page: Paging | None = None
    size: str = ""
    """Parameter that says how many entries a page has, which is then the step between pages."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Parameters added to the listing's address where it has none of the name."""
    detail: DetailSpec | None = None


SHAPES: Final[Mapping[SourceKind, ApiShape]] = {
    SourceKind.ATS_GREENHOUSE: ApiShape(items=("jobs",), rules=GREENHOUSE),
    SourceKind.ATS_LEVER: ApiShape(
        items=("$", "data"),
        rules=LEVER,
        page=Paging(name="skip", start=0, step=100),
        size="limit",
        query={"mode": "json", "limit": "100"},
    ),
    SourceKind.ATS_WORKABLE: ApiShape(
        items=("jobs", "results"), rules=WORKABLE, page=Paging(next="paging.next")
    ),
    SourceKind.ATS_SMARTRECRUITERS: ApiShape(
        items=("content",),
        rules=SMARTRECRUITERS,
        page=Paging(name="offset", start=0, step=100),
        size="limit",
        query={"limit": "100"},
        detail=DetailSpec(url="{url}", format="json", fields=SMARTRECRUITERS_DETAIL),
    ),
    SourceKind.ATS_ASHBY: ApiShape(items=("jobs",), rules=ASHBY),
    SourceKind.ATS_RECRUITEE: ApiShape(items=("offers",), rules=RECRUITEE),
    SourceKind.RELIEFWEB: ApiShape(
        items=("data",),
        rules=RELIEFWEB,
        page=Paging(name="offset", start=0, step=10),
        size="limit",
    ),
}


def listing_of(source: Source) -> ListSpec:
    """The source's listing, which every kind but a file has."""
    if source.listing is None:
        raise ValueError(f"source {source.id} has no listing")
    return source.listing


def detail_of(source: Source) -> DetailSpec | None:
    """How adverts are asked for: as declared, else as the source's system does.

    A sitemap lists nothing but addresses, so each is asked for.
    """
    if source.detail is None and source.kind is SourceKind.SITEMAP_JSONLD:
        return DetailSpec()
    shape = SHAPES.get(source.kind)
    return source.detail or (shape.detail if shape else None)


def paging_of(source: Source) -> Paging | None:
    """How pages of the listing follow: as declared, else as the source's system does."""
    spec, shape = listing_of(source), SHAPES.get(source.kind)
    if spec.page is not None or shape is None or shape.page is None:
        return spec.page
    page = shape.page
    if spec.method == "POST" and shape.size:
        page = page.model_copy(update={"where": "body"})
    size = _size(spec, shape)
    return page.model_copy(update={"step": size}) if size else page


def _size(spec: ListSpec, shape: ApiShape) -> int:
    """Entries on a page, as the address or the body asks for; 0 where neither does."""
    if not shape.size:
        return 0
    asked = (spec.body or {}).get(shape.size) or shape.query.get(shape.size)
    stated = parse_qs(urlsplit(spec.url).query).get(shape.size, [str(asked or "")])[0]
    return int(stated) if stated.isdecimal() else 0
