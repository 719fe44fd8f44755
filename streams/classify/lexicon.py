"""The Lao occupation lexicon: expressions with their ISCO-08 unit group, matched as words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from config.vocabulary import read_table
from streams.text import fold

_VARIANTS: Final = str.maketrans({"ຣ": "ລ", "ໃ": "ໄ", "\u0ecc": None, " ": None})
_SHORT: Final = (
    5  # letters; a shorter expression also occurs inside other words and needs a word edge
)


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

    def __init__(
        self, expressions: Mapping[str, tuple[str, float]], *, short: int = _SHORT
    ) -> None:
        """Build a lexicon from expression → (ISCO-08 code, confidence in [0, 1]).

        Spellings that fold alike are one expression; the first counts. Expressions of fewer than
        `short` letters need a word edge.
        """
        self._codes: dict[str, tuple[str, float]] = {}
        for text, entry in expressions.items():
            self._codes.setdefault(solid(text), entry)
        self._short = frozenset(solid(text) for text in expressions if len(text) < short)
        self._lengths = sorted({len(text) for text in self._codes}, reverse=True)

    def find(self, title: str) -> Match | None:
        """The longest expression in `title`, the earliest of equals; `None` where there is none."""
        text = solid(title)
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                expression = text[start : start + length]
                if expression in self._codes and self._counts(expression, title):
                    code, confidence = self._codes[expression]
                    return Match(
                        expression=expression,
                        isco08=code,
                        confidence=confidence,
                        whole=length == len(text),
                    )
        return None

    def _counts(self, expression: str, title: str) -> bool:
        """A short expression counts only as a word of `title` by ICU's Lao word breaking."""
        return expression not in self._short or expression in map(solid, words(title))


def solid(text: str) -> str:
    """`text` as the lexicon compares it: folded, one letter for each sound, without blanks.

    Lao is written with or without spaces between words; ຣ stands for ລ in loan words and ໃ for ໄ
    in careless spelling; the sign of a silent letter is often left out.
    """
    return fold(text).translate(_VARIANTS)


def words(text: str) -> frozenset[str]:
    """Words of Lao text by the Unicode rules and ICU's dictionary."""
    from icu4py.breakers import WordBreaker

    return frozenset(str(word) for word in WordBreaker(text, "lo"))


def load_lexicon(name: str = "occupations_lo.csv", *, short: int = _SHORT) -> Lexicon:
    """The shipped lexicon.

    Raises:
        ValueError: a row has no four-digit code or a confidence outside [0, 1].
    """
    return Lexicon(lexicon_entries(name), short=short)


def lexicon_entries(name: str = "occupations_lo.csv") -> dict[str, tuple[str, float]]:
    """Code and confidence of every expression of the shipped lexicon.

    Raises:
        ValueError: a row has no four-digit code or a confidence outside [0, 1].
    """
    return dict(_entries(name, read_table("lexicon", name)))


def _entries(name: str, rows: Iterable[dict[str, str]]) -> Iterable[tuple[str, tuple[str, float]]]:
    for number, row in enumerate(rows, start=2):
        confidence = float(row["confidence"])
        if not re.fullmatch(r"\d{4}", row["isco08"]) or not 0 <= confidence <= 1:
            raise ValueError(f"config/lexicon/{name}:{number}: expected a 4-digit code and a share")
        yield row["expression"], (row["isco08"], confidence)
