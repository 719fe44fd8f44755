"""Cards of an HTML listing and fields of an HTML page."""

from __future__ import annotations

from collections.abc import Callable

from parsel import Selector

from scrapers.parsing.fields import Lookup, RawFields, read_fields
from scrapers.parsing.page import PageError, PathMistake, parse_page, select, texts_at
from scrapers.source_specs import FieldRules

__all__ = ["PageError", "page_fields", "read_cards"]


def read_cards(
    page: Selector | str,
    items: str,
    rules: FieldRules,
    keep: Callable[[Lookup], bool] = lambda _lookup: True,
) -> list[RawFields]:
    """Fields of each card that `keep` wants; cards in which nothing is found are left out.

    Raises:
        PageError: the page cannot be parsed, or a selector is wrong.
    """
    parsed = parse_page(page) if isinstance(page, str) else page
    try:
        lookups = [_lookup_in(card) for card in select(parsed, items)]
        found = [read_fields(rules, lookup) for lookup in lookups if keep(lookup)]
    except PathMistake as error:
        raise PageError(f"{type(error).__name__}: {error}") from error
    return [fields for fields in found if fields]


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
