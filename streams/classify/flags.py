"""Flags of a job: green, digital, platform work. Definitions: docs/methods.md.

*Green* (ILO: work that preserves or restores the environment): a green task in the title, or two
in the text. *Digital* (OECD's ICT specialists, or ESCO's digital skills beyond those of every
office): the occupation, a word in the title, or two skills in the text. *Platform* (ILO: tasks
assigned through an app or website): a task that platforms assign, and a platform as employer or
words of how the app assigns and pays it. What an employer is called makes no job green or digital.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from config.vocabulary import read_table
from streams.codes import Flag
from streams.text import fold

_READ: Final = 6_000
_ENOUGH: Final = 2
"""Different words that a text must have."""
_UNSPACED: Final = re.compile("[\u0e01-\u0e7f\u0e81-\u0eff\u4e00-\u9fff]")

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
    head, body = fold(title), fold(text[:_READ])
    sure = isco08 if isco08_probability >= _CERTAIN else ""
    holds = {
        Flag.GREEN: _is_green(head, body),
        Flag.DIGITAL: _is_digital(head, body, sure),
        Flag.PLATFORM: _is_platform(head, body, fold(employer)),
    }
    return tuple(flag for flag, held in holds.items() if held)


def _is_green(title: str, text: str) -> bool:
    title, text = (_pattern("green", "not").sub(" ", part) for part in (title, text))
    if _pattern("green", "title").search(title):
        return True
    return len(_found("green", "text", text)) >= _ENOUGH


def _is_digital(title: str, text: str, isco08: str) -> bool:
    if _pattern("digital", "title").search(title):
        return True
    if isco08.startswith(_ICT) and (len(text) < _SHORT or _hinted(text)):
        return True
    needed = _ENOUGH - isco08.startswith(_ICT_BY_WORDS)
    return len(_found("digital", "text", f"{title} {text}")) >= needed


def _hinted(text: str) -> bool:
    """Whether a text that says much says anything that bears an ICT occupation out."""
    return any(_pattern("digital", role).search(text) for role in ("hint", "text"))


def _is_platform(title: str, text: str, employer: str) -> bool:
    if not _pattern("platform", "task").search(title):
        return False
    ways = _found("platform", "app", f"{title} {text}")
    named = _pattern("platform", "employer").search(employer) is not None
    return named or len(ways) >= _ENOUGH or bool(ways & _unmistakable())


def _unmistakable() -> frozenset[str]:
    """Ways of assigning work that only an app or website has; a car of one's own is none."""
    own = re.compile(r"\bown |hours|per trip|ຕໍ່ຖ້ຽວ|ຂອງຕົນເອງ|ต่อรอบ|ต่อเที่ยว|theo chuyến")
    return frozenset(word for word in _words()["platform", "app"] if not own.search(word))


def _found(flag: str, role: str, text: str) -> set[str]:
    return set(_pattern(flag, role).findall(text))


@cache
def _pattern(flag: str, role: str) -> re.Pattern[str]:
    longest = sorted(_words()[flag, role], key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_as_word, longest)))


@cache
def _words() -> Mapping[tuple[str, str], frozenset[str]]:
    return {(flag, role): frozenset(words) for flag, role, words in _rows()}


def _rows() -> Iterator[tuple[str, str, list[str]]]:
    for row in read_table("lexicon", "flag_cues.csv"):
        yield row["flag"], row["role"], [fold(word) for word in row["words"].split("|")]


def _as_word(word: str) -> str:
    """Latin words stand alone; Lao, Thai and Chinese write none apart."""
    return re.escape(word) if _UNSPACED.search(word) else rf"\b{re.escape(word)}\b"
