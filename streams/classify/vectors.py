"""Titles as TF-IDF vectors over words and over the letters within words.

The weights are scikit-learn's (`sublinear_tf`, smoothed idf, unit length; letters as its
`char_wb` analyser cuts them, 3 to 4 at a time). They are computed here with scipy alone, because
importing scikit-learn takes five seconds of every start and we need forty lines of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_WORD = re.compile(r"[a-z0-9+#&]{2,}")
_LETTERS = (3, 4)
_PIECES = (2, 3)


class TitleVectors:
    """The vector space of a list of titles. `matrix` holds their vectors, one row a title.

    Each half of a row (words, letters) is a unit vector, so that the product of two rows is twice
    the mean of the two cosines. Letters of a title are the sum of its words' letters: n-grams are
    cut once per distinct word.
    """

    def __init__(self, titles: Sequence[str]) -> None:
        counts, vocabulary = _count(map(_words, titles), {}, grow=True)
        self._words = vocabulary
        by_word, self._letters = _count(map(_ngrams, vocabulary), {}, grow=True)
        letters = counts @ by_word
        self._word_idf = _idf(counts)
        self._letter_idf = _idf(letters)
        self.matrix = _join(counts, self._word_idf, letters, self._letter_idf)

    def of(self, titles: Sequence[str]) -> Any:
        """Sparse float32 matrix of new titles, one row a title, in the same space."""
        known, _ = _count(map(_words, titles), self._words, grow=False)
        own, vocabulary = _count(map(_words, titles), {}, grow=True)
        by_word, _ = _count(map(_ngrams, vocabulary), self._letters, grow=False)
        return _join(known, self._word_idf, own @ by_word, self._letter_idf)


class LetterVectors:
    """The vector space of texts in a script without spaces, by their letters, 2 to 3 at a time.

    Beginning and end count as letters. `matrix` holds the unit vectors of the texts, one a row.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counts, self._letters = _count(map(_pieces, texts), {}, grow=True)
        self._idf = _idf(counts)
        self.matrix = _weigh(counts, self._idf)

    def of(self, texts: Sequence[str]) -> Any:
        """Sparse float32 matrix of new texts, one row a text, in the same space."""
        counts, _ = _count(map(_pieces, texts), self._letters, grow=False)
        return _weigh(counts, self._idf)


def _pieces(text: str) -> Iterator[str]:
    padded = f"^{text}$"
    for length in _PIECES:
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


def _words(title: str) -> list[str]:
    return _WORD.findall(title)


def _ngrams(word: str) -> Iterator[str]:
    padded = f" {word} "
    for length in _LETTERS:
        for start in range(max(1, len(padded) - length + 1)):
            yield padded[start : start + length]


def _count(
    documents: Iterable[Iterable[str]], vocabulary: dict[str, int], *, grow: bool
) -> tuple[Any, dict[str, int]]:
    """Counts of terms, one row a document; an unknown term is added if `grow`, else dropped."""
    import numpy as np
    from scipy.sparse import csr_array

    columns: list[int] = []
    ends = [0]
    for terms in documents:
        for term in terms:
            column = vocabulary.setdefault(term, len(vocabulary)) if grow else vocabulary.get(term)
            if column is not None:
                columns.append(column)
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float32)
    shape = (len(ends) - 1, len(vocabulary))
    counts = csr_array((ones, np.array(columns, dtype=np.int32), np.array(ends)), shape=shape)
    counts.sum_duplicates()
    return counts, vocabulary


def _idf(counts: Any) -> Any:
    """ln((1 + N) / (1 + df)) + 1 per column (scikit-learn's smoothed idf)."""
    import numpy as np

    present = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + present)) + 1).astype(np.float32)


def _join(words: Any, word_idf: Any, letters: Any, letter_idf: Any) -> Any:
    from scipy.sparse import hstack

    return hstack([_weigh(words, word_idf), _weigh(letters, letter_idf)], format="csr")


def _weigh(counts: Any, idf: Any) -> Any:
    """(1 + ln count) x idf, rows scaled to unit length; an empty row stays empty."""
    import numpy as np

    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * idf[weighted.indices]
    rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=weighted.data**2, minlength=weighted.shape[0]))
    weighted.data = (weighted.data / lengths[rows]).astype(np.float32)
    return weighted
