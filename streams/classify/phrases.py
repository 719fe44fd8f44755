"""Many phrases found in one pass over a folded text: Latin ones as words, others anywhere.

A pattern of a thousand alternatives tries each at every letter; here the first word (or, where a
script writes no spaces, the first two signs) says which few phrases can begin at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_UNSPACED: Final = re.compile("[\u0e01-\u0e7f\u0e81-\u0eff\u4e00-\u9fff]")
Place = tuple[int, str]
"""Where a phrase begins in the text, and the phrase."""


class Phrases:
    """Finds folded phrases (`streams.text.fold`)."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._by_signs: dict[str, list[str]] = {}
        for phrase in sorted(set(phrases), key=lambda each: (-len(each), each)):
            if _UNSPACED.search(phrase):
                self._by_signs.setdefault(phrase[:2], []).append(phrase)
            elif phrase:
                self._by_word.setdefault(phrase.split()[0], []).append(phrase)

    def every(self, folded: str) -> list[Place]:
        """All phrases that occur, overlapping ones too, in order; longer before shorter."""
        places = [*self._words(folded)]
        if not folded.isascii():
            places += self._signs(folded)
            places.sort(key=lambda place: (place[0], -len(place[1])))
        return places

    def longest(self, folded: str) -> list[Place]:
        """Phrases that do not overlap: from the left, of those at one place the longest."""
        kept: list[Place] = []
        end = 0
        for start, phrase in self.every(folded):
            if start >= end:
                kept.append((start, phrase))
                end = start + len(phrase)
        return kept

    def _words(self, folded: str) -> Iterator[Place]:
        start = 0
        for word in folded.split(" "):
            for phrase in self._by_word.get(word, ()):
                end = start + len(phrase)
                if folded.startswith(phrase, start) and folded[end : end + 1] in ("", " "):
                    yield start, phrase
            start += len(word) + 1

    def _signs(self, folded: str) -> Iterator[Place]:
        for match in _UNSPACED.finditer(folded):
            start = match.start()
            for phrase in self._by_signs.get(folded[start : start + 2], ()):
                if folded.startswith(phrase, start):
                    yield start, phrase
