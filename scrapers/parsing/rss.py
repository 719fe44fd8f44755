"""RSS 2.0 and Atom feeds, including WP Job Manager's `?feed=job_feed`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from scrapers.parsing.fields import RawFields, merged, read_fields
from scrapers.source_specs import FieldRule, FieldRules

_DEFAULTS: Final[FieldRules] = {
    "id": FieldRule(paths=["guid", "id", "link"], pick="first"),
    "url": FieldRule(paths=["link", "guid"], pick="first"),
    "title": FieldRule(paths=["title"]),
    "description": FieldRule(
        paths=["content:encoded", "content", "description", "summary"], pick="first"
    ),
    "hiring_organization": FieldRule(
        paths=["job_listing:company", "dc:creator", "author"], pick="first"
    ),
    "job_location": FieldRule(paths=["job_listing:location"], join=", "),
    "date_posted": FieldRule(paths=["pubDate", "published", "updated"], pick="first"),
    "base_salary": FieldRule(paths=["job_listing:salary"]),
    "employment_type": FieldRule(paths=["job_listing:job_type"], join=", "),
    "occupational_category": FieldRule(paths=["category"], join=", "),
}


class FeedError(ValueError):
    """The answer is not a feed; the message says what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item: its tags (with the prefix the feed uses) and their texts."""

    tags: dict[str, list[str]]


def read_feed(body: bytes) -> list[FeedItem]:
    """Items of a feed, in order. Entities are not expanded and nothing is fetched.

    Raises:
        FeedError: not XML at all, or XML without a channel or feed.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"not XML: {error}") from error
    if root is None or etree.QName(root).localname not in ("rss", "RDF", "feed"):
        raise FeedError("expected an rss or feed element")
    nodes = (node for node in root.iter("{*}item", "{*}entry") if isinstance(node.tag, str))
    return [FeedItem(tags=_tags(node)) for node in nodes]


def item_fields(item: FeedItem, rules: FieldRules) -> RawFields:
    """Fields of an item: the source's rules first, then the common tags."""
    return tags_fields(item.tags, rules)


def tags_fields(tags: dict[str, list[str]], rules: FieldRules) -> RawFields:
    """Fields from tag texts, wherever they come from (a feed or an archive's JSON)."""
    own = read_fields(rules, lambda path: tags.get(path, ()))
    return merged(own, read_fields(_DEFAULTS, lambda path: tags.get(path, ())))


def _tags(item: etree._Element) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for child in item:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        text = (child.text or "").strip() or str(child.get("href") or child.get("term") or "")
        # Feeds declare their prefixes freely; the source's YAML uses the one that the feed shows.
        for key in (f"{child.prefix}:{name}",) if child.prefix else (name,):
            if text:
                tags.setdefault(key, []).append(text)
    return tags
