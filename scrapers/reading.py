"""What a source's answers say, by kind of source: listings, details and archived days. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from scrapers.parsing.ats import GREENHOUSE_ITEMS, greenhouse_fields
from scrapers.parsing.dates import parse_moment
from scrapers.parsing.fields import RawFields, match_id, merged
from scrapers.parsing.html_list import PageError, page_fields, read_cards
from scrapers.parsing.json_paths import (
    JsonError,
    decode_json,
    find_first,
    json_fields,
    texts,
)
from scrapers.parsing.jsonld import jobposting_fields, read_jsonld
from scrapers.parsing.microdata import read_microdata
from scrapers.parsing.posting import Refusal, Refused
from scrapers.parsing.rss import FeedError, item_fields, read_feed, tags_fields
from scrapers.parsing.sitemap import SitemapError, read_sitemap
from scrapers.source_specs import FieldRules, ListSpec
from scrapers.sources import Source, SourceKind

UnreadableListing = (JsonError, PageError, FeedError, SitemapError)
"""What `read_listing` raises when an answer is not the listing that the source declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a listing."""

    posting_id: str
    url: str
    """Absolute address of the advert; "" where the source has none."""
    digest: str
    """Changes when the entry changes; "" where the listing cannot tell."""
    modified_at: datetime | None
    fields: RawFields


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a listing."""

    entries: tuple[Entry, ...]
    further: tuple[str, ...] = ()
    """Addresses of further listings (a sitemap index's sitemaps)."""


def read_listing(source: Source, body: bytes, text: str) -> Listing:
    """Entries of one page; `text` is the body decoded as the answer's headers say.

    Raises:
        JsonError, PageError, FeedError, SitemapError: the answer is no such listing.
    """
    spec = listing_of(source)
    if source.kind is SourceKind.SITEMAP_JSONLD:
        sitemap = read_sitemap(body)
        pages = (_page_entry(source, spec, url, lastmod) for url, lastmod in sitemap.pages)
        return Listing(entries=_unique(pages), further=sitemap.sitemaps)
    if source.kind is SourceKind.RSS:
        items = read_feed(body)
        found = [(item_fields(item, spec.fields), _digest(item.tags)) for item in items]
    elif source.kind is SourceKind.HTML_LIST:
        cards = read_cards(text, spec.items, spec.fields)
        found = [(card, _digest(_told_by(spec, card))) for card in cards]
    else:
        found = _json_entries(source, spec, decode_json(body))
    return Listing(entries=_unique(_entry(source, spec, *pair) for pair in found))


def read_detail(
    source: Source, body: bytes, text: str, url: str, *, titled: bool = False
) -> RawFields | Refused:
    """Fields of an advert's own page or JSON answer.

    Args:
        titled: whether the listing has told the title, so that the page need not.
    """
    rules = source.detail.fields if source.detail else {}
    if source.kind in (SourceKind.JSON_API, SourceKind.ATS_GREENHOUSE):
        return _json_detail(source, rules, body)
    structured = source.detail is None or source.detail.structured
    jsonld = read_jsonld(text) if structured else None
    nodes: Sequence[dict[str, Any]] = jsonld.postings if jsonld else ()
    if structured and not nodes:
        nodes = read_microdata(text, url)
    try:
        fields = merged(jobposting_fields(nodes[0]) if nodes else {}, page_fields(text, rules))
    except PageError as error:
        return Refused(reason=Refusal.PAGE_UNREADABLE, detail=str(error))
    if "title" in fields or (fields and (titled or not structured)):
        return fields
    if jsonld and jsonld.invalid:
        return Refused(reason=Refusal.JSONLD_INVALID, detail="; ".join(jsonld.invalid)[:500])
    return Refused(
        reason=Refusal.POSTING_NOT_FOUND, detail="no JobPosting and no field of the source's rules"
    )


def read_advert(
    source: Source, body: bytes, text: str, url: str, listed: RawFields
) -> RawFields | Refused:
    """Fields of an advert: those of its own answer, then those `listed` for it."""
    fields = read_detail(source, body, text, url, titled="title" in listed)
    return {"url": url, **listed, **fields} if isinstance(fields, dict) else fields


