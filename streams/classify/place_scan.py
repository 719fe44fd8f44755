"""The names of places that stand in a text, each with the words beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from rapidfuzz.distance import OSA

from streams.classify.place_names import Name, Names
from streams.classify.place_text import (
    Chunk,
    after,
    before,
    chunks,
    is_lao,
    is_spaced,
    skeleton,
    spans,
)

_DISTRICT_BEFORE: Final = re.compile(
    r"(?:ເມືອງ|ນະຄອນ|(?:^|(?<=\W))ມ|เมือง|^muang|^meuang|^mueang|^huyen)$"
)
_DISTRICT_AFTER: Final = frozenset(("district", "districts", "dist", "town"))
_PROVINCE_BEFORE: Final = re.compile(r"(?:ແຂວງ|แขวง|^khoueng|^tinh)$")
_PROVINCE_AFTER: Final = frozenset(("province", "prov"))
_ROAD_AFTER: Final = frozenset(("road", "rd", "avenue", "ave", "street", "university"))
# After these a country's name tells a language, a cuisine or an owner, not a place.
_OF_ORIGIN: Final = re.compile(r"(?:ພາສາ|ອາຫານ|ບໍລິສັດ|ນັກທ່ອງທ່ຽວ|ຖະຫນົນ|ถนน|ภาษา|อาหาร|บริษัท|^tieng)$")
_LAO_AND: Final = frozenset(("lao", "laos", "ລາວ"))
"""Before a country's name: "Laos-China Railway" is in Laos."""
_VILLAGE: Final = re.compile(
    r"(?:ບ້ານ|(?<![\u0e80-\u0eff])ບ\.)\s?(?!ເຮົາ)(?:(?!ເມືອງ|ແຂວງ|ນະຄອນ)[\u0e80-\u0eff])+"
    r"|\bban\s+(?!huay|houay|houei)[a-z]+(?:\s?[a-z]+)?(?=\s*,)|\b[a-z]+ village\b",
    re.IGNORECASE,
)
_ROAD: Final = re.compile(r"ຖະໜົນ\s?(?:(?!ເມືອງ|ແຂວງ|ບ້ານ)[\u0e80-\u0eff])+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WHOLE_LETTERS: Final = 3
"""An abbreviation of so few Lao letters is also a part of words."""
_BROKEN_LETTERS: Final = 5
"""A Lao name of so few letters must begin and end where ICU breaks words."""
_TYPO_LETTERS: Final = (6, 11)
"""Letters from which one, and from which two, wrong ones are forgiven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A name in the text."""

    name: Name
    chunk: int
    start: int
    end: int
    district: bool
    """Whether a word beside it says that a district is meant."""
    province: bool
    whole: bool
    """Whether it begins and ends where words do."""


def scan(text: str, names: Names) -> list[Hit]:
    """Names that stand in `text` as spelled, in order, none within another."""
    plain = _ROAD.sub(" , ", _VILLAGE.sub(" , ", text))
    return [
        hit
        for number, chunk in enumerate(chunks(plain))
        for hit in _in_chunk(chunk, number, names)
        if not _is_aside(chunk, hit)
    ]


def _in_chunk(chunk: Chunk, number: int, names: Names) -> Iterator[Hit]:
    at = 0
    while at < len(chunk.text):
        end = _longest(chunk, at, names)
        if not end:
            at += 1
            continue
        yield _hit(chunk, number, at, end, names.by_key[chunk.text[at:end]])
        at = end


def _longest(chunk: Chunk, at: int, names: Names) -> int:
    """End of the longest name that begins at `at`, or 0."""
    text = chunk.text
    if is_spaced(text[at]) and at not in chunk.edges:
        return 0
    for length in names.lengths.get(text[at : at + 2], ()):
        end = at + length
        if end > len(text) or text[at:end] not in names.by_key:
            continue
        if _stands(chunk, at, end):
            return end
    return 0


def _stands(chunk: Chunk, at: int, end: int) -> bool:
    """Whether a name there can be one, and no part of a longer word."""
    if is_spaced(chunk.text[end - 1]):
        return end in chunk.edges
    if end - at > _BROKEN_LETTERS or not is_lao(chunk.text[at]):
        return end - at > _WHOLE_LETTERS or _HAN.match(chunk.text, at) is not None
    if at in chunk.edges and end in chunk.edges:
        return True
    before_it = chunk.text[:at]
    if _DISTRICT_BEFORE.search(before_it) or _PROVINCE_BEFORE.search(before_it):
        return True
    return end - at > _WHOLE_LETTERS and {at, end} <= _breaks(chunk.text)


@lru_cache(maxsize=1_024)
def _breaks(text: str) -> frozenset[int]:
    """Where words begin and end in Lao text without spaces, by ICU's dictionary."""
    from icu4py.breakers import WordBreaker

    ends = accumulate(len(str(word)) for word in WordBreaker(text, "lo"))
    return frozenset((0, *ends))


def _hit(chunk: Chunk, number: int, at: int, end: int, name: Name) -> Hit:
    following = after(chunk, end)
    word = before(chunk, at)
    # Unspaced scripts have the cue within the letters before, spaced ones as a word of its own.
    cue = word if word and is_spaced(word[0]) else _letters_before(chunk, at)
    return Hit(
        name=name,
        chunk=number,
        start=at,
        end=end,
        district=bool(_DISTRICT_BEFORE.search(cue)) or following in _DISTRICT_AFTER,
        province=bool(_PROVINCE_BEFORE.search(cue)) or following in _PROVINCE_AFTER,
        whole=at in chunk.edges and end in chunk.edges,
    )


def _letters_before(chunk: Chunk, at: int) -> str:
    """Up to eight letters before `at`; a word of its own is parted from what stands before."""
    word = before(chunk, at)
    return f" {word}" if word and len(word) == 1 else chunk.text[max(0, at - 12) : at]


def _is_aside(chunk: Chunk, hit: Hit) -> bool:
    if after(chunk, hit.end) in _ROAD_AFTER:
        return True
    if hit.name.abroad and not hit.name.strong and hit.end - hit.start < len(chunk.text):
        return True
    if hit.name.abroad and before(chunk, hit.start) in _LAO_AND:
        return True
    return bool(_OF_ORIGIN.search(chunk.text[: hit.start])) and not hit.district


def by_sound(text: str, names: Names) -> list[Hit]:
    """Names in Latin letters that sound like one to four successive words of `text`.

    A short name counts only beside a word that says that it is a district's.
    """
    found = []
    for number, chunk in enumerate(chunks(text)):
        for start, letters in spans(chunk):
            sound, end = skeleton(letters), start + len(letters)
            if name := names.by_sound.get(sound):
                found.append(_hit(chunk, number, start, end, name))
            elif name := names.districts_by_sound.get(sound):
                hit = _hit(chunk, number, start, end, name)
                found += [hit] if hit.district else []
    return found


def misspelt(text: str, names: Names) -> list[Hit]:
    """The one known name from which a chunk of `text` differs by a typing error or two.

    Only the nearest name counts, and only if no other place is as near.
    """
    for number, chunk in enumerate(chunks(text)):
        candidates = [(0, chunk.text), *spans(chunk)]
        for start, letters in candidates:
            if name := _nearest(letters, names):
                return [_hit(chunk, number, start, start + len(letters), name)]
    return []


def _nearest(letters: str, names: Names) -> Name | None:
    allowed = sum(len(letters) >= least for least in _TYPO_LETTERS)
    if not allowed:
        return None
    found: dict[int, list[Name]] = {}
    for known, name in names.by_key.items():
        if not name.strong or name.abroad or name.landmark or len(known) < _TYPO_LETTERS[0]:
            continue
        if known[0] != letters[0] or abs(len(known) - len(letters)) > allowed:
            continue
        distance = OSA.distance(known, letters, score_cutoff=allowed)
        if distance <= allowed:
            found.setdefault(distance, []).append(name)
    if not found:
        return None
    nearest = found[min(found)]
    if len({name.provinces() for name in nearest}) > 1:
        return None
    # A province is likelier meant than its seat of the same name.
    return max(nearest, key=lambda name: bool(name.province or name.vientiane))
