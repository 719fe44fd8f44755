"""Lao titles that the lexicon does not hold, by the expressions most like them in letters.

Lao names a job by a head and a domain, in words that recur: "ຊ່າງ…ເຄື່ອງເຢັນ" is near a dozen
expressions for repairers of cooling machines even where none of them stands in the title.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from streams.classify.lexicon import lexicon_entries, solid, words
from streams.classify.vectors import LetterVectors

_NEIGHBOURS: Final = 15
_POWER: Final = 8
_WORDS: Final = 2
"""A title of one word that the lexicon lacks is that word and no variant of others."""
_FLOOR: Final = 0.55
"""Below this cosine the nearest expression shares little more than a head with the title:
94 % of strings of random words stay below it, and 3 % of the right answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearVote:
    """What the nearest expressions say of a title."""

    shares: tuple[tuple[str, float], ...]
    """ISCO-08 codes with their shares of the vote, the largest first; they sum to 1."""
    similarity: float
    """Cosine of the nearest expression, in [0, 1]."""

    @property
    def isco08(self) -> str:
        """The code with the largest share."""
        return self.shares[0][0]

    @property
    def probability(self) -> float:
        """How often such a vote is right, in [0, 1].

        Logistic in similarity and share, fitted on expressions held out of the lexicon with the
        part they came from and on random words (docs/lexicon.md), not on titles.
        """
        near, share = self.similarity, self.shares[0][1]
        return 1 / (1 + math.exp(5.2 - 4.8 * near + 1.0 * share - 5.9 * near * share))


class LaoNeighbours:
    """Compares titles with the lexicon's expressions. Deterministic."""

    def __init__(self, expressions: Mapping[str, tuple[str, float]]) -> None:
        """Build from expression → (ISCO-08 code, confidence in [0, 1])."""
        self._codes = [code for code, _ in expressions.values()]
        self._trust = [confidence for _, confidence in expressions.values()]
        self._vectors = LetterVectors([solid(text) for text in expressions])
        self._columns = self._vectors.matrix.T.tocsr()

    def vote(self, titles: Sequence[str]) -> list[NearVote | None]:
        """One vote per title; `None` where no expression is near enough."""
        return list(self._votes(titles)) if titles else []

    def _votes(self, titles: Sequence[str]) -> Iterator[NearVote | None]:
        scores = (self._vectors.of([solid(title) for title in titles]) @ self._columns).tocsr()
        for row, title in enumerate(titles):
            begin, end = scores.indptr[row], scores.indptr[row + 1]
            if len(words(title)) < _WORDS:
                yield None  # its letters are another word's by chance
                continue
            yield self._count(scores.indices[begin:end], scores.data[begin:end])

    def _count(self, columns: Any, similarity: Any) -> NearVote | None:
        import numpy as np

        if len(columns) == 0 or similarity.max() < _FLOOR:
            return None
        few = min(_NEIGHBOURS, len(columns))
        votes: dict[str, float] = {}
        for place in np.argpartition(-similarity, few - 1)[:few]:
            column = columns[place]
            weight = float(similarity[place]) ** _POWER * self._trust[column]
            code = self._codes[column]
            votes[code] = votes.get(code, 0.0) + weight
        total = sum(votes.values())
        ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        return NearVote(
            shares=tuple((code, weight / total) for code, weight in ranked),
            similarity=min(1.0, float(similarity.max())),
        )


def load_neighbours() -> LaoNeighbours:
    """Neighbours among the shipped lexicon."""
    return LaoNeighbours(lexicon_entries())
