"""Flags of a job: green, digital, platform work. Definitions: docs/methods.md.

*Green* (ILO: work that preserves or restores the environment): a green task in the title, or two
in the text. *Digital* (OECD's ICT specialists, or ESCO's digital skills beyond those of every
office): the occupation, a word in the title, or two skills in the text. *Platform* (ILO: tasks
assigned through an app or website): a task that platforms assign, and a platform as employer or
words of how the app assigns and pays it. What an employer is called makes no job green or digital.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from config.vocabulary import read_table
from streams.classify.phrases import Phrases
from streams.codes import Flag
from streams.text import fold

Said = defaultdict[tuple[str, str], set[str]]
"""Different words of a text by flag and role in the table."""
_READ: Final = 6_000
_ENOUGH: Final = 2
"""Different words that a text must have."""

_SHORT: Final = 200
"""Characters of a text that says too little to speak against the occupation's code."""

# OECD (2015), ICT specialists by ISCO-08: 133, 2152, 2153, 2166, 2356, 2434, 25, 3114, 35, 742.
_ICT: Final = ("133", "2152", "2153", "2356", "2434", "25", "3114", "35", "742")
_ICT_BY_WORDS: Final = ("2166",)
"""Graphic and multimedia designers: digital where the text says so, since print is among them."""
_CERTAIN: Final = 0.5
"""Probability that an occupation must have to make a job digital by itself."""


def flags_of(
    *, title: str, text: str, employer: str, isco08: str, isco08_probability: float
) -> tuple[Flag, ...]:
    """The flags that hold, in the order of `Flag`."""
    head, body = _said(fold(title)), _said(fold(text[:_READ]))
    sure = isco08 if isco08_probability >= _CERTAIN else ""
    holds = {
        Flag.GREEN: _is_green(head, body),
        Flag.DIGITAL: _is_digital(head, body, sure, len(text)),
        Flag.PLATFORM: _is_platform(head, body, _said(fold(employer))),
    }
    return tuple(flag for flag, held in holds.items() if held)


def _is_green(title: Said, text: Said) -> bool:
    return bool(title["green", "title"]) or len(text["green", "text"]) >= _ENOUGH


def _is_digital(title: Said, text: Said, isco08: str, length: int) -> bool:
    if title["digital", "title"]:
        return True
    borne_out = text["digital", "hint"] | text["digital", "text"]
    if isco08.startswith(_ICT) and (length < _SHORT or borne_out):
        return True
    needed = _ENOUGH - isco08.startswith(_ICT_BY_WORDS)
    return len(title["digital", "text"] | text["digital", "text"]) >= needed


def _is_platform(title: Said, text: Said, employer: Said) -> bool:
    if not title["platform", "task"]:
        return False
    ways = title["platform", "app"] | text["platform", "app"]
    sure = title["platform", "assigned"] | text["platform", "assigned"]
    return bool(employer["platform", "employer"] or sure or len(ways) >= _ENOUGH)


def _said(folded: str) -> Said:
    """Words by flag and role, without those inside of words that only look alike."""
    places = _phrases().every(folded)
    roles = _words()
    masked = [(at, at + len(word)) for at, word in places if ("green", "not") in roles[word]]
    said: Said = defaultdict(set)
    for at, word in places:
        inside = any(start <= at < end for start, end in masked)
        for flag, role in roles[word]:
            if flag != "green" or not inside:
                said[flag, role].add(word)
    return said


@cache
def _phrases() -> Phrases:
    return Phrases(_words())


@cache
def _words() -> Mapping[str, frozenset[tuple[str, str]]]:
    """Folded word → the flags and roles it has."""
    roles: dict[str, set[tuple[str, str]]] = {}
    for row in read_table("lexicon", "flag_cues.csv"):
        for word in row["words"].split("|"):
            roles.setdefault(fold(word), set()).add((row["flag"], row["role"]))
    return {word: frozenset(held) for word, held in roles.items()}
