"""An advert's text with the words marked that speak for its codes. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from dashboard.coding.naming import lao_expressions
from streams.classify.retrieval import known_titles

_LATIN_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9+#&'-]+")
_COMMON: Final = frozenset(
    ("a", "and", "at", "for", "in", "of", "on", "or", "other", "the", "to", "with")
)


class Kind(StrEnum):
    """What marked words speak for."""

    OCCUPATION = "occupation"
    SKILL = "skill"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Marked characters [start, end) of a text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text that is marked, or not."""

    text: str
    kind: Kind | None = None


def occupation_words(text: str, codes: Collection[str], *, latin: bool = True) -> list[Span]:
    """Where `text` says one of the occupations: Lao expressions, and words of known titles.

    Args:
        latin: also single English words; in a description they occur everywhere.
    """
    expressions = sorted(
        {one for code in codes for one in lao_expressions().get(code, ())}, key=len, reverse=True
    )
    spans = []
    if expressions:
        pattern = re.compile("|".join(map(re.escape, expressions)))
        spans = [_span(found, Kind.OCCUPATION) for found in pattern.finditer(text)]
    if not latin:
        return spans
    words = frozenset().union(*(_title_words().get(code, frozenset()) for code in codes))
    named = (found for found in _LATIN_WORD.finditer(text) if found[0].casefold() in words)
    return [*spans, *(_span(found, Kind.OCCUPATION) for found in named)]


def skill_words(length: int, starts: Sequence[int], ends: Sequence[int]) -> list[Span]:
    """Spans of skills that lie within a text of so many characters."""
    return [
        Span(start=start, end=end, kind=Kind.SKILL)
        for start, end in zip(starts, ends, strict=True)
        if 0 <= start < end <= length
    ]


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text in order, cut at the marks; of overlapping marks the first and longest holds."""
    found: list[Piece] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start < at:
            continue
        found.append(Piece(text=text[at : span.start]))
        found.append(Piece(text=text[span.start : span.end], kind=span.kind))
        at = span.end
    found.append(Piece(text=text[at:]))
    return [piece for piece in found if piece.text]


def marked(
    title: str, description: str, codes: Collection[str], skills: Sequence[Span]
) -> tuple[list[Piece], list[Piece]]:
    """Title and description with their marks.

    Args:
        skills: in title, line break, description, as coders count (`streams.codes.Skill`).
    """
    begin = len(title) + 1
    in_title = [span for span in skills if span.end <= len(title)]
    below = [
        Span(start=span.start - begin, end=span.end - begin, kind=span.kind)
        for span in skills
        if span.start >= begin
    ]
    said = occupation_words(description, codes, latin=False)
    return (
        pieces(title, [*occupation_words(title, codes), *in_title]),
        pieces(description, [*said, *below]),
    )


def _span(found: re.Match[str], kind: Kind) -> Span:
    return Span(start=found.start(), end=found.end(), kind=kind)


@cache
def _title_words() -> dict[str, frozenset[str]]:
    """Words of the known English titles of each unit group."""
    words: dict[str, set[str]] = {}
    for title, code, *_ in known_titles():
        each = {word for word in title.casefold().split() if word not in _COMMON}
        words.setdefault(code, set()).update(each)
    return {code: frozenset(each) for code, each in words.items()}
