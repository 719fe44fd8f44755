"""The Lao occupation lexicon: expressions with their ISCO-08 unit group, matched as words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.vocabulary import read_table

_SHORT = 5  # letters; a shorter expression also occurs inside other words and needs a word edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An expression found in a title."""

    expression: str
    isco08: str
    confidence: float
    whole: bool
    """Whether the expression is all of the title."""


class Lexicon:
    """Finds the longest expression that a Lao title contains."""

    def __init__(self, expressions: Mapping[str, tuple[str, float]]) -> None:
        """Build a lexicon from expression → (ISCO-08 code, confidence in [0, 1])."""
        self._codes = {_solid(text): entry for text, entry in expressions.items()}
        longest_first = sorted(self._codes, key=len, reverse=True)
        # A look-ahead finds overlapping expressions: each position offers its longest.
        self._pattern = re.compile(f"(?=({'|'.join(map(re.escape, longest_first))}))")

    def find(self, title: str) -> Match | None:
        """The longest expression in `title`, the earliest of equals; `None` where there is none."""
        text = _solid(title)
        found = [
            (match.start(), match.group(1))
            for match in self._pattern.finditer(text)
            if len(match.group(1)) >= _SHORT or _stands_alone(title, match.group(1))
        ]
        if not found:
            return None
        _, expression = max(found, key=lambda hit: (len(hit[1]), -hit[0]))
        code, confidence = self._codes[expression]
        return Match(
            expression=expression,
            isco08=code,
            confidence=confidence,
            whole=len(expression) == len(text),
        )


def _solid(text: str) -> str:
    """Lao is written with or without spaces between words: compare without."""
    return text.replace(" ", "").casefold()


def _stands_alone(title: str, expression: str) -> bool:
    """Whether `expression` is a word of `title` by ICU's Lao word breaking."""
    return expression in words(title)


def words(text: str) -> frozenset[str]:
    """Words of Lao text by the Unicode rules and ICU's dictionary."""
    from icu4py.breakers import WordBreaker

    return frozenset(str(word) for word in WordBreaker(text, "lo"))


def load_lexicon(name: str = "occupations_lo.csv") -> Lexicon:
    """The shipped lexicon.

    Raises:
        ValueError: a row has no four-digit code or a confidence outside [0, 1].
    """
    return Lexicon(dict(_entries(name, read_table("lexicon", name))))


def _entries(name: str, rows: Iterable[dict[str, str]]) -> Iterable[tuple[str, tuple[str, float]]]:
    for number, row in enumerate(rows, start=2):
        confidence = float(row["confidence"])
        if not re.fullmatch(r"\d{4}", row["isco08"]) or not 0 <= confidence <= 1:
            raise ValueError(f"config/lexicon/{name}:{number}: expected a 4-digit code and a share")
        yield row["expression"], (row["isco08"], confidence)
