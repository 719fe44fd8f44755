"""Names of places made comparable across scripts, spellings and missing spaces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

_SOUNDS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ck", "k"),
        (r"([pkt])h", r"\1"),
        (r"nh", "n"),
        (r"pr", "p"),
        (r"x", "s"),
        (r"gn|ny", "i"),
        (r"ou|oo|eu|w", "u"),
        (r"ie", "ia"),
        (r"y", "i"),
        (r"r", "l"),
        (r"v", "u"),
        (r"e$", ""),
        (r"(.)\1+", r"\1"),
    )
)
_SPLIT: Final = re.compile(r"[^\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0e80-\u0eff]+|_")
_TOKEN: Final = re.compile(
    r"[\u0e80-\u0eff]+|[\u0e00-\u0e7f]+|[\u3400-\u9fff]+|[^\s\u0e00-\u9fff]+"
)
# Between these a name never goes on: "…, La" is no "Mala".
_CHUNKS: Final = re.compile(r"[,;|()\[\]{}\n\t、，；。：:•·–—&+/]|\s-\s")
# Lao spellings that differ without meaning another place: tone marks left out, long for short
# vowels, r for l, the ligature for its parts.
_LAO_VARIANTS: Final = str.maketrans(
    {
        **dict.fromkeys("\u0ec8\u0ec9\u0eca\u0ecb\u0ecc", None),
        **dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b", None),
        "ຼ": "ລ",
        "ຣ": "ລ",
        "ຸ": "ູ",
        "ິ": "ີ",
        "ຶ": "ື",
        "đ": "d",
    }
)
_AFTER_P: Final = re.compile("ພລະ")
_LAO: Final = re.compile(r"[\u0e80-\u0eff]")
_SPACED: Final = re.compile(r"[a-z0-9]")


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """Case, accents and punctuation removed; Lao vowels kept; words parted by one space."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ໍາ", "ຳ")).casefold()
    plain = "".join(c for c in decomposed if not ("\u0300" <= c <= "\u036f"))
    return " ".join(part for part in _SPLIT.split(unicodedata.normalize("NFC", plain)) if part)


def skeleton(name: str) -> str:
    """What the romanisations of one Lao name have in common.

    Lao names have no settled Latin spelling (Xayabury, Sayaboury, Xaignabouli); letters that
    stand for one sound are made equal.
    """
    text = name.replace(" ", "")
    for pattern, replacement in _SOUNDS:
        text = pattern.sub(replacement, text)
    return text


def key(name: str) -> str:
    """`name` without spaces and without what only its spelling says."""
    return "".join(_tokens(name))


def _tokens(text: str) -> list[str]:
    loose = _AFTER_P.sub("ພະ", fold(text).translate(_LAO_VARIANTS))
    return _TOKEN.findall(loose)


def is_lao(text: str) -> bool:
    """Whether `text` has Lao letters."""
    return _LAO.search(text) is not None


def is_spaced(character: str) -> bool:
    """Whether the script of `character` parts its words by spaces."""
    return _SPACED.match(character) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Text between two commas, without spaces, and where its words begin and end."""

    text: str
    words: tuple[str, ...]
    edges: frozenset[int]


def chunks(text: str) -> tuple[Chunk, ...]:
    """The chunks of `text` that hold letters, in order."""
    return tuple(_chunk(tokens) for part in _CHUNKS.split(text) if (tokens := _tokens(part)))


def _chunk(tokens: list[str]) -> Chunk:
    ends = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    return Chunk(text="".join(tokens), words=tuple(tokens), edges=frozenset(ends))


def spans(chunk: Chunk, longest: int = 4) -> list[tuple[int, str]]:
    """Start and joined letters of one to `longest` successive Latin words, longer ones first."""
    starts = sorted(chunk.edges)
    found = []
    for first in range(len(chunk.words)):
        for last in range(min(first + longest, len(chunk.words)), first, -1):
            words = chunk.words[first:last]
            if all(is_spaced(word[0]) for word in words):
                found.append((starts[first], "".join(words)))
    return found


def before(chunk: Chunk, at: int) -> str:
    """The word that ends where `at` is, or ""."""
    for (start, end), word in zip(pairwise(sorted(chunk.edges)), chunk.words, strict=True):
        if end == at and start < at:
            return word
    return ""


def after(chunk: Chunk, at: int) -> str:
    """The word that begins at `at`, or ""."""
    for start, word in zip(sorted(chunk.edges), chunk.words, strict=False):
        if start == at:
            return word
    return ""
