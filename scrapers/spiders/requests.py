"""Requests that a source's YAML describes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scrapy.http import FormRequest, JsonRequest, Request
from w3lib.url import add_or_replace_parameter, url_query_parameter

from scrapers.api_shapes import SHAPES, listing_of, paging_of
from scrapers.reading import Entry
from scrapers.source_specs import DetailSpec, Paging, RequestSpec
from scrapers.sources import Source, SourceKind

_PAGE = "{page}"
_ROBOTS = "/robots.txt"


def list_request(source: Source, number: int, following: str = "", **how: Any) -> Request:
    """Page `number` (counted from 0) of the source's listing.

    Args:
        following: address or cursor that the page before gave for this one.
    """
    spec = listing_of(source)
    url, body = source.absolute(spec.url), copy.deepcopy(spec.body)
    if source.kind is SourceKind.SITEMAP_JSONLD and not spec.url:
        url = source.absolute(_ROBOTS)
    for name, value in SHAPES[source.kind].query.items() if source.kind in SHAPES else ():
        if spec.method == "GET" and url_query_parameter(url, name) is None:
            url = add_or_replace_parameter(url, name, value)
    page = paging_of(source)
    if page is None:
        return _request(spec, url, body, **how)
    if page.next:
        return _request(spec, source.absolute(following) if following else url, body, **how)
    placed = following if page.cursor else page.start + number * page.step
    if number or page.where != "query":
        url, body = _placed(page, placed, url, body)
    return _request(spec, url, body, **how)


def detail_request(source: Source, spec: DetailSpec, entry: Entry, **how: Any) -> Request:
    """The advert of one entry; `{id}` and `{url}` filled in, in the address and in the body."""
    filled = spec.url.replace("{id}", quote(entry.posting_id, safe=""))
    url = source.absolute(filled.replace("{url}", entry.url))
    meta = {"dont_cache": True}
    return _request(spec, url, _filled(spec.body, entry), meta=meta, **how)


def _placed(
    page: Paging, value: int | str, url: str, body: dict[str, Any] | None
) -> tuple[str, dict[str, Any] | None]:
    """Address and body with the page's number or cursor in its place."""
    if page.where == "url":
        return url.replace(_PAGE, quote(str(value), safe="")), body
    if page.where == "query":
        return add_or_replace_parameter(url, page.name, str(value)), body
    if value == "":
        return url, body
    return url, _with(body or {}, page.name.split("."), value)


def _with(body: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """The body with `value` at a dotted path."""
    if len(path) == 1:
        return {**body, path[0]: value}
    inner = body.get(path[0])
    return {**body, path[0]: _with(inner if isinstance(inner, dict) else {}, path[1:], value)}


def _request(spec: RequestSpec, url: str, body: dict[str, Any] | None, **how: Any) -> Request:
    headers = {**spec.headers, **how.pop("headers", {})}
    if spec.method == "GET":
        return Request(url, headers=headers, dont_filter=True, **how)
    if spec.body_as == "form":
        form = {name: str(value) for name, value in (body or {}).items()}
        return FormRequest(
            url, method="POST", formdata=form, headers=headers, dont_filter=True, **how
        )
    return JsonRequest(
        url, method="POST", data=body or {}, headers=headers, dont_filter=True, **how
    )


def _filled(value: Any, entry: Entry) -> Any:
    if isinstance(value, str):
        return value.replace("{id}", entry.posting_id).replace("{url}", entry.url)
    if isinstance(value, dict):
        return {key: _filled(item, entry) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, entry) for item in value]
    return value
