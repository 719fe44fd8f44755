"""Names of occupations in both languages, and finding a code by code, Lao or English words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from config.vocabulary import occupations, read_table
from streams.classify.retrieval import known_titles

_MOST_FOUND: Final = 10
_LONGEST_QUERY: Final = 100
_PERSONS: Final = ("ນັກ", "ຊ່າງ", "ຄົນ", "ພະນັກງານ", "ຜູ້", "ແມ່", "ຄູ", "ທ່ານ")
"""How Lao words for people at work begin."""
_WHOLE, _START, _NAME = 3.0, 1.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """A unit group with its names."""

    code: str
    name_en: str
    name_lo: str
    """The group's Lao name, else the most typical Lao expression known for it, else ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A unit group that a search found, and the words by which."""

    occupation: Occupation
    by: str


@cache
def occupation(code: str) -> Occupation:
    """The unit group of a code; a code of no list has no names."""
    label = occupations().get(code)
    if label is None:
        return Occupation(code=code, name_en="", name_lo="")
    lao = label.name_lo or typical(lao_expressions().get(code, ()))
    return Occupation(code=code, name_en=label.name_en, name_lo=lao)


def typical(expressions: Sequence[str]) -> str:
    """The expression that most others are longer forms of; one for a person before one for work."""
    persons = [one for one in expressions if one.startswith(_PERSONS)] or [*expressions]
    return max(
        persons,
        key=lambda one: (sum(one in other for other in expressions), -len(one), one),
        default="",
    )


def is_unit_group(code: str) -> bool:
    """Whether it is an ISCO-08 code of four digits."""
    return len(code) == 4 and code in occupations()


@cache
def lao_expressions() -> dict[str, tuple[str, ...]]:
    """Lao expressions of the lexicon by code."""
    found: dict[str, list[str]] = {}
    for row in read_table("lexicon", "occupations_lo.csv"):
        found.setdefault(row["isco08"], []).append(row["expression"])
    return {code: tuple(each) for code, each in found.items()}


def search(query: str) -> list[Found]:
    """Unit groups by a code or its beginning, or by words in Lao or English; the best first.

    Every word must occur in one name or known title of the group; Lao is compared without spaces.
    """
    asked = _folded(query[:_LONGEST_QUERY])
    if not asked:
        return []
    if asked.isascii() and asked.isdigit():
        codes = [code for code in sorted(occupations()) if len(code) == 4]
        found = [code for code in codes if code.startswith(asked)][:_MOST_FOUND]
        return [Found(occupation=occupation(code), by=code) for code in found]
    words = [_solid(word) for word in asked.split()]
    best: dict[str, tuple[float, str]] = {}
    for text, solid, code, weight in _entries():
        if all(word in solid for word in words):
            score = weight + _closeness(asked, text)
            if score > best.get(code, (0.0, ""))[0]:
                best[code] = (score, text)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:_MOST_FOUND]
    return [Found(occupation=occupation(code), by=text) for code, (_, text) in ranked]


def _closeness(asked: str, text: str) -> float:
    """How much of a name was asked for; more where it is all of it, or its beginning."""
    bonus = _WHOLE if text == asked else _START if text.startswith(asked) else 0.0
    return bonus + len(asked) / max(len(text), len(asked))


@cache
def _entries() -> Sequence[tuple[str, str, str, float]]:
    """(text, text without spaces, code, weight) of every name of every unit group."""
    return [(text, _solid(text), code, weight) for text, code, weight in _named()]


def _named() -> Iterator[tuple[str, str, float]]:
    for code, label in occupations().items():
        if len(code) == 4:
            yield _folded(label.name_en), code, _NAME
            if label.name_lo:
                yield _folded(label.name_lo), code, _NAME
    for code, expressions in lao_expressions().items():
        for expression in expressions:
            yield _folded(expression), code, _NAME
    for title, code, *_ in known_titles():
        yield _folded(title), code, 0.0


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _solid(text: str) -> str:
    return text.replace(" ", "")
