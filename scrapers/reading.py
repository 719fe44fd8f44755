"""What a source's answers say, by kind of source: listings and archived days. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import msgspec
from parsel import Selector
from w3lib.html import get_base_url

from scrapers.adverts import read_advert, read_detail, structured_postings
from scrapers.api_shapes import SHAPES, listing_of, paging_of
from scrapers.listing_items import following_in_json, following_link, is_wanted, json_items
from scrapers.parsing.dates import parse_moment
from scrapers.parsing.encoded_twice import mended, mended_bytes
from scrapers.parsing.fields import Lookup, RawFields, match_id, merged
from scrapers.parsing.html_list import read_cards
from scrapers.parsing.jobposting import jobposting_fields
from scrapers.parsing.json_paths import (
    JsonError,
    decode_json,
    json_fields,
    json_lookup,
    texts,
)
from scrapers.parsing.page import PageError, parse_page
from scrapers.parsing.relative_dates import is_relative
from scrapers.parsing.rss import FeedError, item_fields, read_feed_page, tag_texts, tags_fields
from scrapers.parsing.scripts import script_json
from scrapers.parsing.sitemap import SitemapError, read_sitemap
from scrapers.parsing.xml_feed import read_xml_items
from scrapers.source_specs import ListSpec
from scrapers.sources import Source, SourceKind

__all__ = [
    "Entry",
    "Listing",
    "UnreadableListing",
    "archived_entry",
    "listing_of",
    "read_advert",
    "read_detail",
    "read_listing",
]

UnreadableListing = (JsonError, PageError, FeedError, SitemapError)
"""What `read_listing` raises when an answer is not the listing that the source declares."""
_DATES = ("date_posted", "valid_through")
_IDENTITY = ("title", "hiring_organization", "job_location", "date_posted")
_Found = list[tuple[RawFields, str]]
"""Fields of each entry, with the digest that tells whether it changed."""


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
    following: str = ""
    """Address or cursor of the next page, where the source declares how it is told."""
    repeats: int = 0
    """Entries of an identifier that the page had shown before."""


def read_listing(source: Source, body: bytes, text: str, url: str = "") -> Listing:
    """Entries of one page; `text` is the body decoded as the answer's headers say.

    Args:
        url: address of the page, to which links on it are relative; default: `base_url`.

    Raises:
        JsonError, PageError, FeedError, SitemapError: the answer is no such listing.
    """
    body, text = mended_bytes(body), mended(text)
    spec = listing_of(source)
    if source.kind is SourceKind.SITEMAP_JSONLD:
        sitemap = read_sitemap(body)
        pages = (_page_entry(source, spec, page, lastmod) for page, lastmod in sitemap.pages)
        return _listing(pages, further=sitemap.sitemaps)
    base = source.base_url
    if source.kind is SourceKind.RSS:
        found, following = _feed_entries(spec, body)
    elif source.kind in (SourceKind.HTML_LIST, SourceKind.STRUCTURED_LIST):
        base = get_base_url(text, url or base)
        page = parse_page(text, spec.drop)
        found, following = _page_entries(source, spec, page, text, base)
    elif source.kind is SourceKind.XML_FEED:
        found, following = _json_entries(spec, read_xml_items(body, spec.items), source), ""
    else:
        answer = decode_json(body)
        found = _json_entries(spec, json_items(source, spec, answer), source)
        following = following_in_json(source, answer)
    paging = paging_of(source)
    if following and paging is not None and paging.next:
        following = _absolute(url or source.absolute(spec.url), following)
    return _listing((_listed(spec, base, *pair) for pair in found), following=following)


def archived_entry(source: Source, node: Any, raw: bytes) -> Entry | None:
    """An archived posting in the board's native JSON; `None` where it has no identity.

    Its digest is that of the archived bytes: it tells changes within the archive only.
    """
    fields = _archived_fields(source, node)
    digest = hashlib.blake2b(raw, digest_size=8).hexdigest()
    return _entry(listing_of(source), source.base_url, fields, digest)


def _feed_entries(spec: ListSpec, body: bytes) -> tuple[_Found, str]:
    feed = read_feed_page(body)
    found = [
        (item_fields(item, spec.fields), _digest(item.tags))
        for item in feed.items
        if is_wanted(spec, _tags_lookup(item.tags))
    ]
    return found, feed.next


def _page_entries(
    source: Source, spec: ListSpec, page: Selector, text: str, base: str
) -> tuple[_Found, str]:
    if spec.script:
        answer = script_json(page, spec.script)
        found = _json_entries(spec, json_items(source, spec, answer), source)
        return found, following_in_json(source, answer) or following_link(source, page, base)
    following = following_link(source, page, base)
    if source.kind is SourceKind.STRUCTURED_LIST:
        nodes, invalid = structured_postings(text, base)
        if not nodes and invalid:
            raise JsonError("; ".join(invalid)[:300])
        told = [
            (merged(json_fields(node, spec.fields), jobposting_fields(node)), _digest(node))
            for node in nodes
            if is_wanted(spec, json_lookup(node))
        ]
        return told, following
    cards = read_cards(page, spec.items, spec.fields, lambda lookup: is_wanted(spec, lookup))
    return [(card, _digest(_told_by(spec, card))) for card in cards], following


def _json_entries(spec: ListSpec, nodes: Iterable[Any], source: Source) -> _Found:
    shape = SHAPES.get(source.kind)
    found = []
    for node in nodes:
        if not is_wanted(spec, json_lookup(node)):
            continue
        fields = json_fields(node, spec.fields)
        if shape is not None:
            fields = merged(fields, json_fields(node, shape.rules))
        told_by = [texts(node, path) for path in spec.changed_by] if spec.changed_by else node
        found.append((fields, _digest(told_by)))
    return found


def _tags_lookup(tags: dict[str, list[str]]) -> Lookup:
    return lambda path: tag_texts(tags, path)


def _archived_fields(source: Source, node: Any) -> RawFields:
    """Archive rules first, then what the live source would read of the same native JSON."""
    spec, detail, archive = listing_of(source), source.detail, source.archive
    own = json_fields(node, archive.fields) if archive else {}
    if source.kind is SourceKind.SITEMAP_JSONLD and isinstance(node, dict):
        return merged(own, jobposting_fields(node))
    if source.kind in SHAPES:
        rules = json_fields(node, SHAPES[source.kind].rules)
        return merged(own, json_fields(node, spec.fields), rules)
    if source.kind is SourceKind.RSS and isinstance(node, dict):
        tags = {name: texts(node, name) for name in node}
        return merged(own, tags_fields(tags, spec.fields))
    if source.kind is SourceKind.HTML_LIST:
        return own
    detail_rules = detail.fields if detail else {}
    return merged(own, json_fields(node, detail_rules), json_fields(node, spec.fields))


def _listed(spec: ListSpec, base: str, fields: RawFields, digest: str) -> Entry | None:
    """An entry of a listing. One without any identity is known by its content, so that it is
    refused, and once only; one whose address `id_pattern` does not know is no advert."""
    entry = _entry(spec, base, fields, digest)
    if entry is not None or spec.id_pattern:
        return entry
    known = f"nameless-{digest}"
    return Entry(posting_id=known, url="", digest=digest, modified_at=None, fields=fields)


def _entry(spec: ListSpec, base: str, fields: RawFields, digest: str) -> Entry | None:
    """The entry with its identity: in its address, as stated, its address, or what it says."""
    url = _absolute(base, fields.get("url", ""))
    from_url = match_id(spec.id_pattern, url) if spec.id_pattern and url else ""
    posting_id = from_url or fields.get("id", "")
    if not posting_id and spec.id_pattern:
        return None
    posting_id = posting_id or url or _derived_id(fields)
    if not posting_id:
        return None
    told = {**fields, "url": url} if url else fields
    return Entry(posting_id=posting_id, url=url, digest=digest, modified_at=None, fields=told)


def _absolute(base: str, url: str) -> str:
    url = url.strip()
    if not url or url.startswith(("http://", "https://")):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def _derived_id(fields: RawFields) -> str:
    """Identity of an entry that has none: two that agree in all that names them are one."""
    told = [fields.get(name, "") for name in _IDENTITY if not is_relative(fields.get(name, ""))]
    return _digest(told) if fields.get("title") else ""


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


def _listing(
    entries: Iterable[Entry | None], *, further: tuple[str, ...] = (), following: str = ""
) -> Listing:
    """Entries with an id; the first of each id, as boards pin adverts more than once."""
    shown = [entry for entry in entries if entry is not None]
    by_id: dict[str, Entry] = {}
    for entry in shown:
        by_id.setdefault(entry.posting_id, entry)
    unique, repeats = tuple(by_id.values()), len(shown) - len(by_id)
    return Listing(entries=unique, further=further, following=following, repeats=repeats)


def _told_by(spec: ListSpec, card: RawFields) -> Any:
    """What must differ for a card to have changed; "3 days ago" differs every day."""
    if spec.changed_by:
        return [card.get(name, "") for name in spec.changed_by]
    return {n: v for n, v in card.items() if not (n in _DATES and is_relative(v))}


def _digest(content: Any) -> str:
    try:
        told = msgspec.json.encode(content)
    except (OverflowError, UnicodeEncodeError):  # numbers and half characters that JSON allows
        told = json.dumps(content, default=str).encode()
    return hashlib.blake2b(told, digest_size=8).hexdigest()
