"""schema.org JobPosting in microdata and RDFa, read where a page has no JSON-LD of one."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from scrapers.parsing.jsonld import Node, find_postings
from scrapers.parsing.page import check_tags

_LARGEST_RDFA: Final = 1_000_000
"""RDFa is read into a graph, which takes far longer than anything else here."""
_MOST_SCOPES: Final = 1_500
"""Nested scopes take time that grows with their square."""
# RDFa in HTML takes the value of <time> from `datetime`, which the reader below does not know.
_DATED: Final = re.compile(
    r"(<time\b(?![^<>]*\bcontent\s*=)[^<>]*?\bdatetime\s*=\s*)(\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']+)",
    re.IGNORECASE,
)


def read_microdata(html: str, url: str) -> list[Node]:
    """JobPosting nodes in JSON-LD's form, of microdata, else of RDFa; none if unparsable."""
    if "JobPosting" not in html:
        return []
    if 0 < html.count("itemscope") <= _MOST_SCOPES and (
        found := _extracted(html, url, "microdata")
    ):
        return found
    if 0 < html.count("typeof") <= _MOST_SCOPES and len(html) <= _LARGEST_RDFA:
        return _extracted(_DATED.sub(r"\1\2 content=\2", html), url, "rdfa")
    return []


def _extracted(html: str, url: str, syntax: str) -> list[Node]:
    import extruct  # slow, and wanted by few pages and by none of the processes that do not crawl

    try:
        check_tags(html)
        found: dict[str, Any] = extruct.extract(
            html,
            base_url=url,
            syntaxes=[syntax],
            uniform=syntax == "microdata",
            errors="ignore",
        )
    except (etree.LxmlError, ValueError, RecursionError):
        return []
    return find_postings(found.get(syntax, []))
