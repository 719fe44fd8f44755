"""English titles with known ISCO-08 codes, and the nearest of them to a new title.

Evidence is an exact match of the tidied title, else a vote of its nearest neighbours by TF-IDF
over words and character n-grams (cosine), weighted by similarity.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from streams.classify.vectors import TitleVectors

_NEIGHBOURS = 15
_POWER = 4  # similarity is raised to this power before voting: near titles count far more

# Job titles of dictionaries (ESCO, ILO index) were coded by hand; O*NET's came over a crosswalk.
_TRUST: Mapping[str, float] = {"isco": 1.0, "ilo": 1.0, "esco": 1.0, "onet": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Outcome for one title. `share` is the winner's part of the vote, in [0, 1]."""

    isco08: str
    share: float
    similarity: float
    """Cosine of the nearest title; 1 for an exact match."""
    neighbour: str


def known_titles(name: str = "titles_en.csv.gz") -> Iterator[tuple[str, str, float]]:
    """(title, ISCO-08 code, trust) of every shipped English title."""
    packed = (files("config") / "lexicon" / name).read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield row["title"], row["isco08"], _TRUST[row["source"]]


class TitleIndex:
    """Nearest known titles. Queries come in batches: one matrix product answers them all."""

    def __init__(self, titles: Iterator[tuple[str, str, float]]) -> None:
        import numpy as np

        rows = list(titles)
        self._titles = [title for title, _, _ in rows]
        self._codes = [code for _, code, _ in rows]
        self._trust = np.array([trust for _, _, trust in rows], dtype=np.float32)
        self._exact: dict[str, Counter[str]] = {}
        for title, code, trust in rows:
            self._exact.setdefault(title, Counter())[code] += trust  # type: ignore[assignment]
        self._vectors = TitleVectors(self._titles)
        # Each half of a row is a unit vector, so a product is twice the mean of the two cosines.
        self._columns = self._vectors.matrix.T.tocsr()

    def vote(self, titles: Sequence[str]) -> list[Vote | None]:
        """One vote per title; `None` where no known title shares anything with it."""
        exact = {title: self._exact_vote(title) for title in titles}
        unknown = [title for title, vote in exact.items() if vote is None]
        near = dict(zip(unknown, self._near_votes(unknown), strict=True)) if unknown else {}
        return [exact[title] or near.get(title) for title in titles]

    def _exact_vote(self, title: str) -> Vote | None:
        counts = self._exact.get(title)
        if not counts:
            return None
        code, weight = min(counts.items(), key=lambda item: (-item[1], item[0]))
        share = weight / sum(counts.values())
        return Vote(isco08=code, share=share, similarity=1.0, neighbour=title)

    def _near_votes(self, titles: Sequence[str]) -> Iterator[Vote | None]:
        scores = (self._vectors.of(titles) @ self._columns).tocsr()
        for row in range(scores.shape[0]):
            begin, end = scores.indptr[row], scores.indptr[row + 1]
            yield self._count(scores.indices[begin:end], scores.data[begin:end] / 2)

    def _count(self, columns: Any, similarity: Any) -> Vote | None:
        import numpy as np

        if len(columns) == 0:
            return None
        few = min(_NEIGHBOURS, len(columns))
        top = np.argpartition(-similarity, few - 1)[:few]
        weights: Counter[str] = Counter()
        for place in top:
            column = columns[place]
            weights[self._codes[column]] += float(  # type: ignore[assignment]
                similarity[place] ** _POWER * self._trust[column]
            )
        code, weight = min(weights.items(), key=lambda item: (-item[1], item[0]))
        best = int(top[np.argmax(similarity[top])])
        return Vote(
            isco08=code,
            share=weight / sum(weights.values()),
            similarity=float(similarity[best]),
            neighbour=self._titles[columns[best]],
        )
