"""Lao words that a line never breaks: provinces, months, the unit of pay. Pure.

Lao is written without spaces, and browsers end lines where their dictionary knows a word to end.
It knows few names: ຈຳປາສັກ was broken behind its first syllable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from dashboard.elements import Component, html
from dashboard.geography import provinces
from dashboard.language import MONTHS

CLASS: Final = "whole"
"""Style of what stands on one line."""
_UNITS: Final = ("ລ້ານກີບ",)
_TEXT_ALONE: Final = frozenset({"Option", "Title", "Textarea"})
"""Elements that hold no other ones."""


@cache
def words() -> re.Pattern[str]:
    """Any of the words, the longest that fits."""
    names = {held.name_lo for held in provinces().values()} | {*MONTHS["lo"], *_UNITS}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def in_html(text: str) -> str:
    """Text of HTML, already escaped, with its words whole."""
    return words().sub(rf'<span class="{CLASS}">\g<0></span>', text)


def is_as_it_is(component: Component) -> bool:
    """Whether nothing is marked within: it can hold no other element, or is marked already."""
    text_alone = getattr(component, "_type", "") in _TEXT_ALONE
    return text_alone or bool(getattr(component, "className", "") == CLASS)


def kept_whole(component: Component) -> Component:
    """A fresh tree of components with its words whole. Changes the tree."""
    if isinstance(component, str):
        return _parts(component)
    if isinstance(component, list | tuple):
        return _flat(kept_whole(each) for each in component)
    held = getattr(component, "children", None)
    if held is None or is_as_it_is(component):
        return component
    component.children = kept_whole(held)
    return component


def _flat(components: Iterable[Component]) -> list[Component]:
    """One list: Dash makes no elements of components in a list within a list."""
    flat: list[Component] = []
    for each in components:
        flat += each if isinstance(each, list) else [each]
    return flat


def _parts(text: str) -> Component:
    found: Sequence[str] = words().split(text)
    if len(found) == 1:
        return text
    marked = [html.Span(word, className=CLASS) for word in words().findall(text)]
    pieces = [each for pair in zip(found, [*marked, ""], strict=True) for each in pair]
    return [piece for piece in pieces if piece != ""]
