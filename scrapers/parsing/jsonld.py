"""Every schema.org JobPosting of a page's JSON-LD, in every shape that sites write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scrapers.parsing.repair import RepairError, repaired_json

# A tag spans no "<" and an end is sought once, so that hostile pages take linear time.
_OPENING: Final = re.compile(r"<script\b([^<>]*+)>", re.IGNORECASE)
_IS_JSONLD: Final = re.compile(r"\btype\s*=\s*[\"']?\s*application/ld\+json", re.IGNORECASE)
_CLOSING: Final = re.compile(r"</script\s*>", re.IGNORECASE)
_VOCABULARY: Final = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)")
_DEEPEST: Final = 24
_MOST_NODES: Final = 50_000
_MOST_PUT_IN: Final = 2_000
"""References resolved for one posting: nodes that name each other must not grow without end."""

Node = dict[str, Any]
"""A node of linked data: properties without the vocabulary's prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLd:
    """What the JSON-LD blocks of one page hold."""

    postings: tuple[Node, ...]
    """Nodes of type JobPosting, in page order, references within the page resolved."""
    invalid: tuple[str, ...]
    """For each unreadable block, why."""


def read_jsonld(html: str) -> JsonLd:
    """Every JobPosting node of a page: any block, `@graph`, arrays, nested; never raises."""
    values: list[Any] = []
    invalid: list[str] = []
    for number, block in enumerate(_blocks(html), start=1):
        try:
            values.append(repaired_json(block))
        except RepairError as error:
            invalid.append(f"block {number}: {error}")
    return JsonLd(postings=tuple(find_postings(values)), invalid=tuple(invalid))


def _blocks(html: str) -> Iterator[str]:
    """The content of each JSON-LD script."""
    position = 0
    while opening := _OPENING.search(html, position):
        position = opening.end()
        if not _IS_JSONLD.search(opening[1]):
            continue
        closing = _CLOSING.search(html, position)
        if closing is None:  # the last one may have lost its end
            yield html[position:]
            return
        yield html[position : closing.start()]
        position = closing.end()


def find_postings(value: Any) -> list[Node]:
    """JobPosting nodes anywhere in linked data, each once, with what they refer to put in place."""
    plain = _plain(value)
    named = dict(_named(plain))
    found: dict[int, Node] = {}
    for node in _job_postings(plain):
        resolved = _References(named).resolved(node, frozenset())
        found.setdefault(id(node), resolved)
    complete = [node for node in found.values() if len(node) > _properties_of_a_reference(node)]
    return _distinct(complete)


def is_job_posting(node: Mapping[str, Any]) -> bool:
    """Whether the node's type is schema.org's JobPosting, in short or full form."""
    types = node.get("@type", ())
    names = types if isinstance(types, list) else [types]
    return any(
        isinstance(name, str) and re.split(r"[/:#]", name)[-1].casefold() == "jobposting"
        for name in names
    )


def _plain(value: Any, depth: int = 0) -> Any:
    """The value without the vocabulary's prefixes and without what is nested too deeply."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        named = {_VOCABULARY.sub("", str(key)): item for key, item in value.items()}
        return {key: _plain(item, depth + 1) for key, item in named.items()}
    return value


def _nodes(value: Any) -> Iterator[Node]:
    """Every node, the outer before the inner, in page order."""
    waiting, count = [value], 0
    while waiting and count < _MOST_NODES:
        count += 1
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting.extend(reversed(list(current.values())))
        elif isinstance(current, list):
            waiting.extend(reversed(current))


def _named(value: Any) -> Iterator[tuple[str, Node]]:
    """Nodes that have an `@id` and say more than it; a later, fuller one replaces an earlier."""
    sizes: dict[str, int] = {}
    for node in _nodes(value):
        name = node.get("@id")
        if isinstance(name, str) and len(node) > max(1, sizes.get(name, 0)):
            sizes[name] = len(node)
            yield name, node


def _job_postings(value: Any) -> Iterator[Node]:
    """Postings, with the owner put in where they stand in the owner's `@reverse`."""
    for node in _nodes(value):
        if is_job_posting(node):
            yield node
        reverse = node.get("@reverse")
        if isinstance(reverse, dict):
            owner = {key: item for key, item in node.items() if key != "@reverse"}
            for name, holders in reverse.items():
                for holder in holders if isinstance(holders, list) else [holders]:
                    if isinstance(holder, dict) and is_job_posting(holder):
                        holder.setdefault(name, owner)


class _References:
    """Puts what the page says of a node in place of `{"@id": …}`, up to a limit."""

    def __init__(self, named: Mapping[str, Node]) -> None:
        self._named = named
        self._left = _MOST_PUT_IN

    def resolved(self, node: Node, above: frozenset[str]) -> Node:
        """The node with its references resolved; `above` are the names it stands within."""
        return {key: self._of(value, above) for key, value in node.items() if key != "@reverse"}

    def _of(self, value: Any, above: frozenset[str]) -> Any:
        if isinstance(value, list):
            return [self._of(item, above) for item in value]
        if not isinstance(value, dict):
            return value
        name = value.get("@id")
        if isinstance(name, str) and name in self._named and name not in above and self._left:
            self._left -= 1
            value = {**self._named[name], **value}
            above = above | {name}
        return self.resolved(value, above) if len(above) < _DEEPEST else value


def _properties_of_a_reference(node: Node) -> int:
    """How many of its properties only say what it is and where."""
    return sum(name in node for name in ("@id", "@type", "@context"))


def _distinct(nodes: list[Node]) -> list[Node]:
    """Each posting once: pages repeat the same node in several blocks."""
    return list({repr(node): node for node in nodes}.values())
