"""What an advert's own page or JSON answer says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parsel import Selector

from scrapers.api_shapes import SHAPES, detail_of
from scrapers.parsing.encoded_twice import mended, mended_bytes
from scrapers.parsing.fields import Lookup, RawFields, merged, read_fields
from scrapers.parsing.jobposting import choose_posting, jobposting_fields
from scrapers.parsing.json_paths import JsonError, decode_json, find_first, json_fields, json_lookup
from scrapers.parsing.jsonld import Node, is_job_posting, read_jsonld
from scrapers.parsing.microdata import read_microdata
from scrapers.parsing.page import CSS, XPATH, PageError, PathMistake, parse_page, texts_at
from scrapers.parsing.posting import Refusal, Refused
from scrapers.parsing.scripts import script_json
from scrapers.source_specs import LABEL, DetailSpec
from scrapers.sources import Source, SourceKind

_OF_PAGES = (CSS, XPATH, LABEL)


def read_advert(
    source: Source, body: bytes, text: str, url: str, listed: RawFields
) -> RawFields | Refused:
    """Fields of an advert: those of its own answer, then those `listed` for it."""
    fields = read_detail(source, body, text, url, listed)
    return {"url": url, **listed, **fields} if isinstance(fields, dict) else fields


def read_detail(
    source: Source, body: bytes, text: str, url: str, listed: RawFields | None = None
) -> RawFields | Refused:
    """Fields of an advert's own page or JSON answer; `listed` tells which of several it is."""
    spec = detail_of(source) or DetailSpec()
    if _is_json(source, spec, body):
        return _json_detail(spec, mended_bytes(body))
    return _page_detail(spec, mended(text), url, listed or {})


def structured_postings(text: str, url: str) -> tuple[Sequence[Node], Sequence[str]]:
    """JobPosting nodes of a page (JSON-LD, else microdata, else RDFa), and why blocks failed."""
    jsonld = read_jsonld(text)
    return jsonld.postings or read_microdata(text, url), jsonld.invalid


def _is_json(source: Source, spec: DetailSpec, body: bytes) -> bool:
    if spec.format != "auto":
        return spec.format == "json"
    begins = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begins in (b"{", b"["):
        return True
    return begins != b"<" and (source.kind is SourceKind.JSON_API or source.kind in SHAPES)


def _json_detail(spec: DetailSpec, body: bytes) -> RawFields | Refused:
    try:
        node = find_first(decode_json(body), spec.root)
    except JsonError as error:
        return Refused(reason=Refusal.PAGE_UNREADABLE, detail=str(error))
    if isinstance(node, list):
        node = next(iter(node), None)
    if not isinstance(node, dict):
        return Refused(reason=Refusal.POSTING_NOT_FOUND, detail=f"no object at {spec.root!r}")
    known = jobposting_fields(node) if is_job_posting(node) else {}
    return merged(json_fields(node, spec.fields), known)


def _page_detail(spec: DetailSpec, text: str, url: str, listed: RawFields) -> RawFields | Refused:
    nodes, invalid = structured_postings(text, url) if spec.structured else ((), ())
    chosen = choose_posting(nodes, url, listed)
    stated = jobposting_fields(chosen) if chosen else {}
    try:
        own = _own_fields(spec, text) if spec.fields else {}
    except (PageError, JsonError) as error:
        return Refused(reason=Refusal.PAGE_UNREADABLE, detail=str(error))
    fields = merged(own, stated) if spec.prefer == "fields" else merged(stated, own)
    if "title" in fields or (fields and ("title" in listed or not spec.structured)):
        return fields
    if invalid:
        return Refused(reason=Refusal.JSONLD_INVALID, detail="; ".join(invalid)[:500])
    return Refused(
        reason=Refusal.POSTING_NOT_FOUND, detail="no JobPosting and no field of the source's rules"
    )


def _own_fields(spec: DetailSpec, text: str) -> RawFields:
    """Fields by the source's rules, from the page and from the JSON in its script."""
    page = parse_page(text, spec.drop) if not spec.script else parse_page(text)
    node = find_first(script_json(page, spec.script), spec.root) if spec.script else None
    try:
        return read_fields(spec.fields, _either(page, node) if spec.script else _of_page(page))
    except PathMistake as error:
        raise PageError(f"{type(error).__name__}: {error}") from error


def _of_page(page: Selector) -> Lookup:
    return lambda path: texts_at(page, path)


def _either(page: Selector, node: Any) -> Lookup:
    """Dotted paths go into the JSON, those that say what they are into the page."""
    in_json, in_page = json_lookup(node), _of_page(page)
    return lambda path: in_page(path) if path.startswith(_OF_PAGES) else in_json(path)
