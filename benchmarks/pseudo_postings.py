"""Postings made of taxonomies, with their codes: what weights are fitted and calibration tested on.

A posting's title is a label of ESCO or of the ILO index, its text the description of an ESCO
occupation of that unit group with a sentence about another one: adverts also speak of the employer
and of colleagues. What the coder would know of it by heart is hidden from it: the title, or all
labels of the occupation, and the description. No real posting is looked at.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from streams.classify.documents import GroupDocuments, esco_terms, read_packed, shipped_texts, terms
from streams.classify.english import SHARPNESS, TEXT, EnglishEvidence, english_segments
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
    without: Counter[str]
    """Terms to be taken out of the unit group's document."""


def pseudo_postings(count: int, seed: int) -> list[Pseudo]:
    """`count` postings: half are ESCO occupations with all their labels hidden, half have titles
    of the ILO index, hidden unless ESCO has them too."""
    chance = random.Random(seed)
    esco = list(read_packed("codelists", "esco_occupations.csv.gz"))
    by_group: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in esco:
        by_group[row["isco08"]].append(row)
    known: dict[tuple[str, str], Known] = {(row[0], row[1]): row for row in known_titles()}
    ilo = [
        (row["title"], row["isco08"])
        for row in read_packed("lexicon", "titles_en.csv.gz")
        if row["source"] == "ilo" and row["isco08"] in by_group
    ]
    labels = {(label, row["isco08"]) for row in esco for label in _labels(row)}
    occupations = chance.sample(esco, min(count // 2, len(esco)))
    made = [_of_esco(row, known, chance, _aside(chance, esco)) for row in occupations]
    for title, code in chance.sample(ilo, min(count - len(made), len(ilo))):
        row = chance.choice(by_group[code])
        hidden = frozenset() if (title, code) in labels else frozenset([known[title, code]])
        without = terms(row["description"])
        made.append(_pseudo(title, row, hidden, without, _aside(chance, esco)))
    return made


def scores_of(english: EnglishEvidence, postings: Sequence[Pseudo]) -> dict[str, Scores]:
    """Scores by name of evidence, with what is hidden hidden."""
    parts = [english_segments(each.title) for each in postings]
    named = dict(english.of_titles(parts, [each.hidden for each in postings]))
    cases = [Case(title=each.title, description=each.text) for each in postings]
    texts = english.of_texts(cases)[0][TEXT].copy()
    documents = shipped_texts()
    vectors = GroupDocuments(documents)
    for row, each in enumerate(postings):
        rest = documents[each.isco08] - each.without
        pair = vectors.vectors([rest, terms(each.text)]).toarray()
        texts[row, position_of()[each.isco08]] = SHARPNESS * float(pair[0] @ pair[1])
    return {**named, TEXT: texts}


def truths(postings: Sequence[Pseudo]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Column of each posting's unit group."""
    return np.array([position_of()[each.isco08] for each in postings], dtype=np.intp)


def _of_esco(
    row: Mapping[str, str],
    known: Mapping[tuple[str, str], Known],
    chance: random.Random,
    aside: str,
) -> Pseudo:
    """With all labels of the occupation hidden: they are variants of each other."""
    labels = _labels(row)
    keys = ((label, row["isco08"]) for label in labels)
    hidden = frozenset(known[key] for key in keys if key in known)
    return _pseudo(chance.choice(labels), row, hidden, esco_terms(row), aside)


def _pseudo(
    title: str, row: Mapping[str, str], hidden: frozenset[Known], without: Counter[str], aside: str
) -> Pseudo:
    return Pseudo(
        title=title,
        text=f"{row['description']} {aside}",
        isco08=row["isco08"],
        hidden=hidden,
        without=without,
    )


def _aside(chance: random.Random, esco: Sequence[Mapping[str, str]]) -> str:
    """A sentence about other work."""
    return chance.choice(esco)["description"].partition(". ")[0]


def _labels(row: Mapping[str, str]) -> list[str]:
    labels = (row["preferred_label"], *row["alt_labels"].split("|"))
    return sorted({label.lower() for label in labels if label})
