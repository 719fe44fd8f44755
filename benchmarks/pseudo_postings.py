"""Postings made of taxonomies, with their codes: what weights are fitted and calibration tested on.

A posting's title is a label of ESCO or of the ILO index; its text the description of an ESCO
occupation of that unit group and a sentence about other work: adverts also speak of the employer
and of colleagues. What the coder would know of it by heart is hidden from it: the title, or all
labels of the occupation, and from the documents that description. No real posting is looked at.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from config.vocabulary import read_table
from streams.classify.documents import GroupDocuments, Terms, pairs, shipped_texts, terms
from streams.classify.english import PAIRS, SHARPNESS, TEXT, EnglishEvidence, english_segments
from streams.classify.evidence import Case
from streams.classify.groups import Scores, position_of
from streams.classify.retrieval import known_titles
from streams.classify.titlewords import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudo:
    """A posting made up, and what is to be hidden while it is coded."""

    title: str
    text: str
    isco08: str
    hidden: frozenset[Known]
    source: str
    """That of which `text` is made, to be taken out of its unit group's document."""


def pseudo_postings(count: int, seed: int) -> list[Pseudo]:
    """`count` postings: half are ESCO occupations with all their labels hidden, half have titles
    of the ILO index, hidden unless ESCO has them too."""
    chance = random.Random(seed)
    esco = list(read_table("codelists", "esco_occupations.csv.gz"))
    writer = _Writer(esco, chance)
    by_group: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in esco:
        by_group[row["isco08"]].append(row)
    known: dict[tuple[str, str], Known] = {(row[0], row[1]): row for row in known_titles()}
    ilo = [
        (row["title"], row["isco08"])
        for row in read_table("lexicon", "titles_en.csv.gz")
        if row["source"] == "ilo" and row["isco08"] in by_group
    ]
    labels = {(label, row["isco08"]) for row in esco for label in _labels(row)}
    made = [_of_esco(row, known, writer) for row in chance.sample(esco, min(count // 2, len(esco)))]
    for title, code in chance.sample(ilo, min(count - len(made), len(ilo))):
        hidden = frozenset() if (title, code) in labels else frozenset([known[title, code]])
        made.append(writer.write(title, chance.choice(by_group[code]), hidden))
    return made


class _Writer:
    """Writes the texts: a description and an aside."""

    def __init__(self, esco: Sequence[Mapping[str, str]], chance: random.Random) -> None:
        self.chance = chance
        self._esco = esco

    def write(self, title: str, row: Mapping[str, str], hidden: frozenset[Known]) -> Pseudo:
        """A posting for an ESCO occupation under `title`."""
        return Pseudo(
            title=title,
            text=f"{row['description']} {self._aside()}",
            isco08=row["isco08"],
            hidden=hidden,
            source=row["description"],
        )

    def _aside(self) -> str:
        """A sentence about other work."""
        return self.chance.choice(self._esco)["description"].partition(". ")[0]


def scores_of(english: EnglishEvidence, postings: Sequence[Pseudo]) -> dict[str, Scores]:
    """Scores by name of evidence, with what is hidden hidden."""
    parts = [english_segments(each.title) for each in postings]
    named = dict(english.of_titles(parts, [each.hidden for each in postings]))
    cases = [Case(title=each.title, description=each.text) for each in postings]
    texts, _ = english.of_texts(cases)
    return {
        **named,
        TEXT: _without_own(texts[TEXT], postings, terms),
        PAIRS: _without_own(texts[PAIRS], postings, pairs),
    }


def _without_own(scores: Scores, postings: Sequence[Pseudo], count: Terms) -> Scores:
    """Scores of texts with each posting's source taken out of its unit group's document."""
    documents = shipped_texts(count)
    vectors = GroupDocuments(documents)
    changed = scores.copy()
    for row, each in enumerate(postings):
        rest = documents[each.isco08] - count(each.source)
        pair = vectors.vectors([rest, count(each.text)]).toarray()
        changed[row, position_of()[each.isco08]] = SHARPNESS * float(pair[0] @ pair[1])
    return changed


def truths(postings: Sequence[Pseudo]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Column of each posting's unit group."""
    return np.array([position_of()[each.isco08] for each in postings], dtype=np.intp)


def _of_esco(
    row: Mapping[str, str], known: Mapping[tuple[str, str], Known], writer: _Writer
) -> Pseudo:
    """With all labels of the occupation hidden: they are variants of each other."""
    labels = _labels(row)
    keys = ((label, row["isco08"]) for label in labels)
    hidden = frozenset(known[key] for key in keys if key in known)
    return writer.write(writer.chance.choice(labels), row, hidden)


def _labels(row: Mapping[str, str]) -> list[str]:
    labels = (row["preferred_label"], *row["alt_labels"].split("|"))
    return sorted({label.lower() for label in labels if label})
