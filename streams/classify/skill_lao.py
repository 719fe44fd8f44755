"""Lao labels of skills in running text, with or without blanks between words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from config.skills import SkillConcept

_SHORT: Final = 7
"""Letters; a shorter label also occurs inside other words and must stand between word breaks."""
_NAME_LETTERS: Final = 12
"""Names made for Lao pages are looked for too from this length on, short ones also name trades;
labels of adverts go first."""
_LAO: Final = re.compile(r"[\u0e80-\u0eff]")
_SPELLINGS: Final = {"ຫນ": "ໜ", "ຫມ": "ໝ", "ຫຼ": "ຫລ"}
_BLANKS: Final = " \u200b"
_END: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaoHit:
    """A label found; positions count from the beginning of the text."""

    code: str
    start: int
    end: int
    letters: int
    """Letters of the label."""


class LaoSkillIndex:
    """Lao labels as a tree of letters; the longest label at a place wins."""

    def __init__(self, concepts: Collection[SkillConcept]) -> None:
        self._tree: dict[str, Any] = {}
        for concept in concepts:
            for label in filter(None, concept.labels_lo):
                self._add(label, concept.code)
        for concept in concepts:
            if len(_solid(concept.name_lo)[0]) >= _NAME_LETTERS:
                self._add(concept.name_lo, concept.code)

    def find(self, text: str) -> Iterator[LaoHit]:
        """Labels in `text` from left to right, none overlapping another."""
        if not _LAO.search(text):
            return
        letters, starts, ends = _solid(text)
        breaks: frozenset[int] | None = None
        at = 0
        while at < len(letters):
            end, code = self._longest(letters, at)
            if not code:
                at += 1
                continue
            start, stop = starts[at], ends[end - 1]
            if end - at < _SHORT:
                breaks = word_breaks(text) if breaks is None else breaks
                if start not in breaks or stop not in breaks:
                    at += 1
                    continue
            yield LaoHit(code=code, start=start, end=stop, letters=end - at)
            at = end

    def _add(self, label: str, code: str) -> None:
        node = self._tree
        for letter in _solid(label)[0]:
            node = node.setdefault(letter, {})
        node.setdefault(_END, code)

    def _longest(self, letters: str, at: int) -> tuple[int, str]:
        node, best = self._tree, (at, "")
        for place in range(at, len(letters)):
            following = node.get(letters[place])
            if following is None:
                break
            node = following
            if _END in node:
                best = (place + 1, node[_END])
        return best


def word_breaks(text: str) -> frozenset[int]:
    """Positions at which words begin or end by ICU's Lao dictionary."""
    from icu4py.breakers import WordBreaker

    breaks = {0}
    position = 0
    for word in WordBreaker(text, "lo"):
        position += len(str(word))
        breaks.add(position)
    return frozenset(breaks)


def _solid(text: str) -> tuple[str, list[int], list[int]]:
    """The text without blanks and in one spelling; where each of its letters begins and ends."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, letter in enumerate(text):
        if letter in _BLANKS:
            continue
        spelling = _SPELLINGS.get((letters[-1] if letters else "") + letter)
        if spelling is None:
            letters.append(letter)
            starts.append(place)
            ends.append(place + 1)
            continue
        letters[-1] = spelling[0]
        ends[-1] = place + 1
        if len(spelling) > 1:
            letters.append(spelling[1])
            starts.append(place)
            ends.append(place + 1)
    return "".join(letters), starts, ends
