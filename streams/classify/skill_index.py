"""English labels of the skills classification, found in clauses of running text.

A label of several words is found where all its content words stand close together in a clause, in
any order and inflection; a label of one word only where that very word stands. Labels that tell
no concept are left out, judged by the labels alone: an alternative label of one word that is part
of many other concepts' labels is a general word.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from config.skills import SkillConcept
from streams.classify.skill_words import STOP, WORD, singular, stem

_GAP: Final = 2  # words that may stand between those of a label
_MOST_WORDS: Final = 6  # longer labels do not occur in running text
_REACH: Final = _MOST_WORDS + _GAP - 1
_COMMON_ALTERNATIVE: Final = 4
"""Concepts in whose labels an alternative label of one word may occur besides its own."""
_COMMON_NAME: Final = 400
_COMMON_QUALIFIED: Final = 3
"""The same for a name that ESCO explains in brackets: "Source (digital game creation systems)"."""
_ABBREVIATION: Final = 4
"""Letters; a shorter label counts only as it is written."""
_LEAST_INFORMATION: Final = 9.0
"""Nats that the words of a label must carry together (each ln of concepts / concepts with it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A label found in a clause."""

    code: str
    start: int
    end: int
    words: int
    """Content words of the label."""
    spread: int
    """Words of the clause between the label's that do not belong to it."""
    preferred: bool
    """Whether the label is the concept's name, or one of our own expressions."""
    follower: str = ""
    """The word after it, without capitals; "" at the end of the clause."""
    ordered: bool = True
    """Whether the words stand in the label's order, or turned around by "of"."""


@dataclass(frozen=True, slots=True)
class _Label:
    code: str
    order: tuple[str, ...]
    stems: frozenset[str]
    preferred: bool


class _Name(NamedTuple):
    """A label as it is written."""

    text: str
    preferred: bool
    words: list[str]


class SkillIndex:
    """All usable English labels. Immutable once built."""

    def __init__(self, concepts: Iterable[SkillConcept], popularity: Mapping[str, float]) -> None:
        """`popularity`: how many occupations use a concept; it decides between equal labels."""
        named = [(concept, _names(concept)) for concept in concepts]
        self._popularity = popularity
        self._spread = _spread(names for _, names in named)
        total = len(named)
        self._tells = {word: math.log(total / many) for word, many in self._spread.items()}
        self._words: dict[str, tuple[_Label, str]] = {}
        phrases: dict[frozenset[str], _Label] = {}
        for concept, names in named:
            for name in names:
                self._add(name, concept, phrases)
        self._anchors: dict[str, dict[str, list[_Label]]] = {}
        for label in phrases.values():
            first, second, *_ = sorted(label.stems, key=lambda each: (self._spread[each], each))
            self._anchors.setdefault(first, {}).setdefault(second, []).append(label)

    def find(self, clause: str) -> list[Hit]:
        """Labels in `clause`, none overlapping another; positions count from its beginning."""
        lowered = clause.lower()
        if len(lowered) != len(clause):  # a few letters change length: positions would be wrong
            return []
        spans = [(m.group(), m.start(), m.end()) for m in WORD.finditer(lowered)]
        found = [*self._single(clause, spans), *self._phrases(spans)]
        hits = _without_overlap(found, len(clause))
        after = {end: following for (_, _, end), (following, _, _) in pairwise(spans)}
        return [replace(hit, follower=after.get(hit.end, "")) for hit in hits]

    def _add(
        self, name: _Name, concept: SkillConcept, phrases: dict[frozenset[str], _Label]
    ) -> None:
        order = tuple([stem(word) for word in name.words if word not in STOP])
        stems = frozenset(order)
        if len(name.words) == 1 and stems:
            label = _Label(concept.code, order, stems, name.preferred)
            self._add_word(name.text, name.words[0], label, qualified="(" in concept.name_en)
        elif 2 <= len(stems) <= _MOST_WORDS and (name.preferred or self._is_telling(stems)):
            label, known = _Label(concept.code, order, stems, name.preferred), phrases.get(stems)
            if known is None or self._rank(label) > self._rank(known):
                phrases[stems] = label

    def _is_telling(self, stems: Iterable[str]) -> bool:
        return sum([self._tells[each] for each in stems]) >= _LEAST_INFORMATION

    def _add_word(self, text: str, word: str, label: _Label, *, qualified: bool) -> None:
        """A name that needs a word in brackets to be understood is no clear name."""
        label = replace(label, preferred=label.preferred and not qualified)
        limit = _COMMON_NAME if label.preferred else _COMMON_ALTERNATIVE
        if qualified:
            limit = _COMMON_QUALIFIED
        if self._spread[stem(word)] > limit or len(word) < 2:
            return
        exact = qualified or len(text) < _ABBREVIATION or any(map(str.isupper, text[1:]))
        known = self._words.get(word)
        if known is None or self._rank(label) > self._rank(known[0]):
            self._words[word] = (label, text if exact else "")

    def _rank(self, label: _Label) -> tuple[bool, float, str]:
        return label.preferred, self._popularity.get(label.code, 0.0), label.code

    def _single(self, clause: str, spans: list[tuple[str, int, int]]) -> Iterable[Hit]:
        for word, start, end in spans:
            found = self._words.get(word)
            if found is None and word[-1] == "s":
                found = self._words.get(singular(word))
            if found is None:
                continue
            label, shape = found
            if shape and clause[start:end] != shape:
                continue
            yield Hit(
                code=label.code, start=start, end=end, words=1, spread=0, preferred=label.preferred
            )

    def _phrases(self, spans: list[tuple[str, int, int]]) -> Iterable[Hit]:
        stems = [(stem(word), start, end) for word, start, end in spans if word not in STOP]
        names = [name for name, _, _ in stems]
        turned = {end for word, _, end in spans if word == "of"}
        for place, (first, _, _) in enumerate(stems):
            partners = self._anchors.get(first)
            if not partners:
                continue
            window = set(names[max(0, place - _REACH) : place + _REACH + 1])
            for second in partners.keys() & window:
                for label in partners[second]:
                    if label.stems <= window:
                        hit = _fit(label, stems, place, turned)
                        if hit is not None:
                            yield hit


def _fit(
    label: _Label, stems: list[tuple[str, int, int]], place: int, turned: set[int]
) -> Hit | None:
    """The narrowest run of words around `place` that holds the whole label, if narrow enough."""
    size = len(label.stems)
    longest = size + _GAP
    best: tuple[int, int] | None = None
    for begin in range(max(0, place - longest + 1), place + 1):
        if stems[begin][0] not in label.stems:
            continue
        needed = set(label.stems)
        for end in range(begin, min(len(stems), begin + longest)):
            needed.discard(stems[end][0])
            if not needed:
                if end >= place and (best is None or end - begin < best[1] - best[0]):
                    best = (begin, end)
                break
    if best is None:
        return None
    begin, end = best
    found = tuple(word for word, _, _ in stems[begin : end + 1] if word in label.stems)
    first, last = stems[begin][1], stems[end][2]
    return Hit(
        code=label.code,
        start=first,
        end=last,
        words=size,
        spread=end - begin + 1 - size,
        preferred=label.preferred,
        ordered=found == label.order or any(first < place < last for place in turned),
    )


def _names(concept: SkillConcept) -> list[_Name]:
    plain = concept.name_en.split(" (")[0]
    ours = [(text, True) for text in concept.expressions]
    texts = [(plain, True), *ours, *((text, False) for text in concept.alt_labels)]
    return [_Name(text, preferred, WORD.findall(text.lower())) for text, preferred in texts]


def _spread(named: Iterable[Iterable[_Name]]) -> dict[str, int]:
    """Number of concepts in whose labels each stem occurs."""
    spread: dict[str, int] = defaultdict(int)
    for names in named:
        for word in {stem(word) for name in names for word in name.words}:
            spread[word] += 1
    return spread


def _without_overlap(hits: list[Hit], length: int) -> list[Hit]:
    """The best of hits that share letters: most words, then narrowest, then the concept's name."""
    letters = bytearray(length)
    taken: list[Hit] = []
    for hit in sorted(
        hits, key=lambda h: (-h.words, h.spread, not h.ordered, not h.preferred, h.start, h.code)
    ):
        if letters.find(1, hit.start, hit.end) < 0:
            letters[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            taken.append(hit)
    return sorted(taken, key=lambda hit: hit.start)
