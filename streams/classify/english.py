"""Evidence from English: nearest known titles, words of the title, the text, the board's category.

What is written in other languages is left to `streams.classify.lexical`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from streams.classify.documents import GroupDocuments, pairs, terms
from streams.classify.evidence import Case
from streams.classify.groups import Scores, position_of, unit_groups
from streams.classify.retrieval import TitleIndex
from streams.classify.titles import is_vietnamese, latin_part, segments
from streams.classify.titlewords import Known, TitleWords

_MOST_SEGMENTS: Final = 4
_SIMILARITY_FLOOR: Final = np.float32(0.30)
"""Below this cosine the nearest title shares little more than common letters with ours."""
_LATER: Final = 0.6  # a part after the first names the job less often
_SHORTEST: Final = 3
_HEAD: Final = 4000  # characters of a description that are read
_FLOOR: Final = 0.002  # share of the votes that a group without any keeps
SHARPNESS: Final = 20.0
_ENOUGH_TERMS: Final = 20
"""A text with fewer known terms counts for less, in proportion."""

TITLES: Final = "titles"
NAME: Final = "name"
TEXT: Final = "text"
PAIRS: Final = "text_pairs"
CATEGORY: Final = "category"
HEAD_MAJOR: Final = "head_major"
HEAD_SUB: Final = "head_sub"
WORDS_MAJOR: Final = "words_major"
WORDS_SUB: Final = "words_sub"


def english_segments(title: str) -> list[str]:
    """Parts of a title that are English, the likeliest to name the job first."""
    parts = (latin_part(part) for part in segments(title))
    kept = [part for part in parts if len(part) >= _SHORTEST and not is_vietnamese(part)]
    return list(dict.fromkeys(kept))[:_MOST_SEGMENTS]


class EnglishEvidence:
    """Implements `Evidence` with tables that never change."""

    state = ""

    def __init__(
        self,
        index: TitleIndex,
        words: TitleWords,
        documents: GroupDocuments,
        phrases: GroupDocuments,
        names: Mapping[str, tuple[str, ...]],
        alone: Mapping[str, float],
    ) -> None:
        """Evidence from tables.

        Args:
            documents: the unit groups' documents by `terms`, `phrases` by `pairs`.
            names: what ISCO-08 and ESCO call the occupations of a unit group → its codes.
            alone: how many times more each evidence of a title counts without a text.
        """
        self._names = names
        self._index = index
        self._words = words
        self._documents = documents
        self._phrases = phrases
        self._alone = alone

    def scores(self, cases: Sequence[Case]) -> Mapping[str, Scores]:
        """Scores of English titles, texts and categories; zeros for others."""
        parts = [english_segments(case.title) for case in cases]
        texts, known = self.of_texts(cases)
        titles = self.of_titles(parts)
        lacking = 1 - known[:, None]
        scaled = {
            NAME: self._named(parts),
            **titles,
        }
        scaled = {
            name: scores * (1 + np.float32(self._alone[name] - 1) * lacking)
            for name, scores in scaled.items()
        }
        return {**scaled, **texts}

    def of_titles(
        self,
        parts: Sequence[Sequence[str]],
        hidden: Sequence[Collection[Known]] | None = None,
    ) -> Mapping[str, Scores]:
        """Scores of titles with a text, by their parts; `hidden` as for `TitleIndex.nearest`."""
        firsts = [each[0] if each else "" for each in parts]
        words = self._words.scores(firsts, hidden)
        return {
            TITLES: self._shares(parts, hidden),
            HEAD_MAJOR: words.head_major,
            HEAD_SUB: words.head_sub,
            WORDS_MAJOR: words.words_major,
            WORDS_SUB: words.words_sub,
        }

    def of_texts(self, cases: Sequence[Case]) -> tuple[Mapping[str, Scores], NDArray[np.float32]]:
        """Scores of descriptions and categories, and how far a description tells, in [0, 1]."""
        heads = [case.description[:_HEAD] for case in cases]
        texts = [terms(head) for head in heads]
        known = [min(1.0, self._documents.known(text) / _ENOUGH_TERMS) for text in texts]
        telling = np.array(known, dtype=np.float32)
        scores = {
            TEXT: self._documents.cosines(texts) * telling[:, None],
            PAIRS: self._phrases.cosines([pairs(head) for head in heads]) * telling[:, None],
            CATEGORY: self._documents.cosines([terms(case.category) for case in cases]),
        }
        return {name: SHARPNESS * cosines for name, cosines in scores.items()}, telling

    def _named(self, parts: Sequence[Sequence[str]]) -> Scores:
        """1 for the group that has a part of the title as a name; a part of 1 each for several."""
        scores = np.zeros((len(parts), len(unit_groups())), dtype=np.float32)
        for row, each in enumerate(parts):
            for order, part in enumerate(each):
                *others, last = part.split()
                plain = " ".join((*others, self._words.singular(last)))
                for code in (codes := self._names.get(plain, ())):
                    share = (_LATER if order else 1.0) / len(codes)
                    column = position_of()[code]
                    scores[row, column] = max(scores[row, column], np.float32(share))
        return scores

    def headiness(self, word: str) -> int:
        """How many known titles have `word` as the word for the kind of worker."""
        return self._words.headiness(word)

    def _shares(
        self, parts: Sequence[Sequence[str]], hidden: Sequence[Collection[Known]] | None
    ) -> Scores:
        """ln(share of the votes of near titles + floor), the best of a title's parts."""
        owners = [(row, order) for row, each in enumerate(parts) for order in range(len(each))]
        texts = [parts[row][order] for row, order in owners]
        without = None if hidden is None else [hidden[row] for row, _ in owners]
        near = self._index.nearest(texts, without)
        votes = np.zeros((len(parts), len(unit_groups())), dtype=np.float32)
        for number, (row, order) in enumerate(owners):
            if near.similarity[number] < _SIMILARITY_FLOOR:
                continue
            factor = np.float32(_LATER if order else 1.0)
            votes[row] = np.maximum(votes[row], near.votes[number] * factor)
        total = votes.sum(axis=1, keepdims=True)
        shares = np.divide(votes, total, out=np.zeros_like(votes), where=total > 0)
        scores: Scores = np.log(shares + np.float32(_FLOOR)) - np.log(np.float32(_FLOOR))
        return scores
