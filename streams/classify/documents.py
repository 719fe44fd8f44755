"""What ISCO-08 and ESCO write about each unit group, compared with the text of a posting.

One document a unit group: ISCO's title, definition, tasks and examples with the labels and
descriptions of ESCO's occupations. Documents and texts are TF-IDF vectors of stems, or of pairs of
stems, (1 + ln count, ln((1 + N) / (1 + df))) of unit length; likeness is their cosine.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np

from config.vocabulary import read_table
from streams.classify.groups import Scores, position_of, unit_groups

_WORD: Final = re.compile(r"[a-z][a-z+#]{2,}")
_ENDINGS: Final = (
    "ations", "ation", "ings", "ing", "ments", "ment", "ers", "er", "ors", "or", "ies", "ist",
    "ists", "ions", "ion", "ally", "al", "es", "ed", "s", "e", "y",
)  # fmt: skip
_STEM: Final = 4
# Words of every posting, whatever the work: what is asked for and offered, not what is done.
_EVERYWHERE: Final = (
    "the and for with that this are was will from have has not but all can our you your their they"
    " them who which what when where how any each other such into over more than also may must"
    " should shall been being were its out per etc via upon within under between through about able"
    " including include includes included related using use used well good strong excellent ability"
    " experience work working job position candidate candidates applicant applicants application"
    " apply required requirement requirements qualification qualifications degree year years"
    " minimum relevant skills skill knowledge company organization vacancy date location salary"
    " employment type title duty duties responsibility responsibilities"
)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """`word` without one common English ending, at least four letters long."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


def terms(text: str) -> Counter[str]:
    """Stems of the English words of `text` with their numbers."""
    return Counter(_stems(text))


def pairs(text: str) -> Counter[str]:
    """Pairs of successive stems ("human resourc"), with a blank between, and their numbers."""
    found = _stems(text)
    return Counter(f"{one} {other}" for one, other in pairwise(found))


def _stems(text: str) -> list[str]:
    """Stems of the words that say something of the work, in order."""
    everywhere = _everywhere()
    found = map(stem, _WORD.findall(text.lower()))
    return [each for each in found if each not in everywhere]


@lru_cache(maxsize=1)
def _everywhere() -> frozenset[str]:
    return frozenset(map(stem, _EVERYWHERE.split()))


Terms = Callable[[str], Counter[str]]
"""How a text is counted: `terms` or `pairs`."""


def shipped_texts(count: Terms = terms) -> dict[str, Counter[str]]:
    """Counts of each unit group's document."""
    documents: dict[str, Counter[str]] = {code: Counter() for code in unit_groups()}
    for row in read_table("codelists", "isco08_texts.csv.gz"):
        own, _, _ = row["definition_en"].partition("Excluded from")  # what others do follows
        parts = (row["title_en"], own, row["tasks_en"], row["examples_en"])
        documents[row["code"]].update(count(" . ".join(parts)))
    for row in read_table("codelists", "esco_occupations.csv.gz"):
        documents[row["isco08"]].update(esco_counts(row, count))
    return documents


def shipped_names() -> dict[str, tuple[str, ...]]:
    """Lower-case names of occupations (ISCO's titles and examples, ESCO's labels) → unit groups."""
    names: dict[str, dict[str, None]] = {}
    for row in read_table("codelists", "isco08_texts.csv.gz"):
        for name in (row["title_en"], *row["examples_en"].split("|")):
            names.setdefault(name.strip().lower(), {})[row["code"]] = None
    for row in read_table("codelists", "esco_occupations.csv.gz"):
        names.setdefault(row["preferred_label"].lower(), {})[row["isco08"]] = None
    return {name: tuple(codes) for name, codes in names.items() if name}


def esco_counts(row: Mapping[str, str], count: Terms) -> Counter[str]:
    """Counts of one ESCO occupation: labels and description."""
    return count(f"{row['preferred_label']} {row['alt_labels']} {row['description']}")


class GroupDocuments:
    """Documents of the unit groups, and how like them a text is."""

    def __init__(self, documents: Mapping[str, Counter[str]]) -> None:
        """Build from term counts by unit group; a group without document is like nothing."""
        self._columns: dict[str, int] = {}
        frequency: Counter[str] = Counter()
        for counts in documents.values():
            frequency.update(counts.keys())
        for term in frequency:
            self._columns[term] = len(self._columns)
        total = len(documents)
        self._idf = [math.log((1 + total) / (1 + frequency[term])) for term in self._columns]
        at = position_of()
        rows: list[Counter[str]] = [Counter()] * len(at)
        for code, counts in documents.items():
            rows[at[code]] = counts
        self._by_term = self.vectors(rows).T.tocsr()

    def cosines(self, texts: Sequence[Counter[str]]) -> Scores:
        """Cosine of each text (term counts) with each group's document, in [0, 1]."""
        if not texts:
            return np.zeros((0, len(unit_groups())), dtype=np.float32)
        found: Scores = (self.vectors(texts) @ self._by_term).toarray()
        return found

    def known(self, text: Counter[str]) -> int:
        """How many different terms of `text` any document has."""
        return sum(term in self._columns for term in text)

    def vectors(self, texts: Iterable[Counter[str]]) -> Any:
        """Unit vectors (sparse rows) of term counts; unknown terms are left out."""
        from scipy.sparse import csr_array

        columns: list[int] = []
        weights: list[float] = []
        ends = [0]
        for counts in texts:
            found = [
                (column, (1 + math.log(count)) * self._idf[column])
                for term, count in counts.items()
                if (column := self._columns.get(term)) is not None
            ]
            length = math.sqrt(sum(weight * weight for _, weight in found)) or 1.0
            columns += [column for column, _ in found]
            weights += [weight / length for _, weight in found]
            ends.append(len(columns))
        data = np.array(weights, dtype=np.float32)
        index = np.array(columns, dtype=np.int32)
        return csr_array((data, index, np.array(ends)), shape=(len(ends) - 1, len(self._columns)))
