"""English titles with known ISCO-08 codes, and the nearest of them to a new title.

Nearness is the cosine of TF-IDF vectors over words and character n-grams. The nearest titles vote
for their unit groups with similarity to the fourth power; an equal title has similarity 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.vocabulary import read_table
from streams.classify.groups import Scores, position_of, unit_groups
from streams.classify.titlewords import Known
from streams.classify.vectors import TitleVectors

_NEIGHBOURS = 30
_POWER = 4  # similarity is raised to this power before voting: near titles count far more
_CHUNK = 128

# Job titles of dictionaries (ESCO, ILO index) were coded by hand; O*NET's came over a crosswalk.
_TRUST: Mapping[str, float] = {"isco": 1.0, "ilo": 1.0, "esco": 1.0, "onet": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """What the nearest known titles of some texts say, one row a text."""

    votes: Scores
    """Sum of similarity^4 x trust by unit group; a row of zeros where nothing is near."""
    similarity: NDArray[np.float32]
    """Cosine of the nearest title; 1 for an equal one, 0 for none."""


def known_titles(name: str = "titles_en.csv.gz") -> Iterator[Known]:
    """(title, ISCO-08 code, trust) of every shipped English title."""
    for row in read_table("lexicon", name):
        yield row["title"], row["isco08"], _TRUST[row["source"]]


class TitleIndex:
    """Nearest known titles. Queries come in batches: one matrix product answers many."""

    def __init__(self, titles: Iterator[Known] | Sequence[Known]) -> None:
        at = position_of()
        rows = [row for row in titles if row[1] in at]
        self._numbers = {(title, code): number for number, (title, code, _) in enumerate(rows)}
        self._groups = np.array([at[code] for _, code, _ in rows], dtype=np.intp)
        self._trust = np.array([trust for _, _, trust in rows], dtype=np.float32)
        self._vectors = TitleVectors([title for title, _, _ in rows])
        # Each half of a row is a unit vector, so a product is twice the mean of the two cosines.
        self._columns = self._vectors.matrix.T.tocsr()

    def nearest(
        self, texts: Sequence[str], hidden: Sequence[Collection[Known]] | None = None
    ) -> Nearest:
        """Votes for tidy texts.

        Args:
            hidden: for each text, known titles that are not to vote (for measuring).
        """
        votes = np.zeros((len(texts), len(unit_groups())), dtype=np.float32)
        similarity = np.zeros(len(texts), dtype=np.float32)
        for start in range(0, len(texts), _CHUNK):
            near = (self._vectors.of(texts[start : start + _CHUNK]) @ self._columns).tocsr()
            for row in range(near.shape[0]):
                span = slice(near.indptr[row], near.indptr[row + 1])
                columns, alike = near.indices[span], near.data[span] / 2
                if hidden is not None and hidden[start + row]:
                    kept = ~np.isin(columns, self._hidden(hidden[start + row]))
                    columns, alike = columns[kept], alike[kept]
                if len(columns):
                    votes[start + row], similarity[start + row] = self._count(columns, alike)
        return Nearest(votes=votes, similarity=similarity)

    def _hidden(self, titles: Collection[Known]) -> list[int]:
        found = (self._numbers.get((title, code)) for title, code, _ in titles)
        return [number for number in found if number is not None]

    def _count(self, columns: Any, alike: Any) -> tuple[NDArray[np.float64], float]:
        if len(columns) > _NEIGHBOURS:
            top = np.argpartition(alike, -_NEIGHBOURS)[-_NEIGHBOURS:]
            columns, alike = columns[top], alike[top]
        weights = alike**_POWER * self._trust[columns]
        counts = np.bincount(self._groups[columns], weights=weights, minlength=len(unit_groups()))
        return counts.astype(np.float64), min(1.0, float(alike.max()))
