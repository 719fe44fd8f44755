"""The value that stands beside a label: `<dt>`, `<th>`, neighbouring elements, `Label: value`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from lxml import etree

from scrapers.parsing.text import clean_line, html_to_text

_ENDS: Final = " \t:：﹕–—-*•·|#."
_COLONS: Final = " :：﹕"
"""A cell between label and value holds nothing else."""
# Letters and digits may be followed by marks (Lao and Thai vowels), which belong to them.
_AROUND: Final = re.compile(r"^[^\w\u0e80-\u0eff\u0e00-\u0e7f]+|[^\w\u0e80-\u0eff\u0e00-\u0e7f]+$")
_LONGEST_LABEL: Final = 80
_MOST_ELEMENTS: Final = 30_000
_MOST_PARTS: Final = 40
_DEEPEST_LABEL: Final = 6
"""Elements within an element that is a label."""
_SKIPPED: Final = frozenset({"script", "style", "noscript", "template", "head", "option"})
_CELLS: Final = frozenset({"td", "th"})


def labelled(node: Any, labels: Sequence[str]) -> list[str]:
    """Texts of the value beside the first of `labels` that stands in `node` with a value.

    A label matches whatever its case and the punctuation around it. Read are, in this order: the
    element that holds the label alone (a definition, a table's head or cell, a caption) and what
    follows it, then lines of the form "Label: value".
    """
    wanted = [label for label in map(_plain, labels) if label]
    elements = list(_short_elements(node))
    lines: list[str] | None = None
    for label in wanted:
        for element, text in elements:
            if text == label and (value := _beside(element, node)):
                return [value]
        if lines is None:
            lines = html_to_text(_markup(node)).split("\n")
        if value := in_lines(lines, label):
            return [value]
    return []


def in_lines(lines: Sequence[str], label: str) -> str:
    """What follows `label` and a colon in a line, or the line after a line that is the label."""
    for number, line in enumerate(lines):
        head, mark, tail = _parted(line)
        if mark and _plain(head) == _plain(label):
            if tail:
                return tail
            return next((rest for rest in lines[number + 1 : number + 3] if rest.strip()), "")
    return ""


def _parted(line: str) -> tuple[str, str, str]:
    match = re.match(r"([^:：]{1,80}?)\s*([:：]|\s[–—-]\s)\s*(.*)", line)
    return (match[1], match[2], match[3].strip()) if match else ("", "", "")


def _plain(text: str) -> str:
    """The words of a label: whatever bullets, pictures and punctuation stand around them."""
    line = clean_line(unicodedata.normalize("NFKC", text))
    return _AROUND.sub("", line).casefold()


def _short_elements(node: Any) -> Iterator[tuple[Any, str]]:
    """Elements whose whole text could be a label, the innermost first among equals."""
    found = []
    for count, element in enumerate(node.iter(etree.Element)):
        if count > _MOST_ELEMENTS:
            break
        if element.tag in _SKIPPED or element is node or _holds_much(element):
            continue
        text = _text(element, _LONGEST_LABEL)
        if text:
            found.append((element, _plain(text)))
    yield from reversed(found)


def _holds_much(element: Any) -> bool:
    """Whether too many elements stand within it for a label."""
    return next(islice(element.iterdescendants(), _DEEPEST_LABEL, None), None) is not None


def _text(element: Any, longest: int) -> str:
    """The element's text if it is at most so long, else ""."""
    parts, length = [], 0
    for count, part in enumerate(element.itertext(with_tail=False)):
        length += len(part.strip())
        if length > longest or count > _MOST_PARTS:
            return ""
        parts.append(part)
    return "".join(parts).strip()


def _beside(element: Any, within: Any) -> str:
    if element.tag == "dt":
        return _definitions(element)
    if element.tag in _CELLS:
        return _cells(element)
    value = _after(element)
    while not value and (parent := element.getparent()) is not None and parent is not within:
        if _plain(_text(parent, _LONGEST_LABEL)) != _plain(_text(element, _LONGEST_LABEL)):
            return ""
        if parent.tag == "dt":
            return _definitions(parent)
        if parent.tag in _CELLS:
            return _cells(parent)
        element, value = parent, _after(parent)
    return value


def _definitions(term: Any) -> str:
    """Every `<dd>` up to the next term."""
    values = []
    for sibling in term.itersiblings():
        if sibling.tag == "dt":
            break
        if sibling.tag == "dd":
            values.append(_shown(sibling))
    return "\n".join(filter(None, values))


def _cells(cell: Any) -> str:
    """The next cell of the row; below a heading of a column, the first cell of that column."""
    row = cell.getparent()
    if row is None:
        return ""
    cells = [other for other in row if other.tag in _CELLS]
    below = _rows_below(row) if all(other.tag == "th" for other in cells) else []
    if not below:
        shown = map(_shown, cell.itersiblings(*_CELLS))
        return next((text for text in shown if text.strip(_COLONS)), "")
    column = cells.index(cell)
    first = [other for other in below[0] if other.tag in _CELLS]
    return _shown(first[column]) if column < len(first) else ""


def _rows_below(row: Any) -> list[Any]:
    rows = [sibling for sibling in row.itersiblings() if sibling.tag == "tr"]
    group = row.getparent()
    if not rows and group is not None and group.tag == "thead":
        rows = [tr for body in group.itersiblings() for tr in body.iter("tr")]
    return rows


def _after(element: Any) -> str:
    """Text after an element within its parent, up to a line break or the next such element."""
    parts = [element.tail or ""]
    for sibling in element.itersiblings():
        if not isinstance(sibling.tag, str):
            parts.append(sibling.tail or "")
            continue
        alike = sibling.tag == element.tag and sibling.get("class") == element.get("class")
        if (sibling.tag in ("br", "hr") or alike) and _plain("".join(parts)):
            break
        if alike and element.get("class"):
            break
        parts += [_shown(sibling), sibling.tail or ""]
        if _plain("".join(parts)):
            break
    return clean_line(" ".join(parts)).lstrip(_ENDS)


def _shown(element: Any) -> str:
    return html_to_text(_markup(element, with_tail=False))


def _markup(element: Any, *, with_tail: bool = False) -> str:
    return etree.tostring(element, encoding="unicode", method="html", with_tail=with_tail)