def archived_entry(source: Source, node: Any, raw: bytes) -> Entry | None:
    """An archived posting in the board's native JSON; `None` where it has no identity.

    Its digest is that of the archived bytes: it tells changes within the archive only.
    """
    fields = _archived_fields(source, node)
    digest = hashlib.blake2b(raw, digest_size=8).hexdigest()
    return _entry(source, listing_of(source), fields, digest)


def listing_of(source: Source) -> ListSpec:
    """The source's listing, which every kind but a file has."""
    if source.listing is None:
        raise ValueError(f"source {source.id} has no listing")
    return source.listing


def _json_entries(source: Source, spec: ListSpec, answer: Any) -> list[tuple[RawFields, str]]:
    greenhouse = source.kind is SourceKind.ATS_GREENHOUSE
    path = (spec.items or GREENHOUSE_ITEMS).removesuffix("[]")
    nodes = find_first(answer, path)
    if not isinstance(nodes, list):
        raise JsonError(f"no list at {path!r}")
    entries = []
    for node in nodes:
        if any(texts(node, path)[:1] == [value] for path, value in spec.skip.items()):
            continue
        fields = (
            greenhouse_fields(node, spec.fields) if greenhouse else json_fields(node, spec.fields)
        )
        told_by = [texts(node, path) for path in spec.changed_by] if spec.changed_by else node
        entries.append((fields, _digest(told_by)))
    return entries


def _archived_fields(source: Source, node: Any) -> RawFields:
    """Archive rules first, then what the live source would read of the same native JSON."""
    spec, detail, archive = listing_of(source), source.detail, source.archive
    own = json_fields(node, archive.fields) if archive else {}
    if source.kind is SourceKind.SITEMAP_JSONLD and isinstance(node, dict):
        return merged(own, jobposting_fields(node))
    if source.kind is SourceKind.ATS_GREENHOUSE:
        return merged(own, greenhouse_fields(node, spec.fields))
    if source.kind is SourceKind.RSS and isinstance(node, dict):
        tags = {name: texts(node, name) for name in node}
        return merged(own, tags_fields(tags, spec.fields))
    if source.kind is SourceKind.HTML_LIST:
        return own
    detail_rules = detail.fields if detail else {}
    return merged(own, json_fields(node, detail_rules), json_fields(node, spec.fields))


def _entry(source: Source, spec: ListSpec, fields: RawFields, digest: str) -> Entry | None:
    url = source.absolute(fields["url"]) if fields.get("url") else ""
    from_url = match_id(spec.id_pattern, url) if spec.id_pattern and url else ""
    posting_id = from_url or fields.get("id", "")
    if not posting_id:
        return None
    return Entry(posting_id=posting_id, url=url, digest=digest, modified_at=None, fields=fields)


def _page_entry(source: Source, spec: ListSpec, url: str, lastmod: str) -> Entry | None:
    absolute = source.absolute(url)
    posting_id = match_id(spec.id_pattern, absolute)
    if not posting_id:
        return None
    return Entry(
        posting_id=posting_id,
        url=absolute,
        digest=lastmod,
        modified_at=parse_moment(lastmod),
        fields={"url": absolute},
    )


def _unique(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """Entries with an id; the first of each id, as boards pin adverts more than once."""
    by_id: dict[str, Entry] = {}
    for entry in entries:
        if entry is not None:
            by_id.setdefault(entry.posting_id, entry)
    return tuple(by_id.values())


def _json_detail(source: Source, rules: FieldRules, body: bytes) -> RawFields | Refused:
    root = source.detail.root if source.detail else "$"
    try:
        node = find_first(decode_json(body), root)
    except JsonError as error:
        return Refused(reason=Refusal.PAGE_UNREADABLE, detail=str(error))
    if not isinstance(node, dict):
        return Refused(reason=Refusal.POSTING_NOT_FOUND, detail=f"no object at {root!r}")
    return json_fields(node, rules)


def _told_by(spec: ListSpec, card: RawFields) -> Any:
    return [card.get(name, "") for name in spec.changed_by] if spec.changed_by else card


def _digest(content: Any) -> str:
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=8).hexdigest()
