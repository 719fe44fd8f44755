"""Requests that a source's YAML describes."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import quote

from scrapy.http import JsonRequest, Request
from w3lib.url import add_or_replace_parameter

from scrapers.reading import Entry, listing_of
from scrapers.source_specs import DetailSpec
from scrapers.sources import Source


def list_request(source: Source, number: int, **how: Any) -> Request:
    """Page `number` (counted from 0) of the source's listing."""
    spec = listing_of(source)
    url, body = source.absolute(spec.url), copy.deepcopy(spec.body)
    if spec.page is not None:
        value = spec.page.start + number * spec.page.step
        if spec.page.where == "body":
            body = {**(body or {}), spec.page.name: value}
        elif number:
            url = add_or_replace_parameter(url, spec.page.name, str(value))
    return _request(url, spec.method, body, **how)


def detail_request(source: Source, spec: DetailSpec, entry: Entry, **how: Any) -> Request:
    """The advert of one entry; `{id}` and `{url}` filled in, in the address and in the body."""
    filled = spec.url.replace("{id}", quote(entry.posting_id, safe=""))
    url = source.absolute(filled.replace("{url}", entry.url))
    meta = {"dont_cache": True}
    return _request(url, spec.method, _filled(spec.body, entry), meta=meta, **how)


def _request(url: str, method: str, body: dict[str, Any] | None, **how: Any) -> Request:
    if method == "POST":
        return JsonRequest(url, method="POST", data=body or {}, dont_filter=True, **how)
    return Request(url, dont_filter=True, **how)


def _filled(value: Any, entry: Entry) -> Any:
    if isinstance(value, str):
        return value.replace("{id}", entry.posting_id).replace("{url}", entry.url)
    if isinstance(value, dict):
        return {key: _filled(item, entry) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, entry) for item in value]
    return value
