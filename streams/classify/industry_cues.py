"""Words that tell an industry (`config/lexicon/industry_cues.csv`), found in names and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from config.vocabulary import industries, read_table
from streams.classify.phrases import Phrases
from streams.text import fold

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_OF: Final = re.compile(r"\b(?:of|for)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A word found, and the ISIC section (letter) or division (two digits) that it speaks for."""

    isic: str
    word: str
    start: int
    end: int


class Cues:
    """Finds the words of one scope; of overlapping ones the first, and there the longest."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words`: folded word → ISIC section or division."""
        self._codes = words
        self._phrases = Phrases(words)

    def find(self, folded: str) -> list[Cue]:
        """Cues in a folded text, in order, not overlapping."""
        return [
            Cue(isic=self._codes[word], word=word, start=start, end=start + len(word))
            for start, word in self._phrases.longest(folded)
        ]


def head_of(cues: Sequence[Cue], folded: str) -> Cue | None:
    """The cue that says what a name names; `None` without cues.

    English and Chinese put it last, before any "of" ("Ministry of Transport" is a ministry); Lao,
    Thai and Vietnamese first.
    """
    if not cues:
        return None
    first = cues[0]
    if _CHINESE.search(first.word):
        return cues[-1]
    if not first.word.isascii():
        return first
    inside = [(cue.start, cue.end) for cue in cues]
    limits = [
        found.start()
        for found in _OF.finditer(folded)
        if not any(start <= found.start() < end for start, end in inside)
    ]
    before = [cue for cue in cues if not limits or cue.start < limits[0]]
    return (before or cues)[-1]


@cache
def cues_of(scope: str) -> Cues:
    """The shipped cues: `any` text, or names of an `employer` known to the public.

    Raises:
        ValueError: a row's code is no section or division of ISIC.
    """
    return Cues(dict(_words(scope)))


def _words(scope: str) -> Iterable[tuple[str, str]]:
    for number, row in enumerate(read_table("lexicon", "industry_cues.csv"), start=2):
        if row["isic"] not in industries():
            raise ValueError(f"industry_cues.csv:{number}: no ISIC code {row['isic']!r}")
        if row["scope"] == scope:
            yield from ((fold(word), row["isic"]) for word in row["words"].split("|"))
