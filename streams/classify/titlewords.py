"""What single words of a title say of the coarse group, above all its head: "manager", "clerk".

For a word w and groups g of one and two digits: ln(P(g | w) / P(g)), from the titles of ESCO, the
ILO index and O*NET that hold the word, shrunk to the coarser level by 20 titles' weight. The head
("sales manager of ...": manager) and the other words are evidence of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from streams.classify.groups import Scores, coarser, position_of, sums

_SHRINK: Final = 20.0
_AFTER_HEAD: Final = re.compile(r"\b(?:of|to|with|and)\b|[/&]")
_LINKS: Final = frozenset(("and", "the", "of", "for", "with"))
_SHORTEST: Final = 3
_MOST_CACHED: Final = 50_000

Known = tuple[str, str, float]
"""A title with its unit group and trust."""
_Levels = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordScores:
    """Log odds per unit group: of the head and of the other words, at one and at two digits."""

    head_major: Scores
    head_sub: Scores
    words_major: Scores
    words_sub: Scores


class TitleWords:
    """Words of known titles with the groups of the titles that hold them."""

    def __init__(self, titles: Iterable[Known]) -> None:
        at = position_of()
        self._at = at
        self._titles = [row for row in titles if row[1] in at]
        self._heads: dict[str, list[int]] = defaultdict(list)
        self._words: dict[str, list[int]] = defaultdict(list)
        for number, (title, _, _) in enumerate(self._titles):
            words = title.split()
            if head := _last(title):
                self._heads[head].append(number)
            for word in dict.fromkeys(words):
                self._words[word].append(number)
        everything = self._counts(range(len(self._titles)))
        self._share1 = sums(everything, 1) / everything.sum()
        self._share2 = sums(everything, 2) / everything.sum()
        names2, _ = coarser(2)
        names1, _ = coarser(1)
        self._major_of_sub = np.array([names1.index(name[0]) for name in names2])
        self._cache: dict[tuple[str, bool], _Levels] = {}

    def scores(
        self, titles: Sequence[str], hidden: Sequence[Collection[Known]] | None = None
    ) -> WordScores:
        """Log odds for tidy English titles; all zero where no word is known.

        Args:
            hidden: for each title, known titles that are not to count: they measure how well
                titles are coded that nobody has seen.
        """
        out = [np.zeros((len(titles), size)) for size in (10, 43, 10, 43)]
        for row, title in enumerate(titles):
            without = frozenset(hidden[row]) if hidden is not None else frozenset()
            head = self.head(title)
            for level, values in enumerate(self._levels(head, True, without)):
                out[level][row] += values
            for word in dict.fromkeys(title.split()):
                if word != head and len(word) >= _SHORTEST and word not in _LINKS:
                    for level, values in enumerate(self._levels(word, False, without)):
                        out[2 + level][row] += values
        _, major = coarser(1)
        _, sub = coarser(2)
        spreads = [
            values[:, own].astype(np.float32)
            for values, own in zip(out, (major, sub, major, sub), strict=True)
        ]
        return WordScores(
            head_major=spreads[0],
            head_sub=spreads[1],
            words_major=spreads[2],
            words_sub=spreads[3],
        )

    def head(self, title: str) -> str:
        """The word that says what kind of worker a title means, in the singular; "" if none."""
        return self.singular(_last(title))

    def headiness(self, word: str) -> int:
        """How many known titles have `word` as their head."""
        return len(self._heads.get(word, ()))

    def singular(self, word: str) -> str:
        """`word`, or its singular where that is the head of known titles."""
        if word.endswith("ies") and word[:-3] + "y" in self._heads:
            return word[:-3] + "y"
        if word.endswith("s") and not word.endswith("ss") and word[:-1] in self._heads:
            return word[:-1]
        return word

    def _levels(self, word: str, as_head: bool, without: frozenset[Known]) -> _Levels:
        key = (word, as_head)
        if not without and (known := self._cache.get(key)) is not None:
            return known
        table: Mapping[str, list[int]] = self._heads if as_head else self._words
        numbers = table.get(word, ())
        if without:
            numbers = [n for n in numbers if self._titles[n] not in without]
        levels = self._log_odds(self._counts(numbers))
        if not without and len(self._cache) < _MOST_CACHED:
            self._cache[key] = levels
        return levels

    def _counts(self, numbers: Iterable[int]) -> NDArray[np.float64]:
        counts = np.zeros(len(self._at))
        for number in numbers:
            _, code, trust = self._titles[number]
            counts[self._at[code]] += trust
        return counts

    def _log_odds(self, counts: NDArray[np.float64]) -> _Levels:
        total = counts.sum()
        share1 = (sums(counts, 1) + _SHRINK * self._share1) / (total + _SHRINK)
        lift = share1 / self._share1
        expected = lift[self._major_of_sub] * self._share2
        share2 = (sums(counts, 2) + _SHRINK * expected) / (total + _SHRINK)
        return np.log(lift), np.log(share2 / expected)


def _last(title: str) -> str:
    words = _AFTER_HEAD.split(title, maxsplit=1)[0].split()
    return words[-1] if words else ""
