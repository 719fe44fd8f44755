"""RSS 2.0, RSS 1.0 (RDF) and Atom feeds, including WP Job Manager's `?feed=job_feed`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from scrapers.parsing.fields import RawFields, merged, read_fields
from scrapers.parsing.label_text import labelled_text
from scrapers.parsing.xml_tree import elements, local_name, parse_xml, shown_name, text_of_element
from scrapers.source_specs import LABEL, FieldRule, FieldRules

_ANY: Final = "*:"
"""Before a tag's name: whatever prefix the feed gives it."""
_BODIES: Final = ("content:encoded", "content", "description", "summary")
_DEFAULTS: Final[FieldRules] = {
    "id": FieldRule(paths=["guid", "id", "dc:identifier", "link"], pick="first"),
    "url": FieldRule(paths=["link", "guid"], pick="first"),
    "title": FieldRule(paths=["title"]),
    "description": FieldRule(paths=list(_BODIES), pick="first"),
    "hiring_organization": FieldRule(
        paths=["job_listing:company", "*:company", "*:employer", "*:hiringOrganization"],
        pick="first",
    ),
    "job_location": FieldRule(
        paths=["job_listing:location", "*:location", "*:city", "georss:featurename"],
        pick="first",
        join=", ",
    ),
    "date_posted": FieldRule(
        paths=["pubDate", "published", "dc:date", "*:date", "updated"], pick="first"
    ),
    "valid_through": FieldRule(
        paths=["*:validThrough", "*:expires", "*:expirationDate", "*:closingDate", "*:deadline",
               "*:closing_date", "*:application_deadline"],
        pick="first",
    ),
    "base_salary": FieldRule(paths=["job_listing:salary", "*:salary"], pick="first"),
    "employment_type": FieldRule(
        paths=["job_listing:job_type", "*:job_type", "*:jobtype", "*:type"],
        pick="first",
        join=", ",
    ),
    "occupational_category": FieldRule(paths=["category"], join=", "),
}  # fmt: skip


class FeedError(ValueError):
    """The answer is not a feed; the message says what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item: its tags (with the prefix the feed uses) and their texts."""

    tags: dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed."""

    items: tuple[FeedItem, ...]
    next: str
    """Address of the next page (`rel="next"`), "" where there is none."""


def read_feed_page(body: bytes) -> Feed:
    """Items of a feed, in order. Entities are not expanded and nothing is fetched.

    Raises:
        FeedError: not XML at all, or XML without a channel or feed.
    """
    try:
        root = parse_xml(body)
    except ValueError as error:
        raise FeedError(str(error)) from error
    if root is None or local_name(root) not in ("rss", "RDF", "feed"):
        raise FeedError("expected an rss or feed element")
    nodes = (node for node in root.iter("{*}item", "{*}entry") if isinstance(node.tag, str))
    return Feed(items=tuple(FeedItem(tags=_tags(node)) for node in nodes), next=_next(root))


def item_fields(item: FeedItem, rules: FieldRules) -> RawFields:
    """Fields of an item: the source's rules first, then the common tags."""
    return tags_fields(item.tags, rules)


def tags_fields(tags: dict[str, list[str]], rules: FieldRules) -> RawFields:
    """Fields from tag texts, wherever they come from (a feed or an archive's JSON)."""
    own = read_fields(rules, lambda path: tag_texts(tags, path))
    return merged(own, read_fields(_DEFAULTS, lambda path: tag_texts(tags, path)))


def tag_texts(tags: dict[str, list[str]], path: str) -> Sequence[str]:
    """Texts of a tag; `*:name` of any prefix or none; `label:…` beside words of the item's body."""
    if path.startswith(LABEL):
        bodies = (text for name in _BODIES for text in tags.get(name, ()))
        return labelled_text("\n".join(bodies), path)
    if not path.startswith(_ANY):
        return tags.get(path, ())
    wanted = path.removeprefix(_ANY)
    return tags.get(wanted) or next(
        (texts for name, texts in tags.items() if name.partition(":")[2] == wanted), ()
    )


def _tags(item: Any) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for child in elements(item):
        # Atom links to itself, to its editor and to attachments besides the page.
        if child.get("rel") not in (None, "alternate"):
            continue
        text = text_of_element(child) or str(child.get("href") or child.get("term") or "")
        if text:
            tags.setdefault(shown_name(child), []).append(text)
    about = item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    if about:
        tags.setdefault("id", [about])
    return tags


def _next(root: Any) -> str:
    for link in root.iter("{*}link"):
        if link.get("rel") == "next" and link.get("href"):
            return str(link.get("href"))
    return ""
