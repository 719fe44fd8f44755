"""`label:` paths in mark-up or text that stands in a feed's or a JSON answer's value."""

from __future__ import annotations

from scrapers.parsing.labels import in_lines, labelled
from scrapers.parsing.page import PageError, parse_page
from scrapers.parsing.text import html_to_text, unescaped
from scrapers.source_specs import LABEL, LABELS_APART


def labelled_text(markup: str, path: str) -> list[str]:
    """The value beside a label in HTML (escaped or not) or in plain lines."""
    labels = path.removeprefix(LABEL).split(LABELS_APART)
    plain = unescaped(markup)
    if "<" in plain:
        try:
            return labelled(parse_page(plain).root, labels)
        except PageError:
            pass  # mark-up that cannot be parsed is still text
    lines = html_to_text(plain).split("\n")
    return [value for value in (in_lines(lines, label) for label in labels) if value][:1]
