"""Cards of an HTML listing and fields of an HTML page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final

from parsel import Selector, SelectorList

from scrapers.parsing.fields import Lookup, RawFields, read_fields
from scrapers.parsing.page import PageError, PathMistake, parse_page, select, texts_at
from scrapers.source_specs import FieldRules

_MOST_CARDS: Final = 5_000
_MOST_AROUND: Final = 8
_FURTHEST: Final = 200

__all__ = ["PageError", "page_fields", "read_cards"]


def read_cards(
    page: Selector | str,
    items: str,
    rules: FieldRules,
    keep: Callable[[Lookup], bool] = lambda _lookup: True,
) -> list[RawFields]:
    """Fields of each card that `keep` wants; cards in which nothing is found are left out.

    Raises:
        PageError: the page cannot be parsed, a selector is wrong, or there are more cards, or cards
            in cards, than any page has.
    """
    parsed = parse_page(page) if isinstance(page, str) else page
    try:
        cards = select(parsed, items)
        _check(cards)
        lookups = [_lookup_in(card) for card in cards]
        found = [read_fields(rules, lookup) for lookup in lookups if keep(lookup)]
    except PathMistake as error:
        raise PageError(f"{type(error).__name__}: {error}") from error
    return [fields for fields in found if fields]


def _check(cards: SelectorList[Selector]) -> None:
    """Cards that are never closed lie in each other, and each would be read with all behind it."""
    if len(cards) > _MOST_CARDS:
        raise PageError(f"{len(cards)} cards on a page; at most {_MOST_CARDS} are read")
    roots = {card.root for card in cards}
    for card in cards:
        if isinstance(card.root, str):
            return
        around = islice(card.root.iterancestors(), _FURTHEST)
        if sum(ancestor in roots for ancestor in around) > _MOST_AROUND:
            raise PageError(f"cards in cards, more than {_MOST_AROUND} deep")


def page_fields(page: Selector | str, rules: FieldRules) -> RawFields:
    """Fields of a whole page.

    Raises:
        PageError: the page cannot be parsed, or a selector is wrong.
    """
    if not rules:
        return {}
    parsed = parse_page(page) if isinstance(page, str) else page
    try:
        return read_fields(rules, _lookup_in(parsed))
    except PathMistake as error:
        raise PageError(f"{type(error).__name__}: {error}") from error


def _lookup_in(node: Selector) -> Lookup:
    return lambda path: texts_at(node, path)
