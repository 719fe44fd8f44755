"""Entries of a listing in JSON, which of them are wanted, and where the next page is. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from parsel import Selector

from scrapers.api_shapes import SHAPES, paging_of
from scrapers.parsing.fields import Lookup
from scrapers.parsing.json_paths import JsonError, find_all, texts
from scrapers.parsing.page import PageError, PathMistake, select
from scrapers.source_specs import ListSpec
from scrapers.sources import Source


def json_items(source: Source, spec: ListSpec, answer: Any) -> list[Any]:
    """The entries in an answer.

    Raises:
        JsonError: there is no list where the source, or its system, has one.
    """
    shape = SHAPES.get(source.kind)
    paths = (spec.items,) if spec.items or shape is None else shape.items
    for path in paths:
        for nodes in find_all(answer, path.removesuffix("[]"))[:1]:
            if isinstance(nodes, list):
                return nodes
            # Entries keyed by number or id; beyond the last page an empty object or null.
            if nodes is None:
                return []
            if isinstance(nodes, dict) and all(isinstance(n, dict) for n in nodes.values()):
                return list(nodes.values())
    raise JsonError(f"no list at {' or '.join(map(repr, paths))}")


def is_wanted(spec: ListSpec, lookup: Lookup) -> bool:
    """Whether an entry has what `only` asks for and nothing that `skip` names."""
    if not spec.only and not spec.skip:
        return True
    kept = all(_has(lookup, path, values) for path, values in spec.only.items())
    return kept and not any(_has(lookup, path, values) for path, values in spec.skip.items())


def _has(lookup: Lookup, path: str, values: list[str]) -> bool:
    wanted = {value.casefold() for value in values}
    return any(text.strip().casefold() in wanted for text in lookup(path))


def following_in_json(source: Source, answer: Any) -> str:
    """Address or cursor of the next page in an answer; "" where it states none."""
    page = paging_of(source)
    path = (page.next or page.cursor) if page else ""
    return next(iter(texts(answer, path)), "") if path else ""


def following_link(source: Source, page: Selector, base: str) -> str:
    """Address of the link that `next` selects: its own text or attribute, else its `href`."""
    paging = paging_of(source)
    path = (paging.next or paging.cursor) if paging else ""
    if not path:
        return ""
    try:
        for found in select(page, path):
            if isinstance(found.root, str):
                told = str(found.root).strip()
                return urljoin(base, told) if paging and paging.next else told
            link = str(found.root.get("href") or found.xpath("descendant::a/@href").get(""))
            if link:
                return urljoin(base, link.strip())
    except PathMistake as error:
        raise PageError(f"{path}: {error}") from error
    return ""
