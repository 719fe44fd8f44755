"""Latin words of labels and postings, and what of a word its inflections have in common."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

WORD: Final = re.compile(r"[a-z0-9à-öø-ÿ]+(?:[.'’&][a-z0-9]+)*[+#]*|\.net\b")

# Words that say nothing of what is done or known.
_STOP_WORDS: Final = """
a an the of in on at to for and or with by from as into your their its our his her my is are
be being other others all any etc e.g i.e various different relevant related within across
through about that this these those which who will can able via per both such own using use
uses used utilise utilize good strong excellent effective effectively proper properly high
basic sound solid demonstrated proven ability skills skill knowledge
"""
STOP: Final = frozenset(_STOP_WORDS.split())
_SHORT: Final = 4
_VOWEL: Final = re.compile(r"[aeiouy]")
_ENDINGS: Final = (
    ("ational", "ate"), ("isation", "ise"), ("ization", "ise"), ("izing", "ise"), ("ising", "ise"),
    ("ized", "ise"), ("izes", "ise"), ("ize", "ise"), ("ies", "y"), ("ied", "y"),
    ("ements", ""), ("ement", ""), ("ments", ""), ("ment", ""), ("ations", "at"), ("ation", "at"),
    ("ating", "at"), ("ated", "at"), ("ates", "at"), ("ate", "at"), ("ings", ""), ("ing", ""),
    ("ed", ""), ("es", ""), ("s", ""), ("e", ""),
)  # fmt: skip


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The word without inflection: "managing", "managed", "management" and "manages" are one.

    A light suffix stripper, not a dictionary: it also joins some words that are not related.
    """
    if len(word) <= _SHORT and not word.endswith("s"):
        return word
    word = word.replace("’", "'").removesuffix("'s")
    if word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            root = word[: len(word) - len(ending)]
            if len(root) >= 3 and _VOWEL.search(root):
                return _undoubled(root) + instead
    return word


def singular(word: str) -> str:
    """The word without a plural's s: what single words are compared by."""
    if len(word) > _SHORT and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > _SHORT and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word


def _undoubled(root: str) -> str:
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
        return root[:-1]
    return root
