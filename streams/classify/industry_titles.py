"""Stated industries that no cue knows, compared with the titles of ISIC's groups and classes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from config.vocabulary import industries, read_table
from streams.classify.vectors import TitleVectors

_LEAST: Final = 0.35
"""Cosine below which two titles share little but common letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The division of the nearest title."""

    division: str
    similarity: float
    """Cosine, in [0, 1]."""


@lru_cache(maxsize=4_096)
def nearest_division(stated: str) -> Near | None:
    """The division whose English titles are nearest to a stated industry; `None` if none is near.

    TF-IDF over words and their letters, as for titles of jobs.
    """
    codes, vectors = _index()
    scores = (vectors.of([stated.casefold()]) @ vectors.matrix.T).toarray()[0] / 2
    best = int(scores.argmax())
    if scores[best] < _LEAST:
        return None
    return Near(division=codes[best], similarity=float(scores[best]))


@cache
def _index() -> tuple[list[str], TitleVectors]:
    divisions = [(code, label.name_en) for code, label in industries().items() if code.isdecimal()]
    classes = [
        (row["division"], row["title_en"]) for row in read_table("codelists", "isic_classes.csv")
    ]
    rows = [*divisions, *classes]
    return [code for code, _ in rows], TitleVectors([title.casefold() for _, title in rows])
