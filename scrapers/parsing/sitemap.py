"""Sitemaps and sitemap indexes (sitemaps.org 0.9)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree


class SitemapError(ValueError):
    """The answer is no sitemap; the message says what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """Pages with their `lastmod` as written ("" where absent), and further sitemaps."""

    pages: tuple[tuple[str, str], ...]
    sitemaps: tuple[str, ...]


def read_sitemap(body: bytes) -> Sitemap:
    """The entries of a sitemap or sitemap index.

    Raises:
        SitemapError: not XML, or another document.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SitemapError(f"not XML: {error}") from error
    kind = etree.QName(root).localname if root is not None else ""
    if kind not in ("urlset", "sitemapindex"):
        raise SitemapError(f"expected urlset or sitemapindex, found {kind or 'nothing'}")
    entries = [
        (loc, (node.findtext("{*}lastmod") or "").strip())
        for node in root
        if isinstance(node.tag, str) and (loc := (node.findtext("{*}loc") or "").strip())
    ]
    if kind == "sitemapindex":
        return Sitemap(pages=(), sitemaps=tuple(loc for loc, _ in entries))
    return Sitemap(pages=tuple(entries), sitemaps=())
