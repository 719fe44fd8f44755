"""Raw fields: what a reader found, before anything is validated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from scrapers.source_specs import FieldRule, FieldRules

RawFields = dict[str, str]
"""Field name (as in a source's YAML) → text or HTML as it stood at the source; never empty."""

Lookup = Callable[[str], Sequence[str]]
"""Path → every text found there, in order."""


def read_fields(rules: FieldRules, lookup: Lookup) -> RawFields:
    """Every field that has a value under its rule."""
    fields: RawFields = {}
    for name, rule in rules.items():
        value = read_field(rule, lookup)
        if value:
            fields[name] = value
    return fields


def read_field(rule: FieldRule, lookup: Lookup) -> str:
    """The value of one rule; "" where nothing is found or the pattern does not match."""
    found = [_joined(lookup(path), rule.join) for path in rule.lookups]
    if len(found) == 1 and not rule.template:
        value = found[0]
    elif rule.template:
        value = rule.template.format(*found) if any(found) else ""
    elif rule.pick == "first":
        value = next((text for text in found if text), "")
    else:
        value = rule.join.join(text for text in found if text)
    if rule.pattern and value:
        match = _compiled(rule.pattern).search(value)
        value = (match[1] if match.re.groups else match[0]) or "" if match else ""
    return value.strip() or rule.value


def merged(*layers: Mapping[str, str]) -> RawFields:
    """Fields of all layers; an earlier layer wins where it has a value."""
    fields: RawFields = {}
    for layer in reversed(layers):
        fields.update({name: value for name, value in layer.items() if value})
    return fields


def match_id(pattern: str, url: str) -> str:
    """The posting's id in its address: group `id`, else the match; "" if it is no advert's."""
    if not pattern:
        return url
    match = _compiled(pattern).search(url)
    if match is None:
        return ""
    return match["id"] if "id" in match.re.groupindex else match[0]


def _joined(texts: Sequence[str], separator: str) -> str:
    if len(texts) == 1:
        return texts[0].strip()
    return separator.join(text.strip() for text in texts if text and not text.isspace())


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
