"""Sitemaps (sitemaps.org 0.9): XML, index, feed, plain list, gzipped; robots.txt naming them."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any, Final

from scrapers.parsing.xml_tree import elements, local_name, parse_xml, text_of_element

_GZIP: Final = b"\x1f\x8b"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""Marks of UTF-16, which XML may be written in."""
_LARGEST: Final = 52_428_800
"""What the protocol allows a sitemap to be, unpacked: 50 MiB."""
_NAMED: Final = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ROBOTS: Final = re.compile(
    r"^\s*(?:user-agent|disallow|allow|crawl-delay)\s*:", re.IGNORECASE | re.MULTILINE
)
_ADDRESS: Final = re.compile(r"https?://\S+")
_USUAL_PLACE: Final = "/sitemap.xml"


class SitemapError(ValueError):
    """The answer is no sitemap; the message says what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """Pages with their `lastmod` as written ("" where absent), and further sitemaps."""

    pages: tuple[tuple[str, str], ...]
    sitemaps: tuple[str, ...]


def read_sitemap(body: bytes) -> Sitemap:
    """The entries of a sitemap, a sitemap index, or the sitemaps that a robots.txt names.

    A robots.txt that names none leads to the usual address, `/sitemap.xml`.

    Raises:
        SitemapError: another document, or one that unpacks beyond the protocol's limit.
    """
    content = _unpacked(body)
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", *_WIDE)):
        return _plain(content)
    try:
        root = parse_xml(content)
    except ValueError as error:
        raise SitemapError(str(error)) from error
    kind = local_name(root) if root is not None else ""
    if kind == "sitemapindex":
        return Sitemap(pages=(), sitemaps=tuple(loc for loc, _ in _entries(root)))
    if kind == "urlset":
        return Sitemap(pages=tuple(_entries(root)), sitemaps=())
    if kind in ("rss", "feed"):
        return Sitemap(pages=tuple(_items(root)), sitemaps=())
    raise SitemapError(f"expected urlset or sitemapindex, found {kind or 'nothing'}")


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(body, _LARGEST + 1)
    except zlib.error as error:
        raise SitemapError(f"not gzip: {error}") from error
    if len(content) > _LARGEST:
        raise SitemapError(f"unpacks to more than {_LARGEST} bytes")
    return content


def _plain(content: bytes) -> Sitemap:
    text = content.decode("utf-8", "replace")
    named = tuple(_NAMED.findall(text))
    if named or _ROBOTS.search(text):
        return Sitemap(pages=(), sitemaps=named or (_USUAL_PLACE,))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pages = tuple((line, "") for line in lines if _ADDRESS.fullmatch(line))
    if not pages or len(pages) < len(lines):
        raise SitemapError("not XML, and no list of addresses or robots.txt either")
    return Sitemap(pages=pages, sitemaps=())


def _entries(root: Any) -> list[tuple[str, str]]:
    return [
        (loc, (node.findtext("{*}lastmod") or "").strip())
        for node in elements(root)
        if (loc := (node.findtext("{*}loc") or "").strip())
    ]


def _items(root: Any) -> list[tuple[str, str]]:
    """Entries of a feed that is served as a sitemap."""
    pages = []
    for node in root.iter("{*}item", "{*}entry"):
        link = next((child for child in elements(node) if local_name(child) == "link"), None)
        if link is None:
            continue
        address = link.get("href") or text_of_element(link)
        changed = node.findtext("{*}updated") or node.findtext("{*}pubDate") or ""
        if address:
            pages.append((address.strip(), changed.strip()))
    return pages
