"""English words for the words of a Lao, Thai, Vietnamese or Chinese title that are known.

A stopgap where no lexicon knows the title: words, not meanings, are rendered, from the tables
`config/lexicon/title_words.csv` and `title_ranks.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from config.vocabulary import read_table
from streams.classify.lexicon import words
from streams.text import fold

_RANKS: Final = ("director", "manager", "supervisor", "head", "officer", "assistant", "intern")
"""Ranks that make a job another one in ISCO-08; their names are the English words."""
_UNBROKEN: Final = re.compile("[\u0e00-\u0eff]")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_SHORT: Final = 5  # letters; a shorter word also occurs inside others and needs a word edge


def gloss(title: str) -> tuple[str, ...]:
    """English words and phrases in the order of the title, its rank last; () where none is known.

    A rank alone is no gloss: it does not say what work it is.
    """
    text = fold(title)
    found = dict.fromkeys(_known(text, "title_words.csv", "concept"))
    if not found:
        return ()
    ranks = set(_known(text, "title_ranks.csv", "rank"))
    return (*found, *[rank for rank in _RANKS if rank in ranks and rank not in found][:1])


def _known(text: str, name: str, key: str) -> Iterator[str]:
    pattern, english = _table(name, key)
    broken: frozenset[str] | None = None
    for match in pattern.finditer(text):
        word = match.group()
        if len(word) < _SHORT and _UNBROKEN.search(word):
            broken = words(text) if broken is None else broken
            if word not in broken:
                continue
        yield english[word]


@cache
def _table(name: str, key: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Pattern of all words that are not English, the longest first, and English for each."""
    english: dict[str, str] = {}
    for row in read_table("lexicon", name):
        listed = row["words"].split("|")
        meaning = row[key] if row[key] in _RANKS else listed[0]
        for word in map(fold, listed):
            if not word.isascii():
                english.setdefault(word, meaning)
    longest = sorted(english, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_as_word, longest))), english


def _as_word(word: str) -> str:
    """Vietnamese is written with spaces: only whole syllables count."""
    if _UNBROKEN.search(word) or _CHINESE.search(word):
        return re.escape(word)
    return rf"(?<!\w){re.escape(word)}(?!\w)"


def in_order(found: Sequence[str], headiness: Sequence[int]) -> str:
    """One English title: the word that ends most English titles comes last."""
    order = sorted(range(len(found)), key=lambda number: headiness[number])
    return " ".join(found[number] for number in order)
