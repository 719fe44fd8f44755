"""A parsed page: what CSS, XPath and labels select in it, as text.

A path is a CSS selector unless it says otherwise: `xpath://h1`, `css:h1`, `label:Location|Place`.
`.` is the entry itself, `::attr(id)` its own attribute, `> td` a child of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from cssselect import SelectorError
from lxml import etree
from parsel import Selector, SelectorList
from parsel.csstranslator import HTMLTranslator

from scrapers.parsing.labels import labelled
from scrapers.parsing.text import clean_lines, html_to_text, is_icon_name
from scrapers.source_specs import LABEL, LABELS_APART

XPATH: Final = "xpath:"
CSS: Final = "css:"
_ICON_TAGS: Final = ("i", "span", "em")
_QUOTED: Final = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{8000,}+")
_OWN_ATTRIBUTE: Final = re.compile(r"::attr\(\s*([\w:.-]+)\s*\)")
_BUTTON: Final = re.compile(r"</?button\b[^<>]*+>", re.IGNORECASE)
_MOST_ATTRIBUTES: Final = 1_000
_MOST_DROPPED: Final = 20_000
PathMistake = (SelectorError, etree.LxmlError, ValueError)
"""What a wrong selector raises."""


class PageError(ValueError):
    """The page cannot be read with the source's selectors; the message says why."""


def parse_page(html: str, drop: Sequence[str] = ()) -> Selector:
    """The page without the elements that `drop` selects; icons stay, without their names.

    Raises:
        PageError: the page cannot be parsed, or a selector is wrong.
    """
    check_tags(html)
    try:
        page = Selector(text=html, type="html")
        for path in drop:
            for found in select(page, path)[:_MOST_DROPPED]:
                _remove(found.root)
        _empty_icons(page.root)
    except PathMistake as error:
        raise PageError(f"{type(error).__name__}: {error}") from error
    return page


def check_tags(html: str) -> None:
    """Refuse a page whose parsing would take hours: the parser compares each attribute of a tag
    with all before it.

    Raises:
        PageError: a tag with more attributes than any has.
    """
    for tag in _LONG_TAG.finditer(html):
        count = len(_QUOTED.sub("", tag[0]).split())
        if count > _MOST_ATTRIBUTES:
            raise PageError(f"a tag with {count} attributes; at most {_MOST_ATTRIBUTES} are read")


def select(node: Selector, path: str) -> SelectorList[Selector]:
    """What `path` selects below `node`."""
    return node.xpath(as_xpath(path))


def texts_at(node: Selector, path: str) -> list[str]:
    """Texts and attributes that `path` selects; elements give their text, one line per block."""
    if path.startswith(LABEL):
        return labelled(node.root, path.removeprefix(LABEL).split(LABELS_APART))
    found = []
    for selected in select(node, path):
        text = selected.get()
        found.append(clean_lines(text) if isinstance(selected.root, str) else _shown(text))
    return found


def _shown(markup: str) -> str:
    """The text of an element. Words on a button are no content, unless there are no others: the
    headings of an accordion are buttons."""
    return html_to_text(markup) or html_to_text(_BUTTON.sub("", markup))


@lru_cache(maxsize=1024)
def as_xpath(path: str) -> str:
    """XPath of a path of either language, checked.

    Raises:
        SelectorError, XPathSyntaxError: the path is wrong.
    """
    if path.startswith(XPATH):
        written = path.removeprefix(XPATH).strip()
        etree.XPath(written)
        # A path that starts at the root of the page means: in this card.
        return f".{written}" if written.startswith("/") else written
    css = path.removeprefix(CSS).strip()
    if css == ".":
        return "."
    if attribute := _OWN_ATTRIBUTE.fullmatch(css):
        name = f"@{attribute[1]}"
        return f"self::*[{name}]/{name} | self::*[not({name})]//{name}"
    if css.startswith((">", "+", "~")):
        css = f":scope {css}"
    return str(HTMLTranslator().css_to_xpath(css, prefix="descendant-or-self::"))


def _empty_icons(root: Any) -> None:
    """Only the picture of an icon often tells what stands beside it: `p:has(.fa-building)`."""
    for element in root.iter(*_ICON_TAGS):
        shown = element.get("class") or ""
        if len(element) == 0 and is_icon_name(element.text or "", shown, element.tag):
            element.text = None


def _remove(element: Any) -> None:
    """Take an element out, keeping the text that follows it."""
    parent = element.getparent() if hasattr(element, "getparent") else None
    if parent is None or isinstance(element, str):
        return
    tail, before = element.tail or "", element.getprevious()
    if tail:
        if before is not None:
            before.tail = f"{before.tail or ''} {tail}"
        else:
            parent.text = f"{parent.text or ''} {tail}"
    parent.remove(element)
