"""What an officer's correction teaches, and what of a posting a learner looks at. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Final
from zlib import crc32

import msgspec

from streams.classify.lexicon import words
from streams.classify.titles import has_lao, segments
from streams.records import NormalisedPosting

Features = dict[int, float]
"""Hashed feature → weight; a unit vector, empty where a title says nothing."""

_GRAM: Final = 4
_LAO_GRAM: Final = 3
_WORD, _LAST, _GRAM_WEIGHT = 2.0, 1.0, 1.0
_LATER: Final = 0.5  # parts after the first often name employer or place
_CONTEXT: Final = 0.3  # language and sector only tip the balance
_LONGEST_TITLE: Final = 300


class Case(msgspec.Struct, frozen=True, array_like=True):
    """What of a posting tells its occupation to the learner."""

    title: str
    language: str = ""
    sector: str = ""


class Lesson(msgspec.Struct, frozen=True, array_like=True):
    """One thing said by an officer: postings like `case` are of the unit group `isco08`."""

    correction_id: str
    case: Case
    isco08: str
    before: str
    """The code that the officer was shown."""
    officer: str
    vacancy_id: str = ""
    coder: str = ""
    """What the coder says without having learned, and how surely: it is a witness like others."""
    coder_probability: float = 0.0


def case_of(posting: NormalisedPosting) -> Case:
    """The posting as a learner sees it; nothing but the title and two of its board's fields."""
    sector = posting.industry_raw or posting.category_raw
    return Case(
        title=posting.title[:_LONGEST_TITLE],
        language=posting.language,
        sector=sector[:_LONGEST_TITLE].casefold(),
    )


def title_key(title: str) -> str:
    """Equal for titles that differ in decoration only; "" where nothing is left."""
    return "|".join(segments(title))


def features_of(case: Case) -> Features:
    """Words, the last word, character n-grams, language and sector, as a unit vector."""
    counts: Counter[str] = Counter()
    for place, part in enumerate(segments(case.title)):
        weight = 1.0 if place == 0 else _LATER
        for name, value in _of_part(part):
            counts[name] += value * weight  # type: ignore[assignment]
    if not counts:
        return {}
    _scale(counts, 1.0)
    context = [f"l:{case.language}", *(f"s:{word}" for word in case.sector.split())]
    for name in context:
        counts[name] += _CONTEXT / len(context)  # type: ignore[assignment]
    _scale(counts, 1.0)
    return {crc32(name.encode()): float(value) for name, value in counts.items()}


def _of_part(part: str) -> Iterator[tuple[str, float]]:
    lao = has_lao(part)
    found = [word for word in _words(part, lao=lao) if word]
    for word in found:
        yield f"w:{word}", _WORD
        padded = f"<{word}>"
        size = _LAO_GRAM if lao else _GRAM
        for start in range(len(padded) - size + 1):
            yield f"c:{padded[start : start + size]}", _GRAM_WEIGHT
    if found:
        yield f"e:{found[0] if lao else found[-1]}", _LAST


def _words(part: str, *, lao: bool) -> list[str]:
    """Words in a fixed order; Lao has no spaces between them."""
    return sorted(word for word in words(part) if word.strip()) if lao else part.split()


def _scale(counts: Counter[str], length: float) -> None:
    norm = math.sqrt(sum(value * value for value in counts.values()))
    for name in counts:
        counts[name] *= length / norm  # type: ignore[assignment]
