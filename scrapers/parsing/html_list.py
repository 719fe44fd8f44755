"""Cards of an HTML listing and fields of an HTML page, by CSS selectors."""

from __future__ import annotations

from collections.abc import Sequence

from cssselect import SelectorError
from lxml import etree
from parsel import Selector

from scrapers.parsing.fields import RawFields, read_fields
from scrapers.parsing.text import clean_lines, html_to_text
from scrapers.source_specs import FieldRules


class PageError(ValueError):
    """The page cannot be read with the source's selectors; the message says why."""


def read_cards(html: str, items: str, rules: FieldRules) -> list[RawFields]:
    """Fields of each card; cards in which nothing is found are left out.

    Raises:
        PageError: the page cannot be parsed, or a selector is wrong.
    """
    try:
        cards = Selector(text=html, type="html").css(items)
        found = [read_fields(rules, lambda path, card=card: _texts(card, path)) for card in cards]  # type: ignore[misc]
    except (SelectorError, etree.LxmlError, ValueError) as error:
        raise PageError(f"{type(error).__name__}: {error}") from error
    return [fields for fields in found if fields]


def page_fields(html: str, rules: FieldRules) -> RawFields:
    """Fields of a whole page.

    Raises:
        PageError: the page cannot be parsed, or a selector is wrong.
    """
    try:
        page = Selector(text=html, type="html")
        return read_fields(rules, lambda path: _texts(page, path))
    except (SelectorError, etree.LxmlError, ValueError) as error:
        raise PageError(f"{type(error).__name__}: {error}") from error


def _texts(node: Selector, path: str) -> Sequence[str]:
    """Texts or attributes that `path` selects; a bare selector gives the elements' text."""
    selected = node.css(path)
    if "::" in path:
        return [clean_lines(text) for text in selected.getall()]
    return [html_to_text(markup) for markup in selected.getall()]
