"""XML parsed without fetching, expanding or running anything that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

_BEGINS: Final = (b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex")
_BEGIN_WITHIN: Final = 4_000


def parse_xml(body: bytes) -> Any:
    """The root element, or `None` where nothing could be recovered. Mistakes are repaired.

    Raises:
        ValueError: not XML at all; the message says why.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    # Sites write warnings of their programs before the document.
    start = min((at for mark in _BEGINS if (at := body[:_BEGIN_WITHIN].find(mark)) >= 0), default=0)
    try:
        return etree.fromstring(body[start:].lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"not XML: {error}") from error


def local_name(element: Any) -> str:
    """The element's name without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def shown_name(element: Any) -> str:
    """The name with the prefix that the document uses (`job_listing:company`)."""
    name = local_name(element)
    return f"{element.prefix}:{name}" if element.prefix else name


def elements(element: Any) -> Iterator[Any]:
    """Child elements, comments and instructions left out."""
    return (child for child in element if isinstance(child.tag, str))


def text_of_element(element: Any) -> str:
    """All text below an element."""
    return "".join(element.itertext()).strip()
