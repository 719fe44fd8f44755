"""What a source's declaration must agree with beyond the types of its entries.

Each mistake is told as `entry.within: expectation`, so that a reader can name the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from scrapers.api_shapes import SHAPES
from scrapers.parsing.page import CSS, XPATH, PathMistake, as_xpath
from scrapers.source_specs import LABEL, DetailSpec, FieldRules, ListSpec, RequestSpec
from scrapers.sources import Source, SourceKind

_PAGES: Final = frozenset({SourceKind.HTML_LIST, SourceKind.STRUCTURED_LIST})
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]")
_PAGE: Final = "{page}"


def mistakes_of(source: Source) -> list[str]:
    """Every mistake of a declaration whose entries are of the right types, in file order."""
    found = [
        f"allowed_hosts: expected a host such as jobs.example (found {host!r})"
        for host in source.allowed_hosts
        if not _HOST.fullmatch(host)
    ]
    if source.listing is not None:
        found += _listing(source, source.listing)
    if source.detail is not None:
        found += _detail(source, source.detail)
    return found


def _listing(source: Source, spec: ListSpec) -> Iterator[str]:
    yield from _request(source, spec, "list", spec.url)
    yield from _paging(spec)
    of_page = source.kind in _PAGES
    if spec.script and not of_page:
        yield "list.script: only pages have scripts; expected kind html_list"
    if spec.drop and not of_page:
        yield "list.drop: only pages have elements to drop; expected kind html_list"
    yield from _selectors(spec.drop, "list.drop")
    css = source.kind is SourceKind.HTML_LIST and not spec.script
    if css and spec.items:
        yield from _selectors([spec.items], "list.items")
    if css and spec.page is not None:
        yield from _selectors([spec.page.next or spec.page.cursor], "list.page.next")
    yield from _rules(spec.fields, "list.fields", css=css, dotted=not css and not _is_feed(source))
    if source.kind in (SourceKind.HTML_LIST, SourceKind.JSON_API, SourceKind.XML_FEED):
        yield from _enough(source, spec)


def _enough(source: Source, spec: ListSpec) -> Iterator[str]:
    """A board of a form of its own must say where its titles and its adverts are."""
    detail = source.detail
    if detail is None and "title" not in spec.fields:
        yield "list.fields: expected a rule for title, as there is no detail"
    if detail is not None and "{url}" in detail.url and "url" not in spec.fields:
        yield "list.fields: expected a rule for url, as detail.url asks for {url}"
    by_id = detail is not None and "{id}" in detail.url + str(detail.body or "")
    if by_id and "id" not in spec.fields and not spec.id_pattern:
        yield "list.fields: expected a rule for id, as detail asks for {id}"


def _paging(spec: ListSpec) -> Iterator[str]:
    page = spec.page
    if _PAGE in spec.url and (page is None or page.where != "url"):
        yield "list.page: expected where: url, as the address holds {page}"
    if page is None:
        return
    if page.where == "url" and _PAGE not in spec.url:
        yield "list.url: expected {page} in the address, as page.where is url"
    if page.where == "body" and spec.method != "POST":
        yield "list.method: expected POST, as page.where is body"
    if page.next and page.cursor:
        yield "list.page: expected next or cursor, not both"


def _detail(source: Source, spec: DetailSpec) -> Iterator[str]:
    yield from _request(source, spec, "detail", spec.url)
    for name in _PLACEHOLDER.findall(spec.url):
        if name not in ("id", "url"):
            yield f"detail.url: expected only {{id}} and {{url}} (found {{{name}}})"
    yield from _selectors(spec.drop, "detail.drop")
    answers_json = spec.format == "json" or (
        spec.format == "auto" and (source.kind in SHAPES or source.kind is SourceKind.JSON_API)
    )
    css = not answers_json and not spec.script
    yield from _rules(spec.fields, "detail.fields", css=css, dotted=spec.format == "json")


def _request(source: Source, spec: RequestSpec, entry: str, url: str) -> Iterator[str]:
    if spec.body is not None and spec.method == "GET":
        yield f"{entry}.body: needs method: POST"
    parts = urlsplit(_PLACEHOLDER.sub("x", url))
    if parts.scheme in ("http", "https") and parts.hostname not in source.hosts:
        yield f"{entry}.url: {parts.hostname} is not the host of base_url; add it to allowed_hosts"


def _rules(rules: FieldRules, entry: str, *, css: bool, dotted: bool) -> Iterator[str]:
    for name, rule in rules.items():
        if css:
            yield from _selectors(rule.paths, f"{entry}.{name}")
        for path in rule.paths:
            if dotted and "::" in path and not path.startswith((CSS, XPATH, LABEL)):
                yield f"{entry}.{name}: expected a dotted path such as a.b[].c (found {path!r})"


def _selectors(paths: list[str], entry: str) -> Iterator[str]:
    for path in paths:
        if not path or path.startswith(LABEL):
            continue
        try:
            as_xpath(path)
        except PathMistake as error:
            language = "XPath" if path.startswith(XPATH) else "CSS selector"
            yield f"{entry}: expected a {language}: {error} (found {path!r})"


def _is_feed(source: Source) -> bool:
    return source.kind in (SourceKind.RSS, SourceKind.SITEMAP_JSONLD)
